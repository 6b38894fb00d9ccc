"""A signal head painted into a real clip by a known schedule, encoded again as a camera would."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Shown = Literal["red", "yellow", "green", "flashing_yellow", "dark", "glare"]
Schedule = tuple[tuple[float, Shown], ...]
LAMPS = ("red", "yellow", "green")
LIGHT = {"red": (40, 40, 255), "yellow": (30, 180, 255), "green": (150, 255, 60)}  # BGR
BOX = (540, 12, 562, 78)  # x1, y1, x2, y2: the lamps, pixels
FLASH_S = 0.5  # on, and off
BEAT = 37  # every so many frames the LED lamp is dark for the shutter


@dataclass(frozen=True, slots=True)
class Painter:
    """Paints one head."""

    schedule: Schedule
    seed: int

    def shown(self, second: float) -> Shown:
        """State by schedule."""
        return next(state for begin, state in reversed(self.schedule) if begin <= second)

    def paint(self, picture: NDArray[np.uint8], frame: int, second: float) -> NDArray[np.uint8]:
        """The picture with housing, lamps, glow, a countdown beside them, glare, and the noise of the sensor."""
        x1, y1, x2, y2 = BOX
        state, painted = self.shown(second), picture.copy()
        if state in LAMPS:
            left, place = str(int(self._until_next(second)) + 1), (x2 + 8, y1 + 24)
            cv2.putText(painted, left, place, cv2.FONT_HERSHEY_SIMPLEX, 0.7, LIGHT[state], 2, cv2.LINE_AA)
        around = painted[: y2 + 80, x1 - 80 : x2 + 80]
        image = around.astype(np.float32)
        rows, columns = np.mgrid[0 : image.shape[0], x1 - 80 : x1 - 80 + image.shape[1]]
        image[y1 - 4 : y2 + 4, 76 : 84 + x2 - x1] = (38, 34, 32)
        step = (y2 - y1) / len(LAMPS)
        for slot, lamp in enumerate(LAMPS):
            far = np.hypot(rows - (y1 + step * (slot + 0.5)), columns - (x1 + x2) / 2)
            image[far < 9] += 16
            if self._is_lit(lamp, state, frame, second):
                light = np.exp(-((far / 7) ** 2)) * 1.5 + np.exp(-((far / 22) ** 2)) * 0.25
                image += light[..., None] * LIGHT[lamp]
        if state == "glare":
            far = np.hypot(rows - (y1 + y2) / 2, columns - (x1 + x2) / 2)
            image += (np.exp(-((far / 60) ** 2)) * 600)[..., None]
        noise = np.random.default_rng([self.seed, frame]).normal(0, 5, image.shape)
        around[:] = (image + noise).clip(0, 255)
        return painted

    def _is_lit(self, colour: str, state: Shown, frame: int, second: float) -> bool:
        if state == "flashing_yellow":
            return colour == "yellow" and second % (2 * FLASH_S) < FLASH_S
        return colour == state and frame % BEAT != 0

    def _until_next(self, second: float) -> float:
        return next((begin - second for begin, _ in self.schedule if begin > second), 9.0)


def painted_clip(source: Path, target: Path, painter: Painter) -> None:
    """Decodes, paints every frame, encodes as H.264 with the source's frame rate."""
    with av.open(str(source)) as clip, av.open(str(target), "w") as sink:
        stream = clip.streams.video[0]
        rate = stream.average_rate
        assert rate is not None
        made = sink.add_stream("libx264", rate=rate, options={"crf": "23", "preset": "ultrafast"})
        made.width, made.height, made.pix_fmt = stream.width, stream.height, "yuv420p"
        for number, frame in enumerate(clip.decode(stream)):
            image = painter.paint(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8), number, number / float(rate))
            sink.mux(made.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        sink.mux(made.encode(None))
