"""What a person is told about a camera, and when."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from contracts.event import TimeQuality
from contracts.health import CameraState, Reason
from edge.errors import StreamError
from edge.stream.ring import StreamSpec
from edge.stream.vitals import Vitals

START = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
SPEC = StreamSpec("h264", b"", 640, 352, Fraction(1, 25), Fraction(25))
OTHER = StreamSpec("h264", b"", 352, 288, Fraction(1, 25), Fraction(25))
QUALITY = TimeQuality(source="arrival", uncertainty_ms=150)


class Ward:
    """Vitals under a clock of the test's own."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.changes = 0
        self.vitals = Vitals(self._changed, clock=lambda: self.at, now=lambda: START + timedelta(seconds=self.at))

    def _changed(self) -> None:
        self.changes += 1

    def frames(self, count: int, interval_s: float = 0.04) -> None:
        for _ in range(count):
            self.at += interval_s
            self.vitals.frame(START + timedelta(seconds=self.at), QUALITY)

    def state(self) -> tuple[CameraState, Reason]:
        health = self.vitals.health(0)
        return health.state, health.reason


@pytest.fixture
def ward() -> Ward:
    ward = Ward()
    ward.vitals.connected(SPEC)
    return ward


def test_at_first_it_is_being_connected_to() -> None:
    assert Ward().state() == (CameraState.STARTING, Reason.CONNECTING)


def test_frames_make_it_online_and_are_counted(ward: Ward) -> None:
    ward.frames(250)
    health = ward.vitals.health(3)
    assert (health.state, health.reason, health.detail) == (CameraState.ONLINE, Reason.NONE, "")
    assert (health.frames, health.dropped, health.codec, health.width) == (250, 3, "h264", 640)
    assert health.fps == pytest.approx(25, abs=0.3)
    assert ward.changes == 1


@pytest.mark.parametrize("fps", [1, 5, 30])
def test_rate_is_that_of_the_last_seconds(ward: Ward, fps: float) -> None:
    ward.frames(300, 1 / fps)
    assert ward.vitals.health(0).fps == pytest.approx(fps, rel=0.05)


def test_rate_falls_when_frames_stay_away(ward: Ward) -> None:
    ward.frames(250)
    ward.at += 4
    assert ward.vitals.health(0).fps < 6


def test_silence_is_told_within_five_seconds(ward: Ward) -> None:
    ward.frames(10)
    ward.at += 5.01
    assert ward.state() == (CameraState.OFFLINE, Reason.STALLED)
    assert "no picture comes" in ward.vitals.health(0).detail


def test_a_connection_without_a_first_picture_is_told_too(ward: Ward) -> None:
    ward.at += 5.01
    assert ward.state() == (CameraState.OFFLINE, Reason.STALLED)


def test_data_that_cannot_be_decoded_is_not_silence(ward: Ward) -> None:
    ward.frames(10)
    ward.at += 3
    ward.vitals.damaged()
    ward.at += 2.5
    assert ward.state() == (CameraState.OFFLINE, Reason.CORRUPT)


def test_a_failure_is_told_until_frames_flow_again(ward: Ward) -> None:
    ward.frames(10)
    ward.vitals.failed(StreamError(Reason.REFUSED, "it refuses"))
    ward.at += 100
    health = ward.vitals.health(0)
    assert (health.state, health.reason, health.detail) == (CameraState.OFFLINE, Reason.REFUSED, "it refuses")
    assert health.since == START + timedelta(seconds=1000.4)
    ward.vitals.connected(SPEC)
    assert ward.state() == (CameraState.OFFLINE, Reason.REFUSED), "a connection is not a picture"
    ward.frames(1)
    assert ward.state() == (CameraState.ONLINE, Reason.NONE)
    assert ward.vitals.health(0).reconnects == 1


def test_one_hole_is_counted_three_are_told(ward: Ward) -> None:
    ward.frames(10)
    for expected in (CameraState.ONLINE, CameraState.ONLINE, CameraState.DEGRADED):
        ward.vitals.lost()
        ward.frames(10)
        assert ward.state()[0] is expected
    assert ward.vitals.health(0).gaps == 3
    ward.frames(300)
    assert ward.state() == (CameraState.ONLINE, Reason.NONE), "it passes"


def test_what_cannot_be_decoded_before_the_first_key_frame_is_no_fault(ward: Ward) -> None:
    for _ in range(40):
        ward.vitals.damaged()
    ward.frames(5)
    assert ward.state() == (CameraState.ONLINE, Reason.NONE)


def test_damaged_pictures_are_told(ward: Ward) -> None:
    ward.frames(5)
    for _ in range(3):
        ward.vitals.damaged()
        ward.frames(1)
    assert ward.state() == (CameraState.DEGRADED, Reason.CORRUPT)


def test_another_resolution_is_told_in_figures(ward: Ward) -> None:
    ward.frames(5)
    ward.vitals.sized(OTHER)
    ward.frames(1)
    health = ward.vitals.health(0)
    assert (health.state, health.reason) == (CameraState.DEGRADED, Reason.RESOLUTION_CHANGED)
    assert "640x352 to 352x288" in health.detail
    assert (health.width, health.height) == (352, 288)


@pytest.mark.parametrize(
    ("black", "frozen", "reason"),
    [(True, False, Reason.BLACK), (False, True, Reason.FROZEN), (True, True, Reason.BLACK)],
)
def test_the_picture_check_is_told(ward: Ward, black: bool, frozen: bool, reason: Reason) -> None:
    ward.frames(5)
    ward.vitals.looked(black=black, frozen=frozen)
    ward.frames(1)
    assert ward.state() == (CameraState.DEGRADED, reason)


def test_since_and_the_call_follow_changes_only(ward: Ward) -> None:
    ward.frames(100)
    since = ward.vitals.health(0).since
    ward.frames(100)
    assert ward.vitals.health(0).since == since
    assert ward.changes == 1


def test_a_listener_that_fails_does_not_stop_the_camera() -> None:
    def fail() -> None:
        raise RuntimeError("no")

    vitals = Vitals(fail)
    vitals.failed(StreamError(Reason.REFUSED, "it refuses"))
    assert vitals.health(0).reason is Reason.REFUSED
