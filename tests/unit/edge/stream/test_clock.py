"""Event time: on it rest speeds, red-light seconds and the order of events in court."""

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from edge.stream.clock import EPOCH, Arrival, FileClock, Stamp, StreamClock

WALL = 1_800_000_000.0  # UTC of the first picture, seconds
MONOTONIC = 5_000.0


class Camera:
    """A camera as a node sees it: takes pictures, sends them late, may tell its time."""

    def __init__(self, fps: float = 25.0, delay_s: float = 0.05, *, start_pts_s: float = 1234.5) -> None:
        self.clock = StreamClock()
        self.fps, self.delay_s, self.start_pts_s = fps, delay_s, start_pts_s
        self.index = 0
        self.machine_error_s = 0.0
        self.camera_error_s: float | None = None
        self.drift = 0.0
        self.pts_shift_s = 0.0
        self.chance = random.Random(3)
        self.jitter_s = 0.0
        self.jumps = 0

    def take(self) -> tuple[Stamp | None, float]:
        """The next picture's stamp and how far it is from the truth, seconds."""
        taken = self.index / self.fps
        pts_s = self.start_pts_s + taken * (1 + self.drift) + self.pts_shift_s
        arrives = taken + self.delay_s + self.chance.uniform(0, self.jitter_s)
        sender = None if self.camera_error_s is None else WALL + taken + self.camera_error_s
        self.index += 1
        arrival = Arrival(pts_s, pts_s, MONOTONIC + arrives, WALL + arrives + self.machine_error_s, sender)
        self.jumps += self.clock.observe(arrival)
        if not self.clock.settled:
            return None, 0.0
        stamp = self.clock.stamp(pts_s)
        return stamp, (stamp.captured_at - EPOCH).total_seconds() - (WALL + taken)

    def run(self, frames: int) -> list[tuple[Stamp, float]]:
        seen = [self.take() for _ in range(frames)]
        return [(stamp, error) for stamp, error in seen if stamp is not None]


def test_without_sender_reports_arrival_is_fitted() -> None:
    camera = Camera(delay_s=0.05)
    camera.jitter_s = 0.3
    stamps = camera.run(250)
    stamp, error = stamps[-1]
    assert stamp.quality.source == "arrival"
    assert 0.04 < error < 0.08, "the least delay is what remains, not the mean one"
    assert abs(error) * 1000 <= stamp.quality.uncertainty_ms


def test_intervals_stay_those_of_the_camera_although_arrivals_jitter() -> None:
    """A speed over half a second must not carry the network's jitter."""
    camera = Camera()
    camera.jitter_s = 0.2
    times = [stamp.captured_at for stamp, _ in camera.run(500)][50:]
    steps = [(after - before).total_seconds() for before, after in itertools.pairwise(times)]
    assert max(abs(step - 0.04) for step in steps) < 0.04 * 0.0051


def test_sender_reports_win_and_say_how_good_they_are() -> None:
    camera = Camera(delay_s=0.3)
    camera.run(50)
    camera.camera_error_s = 0.0
    stamps = camera.run(25 * 90)
    stamp, error = stamps[-1]
    assert stamp.quality.source == "rtcp"
    assert abs(error) < 0.002
    assert stamp.quality.uncertainty_ms == pytest.approx(300, abs=20), "a late road and a wrong clock look the same"
    assert not any(stamp.discontinuity for stamp, _ in stamps)


def test_the_first_mapping_alone_is_not_believed() -> None:
    camera = Camera()
    camera.run(50)
    camera.camera_error_s = 0.04  # the report comes with its neighbour's packet
    camera.take()
    camera.camera_error_s = 0.0
    assert camera.run(300)[-1][1] == pytest.approx(0.0, abs=0.06)


@pytest.mark.parametrize("error_s", [-WALL, -3600.0, -10.0, 5.0, 86400.0])
def test_a_camera_with_a_wrong_clock_is_not_believed(error_s: float) -> None:
    camera = Camera()
    camera.camera_error_s = error_s
    stamp, error = camera.run(200)[-1]
    assert stamp.quality.source == "arrival"
    assert abs(error) < 0.1


def test_sender_reports_that_stop_are_left() -> None:
    camera = Camera()
    camera.camera_error_s = 0.0
    camera.run(100)
    camera.camera_error_s = None
    assert camera.run(25 * 31)[-1][0].quality.source == "arrival"


def test_times_only_grow_when_a_source_replaces_another() -> None:
    camera = Camera(delay_s=0.8)
    early = camera.run(100)
    camera.camera_error_s = -0.1
    late = camera.run(2000)
    times = [stamp.captured_at for stamp, _ in early + late]
    assert all(before < after for before, after in itertools.pairwise(times))


def test_the_backlog_of_the_opening_is_not_timed() -> None:
    """Packets that waited in buffers all come at once: their arrival means nothing."""
    clock = StreamClock()
    for index in range(20):
        clock.observe(Arrival(index / 25, index / 25, MONOTONIC + 0.8 + index * 0.001, WALL))
        assert not clock.settled
    for index in range(20, 24):
        clock.observe(Arrival(index / 25, index / 25, MONOTONIC + index / 25 + 0.05, WALL))
    assert clock.settled


