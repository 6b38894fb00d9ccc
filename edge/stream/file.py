"""Every picture of a video file, as fast as it can be decoded, with times that are the same at every run."""

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Self

from contracts.camera import StreamConfig
from contracts.health import Reason
from edge.errors import StreamError
from edge.frame import Frame
from edge.stream.address import FileAddress
from edge.stream.clock import EPOCH, FileClock
from edge.stream.intake import Intake, Shot, to_frame
from edge.stream.ring import PacketRing
from edge.stream.source import Converter, VideoSource
from edge.stream.vitals import Vitals


class FileReader:
    """A video file, frame by frame; iterate over it once.

    Args:
        path: the file.
        camera: camera id the frames carry.
        start_at: event time of the first picture, aware; 1970-01-01 where it is not known, so that the same file
            gives the same events at every run.
        stream: `ring_s` and `max_pixels` are taken from it.

    Raises:
        StreamError: the file is missing, empty, damaged, or holds no video.
    """

    def __init__(
        self, path: Path, camera: str = "file", *, start_at: datetime | None = None, stream: StreamConfig | None = None
    ) -> None:
        if start_at is not None and start_at.tzinfo is None:
            raise ValueError(f"start_at must name its time zone, for example {start_at.isoformat()}+00:00")
        config = stream or StreamConfig()
        self.path = path
        self.camera = camera
        self.start_at = (start_at or EPOCH).astimezone(UTC)
        self.ring = PacketRing(config.ring_s)
        self._source = VideoSource(
            FileAddress(path),
            open_timeout_s=config.open_timeout_s,
            read_timeout_s=config.read_timeout_s,
            max_pixels=config.max_pixels,
        )
        self._vitals = Vitals()
        self._converter = Converter()

    @property
    def frame_count(self) -> int | None:
        """Frames by the file's header or its length; None where neither tells. For progress only."""
        duration, rate = self.duration_s, self.frame_rate
        return self._source.frame_count or (round(duration * float(rate)) if duration and rate else None)

    @property
    def duration_s(self) -> float | None:
        """Length by the file's header, seconds."""
        return self._source.duration_s

    @property
    def frame_rate(self) -> float | None:
        """Frames per second by the file's header."""
        rate: Fraction | None = self._source.spec.average_rate
        return float(rate) if rate else None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        return self._source.spec.width, self._source.spec.height

    @property
    def gaps(self) -> int:
        """Holes and jumps in the file's time so far."""
        return self._vitals.health(0).gaps

    def __iter__(self) -> Iterator[Frame]:
        """Every frame; StreamError if not one could be decoded."""
        shots: deque[Shot] = deque()
        intake = Intake(self.ring, self._vitals, shots.append)
        clock = FileClock(self.start_at)
        shown = 0
        for unit in self._source.units():
            intake.take(unit, clock, 0.0, 0.0)
            while shots:
                shown += 1
                yield to_frame(shots.popleft(), self.camera, self._converter)
        if not shown:
            raise StreamError(Reason.CORRUPT, f"No picture could be decoded from {self.path}; the file is damaged.")

    def close(self) -> None:
        """Closes the file."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
