"""Parameter sets: without them a clip is a file that no player opens."""

from datetime import UTC, datetime

import pytest

from edge.stream.nal import annex_b, is_annex_b, parameter_sets, units
from edge.stream.ring import EncodedPacket

CODE = b"\x00\x00\x00\x01"
SPS, PPS, IDR, SLICE = b"\x67\x4d\x00\x28", b"\x68\xee\x3c\x80", b"\x65" + b"\x11" * 40, b"\x41" + b"\x22" * 40
VPS5, SPS5, PPS5, IDR5 = b"\x40\x01\x0c", b"\x42\x01\x01", b"\x44\x01\xc1", b"\x26\x01" + b"\x33" * 30
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def packet(data: bytes) -> EncodedPacket:
    return EncodedPacket(data, 0, 0, True, MOMENT)


def test_sets_of_an_h264_key_frame() -> None:
    data = CODE + b"\x09\xf0" + CODE + SPS + CODE + PPS + b"\x00\x00\x01" + IDR
    assert parameter_sets("h264", data) == CODE + SPS + CODE + PPS


def test_sets_of_an_h265_key_frame() -> None:
    data = b"".join(CODE + unit for unit in (VPS5, SPS5, PPS5, IDR5))
    assert parameter_sets("hevc", data) == CODE + VPS5 + CODE + SPS5 + CODE + PPS5


@pytest.mark.parametrize(
    ("codec", "data"),
    [("h264", CODE + SLICE), ("mjpeg", CODE + SPS), ("h264", b""), ("h264", b"\x00\x00\x00\x04" + SPS), ("h264", CODE)],
)
def test_where_there_are_none(codec: str, data: bytes) -> None:
    assert parameter_sets(codec, data) == b""


def test_units_are_split_at_both_lengths_of_code() -> None:
    assert list(units(CODE + SPS + b"\x00\x00\x01" + IDR)) == [SPS, IDR]


@pytest.mark.parametrize("data", [b"", b"\x00", b"no start code at all"])
def test_no_start_code_no_unit(data: bytes) -> None:
    assert list(units(data)) == []


def avcc(*, size: int = 4) -> bytes:
    counted = b"\xe1" + len(SPS).to_bytes(2) + SPS + b"\x01" + len(PPS).to_bytes(2) + PPS
    return b"\x01\x4d\x00\x28" + bytes([0xFC | (size - 1)]) + counted


@pytest.mark.parametrize("size", [1, 2, 4])
def test_an_mp4_becomes_annex_b_without_touching_a_unit(size: int) -> None:
    data = b"".join(len(unit).to_bytes(size) + unit for unit in (IDR, SLICE))
    sets, (converted,) = annex_b("h264", avcc(size=size), (packet(data),))
    assert sets == CODE + SPS + CODE + PPS
    assert is_annex_b(sets)
    assert list(units(converted.data)) == [IDR, SLICE]


def test_an_hvcc_box() -> None:
    arrays = b"".join(
        bytes([0x80 | kind]) + b"\x00\x01" + len(unit).to_bytes(2) + unit
        for kind, unit in ((32, VPS5), (33, SPS5), (34, PPS5), (39, b"\x4e\x01\x05"))
    )
    sets, _ = annex_b("hevc", b"\x01" + bytes(20) + b"\x03" + b"\x04" + arrays, (packet(b""),))
    assert list(units(sets)) == [VPS5, SPS5, PPS5]


@pytest.mark.parametrize("box", [b"", b"\x01", avcc()[:-2], avcc()[:9]])
def test_a_box_cut_short_is_refused(box: bytes) -> None:
    with pytest.raises(ValueError, match="cut short"):
        annex_b("h264", box, ())
