"""Event time of a stream's pictures, from the stream itself. Pure: every clock reading comes in as an argument.

A stream counts time in PTS, from an arbitrary zero. What is looked for is the offset that turns PTS into UTC:

* **rtcp**: the camera's sender reports say which wall time belongs to which RTP time stamp (RFC 3550, section
  6.4.1); FFmpeg hands it on with each packet. Taken when it agrees with this machine's clock to within
  `MAX_CAMERA_ERROR_S`: a camera that believes it is 1970 is not believed.
* **arrival**: a packet cannot arrive before it was taken, so arrival minus PTS is the offset plus a delay that is
  never negative. Its least value over a window is nearest to the truth; queues and slow readers only raise others.

The offset in use moves towards the better estimate slowly (`SLEW`), so that intervals between frames, on which speeds
rest, stay right; an error above `STEP_S` is corrected at once and the frame is marked as a discontinuity.
"""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from contracts.event import TimeQuality, TimeSource

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WINDOW_S = 30.0  # of arrivals kept: 200 ppm of drift move the least value by 6 ms meanwhile
SLEW = 0.005  # seconds per second; a speed is wrong by at most half a per cent while it lasts
STEP_S = 1.0
JUMP_AHEAD_S = 1.0  # PTS that run this far ahead of their arrival were set forward by the camera
JUMP_BACK_S = 0.1
HOLE_S = 2.0  # without a picture: tracks must not be drawn through
SETTLE_S = 2.0  # longest wait for the backlog of the opening to drain
REPORT_FRESH_S = 30.0  # sender reports come every 5 s; after this long without, they no longer hold
MAX_CAMERA_ERROR_S = 2.0
UNSEEN_DELAY_MS = 150.0  # exposure, encoder and network before the first byte arrives: nothing in the stream tells it
MIN_UNCERTAINTY_MS = 10.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a packet came, and what it says about its time.

    Attributes:
        pts_s: presentation time of the packet, seconds from the stream's zero.
        order_s: decoding time, seconds; only ever grows in a sane stream.
        monotonic_s: this machine's monotonic clock when the packet was read.
        wall_s: this machine's UTC at the same moment, seconds since 1970; it may be stepped by NTP.
        sender_s: the camera's UTC for `pts_s` by its sender reports, or None.
        held_s: how long the packet was held after it came: a parser lets it go when the next one begins.
    """

    pts_s: float
    order_s: float
    monotonic_s: float
    wall_s: float
    sender_s: float | None = None
    held_s: float = 0.0

    @property
    def delay_s(self) -> float:
        """Arrival minus PTS, seconds; the least of many is the offset plus the road's shortest delay."""
        return self.monotonic_s - self.held_s - self.pts_s


@dataclass(frozen=True, slots=True)
class Stamp:
    """Event time of a picture and how good it is."""

    captured_at: datetime
    quality: TimeQuality
    discontinuity: bool


class FrameClock(Protocol):
    """What gives pictures their event time: `StreamClock` for cameras, `FileClock` for files."""

    @property
    def settled(self) -> bool:
        """Times can be told."""
        ...

    def observe(self, arrival: Arrival) -> bool:
        """Takes a packet into account; True if the stream's time jumped."""
        ...

    def stamp(self, pts_s: float) -> Stamp:
        """Event time of a picture."""
        ...

    def time_of(self, pts_s: float) -> datetime:
        """Event time of a packet."""
        ...


class _Envelope:
    """Least arrival minus PTS over the last `WINDOW_S`, in buckets of one second."""

    def __init__(self) -> None:
        self._buckets: deque[tuple[int, float]] = deque()

    def add(self, monotonic_s: float, delay_s: float) -> None:
        second = int(monotonic_s)
        if self._buckets and self._buckets[-1][0] == second:
            delay_s = min(delay_s, self._buckets.pop()[1])
        self._buckets.append((second, delay_s))
        while self._buckets[0][0] < second - WINDOW_S:
            self._buckets.popleft()

    @property
    def least_s(self) -> float | None:
        return min((delay for _, delay in self._buckets), default=None)


