"""A main stream as cameras send it, made of a clip: 1920x1080, 25 pictures a second, H.264, 4 Mbit/s.

The clip is enlarged and given a sensor's noise, without which there would be nothing to decode at that size.
"""

from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np

from edge.stream.file import FileReader

SIZE = (1920, 1080)
FPS = 25
BIT_RATE = 4_000_000
KEY_EVERY = 50
SECONDS = 20
NOISE = 4.0


def write_main_stream(clip: Path, path: Path) -> Path:
    """Writes it, as MP4; no pictures out of order, a key frame every two seconds."""
    chance = np.random.default_rng(1)
    noise = [chance.normal(0, NOISE, (SIZE[1], SIZE[0], 1)).astype(np.float32) for _ in range(7)]
    with av.open(str(path), "w") as output, FileReader(clip) as reader:
        stream = output.add_stream("libx264", rate=FPS)
        stream.width, stream.height = SIZE
        stream.pix_fmt, stream.bit_rate = "yuv420p", BIT_RATE
        stream.codec_context.gop_size = KEY_EVERY
        stream.options = {"preset": "veryfast", "profile": "main", "bf": "0", "maxrate": "4M", "bufsize": "4M"}
        for number, frame in enumerate(islice(reader, SECONDS * FPS)):
            large = cv2.resize(frame.image, SIZE, interpolation=cv2.INTER_CUBIC)
            seen = np.clip(large + noise[number % len(noise)], 0, 255).astype(np.uint8)
            shown = av.VideoFrame.from_ndarray(seen, format="bgr24")
            shown.pts, shown.time_base = number, Fraction(1, FPS)
            output.mux(stream.encode(shown))
        output.mux(stream.encode())
    return path
