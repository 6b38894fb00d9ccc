"""Time stamps as real containers and cameras leave them."""

from fractions import Fraction

import pytest

from edge.stream.ring import StreamSpec
from edge.stream.source import Unit
from edge.stream.stamps import PacketDates, PictureTimes

BASE = Fraction(1, 90000)
SPEC = StreamSpec("h264", b"", 640, 352, BASE, Fraction(25))
STEP = 3600


def unit(pts: int | None, dts: int | None) -> Unit:
    return Unit(b"x", pts, dts, False, None, (), False, SPEC)


def dated(*stamps: tuple[int | None, int | None]) -> list[tuple[int | None, int | None]]:
    dates = PacketDates()
    return [(each.pts, each.dts) for stamp in stamps for each in dates.date(unit(*stamp), 0.04)]


def test_good_stamps_stay() -> None:
    assert dated((0, 0), (7200, 3600), (3600, 7200)) == [(0, 0), (7200, 3600), (3600, 7200)]


def test_the_first_key_frame_gets_its_time_from_the_next() -> None:
    assert dated((None, None), (9000, 9000)) == [(5400, 5400), (9000, 9000)]


def test_several_undated_packets_in_front() -> None:
    assert dated((None, None), (None, None), (9000, 9000)) == [(1800, 1800), (5400, 5400), (9000, 9000)]


def test_an_undated_packet_later_follows_its_neighbour() -> None:
    assert dated((0, 0), (None, None), (7200, 7200)) == [(0, 0), (3600, 3600), (7200, 7200)]


def test_a_stream_without_any_stamp_is_counted_out() -> None:
    seen = dated(*[(None, None)] * 8)
    assert seen == [(index * STEP, index * STEP) for index in range(8)]


def test_half_a_stamp_is_completed() -> None:
    assert dated((None, 3600), (7200, None)) == [(3600, 3600), (7200, 7200)]


def times(*stamps: tuple[int | None, int | None]) -> list[float]:
    clock = PictureTimes()
    return [clock.time(pts, dts, Fraction(1, 25), 0.04) for pts, dts in stamps]


def test_presentation_times_are_taken_as_they_are() -> None:
    assert times((0, 0), (1, 1), (3, 2)) == pytest.approx([0, 0.04, 0.12])


def test_packed_b_frames_fall_back_to_decoding_times() -> None:
    """highway.avi: PTS 1 4 6 5 7 9 8, DTS 3 4 5 6 7 8 9."""
    seen = times((1, 3), (4, 4), (6, 5), (5, 6), (7, 7), (9, 8), (8, 9), (10, 10), (12, 11), (11, 12))
    assert all(before < after for before, after in zip(seen, seen[1:], strict=False))  # noqa: RUF007
    assert seen[-1] == pytest.approx(12 / 25, abs=0.041)


@pytest.mark.parametrize("stamp", [(None, None), (5, None), (2, None)])
def test_missing_or_repeated_times_go_on_by_one_interval(stamp: tuple[int | None, int | None]) -> None:
    assert times((5, None), stamp)[1] == pytest.approx(0.24)


def test_a_first_picture_without_time_is_zero() -> None:
    assert times((None, None)) == [0.0]
