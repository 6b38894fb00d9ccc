"""Parameter sets inside H.264 and H.265 packets (ITU-T H.264 annex B and 7.4.1, H.265 annex B and 7.4.2.2)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from edge.stream.ring import EncodedPacket

_START = re.compile(b"\x00\x00\x01")
_H264_SETS = frozenset({7, 8})  # SPS, PPS
_HEVC_SETS = frozenset({32, 33, 34})  # VPS, SPS, PPS
_LOOK = 4096  # parameter sets stand in front; a picture's slices need not be searched


def units(data: bytes) -> Iterator[bytes]:
    """NAL units of an Annex B stretch, without start codes."""
    starts = [match.end() for match in _START.finditer(data)]
    ends = [*(start - 3 for start in starts[1:]), len(data)]
    for begin, end in zip(starts, ends, strict=False):
        unit = data[begin:end].rstrip(b"\x00") if end < len(data) else data[begin:end]
        if unit:
            yield unit


def parameter_sets(codec: str, packet: bytes) -> bytes:
    """Parameter sets at the start of an Annex B packet, as Annex B; empty if it has none or is of another kind."""
    if codec not in ("h264", "hevc") or not packet.startswith((b"\x00\x00\x01", b"\x00\x00\x00\x01")):
        return b""
    found = []
    for unit in units(packet[:_LOOK]):
        kind = unit[0] & 0x1F if codec == "h264" else unit[0] >> 1 & 0x3F
        if kind in (_H264_SETS if codec == "h264" else _HEVC_SETS):
            found.append(b"\x00\x00\x00\x01" + unit)
        elif found:
            break
    return b"".join(found)


def is_annex_b(extradata: bytes) -> bool:
    """Whether parameter sets stand with start codes (RTSP, MPEG-TS) rather than in an avcC or hvcC box (MP4)."""
    return extradata.startswith((b"\x00\x00\x01", b"\x00\x00\x00\x01"))


def annex_b(codec: str, box: bytes, packets: tuple[EncodedPacket, ...]) -> tuple[bytes, tuple[EncodedPacket, ...]]:
    """Parameter sets and packets of an MP4 with start codes in place of lengths; the NAL units stay as they are.

    Args:
        codec: h264 or hevc.
        box: avcC (ISO/IEC 14496-15, 5.3.3.1) or hvcC (8.3.3.1).
        packets: with NAL units behind their lengths.

    Raises:
        ValueError: the box is cut short or of another version.
    """
    try:
        sets, size = _avcc(box) if codec == "h264" else _hvcc(box)
    except IndexError:
        raise ValueError(f"the {codec} parameter box of {len(box)} bytes is cut short") from None
    converted = tuple(replace(packet, data=_start_codes(packet.data, size)) for packet in packets)
    return b"".join(_CODE + unit for unit in sets), converted


_CODE = b"\x00\x00\x00\x01"


def _avcc(box: bytes) -> tuple[list[bytes], int]:
    """Parameter sets and the number of bytes of a length."""
    sets: list[bytes] = []
    position = 5
    for mask in (0x1F, 0xFF):
        count, position = box[position] & mask, position + 1
        for _ in range(count):
            unit, position = _counted(box, position)
            sets.append(unit)
    return sets, (box[4] & 3) + 1


def _hvcc(box: bytes) -> tuple[list[bytes], int]:
    sets: list[bytes] = []
    position = 23
    for _ in range(box[22]):
        kind, count = box[position] & 0x3F, int.from_bytes(box[position + 1 : position + 3])
        position += 3
        for _ in range(count):
            unit, position = _counted(box, position)
            if kind in _HEVC_SETS:
                sets.append(unit)
    return sets, (box[21] & 3) + 1


def _counted(box: bytes, position: int) -> tuple[bytes, int]:
    length = int.from_bytes(box[position : position + 2])
    end = position + 2 + length
    if end > len(box):
        raise IndexError
    return box[position + 2 : end], end


def _start_codes(data: bytes, size: int) -> bytes:
    pieces = []
    position = 0
    while position + size <= len(data):
        length = int.from_bytes(data[position : position + size])
        position += size
        pieces.append(_CODE + data[position : position + length])
        position += length
    return b"".join(pieces)
