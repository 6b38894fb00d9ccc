"""What is missing of a node's numbers: exactly that, whatever the order and the repeats."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.gaps import (
    Acknowledgement,
    Gap,
    Span,
    common,
    from_text,
    look,
    missing,
    spans_of,
    text_of,
    union,
    without,
)

NOW = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
numbers = st.sets(st.integers(1, 60))
arrivals = st.lists(st.lists(st.integers(1, 60), max_size=20), max_size=8)


def numbers_in(spans: tuple[Span, ...]) -> set[int]:
    return {number for span in spans for number in range(span.first, span.last + 1)}


@given(arrivals)
def test_any_order_and_any_repeats_give_exactly_the_missing_numbers(batches: list[list[int]]) -> None:
    """Cameras overtake each other, batches come twice: what is said to be missing must be the truth."""
    held: tuple[Span, ...] = ()
    for batch in batches:
        held = union([*held, *spans_of(batch)])
    came = {number for batch in batches for number in batch}
    assert numbers_in(missing(held, after=0)) == set(range(1, max(came, default=0) + 1)) - came
    assert all(one.last + 1 < other.first for one, other in itertools.pairwise(held)), "as few spans as can be"


@given(numbers, numbers)
def test_arithmetic_is_that_of_sets(some: set[int], others: set[int]) -> None:
    left, right = spans_of(some), spans_of(others)
    assert numbers_in(union([*left, *right])) == some | others
    assert numbers_in(without(left, right)) == some - others
    assert numbers_in(common(left, right)) == some & others
    assert from_text(text_of(left)) == left


@given(numbers, st.integers(0, 80), st.integers(0, 80))
def test_what_the_node_counted_is_missing_at_the_end_too(came: set[int], start: int, counted: int) -> None:
    until = max([counted, *came])
    expected = set(range(start + 1, until + 1)) - came
    assert numbers_in(missing(spans_of(came), after=start, until=counted)) == expected


@given(st.lists(st.tuples(numbers, st.integers(0, 90)), max_size=8))
def test_each_number_keeps_the_moment_it_was_first_missed(looks: list[tuple[set[int], int]]) -> None:
    """A gap that half closes stays as old as it was; what is said to have arrived is what was said to be missing."""
    known: tuple[Gap, ...] = ()
    since: dict[int, datetime] = {}
    told: set[int] = set()
    now = NOW
    for holes, seconds in looks:
        now += timedelta(seconds=seconds)
        found = look(known, spans_of(holes), now, MINUTE)
        assert numbers_in(tuple(gap.span for gap in found.arrived)) == told - holes
        since = {number: since.get(number, now) for number in holes}
        newly = {number for number in holes if now - since[number] >= MINUTE} - told
        assert found.is_news == bool(newly or told - holes)
        told = (told & holes) | newly
        known = found.gaps
        assert {n: gap.since for gap in known for n in numbers_in((gap.span,))} == since
        assert {n for gap in known if gap.is_told for n in numbers_in((gap.span,))} == told
        assert sum(gap.span.count for gap in known) == len(holes), "no number twice"


def test_a_gap_is_told_after_the_patience_once_and_its_end_too() -> None:
    first = look((), [Span(118, 120)], NOW, MINUTE)
    assert not first.is_news
    before = look(first.gaps, [Span(118, 120)], NOW + MINUTE - timedelta(seconds=1), MINUTE)
    assert not before.is_news
    old = look(before.gaps, [Span(118, 120)], NOW + MINUTE, MINUTE)
    assert old.is_news
    assert [(gap.span, gap.since, gap.is_told) for gap in old.gaps] == [(Span(118, 120), NOW, True)]
    assert not look(old.gaps, [Span(118, 120)], NOW + 2 * MINUTE, MINUTE).is_news
    closed = look(old.gaps, [], NOW + 3 * MINUTE, MINUTE)
    assert closed.is_news
    assert [gap.span for gap in closed.arrived] == [Span(118, 120)]


def test_what_was_acknowledged_stays_so_and_what_joins_it_does_not() -> None:
    known = Acknowledgement("Trần Thị B", NOW, "the cabinet burnt")
    gap = Gap(Span(5, 9), NOW, True, known)
    found = look([gap], [Span(6, 12)], NOW + MINUTE, MINUTE)
    assert [(one.span, one.acknowledgement) for one in found.gaps] == [(Span(6, 9), known), (Span(10, 12), None)]


@pytest.mark.parametrize(("first", "last"), [(0, 3), (5, 4), (-1, 1)])
def test_a_span_of_nothing_is_refused(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="span of numbers"):
        Span(first, last)


@pytest.mark.parametrize("text", ["x", "5-4", "1-2-3", "0"])
def test_text_that_is_no_spans_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_text(text)
