"""What is missing of a node's numbers: exactly that, whatever the order and the repeats."""

import itertools
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.gaps import (
    SETTLED,
    Acknowledgement,
    Gap,
    Span,
    common,
    from_text,
    look,
    missing,
    spans_of,
    text_of,
    touching,
    union,
    without,
)

NOW = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
numbers = st.sets(st.integers(1, 60))
arrivals = st.lists(st.lists(st.integers(1, 60), max_size=20), max_size=8)


def numbers_in(spans: tuple[Span, ...]) -> set[int]:
    return {number for span in spans for number in range(span.first, span.last + 1)}


@given(numbers, st.integers(1, 60), st.integers(0, 30))
def test_what_touches_a_span_is_found_by_halves(some: set[int], first: int, more: int) -> None:
    spans, span = spans_of(some), Span(first, first + more)
    assert touching(spans, span) == tuple(one for one in spans if one.first <= span.last and one.last >= span.first)


def test_a_backlog_that_comes_camera_by_camera_is_looked_at_in_no_time() -> None:
    """Every second number is still on its way; a look at 20,000 holes must not hold up those who bring them."""
    holes = spans_of(range(1, 40_000, 2))
    begun = time.process_time()
    first = look([], holes, NOW, MINUTE)
    second = look(first.gaps, spans_of(range(1, 20_000, 2)), NOW + MINUTE / 2, MINUTE)
    assert time.process_time() - begun < 5, "a minute and more where every hole is compared with every other"
    assert [gap.span for gap in second.gaps] == list(spans_of(range(1, 20_000, 2)))
    assert {gap.since for gap in second.gaps} == {NOW + timedelta(seconds=30)}, "they are on their way"


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
def test_each_number_is_as_old_as_it_was_missed_unless_a_backlog_comes(looks: list[tuple[set[int], int]]) -> None:
    """What is said to have arrived is what was said to be missing; what is told stays told."""
    known: tuple[Gap, ...] = ()
    since: dict[int, datetime] = {}
    told: set[int] = set()
    now = NOW
    for holes, seconds in looks:
        now += timedelta(seconds=seconds)
        found = look(known, spans_of(holes), now, MINUTE)
        assert numbers_in(tuple(gap.span for gap in found.arrived)) == told - holes
        is_backlog = any(now - at >= SETTLED for number, at in since.items() if number not in holes)
        since = {n: since[n] if n in since and (n in told or not is_backlog) else now for n in holes}
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


def test_while_a_backlog_is_read_nothing_of_it_is_told() -> None:
    """After an outage partitions are read one by one: the numbers of the last camera are missing until its turn."""
    known: tuple[Gap, ...] = ()
    lost = Span(777, 777)
    for round_ in range(60):  # five minutes; one more camera of sixty each time, each has every sixtieth number
        holes = [Span(n, n) for n in range(1, 6001) if n % 60 >= round_ or n == lost.first]
        found = look(known, holes, NOW + round_ * timedelta(seconds=5), MINUTE)
        assert not found.is_news
        known = found.gaps
    quiet = NOW + 60 * timedelta(seconds=5)
    known = look(known, [lost], quiet, MINUTE).gaps
    assert not look(known, [lost], quiet + MINUTE - timedelta(seconds=1), MINUTE).is_news
    assert look(known, [lost], quiet + MINUTE, MINUTE).is_news, (
        "what is lost is told a minute after all the others came"
    )


def test_cameras_that_overtake_each_other_are_no_backlog() -> None:
    """Young holes open and close all the time; they must not put off what is really missing."""
    known: tuple[Gap, ...] = ()
    lost = Span(7, 7)
    told = []
    for second in range(0, 65, 2):
        found = look(known, [lost, Span(100 + second, 100 + second)], NOW + timedelta(seconds=second), MINUTE)
        known = found.gaps
        told += [gap.span for gap in known if gap.is_told]
    assert set(told) == {lost}


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
