"""The last seconds of a camera as encoded packets, to cut clips from without re-encoding."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from threading import Lock

MAX_BYTES = 256 * 2**20
"""Memory bound of one ring: 15 s at 100 Mbit/s; ordinary cameras need 4 to 15 MB."""


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """What a decoder or muxer must know about a stream.

    Attributes:
        codec: FFmpeg's canonical name: h264, hevc, mpeg4, msmpeg4v3, mjpeg, ...
        extradata: parameter sets as the container gave them (Annex B or avcC/hvcC); may be empty.
        width: pixels.
        height: pixels.
        time_base: seconds of one pts/dts tick.
        average_rate: frames per second as announced; None where unknown.
    """

    codec: str
    extradata: bytes
    width: int
    height: int
    time_base: Fraction
    average_rate: Fraction | None


@dataclass(frozen=True, slots=True)
class EncodedPacket:
    """One packet in decode order; `pts` and `dts` in ticks of the stream's time base."""

    data: bytes = field(repr=False)
    pts: int
    dts: int
    is_keyframe: bool
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class PacketSlice:
    """Packets of one unbroken stretch with one resolution; the first is a key frame. Safe to hand to another thread."""

    spec: StreamSpec
    packets: tuple[EncodedPacket, ...]

    @property
    def start(self) -> datetime:
        """Event time of the earliest picture."""
        return min(packet.captured_at for packet in self.packets)

    @property
    def end(self) -> datetime:
        """Event time of the latest picture."""
        return max(packet.captured_at for packet in self.packets)


class _Segment:
    """Packets between two discontinuities."""

    def __init__(self, spec: StreamSpec) -> None:
        self.spec = spec
        self.packets: deque[EncodedPacket] = deque()
        self.keys: deque[datetime] = deque()
        self.bytes = 0

    def append(self, packet: EncodedPacket) -> None:
        self.packets.append(packet)
        self.bytes += len(packet.data)
        if packet.is_keyframe:
            self.keys.append(packet.captured_at)

    def drop_group(self) -> None:
        """Drops the first group of pictures."""
        self.keys.popleft()
        while self.packets:
            self.bytes -= len(self.packets.popleft().data)
            if self.packets and self.packets[0].is_keyframe:
                return


class PacketRing:
    """Encoded packets of the last `seconds`, always startable at a key frame.

    Whole groups of pictures leave at the old end, so that what is left can be decoded; with a key frame every
    25 s the ring therefore holds up to 25 s more than asked. A discontinuity (`restart`) begins a new segment, and
    a slice never spans two. Above `max_bytes` the oldest groups leave early. One thread appends, any may cut.
    """

    def __init__(self, seconds: float, *, max_bytes: int = MAX_BYTES) -> None:
        self._span = timedelta(seconds=seconds)
        self._max_bytes = max_bytes
        self._segments: deque[_Segment] = deque()
        self._lock = Lock()

    def restart(self, spec: StreamSpec) -> None:
        """Begins a new segment: another connection, resolution or set of parameters, or a jump in time."""
        with self._lock:
            if self._segments and not self._segments[-1].packets:
                self._segments.pop()
            self._segments.append(_Segment(spec))

    def append(self, packet: EncodedPacket) -> None:
        """Adds the newest packet; until the segment's first key frame packets are of no use and are left out."""
        with self._lock:
            if not self._segments:
                raise ValueError("PacketRing.restart must name the stream before packets are added")
            segment = self._segments[-1]
            if not segment.packets and not packet.is_keyframe:
                return
            segment.append(packet)
            self._evict(packet.captured_at - self._span)

    def _evict(self, horizon: datetime) -> None:
        while len(self._segments) > 1 and self._segments[0].packets[-1].captured_at < horizon:
            self._segments.popleft()
        while self._first_group_is_old(horizon) or self._bytes() > self._max_bytes:
            first = self._segments[0]
            first.drop_group()
            if not first.packets:
                if len(self._segments) == 1:
                    return
                self._segments.popleft()

    def _first_group_is_old(self, horizon: datetime) -> bool:
        keys = self._segments[0].keys
        return len(keys) > 1 and keys[1] <= horizon

    def _bytes(self) -> int:
        return sum(segment.bytes for segment in self._segments)

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """Event time of the oldest and the newest packet held."""
        with self._lock:
            held = [segment for segment in self._segments if segment.packets]
            if not held:
                return None
            return held[0].packets[0].captured_at, max(packet.captured_at for packet in held[-1].packets)

    @property
    def bytes(self) -> int:
        """Memory taken by packets."""
        with self._lock:
            return self._bytes()

    def cut(self, start: datetime, end: datetime) -> PacketSlice | None:
        """Packets from the last key frame at or before `start` up to `end`.

        Where the ring does not reach back to `start`, the slice begins at its oldest key frame; where a
        discontinuity lies between, the stretch that covers more of the wanted time is taken. None if nothing of the
        wanted time is held.
        """
        if end < start:
            raise ValueError(f"a clip cannot end ({end}) before it starts ({start})")
        with self._lock:
            stretches = [(segment.spec, tuple(segment.packets)) for segment in self._segments if segment.packets]
        best: PacketSlice | None = None
        covered = timedelta(-1)
        for spec, packets in stretches:
            chosen = _between(packets, start, end)
            if not chosen:
                continue
            overlap = min(end, max(p.captured_at for p in chosen)) - max(start, min(p.captured_at for p in chosen))
            if overlap >= covered:
                best, covered = PacketSlice(spec, chosen), overlap
        return best


def _between(packets: tuple[EncodedPacket, ...], start: datetime, end: datetime) -> tuple[EncodedPacket, ...]:
    """From the last key frame at or before `start` to the last packet, in decode order, that is shown by `end`."""
    last = _last(index for index, packet in enumerate(packets) if packet.captured_at <= end)
    if last is None or max(packet.captured_at for packet in packets) < start:
        return ()
    first = _last(index for index, packet in enumerate(packets) if packet.is_keyframe and packet.captured_at <= start)
    return packets[first or 0 : last + 1]


def _last(indices: Iterable[int]) -> int | None:
    found = None
    for index in indices:
        found = index
    return found