class StreamClock:
    """Turns the PTS of one connection into event times.

    Feed every packet to `observe` as it comes and ask `stamp` for each picture. Until `settled` the backlog that
    piled up while the stream was opened is still draining and arrivals mean nothing: do not stamp yet.
    """

    def __init__(self) -> None:
        self.steps = 0
        """Times the clock was set: jumps of PTS, steps of this machine's or the camera's clock."""
        self._stepped = True
        self._restart()
        self._machine_offset_s: float | None = None

    def _restart(self) -> None:
        self._envelope = _Envelope()
        self._first: Arrival | None = None
        self._last: Arrival | None = None
        self._waits = 0
        self._settled = False
        self._sender_offset_s: float | None = None
        self._sender_seen_s: float | None = None
        self._offset_s: float | None = None
        self._stamped_s: float | None = None

    @property
    def settled(self) -> bool:
        """Packets come at the pace they are taken: times can be told."""
        return self._settled

    def observe(self, arrival: Arrival) -> bool:
        """Takes a packet into account. True if the stream's time jumped: what came before no longer counts."""
        jumped = self._jumped(arrival)
        if jumped:
            settled = self._settled
            self._restart()
            self._settled = settled
            self._stepped = True
            self.steps += 1
        if self._last is not None and not self._settled:
            self._settle(arrival, self._last)
        self._first = self._first or arrival
        self._last = arrival
        self._machine_offset_s = arrival.wall_s - arrival.monotonic_s
        self._envelope.add(arrival.monotonic_s, arrival.delay_s)
        self._hear_sender(arrival)
        return jumped

    def _jumped(self, arrival: Arrival) -> bool:
        if self._last is None:
            return False
        if arrival.order_s < self._last.order_s - JUMP_BACK_S:
            return True
        least = self._envelope.least_s
        return self._settled and least is not None and arrival.delay_s < least - JUMP_AHEAD_S

    def _settle(self, arrival: Arrival, last: Arrival) -> None:
        waited = arrival.monotonic_s - last.monotonic_s >= 0.6 * abs(arrival.order_s - last.order_s) > 0
        self._waits = self._waits + 1 if waited else 0
        first = self._first or last
        self._settled = self._waits >= 2 or arrival.monotonic_s - first.monotonic_s >= SETTLE_S

    def _hear_sender(self, arrival: Arrival) -> None:
        """Keeps a sender's mapping that was said twice: the packet at which a report arrives has its neighbour's."""
        if arrival.sender_s is None:
            return
        offset = arrival.sender_s - arrival.pts_s
        agrees = self._sender_offset_s is not None and abs(offset - self._sender_offset_s) < 0.005
        if agrees:
            self._sender_seen_s = arrival.monotonic_s
        self._sender_offset_s = offset

    def _sender_error_s(self) -> float | None:
        """Camera's clock against ours, with the delay of the road in it; None without fresh sender reports."""
        if self._sender_offset_s is None or self._sender_seen_s is None or self._last is None:
            return None
        if self._last.monotonic_s - self._sender_seen_s > REPORT_FRESH_S:
            return None
        return self._arrival_offset_s() - self._sender_offset_s

    def _arrival_offset_s(self) -> float:
        least = self._envelope.least_s
        if least is None or self._machine_offset_s is None:
            raise ValueError("a packet must be observed before a picture is stamped")
        return least + self._machine_offset_s

    def _best(self) -> tuple[TimeSource, float, float]:
        """Source, offset in seconds, uncertainty in milliseconds."""
        error = self._sender_error_s()
        if error is not None and self._sender_offset_s is not None and abs(error) <= MAX_CAMERA_ERROR_S:
            return "rtcp", self._sender_offset_s, max(MIN_UNCERTAINTY_MS, abs(error) * 1000)
        return "arrival", self._arrival_offset_s(), UNSEEN_DELAY_MS

    def stamp(self, pts_s: float) -> Stamp:
        """Event time of the picture with this PTS (seconds)."""
        source, target, uncertainty_ms = self._best()
        advance = 0.0 if self._stamped_s is None else pts_s - self._stamped_s
        error = target - self._offset_s if self._offset_s is not None else None
        if error is None or self._offset_s is None:
            self._offset_s = target
        elif abs(error) > STEP_S:
            self._offset_s, self._stepped = target, True
            self.steps += 1
        else:
            most = SLEW * max(0.0, advance)
            self._offset_s += min(most, max(-most, error))
        discontinuity = self._stepped or advance > HOLE_S
        self._stepped = False
        self._stamped_s = pts_s
        uncertainty_ms += abs(target - self._offset_s) * 1000
        quality = TimeQuality(source=source, uncertainty_ms=round(uncertainty_ms, 1))
        return Stamp(EPOCH + timedelta(seconds=self._offset_s + pts_s), quality, discontinuity)

    def time_of(self, pts_s: float) -> datetime:
        """Event time of a packet by the offset now in use, without moving it."""
        offset = self._offset_s if self._offset_s is not None else self._best()[1]
        return EPOCH + timedelta(seconds=offset + pts_s)


class FileClock:
    """Event times of a file: its start plus PTS, so that the same file always has the same times.

    Args:
        start: event time of the first picture.
        most_ahead_s: PTS that jump further than this are pulled together; None believes every PTS.
    """

    settled = True

    def __init__(self, start: datetime, *, most_ahead_s: float | None = None) -> None:
        self._start = start
        self._most_ahead_s = most_ahead_s
        self._zero_s: float | None = None
        self._order_s: float | None = None
        self._stamped_s: float | None = None
        self._stepped = True
        self._newest = start

    @property
    def newest(self) -> datetime:
        """Event time of the newest packet seen."""
        return self._newest

    def due(self, pts_s: float | None) -> datetime:
        """Moment at which a packet is to be played; one that jumps is due at once."""
        if pts_s is None or self._zero_s is None:
            return self._newest
        moment = self.time_of(pts_s)
        limit = self._most_ahead_s
        return self._newest if limit is not None and moment - self._newest > timedelta(seconds=limit) else moment

    def observe(self, arrival: Arrival) -> bool:
        """Takes a packet into account. After a jump the count goes on from the newest time, one tick later."""
        last, self._order_s = self._order_s, arrival.order_s
        if self._zero_s is None:
            self._zero_s = arrival.pts_s
        jumped = last is not None and self._jumped(arrival.order_s - last)
        if jumped:
            self._start, self._zero_s = self._newest + timedelta(milliseconds=40), arrival.pts_s
            self._stamped_s, self._stepped = None, True
        self._newest = max(self._newest, self.time_of(arrival.pts_s))
        return jumped

    def _jumped(self, advance_s: float) -> bool:
        return advance_s < -JUMP_BACK_S or (self._most_ahead_s is not None and advance_s > self._most_ahead_s)

    def stamp(self, pts_s: float) -> Stamp:
        """Event time of the picture with this PTS."""
        advance = 0.0 if self._stamped_s is None else pts_s - self._stamped_s
        discontinuity = self._stepped or advance > HOLE_S
        self._stepped, self._stamped_s = False, pts_s
        return Stamp(self.time_of(pts_s), TimeQuality(source="file", uncertainty_ms=0.0), discontinuity)

    def time_of(self, pts_s: float) -> datetime:
        """Event time of a packet."""
        if self._zero_s is None:
            raise ValueError("a packet must be observed before a picture is stamped")
        return self._start + timedelta(seconds=pts_s - self._zero_s)
