"""Reservations: what is on and cannot find anything is said, and nothing else."""

from edge.rules.reservations import reservations
from tests.unit.edge.road_story import scene


def test_no_helmet_without_a_classifier_is_said() -> None:
    (said,) = reservations(scene(rules={"no_helmet": {}}))
    assert said.startswith("rules.no_helmet: is on, but no model classifies riders: nothing will be found")


def test_with_a_classifier_or_without_the_rule_there_is_nothing_to_say() -> None:
    assert reservations(scene(rules={"no_helmet": {}}), classifies_riders=True) == []
    assert reservations(scene(rules={"too_many_riders": {}})) == []
