"""What was heard from a controller, by event time: order, silence, and words about what cannot be used."""

import json
from datetime import UTC, datetime, timedelta

from contracts.scene import SignalHead
from contracts.signals import SignalChange, SignalState
from edge.signal.feed import FeedInbox

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
HEADS = (SignalHead(id="A", feed="north"), SignalHead(id="A2", feed="north"), SignalHead(id="B"))


def at(second: float) -> datetime:
    """Moment of the story."""
    return START + timedelta(seconds=second)


def line(head: str, second: float, state: str) -> str:
    """A line of the feed."""
    return f"{head},{at(second).isoformat()},{state}"


def change(head: str, second: float, state: SignalState) -> SignalChange:
    """A change as the road gets it."""
    return SignalChange(head, at(second), state, "feed")


def test_changes_leave_with_the_frame_they_hold_at() -> None:
    """A file of the whole day must not tell a frame its future; one name may stand for two heads of the picture."""
    inbox = FeedInbox(HEADS, stale_s=None)
    for text in (line("north", 0, "red"), line("B", 1, "green"), line("north", 5, "green")):
        inbox.take(text, None)
    assert inbox.until(at(0)) == [change("A", 0, "red"), change("A2", 0, "red")]
    assert inbox.until(at(0.5)) == []
    assert inbox.until(at(5)) == [change("B", 1, "green"), change("A", 5, "green"), change("A2", 5, "green")]
    assert inbox.fault() == ""


def test_times_that_go_back_are_refused() -> None:
    """A line that comes late would wipe out what came after it."""
    inbox = FeedInbox(HEADS, stale_s=None)
    inbox.take(line("B", 5, "red"), None)
    inbox.take(line("B", 3, "green"), None)
    assert inbox.until(at(10)) == [change("B", 5, "red")]
    assert "times must not go back" in inbox.fault()


def test_strangers_and_nonsense_are_counted() -> None:
    """Nothing stops the road; the node's health says how many and what."""
    inbox = FeedInbox(HEADS, stale_s=None)
    for text in ("rubbish", line("south", 0, "red"), b"\xff", line("B", 0, "red")):
        inbox.take(text, None, "line 7")
    assert inbox.until(at(1)) == [change("B", 0, "red")]
    assert inbox.refused == 3
    assert "south" in inbox.reason
    assert "A, B" not in inbox.reason
    assert "B, north" in inbox.reason


def test_silence_becomes_unknown_once() -> None:
    """The controller's cable is cut: unknown since it was last heard."""
    inbox = FeedInbox(HEADS, stale_s=30)
    inbox.take(line("B", 0, "red"), at(0.2))
    assert inbox.until(at(1)) == [change("B", 0, "red")]
    assert inbox.until(at(30)) == []
    assert inbox.until(at(31)) == [change("B", 0.2, "unknown")]
    assert inbox.until(at(32)) == []
    inbox.take(line("B", 40, "green"), at(40))
    assert inbox.until(at(41)) == [change("B", 40, "green")]


def test_a_heartbeat_sets_how_long_silence_may_be() -> None:
    """Three beats missed; while they come, a long red is red. A sign of life alone does not bring states back."""
    inbox = FeedInbox(HEADS, stale_s=600)
    inbox.take(line("B", 0, "red"), at(0))
    for second in range(0, 60, 2):
        inbox.take(json.dumps({"heartbeat_s": 2}), at(second))
    assert inbox.until(at(60)) == [change("B", 0, "red")]
    assert inbox.until(at(65)) == [change("B", 58, "unknown")]
    inbox.take(json.dumps({"heartbeat_s": 2}), at(66))
    assert inbox.until(at(67)) == []


def test_a_heartbeat_in_a_file_counts_at_its_own_time() -> None:
    """A recorded day with a gap: unknown in the gap, although the file goes on."""
    inbox = FeedInbox(HEADS, stale_s=None)
    for second in (0, 2, 4, 40):
        inbox.take(json.dumps({"at": at(second).isoformat(), "states": {"B": "red"}, "heartbeat_s": 2}), None)
    assert [c.state for c in inbox.until(at(5))] == ["red", "red", "red"]
    assert inbox.until(at(11)) == [change("B", 4, "unknown")]
    assert inbox.until(at(40)) == [change("B", 40, "red")]


def test_a_clock_that_is_wrong_does_not_block_the_feed() -> None:
    """One message from next year must not make all others "older than what was told"."""
    inbox = FeedInbox(HEADS, stale_s=600)
    inbox.take(line("B", 86_400 * 365, "red"), at(0))
    inbox.take(line("B", 1, "green"), at(1))
    assert inbox.until(at(2)) == [change("B", 1, "green")]
    assert "future" in inbox.fault()


def test_memory_stays_bounded_when_no_frame_comes() -> None:
    """The camera is down, the controller goes on."""
    inbox = FeedInbox(HEADS, stale_s=600, waiting=100)
    for second in range(1000):
        inbox.take(line("B", second, "red"), at(second))
    assert inbox.refused == 900
