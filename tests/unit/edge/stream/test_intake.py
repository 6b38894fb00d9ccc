"""From packets to frames: where time, ring, health and pictures meet."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import av
import numpy as np

from contracts.health import Reason
from edge.stream.clock import FileClock, StreamClock
from edge.stream.intake import Intake, Shot, keep_newer, to_frame
from edge.stream.ring import PacketRing, StreamSpec
from edge.stream.source import Converter, Unit
from edge.stream.vitals import Vitals

BASE = Fraction(1, 25)
SPEC = StreamSpec("h264", b"", 64, 48, BASE, Fraction(25))
SMALL = replace(SPEC, width=32, height=24)
START = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
WALL = START.timestamp()


def picture(pts: int, spec: StreamSpec = SPEC) -> av.VideoFrame:
    gray = np.full((spec.height, spec.width), 60 + pts % 90, np.uint8)
    frame = av.VideoFrame.from_ndarray(gray, format="gray").reformat(format="yuv420p")
    frame.pts, frame.time_base = pts, BASE
    return frame


def unit(pts: int, spec: StreamSpec = SPEC, *, key: bool | None = None) -> Unit:
    is_key = pts % 25 == 0 if key is None else key
    return Unit(b"x" * 100, pts, pts, is_key, None, (picture(pts, spec),), False, spec)


class Desk:
    """An intake with all around it."""

    def __init__(self) -> None:
        self.ring = PacketRing(60)
        self.vitals = Vitals()
        self.vitals.connected(SPEC)
        self.shots: list[Shot] = []
        self.intake = Intake(self.ring, self.vitals, self.shots.append)

    def play(self, units: list[Unit], clock: FileClock) -> None:
        for each in units:
            self.intake.take(each, clock, 0.0, 0.0)


def test_a_packet_has_the_time_of_its_picture() -> None:
    desk = Desk()
    desk.play([unit(pts) for pts in range(50)], FileClock(START))
    clip = desk.ring.cut(START, START + timedelta(minutes=1))
    assert clip is not None
    assert [packet.captured_at for packet in clip.packets] == [shot.captured_at for shot in desk.shots]
    assert [shot.index for shot in desk.shots] == list(range(50))
    assert [shot.index for shot in desk.shots if shot.discontinuity] == [0]


def test_another_connection_is_a_break_and_the_count_goes_on() -> None:
    desk = Desk()
    desk.play([unit(pts) for pts in range(50)], FileClock(START))
    desk.intake.begin()
    desk.play([unit(pts) for pts in range(50)], FileClock(START + timedelta(seconds=10)))
    assert [shot.index for shot in desk.shots if shot.discontinuity] == [0, 50]
    assert desk.shots[-1].index == 99


def test_another_size_is_a_break_in_picture_and_ring() -> None:
    desk = Desk()
    desk.play([unit(pts) for pts in range(50)] + [unit(pts, SMALL) for pts in range(50, 80)], FileClock(START))
    assert [shot.index for shot in desk.shots if shot.discontinuity] == [0, 50]
    old, new = desk.ring.cut(START, START), desk.ring.cut(START + timedelta(seconds=2.5), START + timedelta(seconds=3))
    assert old is not None
    assert new is not None
    assert (old.spec.width, new.spec.width) == (64, 32)
    assert desk.vitals.health(0).reason is Reason.RESOLUTION_CHANGED


def test_other_parameter_sets_of_the_same_size_start_a_segment_but_break_no_track() -> None:
    desk = Desk()
    other = replace(SPEC, extradata=b"\x00\x00\x00\x01\x67new")
    desk.play([unit(pts) for pts in range(50)] + [unit(pts, other) for pts in range(50, 80)], FileClock(START))
    assert [shot.index for shot in desk.shots if shot.discontinuity] == [0]
    clip = desk.ring.cut(START + timedelta(seconds=2.2), START + timedelta(seconds=3))
    assert clip is not None
    assert clip.spec is other


def test_a_jump_back_breaks_and_is_counted() -> None:
    desk = Desk()
    desk.play([unit(pts) for pts in [*range(500, 550), *range(50)]], FileClock(START))
    assert [shot.index for shot in desk.shots if shot.discontinuity] == [0, 50]
    times = [shot.captured_at for shot in desk.shots]
    assert times == sorted(times)
    assert desk.vitals.health(0).gaps == 1


def test_the_backlog_of_a_live_camera_goes_to_the_ring_but_is_not_shown() -> None:
    """What waited in buffers while the stream was opened is old: a clip may have it, analysis must not."""
    desk = Desk()
    clock = StreamClock()
    for pts in range(60):
        arrives = max(pts / 25, 0.8 + pts * 0.001)
        desk.intake.take(unit(pts), clock, 100 + arrives, WALL + arrives)
    assert 18 <= 60 - len(desk.shots) <= 25
    clip = desk.ring.cut(START - timedelta(seconds=5), START + timedelta(seconds=5))
    assert clip is not None
    assert len(clip.packets) == 60


def test_damage_and_holes_reach_health() -> None:
    desk = Desk()
    desk.play([unit(pts) for pts in range(200) if pts not in (60, 90, 120)], FileClock(START))
    health = desk.vitals.health(0)
    assert (health.gaps, health.reason) == (3, Reason.PACKET_LOSS)
    desk.play([replace(unit(pts), is_damaged=True) for pts in range(200, 204)], FileClock(START))
    assert desk.vitals.health(0).reason is Reason.CORRUPT


def test_a_dropped_break_is_kept_by_the_next_picture() -> None:
    desk = Desk()
    desk.play([unit(pts) for pts in range(2)], FileClock(START))
    first, second = desk.shots
    assert keep_newer(first, second).discontinuity
    assert keep_newer(first, second).index == 1


def test_a_frame_is_what_analysis_expects() -> None:
    desk = Desk()
    desk.play([unit(0)], FileClock(START))
    frame = to_frame(desk.shots[0], "c1", Converter())
    assert (frame.camera, frame.index, frame.width, frame.height) == ("c1", 0, 64, 48)
    assert frame.captured_at == START
