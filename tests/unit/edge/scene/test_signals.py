"""One history out of several sources. What breaks here fines a driver who had green, or lets a red light pass."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.signals import SignalChange, SignalSource, SignalState
from edge.scene.signals import KEPT, LAG, SignalHistory, SignalSpan

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
Told = tuple[float, SignalState]
STATES: tuple[SignalState, ...] = ("red", "yellow", "green", "unknown")


def at(second: float) -> datetime:
    """Moment of the story."""
    return START + timedelta(seconds=second)


def history(**sources: Sequence[Told]) -> SignalHistory:
    """One head `A` as these sources tell it."""
    made = SignalHistory()
    for source, told in sources.items():
        made.add([SignalChange("A", at(second), state, source) for second, state in told])  # type: ignore[arg-type]
    return made


def test_nobody_told() -> None:
    """A head without source is unknown, not green."""
    empty = SignalHistory()
    assert empty.state("A", at(0)) == "unknown"
    assert empty.since("A", at(0)) is None
    assert empty.spans("A", at(0), at(1)) == (SignalSpan("A", "unknown", at(0), None),)


def test_one_source() -> None:
    """From its moment on, until the next."""
    one = history(image=[(0, "green"), (10, "yellow"), (13, "red")])
    assert [one.state("A", at(second)) for second in (-1, 0, 9.9, 10, 13, 60)] == [
        "unknown",
        "green",
        "green",
        "yellow",
        "red",
        "red",
    ]
    assert one.since("A", at(20)) == at(13)
    assert one.spans("A", at(5), at(20)) == (
        SignalSpan("A", "green", at(0), at(10)),
        SignalSpan("A", "yellow", at(10), at(13)),
        SignalSpan("A", "red", at(13), None),
    )
    assert one.state("B", at(20)) == "unknown"


def test_what_is_taken_back_is_gone() -> None:
    """The picture told green for a moment of glare and takes it back: red goes on, since it began."""
    one = history(image=[(0, "red"), (10, "green"), (10, "red")])
    assert one.state("A", at(11)) == "red"
    assert one.since("A", at(11)) == at(0)
    assert one.spans("A", at(5), at(12)) == (SignalSpan("A", "red", at(0), None),)


def test_two_that_know_and_differ() -> None:
    """A feed wired to the wrong head must not fine anybody."""
    both = history(image=[(0, "green")], feed=[(0, "red")])
    assert both.state("A", at(5)) == "unknown"


def test_one_that_does_not_know_contradicts_nobody() -> None:
    """A bus stands before the head, the controller goes on telling; or the feed falls silent."""
    both = history(image=[(0, "red"), (5, "unknown"), (9, "red")], feed=[(0, "red"), (7, "unknown")])
    assert [both.state("A", at(second)) for second in (1, 6, 8, 10)] == ["red", "red", "unknown", "red"]
    assert both.since("A", at(6)) == at(0)
    assert both.since("A", at(10)) == at(9)


@pytest.mark.parametrize(("lag_s", "between"), [(0.3, "yellow"), (0.5, "yellow"), (0.6, "unknown")])
def test_a_change_seen_late_is_one_change(lag_s: float, between: SignalState) -> None:
    """Red begins when the last says so; a longer disagreement is one, and does not void what comes after."""
    both = history(feed=[(0, "yellow"), (10, "red")], image=[(0, "yellow"), (10 + lag_s, "red")])
    assert both.state("A", at(10 + lag_s / 2)) == between
    assert both.since("A", at(20)) == at(10 + lag_s)


def test_red_ends_when_the_first_says_so() -> None:
    """Whoever starts on the controller's green is not judged by a picture that is late."""
    both = history(feed=[(0, "red"), (10, "green")], image=[(0, "red"), (10.4, "green")])
    assert both.state("A", at(9.9)) == "red"
    assert both.state("A", at(10.1)) == "green"
    assert both.since("A", at(20)) == at(10)


def test_while_it_lasts_a_disagreement_is_unknown() -> None:
    """Nobody knows yet that it will be short."""
    both = history(feed=[(0, "red"), (10, "green")], image=[(0, "red")])
    assert both.state("A", at(10.1)) == "unknown"


def test_a_short_contradiction_that_changes_nothing_stays_unknown() -> None:
    """One source says green for a moment within the other's red: that moment is nobody's violation."""
    both = history(feed=[(0, "red")], image=[(0, "red"), (10, "green"), (10.3, "red")])
    assert both.state("A", at(10.1)) == "unknown"
    assert both.state("A", at(11)) == "red"
    assert both.since("A", at(11)) == at(10.3)


def test_a_day_is_not_remembered() -> None:
    """Memory stays bounded; the state that holds is kept however old."""
    long = SignalHistory()
    for second in range(0, 86_400, 30):
        long.add([SignalChange("A", at(second), "red" if second % 60 else "green", "image")])
    assert len(long._heads["A"]["image"].times) <= KEPT / timedelta(seconds=30) + 2
    one = history(image=[(0, "red")])
    assert one.state("A", at(86_400)) == "red"


