"""Which of a node's numbers are here and which are missing: interval arithmetic, nothing else.

A node numbers its records 1, 2, 3, … What is held is kept as spans, merged where they touch, so it takes as much room
as there are gaps, whatever the number of records. Everything here is exact for any order of arrival and any repeats.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.spans import runs_of


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Numbers from `first` to `last`, both included. ValueError when there are none, or one is below 1."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last:
            raise ValueError(f"a span of numbers goes up from 1 or more, not from {self.first} to {self.last}")

    @property
    def count(self) -> int:
        """How many numbers."""
        return self.last - self.first + 1


Spans = tuple[Span, ...]
"""In order, apart from each other by at least one number, unless said otherwise."""


def spans_of(numbers: Iterable[int]) -> Spans:
    """The numbers as spans; repeats and order do not matter."""
    return tuple(Span(first, last) for first, last in runs_of(numbers))


def union(spans: Iterable[Span]) -> Spans:
    """Every number that is in one of the spans; what overlaps or touches becomes one span."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.first <= merged[-1].last + 1:
            merged[-1] = Span(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return tuple(merged)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> Spans:
    """Every number that is in one of `spans` and in none of `taken`."""
    left: list[Span] = []
    cuts = union(taken)
    at = 0
    for span in union(spans):
        first = span.first
        while at < len(cuts) and cuts[at].last < first:
            at += 1
        here = at  # the last cut may reach into the next span, too
        while here < len(cuts) and cuts[here].first <= span.last:
            if cuts[here].first > first:
                left.append(Span(first, cuts[here].first - 1))
            first = cuts[here].last + 1
            here += 1
        if first <= span.last:
            left.append(Span(first, span.last))
    return tuple(left)


def touching(spans: Spans, span: Span) -> Spans:
    """Those of `spans`, which are in order, that have a number in common with one; found by halves.

    A centre that reads a backlog partition by partition has tens of thousands of holes for a while.
    """
    begin = bisect_left(spans, span.first, key=lambda one: one.last)
    return spans[begin : bisect_right(spans, span.last, lo=begin, key=lambda one: one.first)]


def common(spans: Iterable[Span], others: Iterable[Span]) -> Spans:
    """Every number that is in one of `spans` and in one of `others`."""
    every = tuple(spans)
    return without(every, without(every, others))


def missing(held: Iterable[Span], *, after: int, until: int = 0) -> Spans:
    """Numbers above `after` that are not held, up to the highest one held or `until`, whichever is higher."""
    here = tuple(held)
    highest = max([until, *(span.last for span in here)])
    return without([Span(after + 1, highest)], here) if highest > after else ()


def text_of(spans: Iterable[Span]) -> str:
    """For one column of a table: `3,118-120`."""
    return ",".join(str(one.first) if one.first == one.last else f"{one.first}-{one.last}" for one in spans)


def from_text(text: str) -> Spans:
    """What `text_of` wrote. ValueError when it is none of it."""
    parts = [part.partition("-") for part in text.split(",") if part]
    return union(Span(int(first), int(last or first)) for first, _, last in parts)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A person knows that these records will not come, and says why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Missing numbers. `since` is when they were first found missing, by the centre's clock; later where others of the
    node's numbers have kept coming since then (see `look`)."""

    span: Span
    since: datetime
    is_told: bool = False
    """People were told: it was older than the patience."""
    acknowledgement: Acknowledgement | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What another look at the numbers found."""

    gaps: tuple[Gap, ...]
    """What is missing now, in order."""
    arrived: tuple[Gap, ...]
    """Of what people were told is missing: what has come since."""
    is_news: bool
    """People should be told: a gap became old, or (part of) a told one arrived."""


SETTLED = timedelta(seconds=5)
"""Cameras overtake each other by a second at most: what is missing for longer and comes is a backlog being read."""


def look(known: Sequence[Gap], holes: Sequence[Span], now: datetime, patience: timedelta) -> Look:
    """What is missing now, each number with the time and the acknowledgement it had.

    While numbers come that were missing for longer than `SETTLED`, a backlog is being read partition by partition, and
    the others are on their way: the patience with each of them begins anew. What was told stays told.

    Args:
        known: gaps as of the last look, none of them overlapping.
        holes: what is missing now.
        now: the centre's clock.
        patience: a gap older than this is told.
    """
    gaps: list[Gap] = []
    arrived: list[Gap] = []
    ordered = union(holes)
    is_backlog = False
    for gap in known:
        still = common([gap.span], touching(ordered, gap.span))
        gaps.extend(replace(gap, span=span) for span in still)
        is_backlog |= now - gap.since >= SETTLED and still != (gap.span,)
        if gap.is_told:
            arrived.extend(replace(gap, span=span) for span in without([gap.span], still))
    gaps.extend(Gap(span, now) for span in without(holes, [gap.span for gap in known]))
    if is_backlog:
        gaps = [gap if gap.is_told else replace(gap, since=now) for gap in gaps]
    told = [_told(gap, now, patience) for gap in sorted(gaps, key=lambda gap: gap.span)]
    is_news = bool(arrived) or any(
        gap.is_told and not before.is_told
        for gap, before in zip(told, sorted(gaps, key=lambda gap: gap.span), strict=True)
    )
    return Look(tuple(told), tuple(arrived), is_news)


def _told(gap: Gap, now: datetime, patience: timedelta) -> Gap:
    is_told = gap.is_told or now - gap.since >= patience
    return replace(gap, is_told=is_told)
