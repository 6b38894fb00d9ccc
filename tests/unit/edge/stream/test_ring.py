"""Clips come from here: what the ring lost or mixed up no evidence can bring back."""

import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.stream.ring import EncodedPacket, PacketRing, StreamSpec

START = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
SPEC = StreamSpec("h264", b"", 640, 352, Fraction(1, 25), Fraction(25))
OTHER = StreamSpec("h264", b"", 352, 288, Fraction(1, 25), Fraction(25))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def packet(index: int, *, group: int = 25, size: int = 100, base: int = 0) -> EncodedPacket:
    return EncodedPacket(bytes(size), index, index, (index - base) % group == 0, at(index / 25))


def filled(ring: PacketRing, frames: int, *, group: int = 25, size: int = 100) -> PacketRing:
    ring.restart(SPEC)
    for index in range(frames):
        ring.append(packet(index, group=group, size=size))
    return ring


def test_a_cut_starts_at_the_key_frame_at_or_before_the_wanted_start() -> None:
    clip = filled(PacketRing(15), 250).cut(at(4.5), at(6.0))
    assert clip is not None
    assert clip.packets[0].is_keyframe
    assert (clip.start, clip.end) == (at(4.0), at(6.0))
    assert clip.spec is SPEC


def test_a_cut_exactly_at_a_key_frame_starts_there() -> None:
    clip = filled(PacketRing(15), 250).cut(at(4.0), at(4.0))
    assert clip is not None
    assert [each.captured_at for each in clip.packets] == [at(4.0)]


def test_what_the_ring_no_longer_holds_is_left_out() -> None:
    clip = filled(PacketRing(4), 250).cut(at(0), at(9))
    assert clip is not None
    assert clip.start == at(5.0), "the key frame at or before 9.96 - 4 s"
    assert clip.packets[0].is_keyframe


def test_nothing_held_gives_none() -> None:
    assert PacketRing(15).cut(at(0), at(1)) is None
    ring = filled(PacketRing(4), 250)
    assert ring.cut(at(-20), at(-10)) is None
    assert ring.cut(at(100), at(110)) is None


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        PacketRing(15).cut(at(1), at(0))


def test_packets_without_a_stream_are_refused() -> None:
    with pytest.raises(ValueError, match="restart"):
        PacketRing(15).append(packet(0))


def test_rare_key_frames_keep_the_group_that_can_be_decoded() -> None:
    """One key frame in 25 s (pedestrians.avi): the ring must hold more than its 15 s, or nothing is decodable."""
    ring = filled(PacketRing(15), 1000, group=625)
    clip = ring.cut(at(35), at(38))
    assert clip is not None
    assert clip.start == at(25)
    early = ring.cut(at(24.6), at(30))
    assert early is not None
    assert early.packets[0].is_keyframe


def test_packets_before_the_first_key_frame_are_useless() -> None:
    ring = PacketRing(15)
    ring.restart(SPEC)
    for index in range(10, 60):
        ring.append(packet(index))
    assert ring.span == (at(1.0), at(59 / 25))


def test_memory_is_bounded() -> None:
    ring = filled(PacketRing(15, max_bytes=10_000), 1000)
    assert ring.bytes <= 10_000 + 25 * 100
    clip = ring.cut(at(0), at(100))
    assert clip is not None
    assert clip.packets[0].is_keyframe


def test_one_group_larger_than_the_memory_leaves_the_ring_empty_until_the_next_key() -> None:
    ring = filled(PacketRing(15, max_bytes=1000), 60, group=50)
    assert ring.bytes <= 1000
    clip = ring.cut(at(0), at(100))
    assert clip is not None
    assert clip.start == at(2.0)


def test_a_slice_never_mixes_two_resolutions() -> None:
    ring = filled(PacketRing(15), 100)
    ring.restart(OTHER)
    for index in range(100, 200):
        ring.append(packet(index))
    before, after = ring.cut(at(2), at(4.2)), ring.cut(at(3.5), at(6))
    assert before is not None
    assert after is not None
    assert (before.spec, before.end) == (SPEC, at(99 / 25))
    assert (after.spec, after.start) == (OTHER, at(4.0))


def test_old_segments_leave() -> None:
    ring = filled(PacketRing(4), 100)
    ring.restart(OTHER)
    for index in range(100, 400):
        ring.append(packet(index))
    assert ring.cut(at(2), at(3)) is None


def test_a_reconnect_without_packets_costs_nothing() -> None:
    ring = filled(PacketRing(15), 100)
    for _ in range(1000):
        ring.restart(SPEC)
    clip = ring.cut(at(1), at(2))
    assert clip is not None
    assert clip.spec is SPEC


@settings(max_examples=60, deadline=None)
@given(
    groups=st.lists(st.integers(1, 60), min_size=1, max_size=12),
    wanted=st.tuples(st.floats(-2, 20), st.floats(0, 10)),
    seed=st.integers(0, 99),
)
def test_any_slice_can_be_decoded_and_is_in_order(groups: list[int], wanted: tuple[float, float], seed: int) -> None:
    chance = random.Random(seed)
    ring = PacketRing(5, max_bytes=20_000)
    index = 0
    for number, group in enumerate(groups):
        if number == 0 or chance.random() < 0.2:
            ring.restart(SPEC if number % 2 else OTHER)
        for position in range(group):
            ring.append(EncodedPacket(bytes(100), index, index, position == 0, at(index / 25)))
            index += 1
    clip = ring.cut(at(wanted[0]), at(wanted[0] + wanted[1]))
    if clip is not None:
        assert clip.packets[0].is_keyframe
        times = [each.dts for each in clip.packets]
        assert times == list(range(times[0], times[0] + len(times)))
        assert clip.end <= at(wanted[0] + wanted[1])
