"""Intrusion: each intruder once in a restricted zone; the first after quiet in a presence zone."""

from contracts.scene import SceneConfig
from tests.unit.edge.road_story import Story, scene, told

SQUARE = [[0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7]]


def yard(kind: str = "restricted", **rule: object) -> SceneConfig:
    return scene(zones=[{"id": "yard", "kind": kind, "polygon": SQUARE}], rules={"intrusion": rule})


def test_each_intruder_is_found_once() -> None:
    story = Story(yard())
    story.track(1, "person").moves((0.1, 0.5), (0.5, 0.5), over_s=4).stands((0.5, 0.5), for_s=60)
    story.track(2, "car").begins(10).moves((0.9, 0.5), (0.5, 0.4), over_s=4).stands((0.5, 0.4), for_s=20)
    found = story.findings()
    assert told(found) == [("intrusion", 1, "yard"), ("intrusion", 2, "yard")]
    assert found[0].kind == "incident"
    assert found[0].facts["zone_kind"] == "restricted"


def test_who_only_cuts_the_corner_is_none() -> None:
    assert Story(yard()).track(1, "person").moves((0.28, 0.4), (0.36, 0.25), over_s=1.2).findings() == []


def test_only_named_classes() -> None:
    story = Story(yard(classes=["person"])).track(1, "car").stands((0.5, 0.5), for_s=10)
    assert story.findings() == []


def test_presence_tells_the_first_after_quiet() -> None:
    """On a busy square one message per passer-by would bury everything else."""
    story = Story(yard("presence", quiet_s=20))
    for number, begin_s in enumerate((0, 3, 6, 50, 55), start=1):
        story.track(number, "person").begins(begin_s).moves((0.1, 0.5), (0.9, 0.5), over_s=8)
    assert [finding.track_id for finding in story.findings()] == [1, 4]


def test_presence_that_stays_is_told_once() -> None:
    story = Story(yard("presence", quiet_s=5)).track(1).stands((0.5, 0.5), for_s=120)
    story.track(2, "person").begins(60).moves((0.1, 0.5), (0.9, 0.5), over_s=8)
    assert [finding.track_id for finding in story.findings()] == [1]


def test_an_intruder_whose_id_changes_is_one() -> None:
    """The tracker loses him behind a post and gives him a new number."""
    story = Story(yard()).track(1, "person", box=(20, 60)).moves((0.1, 0.5), (0.5, 0.5), over_s=6)
    story.track(2, "person", box=(20, 60)).begins(6.3).moves((0.51, 0.5), (0.68, 0.5), over_s=10)
    story.track(3, "person", box=(20, 60)).begins(19).stands((0.68, 0.51), for_s=20)
    assert told(story.findings()) == [("intrusion", 1, "yard")]


def test_an_id_that_changes_before_the_time_is_up_does_not_hide_him() -> None:
    story = Story(yard(min_s=4)).track(1, "person", box=(20, 60)).stands((0.5, 0.5), for_s=3)
    story.track(2, "person", box=(20, 60)).begins(3.2).stands((0.5, 0.51), for_s=3)
    (found,) = story.findings()
    assert found.facts["dwell_s"] >= 4


def test_another_beside_him_is_another() -> None:
    story = Story(yard()).track(1, "person", box=(20, 60)).stands((0.45, 0.5), for_s=30)
    story.track(2, "person", box=(20, 60)).begins(5).stands((0.46, 0.5), for_s=20)
    assert len(story.findings()) == 2
