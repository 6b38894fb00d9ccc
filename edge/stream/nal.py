"""Parameter sets inside H.264 and H.265 packets (ITU-T H.264 annex B and 7.4.1, H.265 annex B and 7.4.2.2)."""

import re
from collections.abc import Iterator

_START = re.compile(b"\x00\x00\x01")
_H264_SETS = frozenset({7, 8})  # SPS, PPS
_HEVC_SETS = frozenset({32, 33, 34})  # VPS, SPS, PPS
_LOOK = 4096  # parameter sets stand in front; a picture's slices need not be searched


def units(data: bytes) -> Iterator[bytes]:
    """NAL units of an Annex B stretch, without start codes."""
    starts = [match.end() for match in _START.finditer(data)]
    for begin, following in zip(starts, [*(start - 3 for start in starts[1:]), len(data)], strict=True):
        unit = data[begin:following].rstrip(b"\x00") if following < len(data) else data[begin:following]
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
