"""Given numbers are hints: whole road users come out."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.classes import RoadUserClass
from edge.track.stitch import FRESH_FROM, Stitcher
from edge.track.track import Track
from tests.unit.edge.track.world import at

CAR, BUS, TRUCK, MOTORCYCLE = RoadUserClass.CAR, RoadUserClass.BUS, RoadUserClass.TRUCK, RoadUserClass.MOTORCYCLE
PERSON = RoadUserClass.PERSON
Number = Callable[[float], int]


def sight(number: int, x: float, y: float, t: float, cls: RoadUserClass = CAR, *, riders: int = 0) -> Track:
    """A box of 60 by 40 pixels that stands at a place."""
    return Track(number, cls, 0.8, x - 30, y - 40, x + 30, y, at(t), riders=riders)


def every(fps: float, seconds: float) -> list[float]:
    return [round(number / fps, 6) for number in range(int(seconds * fps) + 1)]


def ids(frames: Sequence[tuple[float, list[Track]]]) -> list[int]:
    """Numbers given out, in the order of their first sight."""
    stitcher, seen = Stitcher(), dict[int, None]()
    for t, tracks in frames:
        for track in stitcher.update(tracks, at(t)):
            seen.setdefault(track.id)
    return list(seen)


def test_a_false_box_is_never_given_out_and_a_crossing_at_the_start_is_not_lost() -> None:
    """Three sightings of nothing are nothing; who stays is given out with everything that was seen of it."""
    stitcher = Stitcher()
    out = []
    for number, t in enumerate(every(10, 1)):
        false = [sight(90, 700, 400, t)] if number < 3 else []
        out.append(stitcher.update([sight(1, 100 + 100 * t, 200, t), *false], at(t)))
    assert [len(tracks) for tracks in out] == [0, 0, 0, 4, 1, 1, 1, 1, 1, 1, 1]
    assert {track.id for tracks in out for track in tracks} == {1}
    assert [track.at for track in out[3]] == [at(t) for t in every(10, 0.3)]


def test_two_numbers_that_swap_go_back_to_whom_they_belong() -> None:
    frames = []
    for t in every(10, 2):
        first, second = (1, 2) if t < 1 else (2, 1)
        frames.append((t, [sight(first, 100 + 80 * t, 200, t), sight(second, 100 + 80 * t, 260, t)]))
    stitcher = Stitcher()
    for t, tracks in frames:
        for track in stitcher.update(tracks, at(t)):
            assert track.y2 == {1: 200, 2: 260}[track.id]


@pytest.mark.parametrize("fps", [5, 10, 30])
def test_a_new_number_and_a_gap_behind_a_bus_are_one_road_user(fps: float) -> None:
    """It drives on behind the bus, and comes out under another number."""
    seen = [(t, [sight(1 if t < 1 else 7, 100 + 90 * t, 200, t)]) for t in every(fps, 4) if not 1 < t < 2.5]
    assert ids(seen) == [1]


@pytest.mark.parametrize(("from_m", "mps", "hidden_s"), [(6, 14, 0.6), (8, 11, 0.8), (10, 14, 0.8)])
def test_what_drives_away_fast_is_smaller_after_a_gap_and_still_the_same(
    from_m: float, mps: float, hidden_s: float
) -> None:
    """A car drives off below the camera and is hidden while it passes the line: its box halves in the meantime."""

    def sighting(t: float) -> Track:
        depth = from_m + mps * t
        half, high, ground = 1000 / depth, 1700 / depth, 180 + 3000 / depth
        return Track(1 if t < 0.7 else 7, CAR, 0.8, 600 - half, ground - high, 600 + half, ground, at(t))

    assert ids([(t, [sighting(t)]) for t in every(12, 3) if not 0.6 < t < 0.6 + hidden_s]) == [1]


def test_who_stood_behind_a_truck_for_long_is_the_same_under_its_own_number_only() -> None:
    """A queue that is seen once in a few seconds: each sighting counts, none needs to be confirmed anew."""
    seen = [(t, [sight(1, 300, 200, t)] if t < 1.5 or t in (6, 11) else []) for t in every(10, 12)]
    stitcher = Stitcher()
    out = [(track.id, track.at) for t, tracks in seen for track in stitcher.update(tracks, at(t))]
    assert out[-2:] == [(1, at(6)), (1, at(11))]
    other = [(6 + t, [sight(2, 300, 200, 6 + t)]) for t in every(10, 1)]
    assert ids([frame for frame in seen if frame[0] < 6] + other) == [1, 2]


def test_behind_the_bus_somebody_who_comes_the_other_way_is_another() -> None:
    seen = [(t, [sight(1, 100 + 90 * t, 200, t)] if t < 1 else []) for t in every(10, 1.9)]
    seen += [(t, [sight(2, 290 - 90 * (t - 2), 200, t)]) for t in [2 + t for t in every(10, 1)]]
    assert ids(seen) == [1, 2]


def test_a_number_that_jumps_to_another_road_user() -> None:
    """The first leaves, and its number goes on with the second, whose own is gone. The second keeps its own."""
    frames = []
    for t in every(10, 3):
        second = sight(2 if t < 1 else 1, 500 - 60 * t, 300, t)
        frames.append((t, [second, sight(1, 100, 200, t)] if t < 1 else [second]))
    assert ids(frames) == [2, 1] or ids(frames) == [1, 2]
    assert ids(frames[12:]) == [1]


def test_a_newcomer_under_a_number_in_use_gets_a_fresh_one() -> None:
    """The first is only hidden: both must not be one in the findings."""
    frames = [(t, [sight(1, 100, 200, t)]) for t in every(10, 1)]
    later = [1.1 + t for t in every(10, 1)]
    frames += [(t, [sight(1, 700, 400, t), *([sight(3, 100, 200, t)] if t > 1.5 else [])]) for t in later]
    assert ids(frames) == [1, FRESH_FROM]


def test_the_class_is_voted_and_an_early_wrong_guess_heals() -> None:
    """A car that was taken for a truck at first, and is taken for a motorcycle now and then."""
    stitcher, shown = Stitcher(), []
    for number, t in enumerate(every(10, 6)):
        cls = TRUCK if t < 0.5 else MOTORCYCLE if number % 7 == 0 else CAR
        shown += [track.cls for track in stitcher.update([sight(1, 100 + 30 * t, 200, t, cls)], at(t))]
    assert set(shown[12:]) == {CAR}


def test_riders_are_voted_and_only_two_wheelers_have_them() -> None:
    stitcher, shown = Stitcher(), []
    for number, t in enumerate(every(10, 3)):
        wrong = number % 5 == 4
        track = sight(1, 100 + 30 * t, 200, t, CAR if wrong else MOTORCYCLE, riders=0 if wrong else 2 - (number == 2))
        shown += [(track.cls, track.riders) for track in stitcher.update([track], at(t))]
    assert set(shown) == {(MOTORCYCLE, 2)}


def test_confidence_and_box_stay_those_of_the_sighting() -> None:
    """Evidence shows what was seen, not what was made of it."""
    stitcher = Stitcher()
    for number, t in enumerate(every(10, 2)):
        seen = replace(
            sight(1 + (t > 1), 100 + 50 * t, 200, t, TRUCK if number == 15 else CAR), confidence=0.3 + t / 10
        )
        given_out = [track for track in stitcher.update([seen], at(t)) if track.at == at(t)]
        assert given_out == ([replace(seen, id=1, cls=CAR)] if t >= 0.3 else [])


def test_a_second_box_on_one_vehicle_is_never_given_out() -> None:
    """A bus seen twice is one bus; when the first number ends the second carries it on."""
    frames = []
    for t in every(10, 4):
        first = [sight(1, 100 + 40 * t, 200, t)] if t < 2 else []
        frames.append((t, [*first, *([sight(2, 102 + 40 * t, 201, t)] if t > 0.5 else [])]))
    assert ids(frames) == [1]


def test_a_predicted_box_says_nothing() -> None:
    stitcher = Stitcher()
    for t in every(10, 2):
        assert stitcher.update([replace(sight(1, 100, 200, t), observed=False)], at(t)) == []


def test_a_number_its_tracker_goes_on_with_is_vouched_for() -> None:
    """A bus seen in one frame of three: our own tracker has confirmed it long before, and predicts it in between."""
    stitcher, shown = Stitcher(), []
    for number, t in enumerate(every(10, 1)):
        seen = replace(sight(1, 100 + 90 * t, 200, t, BUS), observed=number in (3, 6, 9))
        shown.append([track.at for track in stitcher.update([seen], at(t))])
    assert shown[6] == [at(0.3), at(0.6)]
    assert shown[9] == [at(0.9)]


def test_a_jump_or_a_time_that_goes_back_begins_anew_and_the_same_time_says_nothing() -> None:
    stitcher = Stitcher()
    for t in every(10, 1):
        stitcher.update([sight(1, 100, 200, t)], at(t))
    assert stitcher.update([sight(1, 100, 200, 1)], at(1)) == []
    assert stitcher.followed == 1
    assert stitcher.update([sight(1, 100, 200, 0.5)], at(0.5)) == []
    for t in (0.6, 0.7, 0.8):
        again = stitcher.update([sight(1, 100, 200, t)], at(t))
    assert [track.id for track in again] == [1, 1, 1, 1]
    assert stitcher.update([sight(1, 100, 200, 0.9)], at(0.9), discontinuity=True) == []


def test_memory_is_bounded_by_who_was_seen_lately() -> None:
    """A day of traffic, each with its own number."""
    stitcher, most = Stitcher(), 0
    for number in range(3000):
        t = number / 10
        stitcher.update([sight(1 + number // 10, 100 + 9 * (number % 10), 100 + 90 * (number // 10 % 4), t)], at(t))
        most = max(most, stitcher.followed)
    assert most <= 4


def test_votes_of_a_day_stay_finite() -> None:
    """A parked car is seen for days; its class must not become a number too large."""
    stitcher = Stitcher()
    for hour in range(20):
        for step in range(5):
            t = hour * 3600 + step * 0.1
            out = stitcher.update([sight(1, 100, 200, t, TRUCK if hour < 2 else CAR)], at(t))
    assert out[-1].cls is CAR


@given(data=st.data(), fps=st.sampled_from([5.0, 8.0, 12.5, 25.0]))
@settings(max_examples=60, deadline=None)
def test_shuffled_numbers_on_separated_road_users_are_repaired(data: st.DataObject, fps: float) -> None:
    """Whatever the tracker calls them in each frame, each road user keeps one number."""
    speeds = data.draw(st.lists(st.floats(-60, 60), min_size=2, max_size=4))
    orders = list(permutations(range(1, len(speeds) + 1)))
    stitcher = Stitcher()
    owner: dict[int, int] = {}
    for t in every(fps, 3):
        order = data.draw(st.sampled_from(orders))
        tracks = [sight(order[row], 500 + v * t, 100 + 130 * row, t) for row, v in enumerate(speeds)]
        for track in stitcher.update(tracks, at(t)):
            row = round((track.y2 - 100) / 130)
            assert owner.setdefault(track.id, row) == row
    assert len(owner) == len(speeds)


@given(lost=st.integers(0, 24), fps=st.sampled_from([5.0, 8.0, 12.5]), v=st.floats(-200, 200))
@settings(max_examples=60, deadline=None)
def test_any_single_frame_may_be_missing(lost: int, fps: float, v: float) -> None:
    times = every(fps, 25 / fps)
    frames = [(t, [sight(1, 500 + v * t, 200, t), sight(2, 500 - v * t, 300, t)]) for t in times]
    assert sorted(ids(frames[:lost] + frames[lost + 1 :])) == [1, 2]


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_mirrored_road_gives_mirrored_road_users(data: st.DataObject) -> None:
    """And the order within a frame does not matter."""
    one, other = Stitcher(), Stitcher()
    for t in every(8, 3):
        places = st.tuples(st.integers(1, 5), st.floats(100, 900), st.floats(100, 400), st.sampled_from([CAR, BUS]))
        tracks = [
            sight(number, x, y, t, cls)
            for number, x, y, cls in data.draw(st.lists(places, max_size=4, unique_by=lambda p: p[0]))
        ] + [sight(9, 200 + 70 * t, 50, t)]
        turned = [replace(track, x1=1000 - track.x2, x2=1000 - track.x1) for track in reversed(tracks)]
        expected = [(track.id, track.cls, track.at, track.y2) for track in one.update(tracks, at(t))]
        assert [(track.id, track.cls, track.at, track.y2) for track in other.update(turned, at(t))] == expected


def test_shifted_times_change_nothing_else() -> None:
    one, other, day = Stitcher(), Stitcher(), timedelta(days=400)
    for t in every(10, 3):
        tracks = [sight(1 if t < 1 else 2, 100 + 90 * t, 200, t)]
        later = [replace(track, at=track.at + day) for track in tracks]
        shifted = other.update(later, at(t) + day)
        assert [replace(track, at=track.at - day) for track in shifted] == one.update(tracks, at(t))


def test_who_drives_fast_towards_the_camera_is_one_road_user() -> None:
    """80 km/h at 8 fps: in the picture it becomes faster and larger by a fifth from frame to frame; two are missing."""
    frames = []
    for number, t in enumerate(every(8, 2.25)):
        scale = 900 / (62 - 22 * t)
        box = scale * 3.1, scale * 6.5, scale * 4.9, scale * 8.0
        missing = number in {12, 16}
        frames.append((t, [] if missing else [Track(1, CAR, 0.8, *box, at(t))]))
    assert ids(frames) == [1]


@pytest.mark.parametrize("hidden_s", [0.5, 0.75])
def test_who_is_hidden_in_a_u_turn_is_one_road_user(hidden_s: float) -> None:
    """A motorcycle turns round; hidden in the middle it bends away from its way, and its side comes into view."""

    def sighting(t: float) -> Track:
        turned = min(max(t - 1, 0.0), math.pi)
        straight, back = min(t, 1.0), max(t - 1 - math.pi, 0.0)
        x, y = 300 + 70 * (1 - math.cos(turned)), 300 - 70 * (straight + math.sin(turned) - back)
        half = 13 + 17 * math.sin(turned)
        return Track(1 if t < 2 else 7, MOTORCYCLE, 0.8, x - half, y - 50, x + half, y, at(t))

    assert ids([(t, [sighting(t)]) for t in every(15, 5) if not 1.9 < t < 1.9 + hidden_s]) == [1]


def left_turn(t: float, *, number: int, other: float = 0.0) -> Track:
    """A motorcycle seen from the front: it stands, pulls away at 3 m/s² (2.7 box sizes) and turns left, to its side.

    `other`: beside the way, box sizes; somebody else who turned there.
    """
    gone = 1.35 * max(t - 1, 0.0) ** 2  # box sizes
    turned = min(gone / 2.0, math.pi / 2)
    straight = max(gone - math.pi, 0.0)
    x = 300 + 35 * (2.0 * (1 - math.cos(turned)) + straight + other)
    y = 300 + 35 * (2.0 * math.sin(turned) - other)
    half = 12 + 13 * math.sin(turned)
    return Track(number, MOTORCYCLE, 0.8, x - half, y - 50, x + half, y, at(t))


@pytest.mark.parametrize("fps", [8, 12, 25])
@pytest.mark.parametrize("from_s", [1.6, 1.8])
def test_who_pulls_away_into_a_turn_and_is_hidden_in_it_is_one_road_user(fps: float, from_s: float) -> None:
    """Hidden for 0.7 s it has turned by most of a right angle and is four times as fast: neither is straight on."""
    seen = [(t, [left_turn(t, number=1 if t < from_s else 7)]) for t in every(fps, 4)]
    assert ids([one for one in seen if not from_s <= one[0] < from_s + 0.7]) == [1]


@pytest.mark.parametrize("other", [-2.0, 2.0])
def test_who_comes_out_of_a_turn_where_the_lost_one_cannot_be_is_another(other: float) -> None:
    seen = [(t, [left_turn(t, number=1 if t < 1.6 else 7, other=0 if t < 1.6 else other)]) for t in every(12, 4)]
    assert ids([one for one in seen if not 1.6 <= one[0] < 2.3]) == [1, 7]


@pytest.mark.parametrize("fps", [8, 12, 25])
@pytest.mark.parametrize(("aside", "expected"), [(0.0, [1]), (60.0, [1, 7])])
def test_who_brakes_hard_to_a_stand_while_it_is_hidden_is_one_road_user(
    fps: float, aside: float, expected: list[int]
) -> None:
    """5.5 box sizes a second, then a stand within 1.2 s, hidden for most of it; in the next lane it is another."""

    def sighting(t: float) -> Track:
        braked = min(max(t - 1.2, 0.0), 1.2)
        y = 700 - 280 * (min(t, 1.2) + braked - braked * braked / 2.4)
        x = 400 + (aside if t > 1.5 else 0)
        return Track(1 if t < 1.5 else 7, MOTORCYCLE, 0.8, x - 16, y - 80, x + 16, y, at(t))

    assert ids([(t, [sighting(t)]) for t in every(fps, 4) if not 1.3 < t < 2.3]) == expected


@pytest.mark.parametrize("fps", [8, 15, 25])
def test_half_a_walker_seen_once_does_not_cost_his_number(fps: float) -> None:
    """In one frame he is taken for a cyclist: a small box of him above, one of a machine below; then as before."""
    frames = []
    for number, t in enumerate(every(fps, 4)):
        x, y = 300 + 30 * t, 400
        if number == int(2 * fps):
            rider = Track(1, PERSON, 0.8, x - 8, y - 75, x + 9, y - 20, at(t))
            frames.append((t, [rider, Track(9, MOTORCYCLE, 0.8, x - 11, y - 50, x + 11, y, at(t))]))
        elif number != int(2 * fps) - 1:
            frames.append((t, [Track(1, PERSON, 0.8, x - 11, y - 74, x + 11, y, at(t))]))
    assert ids(frames) == [1]


@pytest.mark.parametrize("fps", [8, 12.5, 25])
@pytest.mark.parametrize("frames_of_it", [2, 3])
def test_a_false_box_beside_it_while_it_is_missed_does_not_cost_its_number(fps: float, frames_of_it: int) -> None:
    """It is missed in one frame, in which a false box stands half on it; then both are seen, then it alone."""
    frames = []
    middle = int(2 * fps)
    for number, t in enumerate(every(fps, 4)):
        x = 100 + 70 * t
        false = [sight(99, 100 + 70 * 2 - 12, 203, t)] if middle <= number < middle + frames_of_it else []
        own = [] if number == middle else [sight(1, x, 200, t)]
        frames.append((t, own + false))
    assert ids(frames) == [1]
    assert ids([(t, tracks[::-1]) for t, tracks in frames]) == [1]


def test_a_new_number_for_good_is_its_number() -> None:
    """Renamed at 1 s; the old number then comes up on somebody else beside it, who must not be taken for it."""
    frames = []
    for t in every(10, 4):
        tracks = [sight(1 if t < 1 else 5, 100 + 40 * t, 200, t)]
        if t >= 2:
            tracks.append(sight(1, 100 + 40 * t, 250, t))
        frames.append((t, tracks))
    assert ids(frames) == [1, FRESH_FROM]


@pytest.mark.parametrize("unseen_s", [0.1, 0.2, 0.4])
def test_who_runs_into_something_and_is_missed_just_then_keeps_its_number(unseen_s: float) -> None:
    """It stops within half its length; its tracker looks for it farther ahead and begins anew."""

    def sighting(t: float) -> Track:
        return sight(1 if t < 1 else 7, 100 + 240 * min(t, 1.1), 200, t)

    seen = [(t, [sighting(t)] if not 1 <= t < 1 + unseen_s else []) for t in every(10, 4)]
    assert ids(seen) == [1]


@pytest.mark.parametrize(("x", "y"), [(500, 200), (250, 200), (364, 240)])
def test_what_stands_elsewhere_is_not_who_was_lost(x: float, y: float) -> None:
    """Farther ahead than it can have come, behind it, or beside its way stands another."""
    driven = [(t, [sight(1, 100 + 240 * t, 200, t)]) for t in every(10, 1)]
    stood = [(t, [sight(7, x, y, t)]) for t in every(10, 4) if t > 1.2]
    assert ids([*driven, *stood]) == [1, 7]


def test_three_sightings_that_moved_are_given_out_though_it_is_hidden_right_after() -> None:
    """At 8 fps a vehicle drives past the camera and is hidden for 0.8 s: it is one before and after, all of it."""
    stitcher, given_out = Stitcher(), []
    for step in range(16):
        t = step / 8
        tracks = [] if 3 <= step < 9 else [sight(5, 100 + 500 * t, 200, t)]
        given_out += [(track.id, track.at) for track in stitcher.update(tracks, at(t))]
    assert given_out == [(5, at(step / 8)) for step in range(16) if not 3 <= step < 9]


def doubt(number: int, x: float, t: float) -> Track:
    """A person who may turn out to be a rider."""
    return replace(sight(number, x, 200, t, PERSON), undecided=True)


def test_who_was_undecided_is_given_out_from_the_first_sighting_on_when_it_is_clear() -> None:
    stitcher, out = Stitcher(), []
    for t in every(10, 1):
        tracks = [doubt(3, 100 + 40 * t, t) if t < 0.5 else sight(3, 100 + 40 * t, 200, t, PERSON)]
        out.append(stitcher.update(tracks, at(t)))
    assert [len(tracks) for tracks in out] == [0, 0, 0, 0, 0, 6, 1, 1, 1, 1, 1]
    assert [track.at for track in out[5]] == [at(t) for t in every(10, 0.5)]
    assert {(track.id, track.undecided) for tracks in out for track in tracks} == {(3, False)}


def test_what_the_undecided_was_taken_for_is_no_vote() -> None:
    """Ten sightings as a person, one as who rides what is not seen."""
    stitcher = Stitcher()
    for t in every(10, 0.9):
        assert stitcher.update([doubt(3, 100 + 40 * t, t)], at(t)) == []
    out = stitcher.update([sight(3, 140, 200, 1.0, MOTORCYCLE, riders=1)], at(1.0))
    assert len(out) == 11
    assert {(track.cls, track.riders) for track in out} == {(MOTORCYCLE, 1)}


def test_who_stays_undecided_is_nobody_and_is_forgotten() -> None:
    stitcher = Stitcher()
    for number, t in enumerate(every(10, 30)):
        # Every three seconds another one.
        assert stitcher.update([doubt(1 + number // 30, 100, t)], at(t)) == []
    assert stitcher.followed == 0
    assert stitcher.undecided <= 2


def test_the_undecided_takes_no_lost_road_users_place() -> None:
    """A rider passes where somebody on foot is hidden just then."""
    stitcher, seen = Stitcher(), []
    for t in every(10, 3):
        walks = [] if 1.0 < t < 1.4 else [sight(1, 100 + 20 * t, 200, t, PERSON)]
        rides = [doubt(2, 100 + 20 * t, t)] if 1.0 < t < 1.4 else []
        seen += stitcher.update(walks + rides, at(t))
    assert {track.id for track in seen} == {1}
    assert [track.at for track in seen] == [at(t) for t in every(10, 3) if not 1.0 < t < 1.4]


def test_a_jump_forgets_the_undecided() -> None:
    stitcher = Stitcher()
    for t in every(10, 0.5):
        stitcher.update([doubt(3, 100, t)], at(t))
    assert stitcher.update([sight(3, 100, 200, 0.6, PERSON)], at(0.6), discontinuity=True) == []
    assert stitcher.undecided == 0


def test_a_new_person_under_the_number_of_an_undecided_one_who_was_lost() -> None:
    """Who was lost under another number goes on with what was kept of the new one."""
    stitcher, seen = Stitcher(), []
    for t in every(10, 3):
        x = 100 + 30 * t
        if t <= 1:
            seen += stitcher.update([sight(1, x, 200, t, PERSON)], at(t))
        elif t <= 1.3:
            seen += stitcher.update([], at(t))
        else:
            seen += stitcher.update([doubt(2, x, t) if t < 1.7 else sight(2, x, 200, t, PERSON)], at(t))
    assert {track.id for track in seen} == {1}
    assert [track.at for track in seen] == [at(t) for t in every(10, 3) if not 1.0 < t <= 1.3]


def test_who_is_missed_for_a_moment_goes_on_under_a_number_that_was_undecided() -> None:
    """Found again the moment the new number is decided, with all that was kept of it, in order of time."""
    stitcher, out = Stitcher(), []
    for t in every(10, 2):
        x = 100 + 30 * t
        number = 1 if t <= 1 else 2
        tracks = [doubt(2, x, t)] if t == 1.1 else [sight(number, x, 200, t, PERSON)]
        out.append((t, stitcher.update(tracks, at(t))))
    seen = [track for _, tracks in out for track in tracks]
    assert {track.id for track in seen} == {1}
    assert [track.at for track in seen] == [at(t) for t in every(10, 2)]
    assert [len(tracks) for t, tracks in out if 1 < t <= 1.3] == [0, 2, 1]


def test_a_new_number_keeps_the_helmets_that_were_seen() -> None:
    stitcher, seen = Stitcher(), []
    for t in every(10, 2):
        rider = sight(1 if t < 1 else 2, 100 + 50 * t, 200, t, MOTORCYCLE, riders=1)
        seen += stitcher.update([replace(rider, helmets=("none",))], at(t))
    assert {(track.id, track.helmets) for track in seen} == {(1, ("none",))}
