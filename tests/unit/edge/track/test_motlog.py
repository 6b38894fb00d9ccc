"""Track logs: what is written is read back exactly, and each wrong line is named with what is expected."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.classes import RoadUserClass
from contracts.event import ImageSize, TimeQuality
from edge.detections import Detections
from edge.errors import ConfigError
from edge.frame import Frame
from edge.picture import WholePicture
from edge.track.motframes import read_frames
from edge.track.motlog import (
    TrackLogWriter,
    detection_lines,
    read_detections,
    read_mot,
    track_line,
)
from edge.track.sidecar import Sidecar
from edge.track.track import HelmetSeen, Track
from edge.track.tracker import snapped
from tests.unit.edge.track.world import START

SIDECAR = Sidecar(frame_rate=10, started_at=START, image=ImageSize(width=640, height=360))
HELMETS: tuple[HelmetSeen, ...] = ("helmet", "none", "unknown")
GOOD = "3,7,10,20,30,40,0.5,4,1,0"


def frame_of(index: int, seconds: float, *, discontinuity: bool = False) -> Frame:
    return Frame(
        camera="gate",
        index=index,
        picture=WholePicture(np.zeros((360, 640, 3), np.uint8)),
        captured_at=START + timedelta(seconds=seconds),
        time_quality=TimeQuality(source="file", uncertainty_ms=0),
        discontinuity=discontinuity,
    )


def _snapped(pixels: float) -> float:
    return float(snapped(np.array([pixels]))[0])


COORDINATE = st.floats(-200, 4096).map(_snapped)
SIZE = st.floats(1, 2000).map(_snapped)


@st.composite
def tracks(draw: st.DrawFn, at: datetime) -> list[Track]:
    ids = draw(st.lists(st.integers(1, 10**6), unique=True, max_size=4))
    found = []
    for number in sorted(ids):
        x1, y1 = draw(COORDINATE), draw(COORDINATE)
        found.append(
            Track(
                id=number,
                cls=draw(st.sampled_from(RoadUserClass)),
                confidence=round(draw(st.floats(0, 1)), 4),
                x1=x1,
                y1=y1,
                x2=x1 + draw(SIZE),
                y2=y1 + draw(SIZE),
                at=at,
                observed=draw(st.booleans()),
                riders=draw(st.integers(0, 4)),
                helmets=draw(st.lists(st.sampled_from(HELMETS), max_size=3).map(tuple)),
                undecided=draw(st.booleans()),
            )
        )
    return found


@given(st.data())
def test_what_is_written_is_read_back_to_the_last_bit(data: st.DataObject) -> None:
    """Else a replay judges another scene than the camera did."""
    writer, lines, given_frames = TrackLogWriter(), [], []
    seconds = 0.0
    for index in range(data.draw(st.integers(1, 5))):
        seconds += data.draw(st.floats(0, 1))
        frame = frame_of(index * 2, seconds, discontinuity=index == 0)
        seen = data.draw(tracks(frame.captured_at))
        lines += writer.add(frame, seen)
        given_frames.append((frame.index, frame.captured_at, seen, frame.discontinuity))
    sidecar = Sidecar.model_validate_json(writer.sidecar(frame_rate=24).to_json())
    back = [(f.index, f.at, f.tracks, f.discontinuity) for f in read_frames(lines, sidecar)]
    assert back == given_frames


def test_the_line_is_that_of_the_format() -> None:
    """Other people's evaluators read it."""
    track = Track(7, RoadUserClass.CAR, 0.875, 10.0, 20.5, 110.25, 70.0, START, observed=False, riders=0)
    assert track_line(3, track) == "3,7,10,20.5,100.25,49.5,0.875,4,0,0\n"


def test_a_foreign_log_without_frame_times_is_evenly_spaced() -> None:
    """Frames without tracks are frames too: rules need them to see that somebody left."""
    frames = list(read_frames([GOOD], SIDECAR))
    assert [frame.index for frame in frames] == [0, 1, 2]
    assert [len(frame.tracks) for frame in frames] == [0, 0, 1]
    assert frames[2].at == START + timedelta(seconds=0.2)
    assert frames[2].tracks[0].cls is RoadUserClass.CAR


def test_foreign_class_numbers_go_by_their_names() -> None:
    """MOT17 has its own order."""
    sidecar = SIDECAR.model_copy(update={"class_names": ("bus", "person")})
    frames = list(read_frames(["1,1,0,0,5,5,1,2,1"], sidecar))
    assert frames[0].tracks[0].cls is RoadUserClass.PERSON


