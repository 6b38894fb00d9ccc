"""Counts of a line: nobody missed, nobody twice."""

from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import START, Story, scene, told

LINE = {"id": "l", "start": [0.1, 0.5], "end": [0.9, 0.5], "forward": "in", "backward": "out"}


def counting(**rule: object) -> SceneConfig:
    return scene(lines=[LINE], rules={"line_count": rule})


def labels(story: Story) -> list[str]:
    return [finding.facts["label"] for finding in story.findings()]


def test_each_direction_has_its_label() -> None:
    """A figure for the wrong direction is worse than none."""
    down = Story(counting()).track(1).moves((0.5, 0.2), (0.5, 0.8), over_s=2)
    up = Story(counting()).track(1).moves((0.5, 0.8), (0.5, 0.2), over_s=2)
    assert labels(down) == ["in"]
    assert labels(up) == ["out"]


def test_the_moment_is_interpolated_between_two_frames() -> None:
    """At 2 frames a second a crossing read at the frame would be off by up to half a second."""
    (found,) = Story(counting(), fps=2).track(1).moves((0.5, 0.3), (0.5, 0.8), over_s=3.7).findings()
    assert abs(found.started_at - START - timedelta(seconds=1.48)) < timedelta(milliseconds=1)
    assert found.facts["interval_s"] == 0.5
    assert found.kind == "count"
    assert found.judged_at > found.started_at


def test_a_track_missing_at_the_line_still_counts() -> None:
    """A lamp post hides the car for a second just where the line is."""
    story = Story(counting()).track(1).moves((0.5, 0.2), (0.5, 0.8), over_s=4).hides(1.5, 2.6)
    (found,) = story.findings()
    assert abs(found.started_at - START - timedelta(seconds=2)) < timedelta(milliseconds=1)


@pytest.mark.parametrize("fps", [6.0, 12.5, 25.0])
@pytest.mark.parametrize(("cls", "second"), [("car", 1), ("car", 7), ("motorcycle", 7)])
def test_behind_a_bus_at_the_line_and_out_under_another_number_counts_once(fps: float, cls: str, second: int) -> None:
    """First seen again just beyond the line: one count, and its time says how sure it is."""
    gap_s = 1.9 if second == 1 else 1.6
    story = Story(counting(), fps=fps).track(1, cls).moves((0.5, 0.1), (0.5, 0.45), over_s=2)
    begin = 2.1 + gap_s
    story.track(second, cls).begins(begin).moves((0.5, 0.1 + 0.175 * begin), (0.5, 0.98), over_s=1.5)
    (found,) = story.findings()
    assert found.track_id == 1
    assert gap_s <= found.facts["interval_s"] <= gap_s + 0.1 + 2 / fps
    assert abs((found.started_at - START).total_seconds() - 0.4 / 0.175) < found.facts["interval_s"] / 2


def test_who_stands_on_the_line_and_trembles_counts_once_at_most() -> None:
    """A queue that ends at the line once gave hundreds of counts in other programs."""
    for seed in range(10):
        story = Story(counting(), seed=seed).track(1).stands((0.5, 0.5), for_s=120).trembles(3)
        assert len(story.findings()) <= 1


def test_a_turn_back_counts_both_ways() -> None:
    story = Story(counting()).track(1).moves((0.5, 0.2), (0.5, 0.8), over_s=2).then((0.5, 0.2), over_s=2)
    assert labels(story) == ["in", "out"]


def test_around_the_end_is_no_crossing() -> None:
    story = Story(counting()).track(1).moves((0.05, 0.2), (0.05, 0.8), over_s=2).then((0.5, 0.8), over_s=2)
    assert story.findings() == []


def test_stops_before_the_line_and_goes_back() -> None:
    story = Story(counting()).track(1).moves((0.5, 0.2), (0.5, 0.49), over_s=2).then((0.5, 0.2), over_s=2)
    assert story.findings() == []


def test_only_named_classes_count() -> None:
    story = Story(counting(classes=["bus"]))
    story.track(1, "car").moves((0.5, 0.2), (0.5, 0.8), over_s=2)
    story.track(2, "bus").moves((0.6, 0.2), (0.6, 0.8), over_s=2)
    assert told(story.findings()) == [("line_count", 2, "l")]


@given(
    x=st.floats(0.15, 0.85), start=st.floats(0.05, 0.4), end=st.floats(0.65, 0.95), over_s=st.floats(0.5, 10),
    fps=st.sampled_from([5.0, 12.5, 25.0]),
)  # fmt: skip
def test_mirrored_way_gives_mirrored_count(x: float, start: float, end: float, over_s: float, fps: float) -> None:
    """A camera hung upside down must not count otherwise. Who is not seen clearly beyond the line counts nowhere."""
    assume(start + (end - start) * int(over_s * fps) / fps / over_s > 0.515)
    there = Story(counting(), fps=fps).track(1).moves((x, start), (x, end), over_s=over_s)
    mirrored_line = {**LINE, "start": [0.1, 0.5], "end": [0.9, 0.5]}
    mirrored = scene(lines=[mirrored_line], rules={"line_count": {}})
    back = Story(mirrored, fps=fps).track(1).moves((x, 1 - start), (x, 1 - end), over_s=over_s)
    assert labels(there) == ["in"]
    assert labels(back) == ["out"]
    first, second = there.findings()[0], back.findings()[0]
    assert abs((first.started_at - second.started_at).total_seconds()) < 1e-4


@given(dropped=st.sets(st.integers(2, 40), max_size=12))
def test_dropped_frames_do_not_change_the_count(dropped: set[int]) -> None:
    """A busy node passes over frames; the figures must not depend on it."""
    story = Story(counting()).track(1).moves((0.5, 0.1), (0.5, 0.9), over_s=4.3)
    story.keeping(lambda number: number not in dropped)
    if _longest_run(dropped) >= 19:
        return
    (found,) = story.findings()
    assert abs((found.started_at - START).total_seconds() - 2.15) < 1e-3


def _longest_run(numbers: set[int]) -> int:
    longest = run = 0
    for number in range(45):
        run = run + 1 if number in numbers else 0
        longest = max(longest, run)
    return longest