# --- properties ---

told_times = st.lists(st.integers(0, 600), min_size=1, max_size=12, unique=True).map(sorted)


@st.composite
def tellings(draw: st.DrawFn) -> list[Told]:
    """Changes of one source, tenths of seconds apart."""
    return [(moment / 10, draw(st.sampled_from(STATES))) for moment in draw(told_times)]


@given(image=tellings(), feed=tellings(), moment=st.integers(-10, 700), shift_s=st.integers(-86_400, 86_400))
def test_shifting_time_shifts_all(image: list[Told], feed: list[Told], moment: int, shift_s: int) -> None:
    """Nothing depends on the hour."""
    here = history(image=image, feed=feed)
    there = history(image=[(t + shift_s, s) for t, s in image], feed=[(t + shift_s, s) for t, s in feed])
    asked, shift = at(moment / 10), timedelta(seconds=shift_s)
    assert here.state("A", asked) == there.state("A", asked + shift)
    since, shifted = here.since("A", asked), there.since("A", asked + shift)
    assert (since is None) == (shifted is None)
    assert since is None or shifted == since + shift


@given(image=tellings(), feed=tellings(), moment=st.integers(-10, 700))
def test_red_only_where_one_knew_and_none_denied(image: list[Told], feed: list[Told], moment: int) -> None:
    """Fusion never makes red: at a red moment every source that knows says red."""
    both, asked = history(image=image, feed=feed), at(moment / 10)
    if both.state("A", asked) == "red":
        alone = {history(image=told).state("A", asked) for told in (image, feed)}
        assert alone <= {"red", "unknown"}
        assert "red" in alone


@given(image=tellings(), feed=tellings(), moment=st.integers(-10, 700))
def test_since_and_spans_tell_the_same_story_as_state(image: list[Told], feed: list[Told], moment: int) -> None:
    """The evidence sheet shows spans, the rule asks state: they must not differ."""
    both, asked = history(image=image, feed=feed), at(moment / 10)
    since = both.since("A", asked)
    if since is not None:
        steps = int((asked - since) / timedelta(seconds=0.1))
        assert {both.state("A", since + timedelta(seconds=0.1) * step) for step in range(steps + 1)} == {
            both.state("A", asked)
        }
    end = asked + timedelta(seconds=20)
    spans = both.spans("A", asked, end)
    assert all(before.until == after.since and before.state != after.state for before, after in pairwise(spans))
    for step in range(201):
        probe = asked + timedelta(seconds=0.1) * step
        span = next(s for s in reversed(spans) if s.since <= probe or s is spans[0])
        assert span.state == both.state("A", probe)


@given(one=tellings(), silent=told_times)
def test_a_source_that_never_knows_changes_nothing(one: list[Told], silent: list[int]) -> None:
    """A head whose picture is always dark is judged by its feed."""
    alone, beside = history(feed=one), history(feed=one, image=[(t / 10, "unknown") for t in silent])
    assert all(alone.state("A", at(t / 10)) == beside.state("A", at(t / 10)) for t in range(-5, 650, 3))


@given(
    phases=st.lists(st.integers(20, 200), min_size=2, max_size=8),
    lags=st.lists(st.integers(0, 5), min_size=8, max_size=8),
    first=st.integers(0, 2),
)
def test_a_late_picture_beside_a_feed_makes_no_island(phases: list[int], lags: list[int], first: int) -> None:
    """A whole day with a picture up to 0.5 s late has no unknown moment, and red only where both show red."""
    cycle: tuple[SignalState, ...] = ("green", "yellow", "red")
    feed: list[Told] = [(0, cycle[first])]
    image: list[Told] = [(0, cycle[first])]
    end = 0
    for number, (phase, lag) in enumerate(zip(phases, lags, strict=False), start=1):
        end += phase
        state = cycle[(first + number) % 3]
        feed.append((end / 10, state))
        image.append(((end + lag) / 10, state))
    both, by_feed, by_image = history(feed=feed, image=image), history(feed=feed), history(feed=image)
    for tenth in range(end + 10):
        states = {told.state("A", at(tenth / 10)) for told in (by_feed, by_image)}
        fused = both.state("A", at(tenth / 10))
        assert fused in states
        assert fused != "red" or states == {"red"}


@given(image=tellings(), feed=tellings(), order=st.permutations(["image", "feed"]))
def test_the_order_of_sources_does_not_matter(image: list[Told], feed: list[Told], order: list[SignalSource]) -> None:
    """Feed and picture come from two threads."""
    told = {"image": image, "feed": feed}
    one, other = history(image=image, feed=feed), history(**{source: told[source] for source in order})
    assert one.spans("A", at(0), at(70)) == other.spans("A", at(0), at(70))


def test_lag_is_what_the_page_says() -> None:
    """docs/reference/signals.md names half a second."""
    assert timedelta(seconds=0.5) == LAG