def test_detections_both_ways() -> None:
    """Any detector may feed the tracker."""
    found = Detections(
        np.array([[1.5, 2, 30, 40], [5, 6, 7, 8]], np.float32),
        np.array([0.9, 0.1], np.float32),
        np.array([RoadUserClass.MOTORCYCLE, RoadUserClass.BUS], np.int64),
    )
    back = read_detections(detection_lines(12, found), SIDECAR)
    assert list(back) == [12]
    np.testing.assert_array_equal(back[12].xyxy, found.xyxy)
    np.testing.assert_array_equal(back[12].confidence, found.confidence)
    np.testing.assert_array_equal(back[12].class_id, found.class_id)


def test_a_public_truth_set_is_read(shared: Path) -> None:
    """MOT15 has -1 for what it does not know, ten columns, and detections without a class."""
    path = shared / "samples" / "tracking" / "TUD-Campus" / "det.txt"
    found = read_detections(path.read_text(encoding="utf-8").splitlines(), SIDECAR)
    assert len(found) == 71
    assert set(found[1].class_id.tolist()) == {int(RoadUserClass.PERSON)}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("3,7,10,20,30,40,0.5,4,1,2,hx", "helmets is 'hx'; expected a letter for each rider"),
        ("3,7,10,20,30,40,0.5,4", "8 columns; expected frame,id,left"),
        ("3;7;10;20;30;40;0.5;4;1", "1 columns"),
        ("three,7,10,20,30,40,0.5,4,1", "frame is 'three'; expected a number"),
        ("3.5,7,10,20,30,40,0.5,4,1", "frame is '3.5'; expected a whole number"),
        ("0,7,10,20,30,40,0.5,4,1", "frame must be 1 or more"),
        ("3,0,10,20,30,40,0.5,4,1", "id must be 1 or more"),
        ("3,-2,10,20,30,40,0.5,4,1", "id must be 1 or more"),
        ("3,7,nan,20,30,40,0.5,4,1", "left is 'nan'; expected a finite number"),
        ("3,7,10,inf,30,40,0.5,4,1", "top is 'inf'"),
        ("3,7,10,20,0,40,0.5,4,1", "width and height must be above 0"),
        ("3,7,10,20,30,-4,0.5,4,1", "width and height must be above 0"),
        ("3,7,10,20,30,40,97,4,1", "confidence must be 0 to 1"),
        ("3,7,10,20,30,40,0.5,0,1", "class must be 1 or more"),
        ("3,7,10,20,30,40,0.5,4.5,1", "class is '4.5'; expected a whole number"),
        ("3,7,10,20,30,40,0.5,4,2", "visibility must be 0 to 1"),
        ("3,7,10,20,30,40,0.5,4,1,-5", "riders must be 0 or more"),
        ("3,7,10,20,30,40,0.5,4,1,many", "riders is 'many'"),
        ("3,7,10,20,30,40,0.5,4,1,0,-,2", "undecided must be 0 or 1"),
        ("3,7,10,20,30,40,0.5,4,1,0,-,1,9", "13 columns"),
        ("\x00\x01\x02", "1 columns"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_expected(line: str, words: str) -> None:
    """The second line of the file, here."""
    with pytest.raises(ConfigError) as caught:
        list(read_mot([GOOD, line], "my.txt"))
    assert str(caught.value).startswith("my.txt: line 2: ")
    assert words in str(caught.value)


def test_what_does_not_fit_together_is_named() -> None:
    """Twice the same track, an unknown class, a class that is missing, a frame the sidecar does not know."""
    for lines, words in (
        ([GOOD, GOOD], "line 2: track 7 stands twice in frame 3"),
        (["3,7,10,20,30,40,0.5,9,1"], "class 9 is not in the sidecar, which has 1 person"),
        (["3,7,10,20,30,40,0.5,-1,1"], "a track needs a class"),
    ):
        with pytest.raises(ConfigError, match=words):
            list(read_frames(lines, SIDECAR))
    writer = TrackLogWriter()
    writer.add(frame_of(0, 0), [])
    with pytest.raises(ConfigError, match="frame 3 is not among the frames of the sidecar"):
        list(read_frames([GOOD], writer.sidecar(frame_rate=10)))


def test_empty_lines_are_passed_over() -> None:
    """A file that ends in one."""
    assert len(list(read_mot(["", GOOD + "\n", "  \n"]))) == 1


def test_nothing_written_cannot_be_described() -> None:
    """A video without a frame."""
    with pytest.raises(ValueError, match="no frame"):
        TrackLogWriter().sidecar(frame_rate=10)


def test_the_writer_keeps_no_pictures() -> None:
    """An hour of frames would fill the memory."""
    writer = TrackLogWriter()
    frame = frame_of(4, 0.4)
    writer.add(frame, [])
    assert writer._first is not None
    assert writer._first.image.size == 0
    sidecar = writer.sidecar(frame_rate=10, model_sha256="0" * 64)
    assert (sidecar.camera, sidecar.image.width, sidecar.started_at) == ("gate", 640, START)
    assert sidecar.frames[0].at == START.astimezone(UTC) + timedelta(seconds=0.4)
