"""Heads that nobody can read are told; a passing bus is not."""

from datetime import UTC, datetime, timedelta

from contracts.signals import SignalState
from edge.signal.watch import HeadWatch

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def watched(unknown: dict[str, tuple[int, int]], until_s: int) -> HeadWatch:
    """Two heads; each is unknown between two seconds."""
    watch = HeadWatch(["A", "B"])

    def state(head: str, at: datetime) -> SignalState:
        begin, end = unknown.get(head, (0, 0))
        return "unknown" if begin <= (at - START).total_seconds() < end else "red"

    for second in range(until_s):
        watch.see(START + timedelta(seconds=second), state)
    return watch


def test_a_head_that_stays_unknown_is_told() -> None:
    """A branch has grown before it."""
    assert watched({"A": (10, 999)}, 60).unknown() == ()
    assert watched({"A": (10, 999)}, 75).unknown() == ("A",)


def test_a_head_never_seen_is_told() -> None:
    """Its region is drawn in the wrong place."""
    assert watched({"B": (0, 999)}, 62).unknown() == ("B",)


def test_a_passing_bus_is_not() -> None:
    """Forty seconds of queue before the head; before any frame there is nothing to tell."""
    assert watched({"A": (10, 50)}, 100).unknown() == ()
    assert HeadWatch(["A"]).unknown() == ()


def test_time_that_goes_back_begins_anew() -> None:
    """The camera's clock is set."""
    watch = watched({"A": (0, 999)}, 100)
    watch.see(START, lambda *_: "unknown")
    assert watch.unknown() == ()