def test_settling_ends_even_if_packets_keep_coming_fast() -> None:
    clock = StreamClock()
    for index in range(2000):
        clock.observe(Arrival(index / 25, index / 25, MONOTONIC + index * 0.0011, WALL))
    assert clock.settled


@pytest.mark.parametrize("fps", [1, 5, 12.5, 30])
def test_every_rate_settles_within_two_seconds_or_three_pictures(fps: float) -> None:
    camera = Camera(fps)
    assert len(camera.run(int(max(4, 2 * fps + 2)))) > 0


@pytest.mark.parametrize("shift_s", [-3600.0, -2.0, -0.5, 3.0, 3600.0])
def test_a_jump_of_pts_is_seen_and_time_goes_on(shift_s: float) -> None:
    camera = Camera()
    before = camera.run(100)[-1]
    camera.pts_shift_s = shift_s
    after = camera.run(100)
    assert camera.jumps == 1
    assert camera.clock.steps == 1
    assert after[0][0].discontinuity
    assert not any(stamp.discontinuity for stamp, _ in after[1:])
    assert after[0][0].captured_at > before[0].captured_at
    assert abs(after[-1][1]) < 0.1


def test_a_burst_after_a_stall_of_the_network_is_no_jump() -> None:
    """TCP holds three seconds back and then delivers all of it: PTS are right, arrivals are late."""
    camera = Camera()
    camera.run(100)
    for behind in range(75, 0, -1):
        camera.delay_s = 0.05 + behind / 25
        stamp, error = camera.take()
        assert stamp is not None
        assert not stamp.discontinuity
        assert abs(error) < 0.1
    assert camera.jumps == 0


def test_a_hole_without_pictures_breaks_tracks_but_not_time() -> None:
    camera = Camera()
    camera.run(100)
    camera.index += 75
    stamp, error = camera.take()
    assert stamp is not None
    assert stamp.discontinuity
    assert abs(error) < 0.1
    assert camera.jumps == 0


def test_drift_of_the_cameras_crystal_is_followed() -> None:
    camera = Camera()
    camera.drift = 200e-6
    stamps = camera.run(25 * 600)
    assert abs(stamps[-1][1]) < 0.1, "600 s at 200 ppm would be 120 ms, and grow"
    assert not any(stamp.discontinuity for stamp, _ in stamps[1:])


def test_a_step_of_this_machines_clock_is_taken_over_once() -> None:
    camera = Camera()
    camera.machine_error_s = -3600.0
    wrong = camera.run(100)[-1]
    assert wrong[1] == pytest.approx(-3599.95, abs=0.1)
    camera.machine_error_s = 0.0  # NTP sets it
    after = camera.run(50)
    assert abs(after[0][1]) < 0.1
    assert [stamp.discontinuity for stamp, _ in after].count(True) == 1


def test_a_held_packet_is_not_late() -> None:
    clock = StreamClock()
    for index in range(60):
        at = index / 25
        clock.observe(Arrival(at, at, MONOTONIC + at + 0.04, WALL + at + 0.04, held_s=0.04))
    assert clock.stamp(2.0).captured_at == EPOCH + timedelta(seconds=WALL + 2.0)


def test_nothing_can_be_stamped_before_a_packet_came() -> None:
    with pytest.raises(ValueError, match="must be observed"):
        StreamClock().stamp(0.0)
    with pytest.raises(ValueError, match="must be observed"):
        FileClock(EPOCH).stamp(0.0)


START = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)


def file_arrival(pts_s: float) -> Arrival:
    return Arrival(pts_s, pts_s, 0.0, 0.0)


def test_a_file_counts_from_its_start() -> None:
    clock = FileClock(START)
    clock.observe(file_arrival(100.0))
    clock.observe(file_arrival(100.5))
    stamp = clock.stamp(100.5)
    assert stamp.captured_at == START + timedelta(seconds=0.5)
    assert (stamp.quality.source, stamp.quality.uncertainty_ms) == ("file", 0.0)


def test_a_files_time_that_jumps_back_goes_on() -> None:
    clock = FileClock(START)
    for pts_s in (0.0, 0.5, 1.0):
        assert not clock.observe(file_arrival(pts_s))
    clock.stamp(1.0)
    assert clock.observe(file_arrival(0.0))
    stamp = clock.stamp(0.0)
    assert stamp.discontinuity
    assert stamp.captured_at == START + timedelta(seconds=1.04)


def test_a_jump_ahead_is_pulled_together_only_when_played_as_live() -> None:
    for most, expected in ((10.0, 0.04), (None, 3600.0)):
        clock = FileClock(START, most_ahead_s=most)
        clock.observe(file_arrival(0.0))
        clock.stamp(0.0)
        assert clock.due(3600.0) == START + timedelta(seconds=0 if most else 3600)
        clock.observe(file_arrival(3600.0))
        stamp = clock.stamp(3600.0)
        assert stamp.discontinuity
        assert stamp.captured_at == START + timedelta(seconds=expected)
