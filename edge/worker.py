"""The thread that takes the newest frame of one camera down its road, whenever its turn has come."""

import threading
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import cast

import cv2
import numpy as np
import structlog
from numpy.typing import NDArray

from contracts.health import CameraHealth, CameraState, Reason
from contracts.wire import PreviewSink
from edge.config import CameraConfig
from edge.draw import draw_scene, draw_tracks
from edge.engine.seat import Seat
from edge.frame import Frame
from edge.pipeline import CameraPipeline, Step
from edge.stream.camera import CameraStream
from edge.stream.redact import redact

log = structlog.get_logger(__name__)

PREVIEW_WATCHED_S = 0.12
PREVIEW_UNWATCHED_S = 3.0
PREVIEW_WIDTH = 960
FPS_WINDOW_S = 5.0
NO_PICTURE_S = 0.5
SILENT_S = 6.0
"""Without a frame for this long, an open package is closed with the clip as it is."""


class CameraWorker:
    """Analysis of one camera: always its newest frame, when its seat in the engine has a turn."""

    def __init__(
        self,
        camera: CameraConfig,
        stream: CameraStream,
        pipeline: CameraPipeline,
        preview: PreviewSink,
        *,
        seat: Seat,
        scene_is_default: bool = False,
    ) -> None:
        self.camera = camera
        self._scene_is_default = scene_is_default
        self._stream = stream
        self._pipeline = pipeline
        self._preview = preview
        self._seat = seat
        pipeline.when_detected(seat.end_turn)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"analyse-{camera.id}", daemon=True)
        self._analysed: deque[float] = deque(maxlen=512)
        self._shown_at = 0.0
        self._fault = ""

    def start(self) -> None:
        """Starts reading and analysing."""
        self._stream.start()
        self._thread.start()

    def signal_stop(self) -> None:
        """Asks to stop; returns at once."""
        self._stop.set()
        self._seat.close()
        self._stream.stop(timeout_s=0)

    def join(self, timeout_s: float = 3.0) -> None:
        """Waits until analysis and reading have ended."""
        self._thread.join(timeout_s)
        self._stream.stop()

    def close_packages(self, *, everything: bool = False) -> None:
        """Closes evidence packages whose time has come; `everything` when no more frames will come.

        When the camera went silent the clip ends where the stream did: the package is closed by the wall clock then.
        """
        last = self._stream.health().last_frame_at
        now: datetime | None = last
        if everything or last is None or datetime.now(UTC) - last > timedelta(seconds=SILENT_S):
            now = None
        if self._pipeline.packages:
            self._pipeline.close_due(self._stream.ring, now)

    def unknown_heads(self) -> tuple[str, ...]:
        """Signal heads nobody has known the state of for a minute."""
        return self._pipeline.head_watch.unknown()

    def health(self) -> CameraHealth:
        """The camera as its people see it: the stream's state, with analysis' own fault on top."""
        stream = self._stream.health()
        state, reason, detail = stream.state, stream.reason, stream.detail
        hanging = self._seat.hanging()
        fault = f"Nothing is judged: {hanging.words()}" if hanging else self._fault
        if fault and state is CameraState.ONLINE:
            state, reason, detail = CameraState.DEGRADED, Reason.INTERNAL, fault
        scene = self._pipeline.scene
        now = time.monotonic()
        account = self._seat.account()
        recent = sum(1 for moment in list(self._analysed) if now - moment <= FPS_WINDOW_S)
        return CameraHealth(
            camera=self.camera.id,
            name=self.camera.title,
            address=redact(self.camera.url.get_secret_value()),
            state=state,
            reason=reason,
            detail=detail,
            since=stream.since,
            fps=round(stream.fps, 2),
            analysed_fps=round(recent / FPS_WINDOW_S, 2),
            wanted_fps=round(account.wanted, 2),
            frame_age_p95_s=None if account.age_p95_s is None else round(account.age_p95_s, 3),
            last_frame_at=stream.last_frame_at,
            frames=stream.frames,
            dropped=stream.dropped,
            gaps=stream.gaps,
            reconnects=stream.reconnects,
            width=stream.width,
            height=stream.height,
            codec=stream.codec,
            black=stream.black,
            frozen=stream.frozen,
            scene_version=scene.scene_version,
            scene_is_default=self._scene_is_default,
            time_quality=stream.time_quality,
            latitude=scene.position.latitude if scene.position else None,
            longitude=scene.position.longitude if scene.position else None,
        )

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._turn()
            except Exception as error:
                # A fault here must not end the camera: it is shown in its health, and the next frame is tried.
                log.exception("analysis failed", camera=self.camera.id)
                self._fault = f"Analysis failed ({type(error).__name__}); see the node's log."

    def _turn(self) -> None:
        """Waits for a frame and for the turn, and takes the newest frame then."""
        if not self._stream.wait(NO_PICTURE_S):
            self._seat.idle()
            return
        self._seat.look(self._stream.glance)
        pause_s = self._seat.ask()
        if pause_s > 0:
            self._stop.wait(pause_s)
        elif self._seat.wait():
            frame = None
            try:
                frame = self._stream.latest(timeout_s=0)
                if frame is not None:  # None: the stream was closed meanwhile
                    self._judge(frame)
            finally:
                self._seat.done(frame, datetime.now(UTC))

    def _judge(self, frame: Frame) -> None:
        begun = time.monotonic()
        try:
            step = self._pipeline.step(frame)
            self._pipeline.hold_due(self._stream.ring, frame.captured_at)
            self._fault = ""
            self._show(step, begun)
        finally:
            self._analysed.append(time.monotonic())

    def _show(self, step: Step, now: float) -> None:
        """Hands the picture with boxes to live viewers; one still now and then when nobody looks."""
        every_s = PREVIEW_WATCHED_S if self._preview.is_watched(self.camera.id) else PREVIEW_UNWATCHED_S
        if now - self._shown_at < every_s:
            return
        self._shown_at = now
        frame = step.frame
        picture = draw_tracks(draw_scene(frame.image.copy(), self._pipeline.scene), step.users)
        encoded, jpeg = cv2.imencode(".jpg", fitted(picture), [cv2.IMWRITE_JPEG_QUALITY, 75])
        if encoded:
            self._preview.show(self.camera.id, jpeg.tobytes(), frame.captured_at)


def fitted(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture, made smaller where it is wider than a preview needs to be."""
    height, width = picture.shape[:2]
    if width <= PREVIEW_WIDTH:
        return picture
    size = (PREVIEW_WIDTH, round(height * PREVIEW_WIDTH / width))
    return cast("NDArray[np.uint8]", cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
