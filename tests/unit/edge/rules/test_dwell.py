"""Stays in zones, by themselves."""

from datetime import timedelta

from contracts.classes import RoadUserClass
from edge.rules.dwell import Dwells
from edge.rules.finding import Moment
from edge.scene.facts import Fact, Gone, InZone, ZoneEntered, ZoneLeft
from edge.scene.signals import SignalHistory
from edge.scene.state import SceneState
from edge.track.track import Track
from tests.unit.edge.road_story import START, scene

VIEW = SceneState(scene())


def track(at_s: float) -> Track:
    return Track(1, RoadUserClass.PERSON, 0.9, 0, 0, 10, 20, START + timedelta(seconds=at_s))


def ripe_at(dwells: Dwells, at_s: float, *facts: Fact) -> list[float]:
    person = track(at_s)
    seen = () if any(isinstance(fact, ZoneLeft | Gone) for fact in facts) else (InZone(person, "z", person.at),)
    return [
        round(dwell.dwell_s, 6)
        for dwell in dwells.ripe(Moment(person.at, [person], (*facts, *seen), VIEW, SignalHistory()))
    ]


def entered(at_s: float) -> Fact:
    return ZoneEntered(track(at_s), "z", START + timedelta(seconds=at_s))


def left(at_s: float) -> Fact:
    return ZoneLeft(track(at_s), "z", START + timedelta(seconds=at_s))


def test_told_when_long_enough_and_once() -> None:
    dwells = Dwells(["z"], {"person"}, min_s=2, rearm_s=10)
    assert ripe_at(dwells, 0, entered(0)) == []
    assert not dwells.is_occupied("z")
    assert ripe_at(dwells, 2) == [2]
    assert ripe_at(dwells, 3) == []
    assert dwells.is_occupied("z")


def test_a_short_absence_before_the_time_is_up_starts_anew() -> None:
    """Two steps onto the road of half a second each are not one of a minute."""
    dwells = Dwells(["z"], {"person"}, min_s=2, rearm_s=10)
    ripe_at(dwells, 0, entered(0))
    ripe_at(dwells, 1, left(1))
    assert ripe_at(dwells, 4, entered(4)) == []
    assert ripe_at(dwells, 6) == [2]


def test_told_again_only_after_rearm() -> None:
    dwells = Dwells(["z"], {"person"}, min_s=1, rearm_s=10)
    assert ripe_at(dwells, 1, entered(0)) == [1]
    ripe_at(dwells, 2, left(2))
    assert ripe_at(dwells, 8, entered(5)) == []
    ripe_at(dwells, 9, left(9))
    assert ripe_at(dwells, 30, entered(29)) == [1]


def test_gone_tracks_leave_no_memory() -> None:
    """But for `rearm_s`, in which they may come back under another id."""
    dwells = Dwells(["z"], {"person"}, min_s=1, rearm_s=10)
    ripe_at(dwells, 1, entered(0))
    ripe_at(dwells, 2, Gone(track(1), track(1).at))
    assert not dwells.is_occupied("z")
    ripe_at(dwells, 12, Gone(track(1), track(1).at))
    assert dwells._stays == {}
    assert not dwells.is_occupied("z")
