"""Road users: a motorcycle and its riders are one, and no rider is ever taken for a pedestrian."""

from collections.abc import Callable

import numpy as np
import pytest

from contracts.classes import RoadUserClass
from edge.track.road_users import RoadUserTracker, placed, relative
from edge.track.stitch import Stitcher
from edge.track.track import Track
from tests.unit.edge.track.world import Actor, above, at, car, every, line, motorcycle, pedestrian, see

BICYCLE, PERSON, MOTORCYCLE = RoadUserClass.BICYCLE, RoadUserClass.PERSON, RoadUserClass.MOTORCYCLE
Place = Callable[[float], tuple[float, float] | None]


def follow(actors: list[Actor], times: list[float], *, miss: float = 0.0, seed: int = 1) -> list[list[Track]]:
    rng = np.random.default_rng(seed)
    tracker = RoadUserTracker(0.25)
    return [decided(tracker.update(see(actors, t, jitter=1.0, miss=miss, rng=rng), at(t))) for t in times]


def decided(tracks: list[Track]) -> list[Track]:
    """Without the persons of whom it is not clear yet whether they ride."""
    return [track for track in tracks if not track.undecided]


def judged(actors: list[Actor], times: list[float]) -> list[Track]:
    """What scene and rules get of them all."""
    tracker, stitcher = RoadUserTracker(0.25), Stitcher()
    return [track for t in times for track in stitcher.update(tracker.update(see(actors, t), at(t)), at(t))]


def people(frames: list[list[Track]]) -> set[int]:
    return {track.id for frame in frames for track in frame if track.cls is PERSON}


def machines(frames: list[list[Track]]) -> set[int]:
    return {track.id for frame in frames for track in frame if track.cls is MOTORCYCLE}


