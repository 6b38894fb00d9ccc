"""Frames of a camera for tests of track logs, and the files they are written into."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from hypothesis import strategies as st

from contracts.classes import CLASS_LABELS, RoadUserClass
from contracts.event import ImageSize, TimeQuality
from contracts.signals import SignalChange, SignalSource, SignalState
from edge.track.motlog import track_line
from edge.track.sidecar import FrameMark, Sidecar, SignalMark
from edge.track.track import HelmetSeen, Track
from edge.track.tracked import TrackedFrame
from tests.unit.edge.road_story import START

HELMETS: tuple[HelmetSeen, ...] = ("helmet", "none", "unknown")
QUALITIES = (TimeQuality(source="rtcp", uncertainty_ms=3.25), TimeQuality(source="arrival", uncertainty_ms=0.1 + 0.2))
NUMBER = st.floats(-1e4, 1e4, allow_nan=False)


STATES: tuple[SignalState, ...] = ("red", "green", "unknown")
SOURCES: tuple[SignalSource, ...] = ("image", "feed")


@st.composite
def _track(draw: st.DrawFn, number: int, at: datetime) -> Track:
    x1, y1, x2, y2 = (draw(NUMBER) for _ in range(4))
    cls, confidence = draw(st.sampled_from(RoadUserClass)), draw(st.floats(0, 1))
    helmets = tuple(draw(st.lists(st.sampled_from(HELMETS), max_size=3)))
    seen, riders, undecided = draw(st.booleans()), draw(st.integers(0, 5)), draw(st.booleans())
    return Track(number, cls, confidence, x1, y1, x2, y2, at, seen, riders, helmets, undecided)


@st.composite
def _change(draw: st.DrawFn, head: str, at: datetime) -> SignalChange:
    return SignalChange(head, at, draw(st.sampled_from(STATES)), draw(st.sampled_from(SOURCES)))


@st.composite
def camera_frames(draw: st.DrawFn) -> list[TrackedFrame]:
    """Frames as a live camera may give them: uneven times, jumps, sizes that change, signals, nobody there."""
    frames: list[TrackedFrame] = []
    at, index = START, draw(st.integers(0, 5))
    for _ in range(draw(st.integers(1, 6))):
        at += draw(st.timedeltas(min_value=START - START, max_value=START.resolution * 10_000_000))
        ids = sorted(draw(st.sets(st.integers(1, 99), max_size=3)))
        tracks = [draw(_track(number, at)) for number in ids]
        changes = [draw(_change(f"h{number}", at)) for number in range(draw(st.integers(0, 2)))]
        frames.append(
            TrackedFrame(
                index,
                at,
                tracks,
                draw(st.sampled_from(((640, 480), (1920, 1080)))),
                draw(st.sampled_from(QUALITIES)),
                draw(st.booleans()),
                tuple(changes),
                lost=draw(st.integers(0, 3)),
            )
        )
        index += draw(st.integers(1, 3))
    return frames


def write_mot(path: Path, frames: Sequence[TrackedFrame], *, bare: bool = False) -> Path:
    """A text log with its sidecar; `bare`: without ids."""
    lines = [track_line(frame.index + 1, track) for frame in frames for track in frame.tracks]
    if bare:
        lines = [",".join([cells[0], "-1", *cells[2:]]) for line in lines if (cells := line.split(","))]
    path.write_text("".join(lines), encoding="utf-8")
    path.with_suffix(".json").write_bytes(sidecar_of(frames).to_json())
    return path


def sidecar_of(frames: Sequence[TrackedFrame]) -> Sidecar:
    """Sidecar of frames of one size and quality."""
    width, height = frames[0].size
    return Sidecar(
        camera="gate",
        frame_rate=10,
        started_at=frames[0].at,
        image=ImageSize(width=width, height=height),
        class_names=CLASS_LABELS,
        time_quality=frames[0].time_quality,
        frames=tuple(marks(frames)),
        signals=tuple(
            SignalMark(head=change.head, at=change.at, state=change.state, source=change.source, frame=frame.index + 1)
            for frame in frames
            for change in frame.signals
        ),
    )


def marks(frames: Iterable[TrackedFrame]) -> Iterable[FrameMark]:
    for frame in frames:
        yield FrameMark(frame=frame.index + 1, at=frame.at, discontinuity=frame.discontinuity)