@pytest.mark.parametrize("interval", [0.05, 0.1, 0.2])
@pytest.mark.parametrize("riders", [1, 2, 3])
def test_a_motorcycle_with_its_riders_is_one_road_user(interval: float, riders: int) -> None:
    """And never, in no frame, a pedestrian on the carriageway."""
    frames = follow(motorcycle(line(100, 300, 80, 20), riders), every(interval, 4))
    assert people(frames) == set()
    assert len(machines(frames)) == 1
    assert {frame[0].riders for frame in frames[len(frames) // 2 :]} == {riders}


@pytest.mark.parametrize("seed", range(5))
def test_with_a_detector_that_misses_a_third(seed: int) -> None:
    """Rider and machine flicker, each for itself."""
    frames = follow(motorcycle(line(100, 300, 80, 20)), every(0.1, 6), miss=0.33, seed=seed)
    assert people(frames) == set()
    assert len(machines(frames)) == 1


def test_a_machine_the_detector_loses_is_carried_by_its_rider() -> None:
    """Seen from behind the rider hides it for seconds."""
    place = line(100, 300, 90)
    rider = motorcycle(place)[1]
    hidden = Actor(MOTORCYCLE, lambda t: None if 2 < t < 5 else place(t), 40, 50, 0.7)
    frames = follow([hidden, rider], every(0.1, 7))
    assert people(frames) == set()
    assert len(machines(frames)) == 1
    middle = frames[40][0]
    assert middle.observed
    assert middle.ground[0] == pytest.approx(100 + 90 * 4.0, abs=12)


def test_a_machine_that_is_hardly_seen_is_still_no_pedestrian() -> None:
    """A seated rider hides most of it: its score stays below the threshold all the time."""
    place = line(100, 300, 80)
    machine = Actor(MOTORCYCLE, place, 40, 50, 0.2)
    frames = follow([machine, motorcycle(place)[1]], every(0.1, 4))
    assert people(frames) == set()
    assert len(machines(frames)) == 1


def test_who_walks_past_a_parked_motorcycle_is_a_pedestrian() -> None:
    """Vietnamese pavements are full of them; seen before, beside and after it with one id."""
    parked = Actor(MOTORCYCLE, line(400, 300), 40, 50, 0.7)
    frames = follow([parked, pedestrian(line(250, 300, 45))], every(0.1, 7))
    assert len(people(frames)) == 1
    shown = [any(track.cls is PERSON for track in frame) for frame in frames]
    assert all(shown[5:])
    assert {track.riders for frame in frames for track in frame} == {0}


def test_who_comes_into_sight_beside_a_parked_motorcycle_is_shown_once_apart() -> None:
    """Undecided at first; clearly apart after a second of walking."""
    parked = Actor(MOTORCYCLE, line(400, 300), 40, 50, 0.7)
    walker = pedestrian(line(400, 302, 50))
    frames = follow([parked, walker], every(0.1, 5))
    assert len(people(frames)) == 1
    assert any(track.cls is PERSON for track in frames[30])


def test_who_gets_off_and_walks_away_is_a_pedestrian() -> None:
    """The motorcycle stays, without riders."""

    def walk(t: float) -> tuple[float, float]:
        return (403.0, 288.0) if t < 4 else (403.0 + 50 * (t - 4), 300.0)

    def ride(t: float) -> tuple[float, float]:
        return (400 - max(0.0, 80 * (2 - t)), 300.0)

    rider = Actor(PERSON, lambda t: above(ride, 12, 12)(t) if t < 3 else walk(t), 32, 62)
    machine = Actor(MOTORCYCLE, ride, 40, 50, 0.7)
    frames = follow([machine, rider], every(0.1, 10))
    assert people(frames[:40]) == set()
    assert len(people(frames[75:])) == 1
    assert [track.riders for track in frames[-1] if track.cls is MOTORCYCLE] == [0]


def test_who_mounts_and_rides_off_is_no_pedestrian_any_more() -> None:
    """Shown while he walks up to it, gone from the pedestrians soon after they move off together."""

    def ride(t: float) -> tuple[float, float]:
        return (400 + max(0.0, 90 * (t - 4)), 300.0)

    def walk(t: float) -> tuple[float, float]:
        return (403 - 50 * (3 - t), 300.0)

    person = Actor(PERSON, lambda t: walk(t) if t < 3 else above(ride, 12, 12)(t), 32, 70)
    frames = follow([Actor(MOTORCYCLE, ride, 40, 50, 0.7), person], every(0.1, 9))
    assert len(people(frames[:20])) == 1
    assert people(frames[60:]) == set()
    assert {track.riders for frame in frames[75:] for track in frame} == {1}


def test_a_pedestrian_among_cars_is_given_out_as_soon_as_confirmed() -> None:
    """No two-wheeler near: nothing to wait for."""
    frames = follow([car(100, 300, 60), pedestrian(line(400, 250, -20))], every(0.1, 1))
    first = next(index for index, frame in enumerate(frames) if any(track.cls is PERSON for track in frame))
    assert first <= 3


@pytest.mark.parametrize("interval", [0.04, 0.1, 0.2])
def test_who_walks_is_judged_from_his_first_sighting_on(interval: float) -> None:
    """He may step over a line before it is clear that he does not ride; nothing of that is lost, and nothing is told
    twice."""
    times = every(interval, 2)
    seen = judged([pedestrian(line(300, 300, 45))], times)
    assert [track.at for track in seen] == [at(t) for t in times]
    assert {(track.id, track.cls, track.undecided) for track in seen} == {(1, PERSON, False)}


def test_who_comes_into_sight_beside_a_parked_motorcycle_is_judged_from_there() -> None:
    parked = Actor(MOTORCYCLE, line(400, 300), 40, 50, 0.7)
    times = every(0.1, 5)
    seen = judged([parked, pedestrian(line(400, 302, 50))], times)
    assert [track.at for track in seen if track.cls is PERSON] == [at(t) for t in times]


@pytest.mark.parametrize("interval", [0.05, 0.1, 0.2])
def test_who_rides_is_undecided_only_at_first_and_never_judged_as_a_person(interval: float) -> None:
    tracker, actors = RoadUserTracker(0.25), motorcycle(line(100, 300, 80, 20))
    times = every(interval, 3)
    frames = [tracker.update(see(actors, t), at(t)) for t in times]
    undecided = [t for t, frame in zip(times, frames, strict=True) if any(track.undecided for track in frame)]
    assert undecided
    assert max(undecided) < 0.6
    assert {track.cls for track in judged(actors, times)} == {MOTORCYCLE}


def test_a_rider_of_what_is_not_seen_is_a_motorcycle_from_his_first_sighting_on() -> None:
    times = every(0.1, 3)
    seen = judged([Actor(PERSON, line(100, 300, 220), 32, 70)], times)
    assert [track.at for track in seen] == [at(t) for t in times]
    assert {(track.id, track.cls) for track in seen} == {(1, MOTORCYCLE)}


def forty(seed: int) -> list[Actor]:
    """A junction after the light has turned green: forty motorcycles, boxes that touch, every third with two riders."""
    rng = np.random.default_rng(seed)
    actors: list[Actor] = []
    for number in range(40):
        column, row = number % 8, number // 8
        x, y = 120 + 62 * column + float(rng.uniform(-6, 6)), 200 + 46 * row + float(rng.uniform(-4, 4))
        actors += motorcycle(
            line(x, y, float(rng.uniform(25, 40)), float(rng.uniform(8, 14))), 2 if number % 3 == 0 else 1
        )
    return actors


def test_forty_motorcycles() -> None:
    """Uneven frames, boxes that tremble, one detection in ten missing: forty road users, no pedestrian."""
    rng = np.random.default_rng(7)
    tracker, actors, t = RoadUserTracker(0.25), forty(7), 0.0
    frames = []
    while t < 5:
        frames.append(decided(tracker.update(see(actors, t, jitter=1.0, miss=0.1, rng=rng), at(t))))
        t += float(rng.uniform(0.06, 0.16))
    assert people(frames) == set()
    assert len(frames[-1]) == 40
    assert len(machines(frames)) <= 42
    riders = sum(track.riders for track in frames[-1])
    assert abs(riders - 54) <= 4


def test_equal_input_gives_equal_output() -> None:
    """What a replay rests on."""
    times = every(0.1, 3)
    assert follow(forty(3), times, miss=0.1) == follow(forty(3), times, miss=0.1)


def test_a_jump_forgets_riders_and_goes_on_counting() -> None:
    """A file starts again."""
    tracker = RoadUserTracker(0.25)
    actors = motorcycle(line(100, 300, 80))
    for t in every(0.1, 2):
        before = decided(tracker.update(see(actors, t), at(t)))
    (first,) = decided(tracker.update(see(actors, 0), at(0), discontinuity=True))
    for t in every(0.1, 2, start=0.1):
        after = decided(tracker.update(see(actors, t), at(t)))
    assert [track.riders for track in after] == [1]
    assert first.riders == 0
    assert after[0].id == first.id > before[0].id


@pytest.mark.parametrize("interval", [0.08, 0.17])
def test_a_rider_whose_machine_is_never_seen_is_no_pedestrian(interval: float) -> None:
    """6 frames a second from far away: only the person is found. He moves as vehicles do."""
    rider = motorcycle(line(100, 300, 160, 20))[1]
    frames = follow([rider], every(interval, 5))
    assert people(frames) == set()
    assert len(machines(frames)) == 1
    assert {track.riders for frame in frames for track in frame} == {1}


def test_a_rider_alone_who_waits_at_a_light_stays_one_and_who_walks_on_has_got_off() -> None:
    def way(t: float) -> tuple[float, float]:
        return (100 + 160 * min(t, 3) + 40 * max(0.0, t - 13), 300)

    frames = follow([Actor(PERSON, way, 32, 62)], every(0.1, 25))
    assert people(frames[:150]) == set()
    assert any(track.cls is MOTORCYCLE for track in frames[120])
    assert len(people(frames[200:])) == 1


def test_now_the_person_now_the_machine_now_both_is_one_road_user() -> None:
    """Seen in pieces: two seconds the rider alone, then both, then the machine alone, then the rider again."""
    place = line(100, 300, 130)
    machine, rider = motorcycle(place)
    pieces = [
        Actor(MOTORCYCLE, lambda t: place(t) if 2 <= t < 6 else None, machine.width, machine.height, 0.7),
        Actor(PERSON, lambda t: rider.place(t) if t < 4 or t >= 6 else None, rider.width, rider.height),
    ]
    frames = follow(pieces, every(0.1, 9))
    assert people(frames) == set()
    assert len(machines(frames)) == 1


@pytest.mark.parametrize("interval", [0.1, 0.17])
def test_person_and_machine_seen_by_turns_are_one_road_user(interval: float) -> None:
    place = line(100, 300, 90)
    machine, rider = motorcycle(place)
    turn = 3 * interval
    pieces = [
        Actor(MOTORCYCLE, lambda t: place(t) if t % (2 * turn) < turn else None, machine.width, machine.height, 0.7),
        Actor(PERSON, lambda t: rider.place(t) if t % (2 * turn) >= 0.8 * turn else None, rider.width, rider.height),
    ]
    frames = follow(pieces, every(interval, 9))
    assert people(frames) == set()
    assert len(machines(frames)) == 1


def test_people_in_a_bus_are_neither_riders_nor_pedestrians() -> None:
    """Seen through its windows, at its speed; who stands before a parked one is a pedestrian."""
    drive = line(100, 300, 150)
    bus = Actor(RoadUserClass.BUS, drive, 300, 140)
    inside = [Actor(PERSON, above(drive, dx, 60), 24, 50) for dx in (-60, 0, 70)]
    assert {track.cls for frame in follow([bus, *inside], every(0.1, 4)) for track in frame} == {RoadUserClass.BUS}
    parked = Actor(RoadUserClass.BUS, line(500, 300), 300, 140)
    assert people(follow([parked, pedestrian(line(450, 300, 20))], every(0.1, 4)))


def test_a_bag_that_somebody_carries_is_no_rider() -> None:
    """An object lies where a rider would sit, and moves as he does."""
    walk = line(100, 300, 40)
    bag = Actor(RoadUserClass.OBJECT, above(walk, 12, 20), 16, 22, 0.6)
    frames = follow([pedestrian(walk), bag], every(0.1, 4))
    assert {track.cls for track in frames[-1]} == {PERSON, RoadUserClass.OBJECT}
    assert {track.riders for frame in frames for track in frame} == {0}
    ride = motorcycle(line(100, 300, 90))
    bag = Actor(RoadUserClass.OBJECT, above(line(100, 300, 90), 5, 20), 16, 22, 0.6)
    shown = follow([*ride, bag], every(0.1, 4))[-1]
    assert [track.riders for track in shown if track.cls is MOTORCYCLE] == [1]


def test_a_fast_motorcycle_is_given_out_from_its_first_sighting_on() -> None:
    """The first line stands at the picture's edge; two frames later it is passed."""
    frames = follow(motorcycle(line(100, 300, 300)), every(0.1, 1))
    assert [[track.id for track in frame] for frame in frames] == [[1]] * len(frames)


def test_a_false_box_is_never_predicted() -> None:
    """A stitcher takes a number under which a box was predicted for vouched for."""
    flicker = Actor(RoadUserClass.CAR, lambda t: (400, 300) if t < 0.15 else None, 90, 50)
    frames = follow([flicker], every(0.1, 1))
    assert [len(frame) for frame in frames[:2]] == [1, 1]
    assert not any(frames[2:])


def test_who_gets_off_has_another_id_than_the_machine() -> None:
    """He was seen first; the machine goes on under that id, so he needs one of his own."""

    def ride(t: float) -> tuple[float, float]:
        return (100 + 150 * min(t, 3), 300.0)

    def walk(t: float) -> tuple[float, float]:
        return (553.0 + 50 * (t - 4), 300.0)

    machine = Actor(MOTORCYCLE, lambda t: ride(t) if t > 1.5 else None, 40, 50, 0.7)
    rider = Actor(PERSON, lambda t: above(ride, 12, 12)(t) if t < 4 else walk(t), 32, 62)
    frames = follow([machine, rider], every(0.1, 11))
    assert len(machines(frames)) == 1
    assert len(people(frames)) == 1
    assert not machines(frames) & people(frames)


def test_the_box_holds_machine_and_rider() -> None:
    """What a still of the road user must show; the ground point stays that of the machine."""
    frames = follow(motorcycle(line(100, 300, 60)), every(0.1, 3))
    track = frames[-1][0]
    assert track.y2 == pytest.approx(300, abs=4)
    assert track.y1 == pytest.approx(300 - 12 - 62, abs=5)


def test_the_place_beside_a_rider_is_kept_at_any_size() -> None:
    """He comes nearer and grows."""
    machine, rider = np.array([100.0, 100, 140, 150]), np.array([105.0, 60, 135, 138])
    known = relative(machine, rider)
    np.testing.assert_allclose(placed(known, rider), machine)
    np.testing.assert_allclose(placed(known, rider * 2), machine * 2)


@pytest.mark.parametrize("mistaken", [(2.0, 2.4), (2.0, 2.1, 2.5)])
def test_a_walker_taken_for_a_bicycle_now_and_then_stays_a_person(mistaken: tuple[float, ...]) -> None:
    """At a few frames a bicycle is seen where he walks: for as long as its box is predicted he must not ride it."""
    place = line(100, 300, 40)
    false = Actor(BICYCLE, lambda t: place(t) if round(t, 6) in mistaken else None, 44, 40, 0.6)
    frames = follow([Actor(PERSON, place, 32, 70), false], every(0.1, 8))
    assert machines(frames) == set()
    seen = [len([track for track in frame if track.cls is PERSON]) for frame in frames[5:]]
    assert seen == [1] * len(seen)
