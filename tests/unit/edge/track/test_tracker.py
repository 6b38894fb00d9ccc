"""ByteTrack with real time steps, on worlds whose truth is known."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.classes import RoadUserClass
from edge.detections import Detections
from edge.track.track import Track
from edge.track.tracker import Tracker, TrackerSettings, snapped
from tests.unit.edge.track.world import START, Actor, at, car, every, line, see


def follow(tracker: Tracker, actors: list[Actor], times: list[float]) -> list[list[Track]]:
    return [tracker.update(see(actors, t), at(t)) for t in times]


def ids(frames: list[list[Track]]) -> set[int]:
    return {track.id for frame in frames for track in frame}


@given(
    st.lists(st.floats(0.02, 0.35), min_size=30, max_size=60),
    st.floats(-150, 150),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=40, deadline=None)
def test_one_car_is_one_track_at_any_rate(steps: list[float], speed: float, seed: int) -> None:
    """5 to 30 fps, unevenly, every fifth detection missing, boxes that tremble."""
    rng = np.random.default_rng(seed)
    tracker = Tracker()
    frames = []
    for t in np.cumsum(steps):
        found = see([car(500, 300, vx=speed)], float(t), jitter=1.0, miss=0.2, rng=rng)
        frames.append(tracker.update(found, at(float(t))))
    assert ids(frames) == {1}


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_ids_never_stand_twice_in_a_frame_and_are_never_reused(seed: int) -> None:
    """Also across a jump; an id that comes back would join two road users in the evidence."""
    rng = np.random.default_rng(seed)
    tracker = Tracker()
    before: set[int] = set()
    for part in range(3):
        cars = [
            car(float(rng.uniform(0, 1000)), float(rng.uniform(0, 600)), float(rng.uniform(-200, 200)))
            for _ in range(8)
        ]
        seen: set[int] = set()
        for step in range(20):
            t = part * 10 + step * 0.1
            tracks = tracker.update(see(cars, t, jitter=2, miss=0.2, rng=rng), at(t), discontinuity=step == 0)
            found = [track.id for track in tracks]
            assert found == sorted(set(found))
            seen |= set(found)
        assert not seen & before
        before |= seen


def test_two_trackers_share_nothing() -> None:
    """Two cameras in one process: each gives what it gives alone."""
    first_world, second_world = [car(100, 300, vx=80)], [car(900, 200, vx=-60), car(100, 500, vx=90)]
    alone = follow(Tracker(), first_world, every(0.1, 3)), follow(Tracker(), second_world, every(0.1, 3))
    first, second = Tracker(), Tracker()
    together: tuple[list[list[Track]], list[list[Track]]] = ([], [])
    for t in every(0.1, 3):
        together[0].append(first.update(see(first_world, t), at(t)))
        together[1].append(second.update(see(second_world, t), at(t)))
    assert together == alone


def test_confirmed_after_observations_and_time() -> None:
    """At 30 fps three detections are a tenth of a second: a flicker of leaves lasts that long."""
    frames = follow(Tracker(), [car(100, 300)], every(1 / 30, 0.5))
    first = next(index for index, frame in enumerate(frames) if frame)
    assert 0.2 <= first / 30 <= 0.24
    sure = follow(Tracker(), [car(100, 300, confidence=0.6)], every(0.2, 1))
    assert next(index for index, frame in enumerate(sure) if frame) == 1
    doubtful = follow(Tracker(), [car(100, 300, confidence=0.35)], every(0.2, 1))
    assert next(index for index, frame in enumerate(doubtful) if frame) == 2


def test_an_early_track_is_seen_from_its_first_detection_on_under_the_number_it_keeps() -> None:
    """What is later confirmed must be the very track that a line saw pass."""
    early = Tracker(TrackerSettings(early_hits=1))
    frames = follow(early, [car(100, 300), car(600, 300)], every(0.1, 1))
    assert [[track.id for track in frame] for frame in frames] == [[1, 2]] * len(frames)
    second = follow(Tracker(TrackerSettings(early_hits=2)), [car(100, 300)], every(0.1, 1))
    assert next(index for index, frame in enumerate(second) if frame) == 1


def test_what_was_never_confirmed_is_never_predicted() -> None:
    """A prediction tells others that the tracker is sure."""
    early = Tracker(TrackerSettings(early_hits=1))
    frames = [early.update(see([car(100, 300)] if step < 2 else [], step / 10), at(step / 10)) for step in range(9)]
    assert [[track.observed for track in frame] for frame in frames[:2]] == [[True], [True]]
    assert not any(frames[2:])


def test_a_flicker_is_no_road_user() -> None:
    """Two detections in a second."""
    tracker = Tracker()
    frames = [
        tracker.update(see([car(100, 300)] if step in {0, 5} else [], step / 10), at(step / 10)) for step in range(20)
    ]
    assert ids(frames) == set()


def test_predicted_for_a_short_time_then_silent_then_back_with_its_id() -> None:
    """A lamp post in front of the lane."""
    tracker = Tracker()
    hidden = [Actor(RoadUserClass.CAR, lambda t: None if 1.05 < t < 2.25 else (100 + 100 * t, 300), 90, 50)]
    frames = follow(tracker, hidden, every(0.1, 4))
    assert ids(frames) == {1}
    observed = [frame[0].observed if frame else None for frame in frames]
    assert observed[8] is True
    assert observed[12] is False
    assert observed[18] is None
    assert observed[30] is True
    predicted = frames[13][0]
    assert predicted.ground[0] == pytest.approx(100 + 100 * 1.3, abs=6)


def test_a_moving_car_hidden_for_long_is_another() -> None:
    """After lost_s nobody can say it is the same."""
    tracker = Tracker()
    hidden = [Actor(RoadUserClass.CAR, lambda t: None if 2 < t < 6 else (100 + 60 * t, 300), 90, 50)]
    assert ids(follow(tracker, hidden, every(0.1, 8))) == {1, 2}


def test_a_parked_car_behind_a_stopped_lorry_keeps_its_id() -> None:
    """Else a parked car raises one finding after another."""
    tracker = Tracker()
    hidden = [Actor(RoadUserClass.CAR, lambda t: None if 4 < t < 10 else (100, 300), 90, 50)]
    assert ids(follow(tracker, hidden, every(0.2, 14))) == {1}


def test_doubtful_detections_keep_a_track_but_start_none() -> None:
    """ByteTrack's point: a half hidden car gives a low score, not none."""
    tracker = Tracker()
    fading = [Detections(*_one(100 + 5 * step, 0.8 if step < 10 else 0.15)) for step in range(40)]
    frames = [tracker.update(found, at(step / 10)) for step, found in enumerate(fading)]
    assert ids(frames) == {1}
    assert frames[-1][0].observed
    assert frames[-1][0].confidence == pytest.approx(0.15)
    assert ids(follow(Tracker(), [car(100, 300, confidence=0.2)], every(0.1, 3))) == set()


def _one(x: float, confidence: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    box = np.array([[x, 200, x + 90, 250]], np.float32)
    return box, np.array([confidence], np.float32), np.array([int(RoadUserClass.CAR)], np.int64)


def test_the_class_is_voted() -> None:
    """A pick-up is seen as a truck in every third frame; it stays one car."""
    tracker = Tracker()
    frames = []
    for step in range(30):
        cls = RoadUserClass.TRUCK if step % 3 == 0 else RoadUserClass.CAR
        pick_up = [Actor(cls, line(100, 300, 50), 90, 50, 0.7)]
        frames.append(tracker.update(see(pick_up, step / 10), at(step / 10)))
    assert ids(frames) == {1}
    assert {frame[0].cls for frame in frames[5:]} == {RoadUserClass.CAR}


def test_a_person_never_continues_a_car() -> None:
    """The driver gets out where the car was."""
    tracker = Tracker()
    follow(tracker, [car(100, 300)], every(0.1, 1))
    person = [Actor(RoadUserClass.PERSON, line(100, 300), 90, 50)]
    frames = follow(tracker, person, every(0.1, 2, start=1.0))
    assert {track.cls for track in frames[-1]} >= {RoadUserClass.PERSON}
    assert {track.id for track in frames[-1] if track.cls is RoadUserClass.PERSON} == {2}


def test_cars_that_pass_each_other_keep_their_ids() -> None:
    """Two lanes, opposite directions, boxes that touch."""
    tracker = Tracker()
    frames = follow(tracker, [car(100, 300, vx=150), car(700, 330, vx=-150)], every(0.1, 4))
    assert ids(frames) == {1, 2}
    left = {track.id: track.ground[0] for track in frames[-1]}
    assert left[1] > left[2]


@pytest.mark.parametrize("interval", [0.1, 0.2])
def test_a_fast_car_at_a_low_rate(interval: float) -> None:
    """300 px/s at 5 fps: each frame two thirds of its own length further."""
    frames = follow(Tracker(), [car(0, 300, vx=300)], every(interval, 3))
    assert ids(frames) == {1}


def test_half_a_car_is_not_a_second_one() -> None:
    """A branch in front of a parked car: the detector gives the whole, and the half beside the branch."""
    half = Actor(RoadUserClass.CAR, line(118, 300), 50, 46, 0.5)
    frames = follow(Tracker(), [car(100, 300), half], every(0.1, 6))
    assert all(len(frame) <= 1 for frame in frames)


def test_a_jump_connects_nothing() -> None:
    """A file starts again, a camera is turned: what was tracked is gone at once."""
    tracker = Tracker()
    assert ids(follow(tracker, [car(100, 300)], every(0.1, 1))) == {1}
    assert tracker.update(see([car(100, 300)], 0), START - timedelta(hours=1), discontinuity=True) == []
    frames = [
        tracker.update(see([car(100, 300)], 0), START - timedelta(hours=1) + timedelta(seconds=s / 10))
        for s in range(1, 9)
    ]
    assert ids(frames) == {2}


def test_frames_of_the_same_time_are_taken() -> None:
    """Cameras repeat a time stamp now and then."""
    tracker = Tracker()
    for t in (0.0, 0.1, 0.1, 0.1, 0.2, 0.3, 0.3):
        tracks = tracker.update(see([car(100, 300)], t), at(t))
    assert [track.id for track in tracks] == [1]


def test_a_time_that_runs_back_is_refused_and_harms_nothing() -> None:
    """The stream must say so when time jumps."""
    tracker = Tracker()
    follow(tracker, [car(100, 300)], every(0.1, 1))
    with pytest.raises(ValueError, match=r"went back by 0\.9"):
        tracker.update(see([car(100, 300)], 0), at(0))
    assert [track.id for track in tracker.update(see([car(100, 300)], 0), at(1))] == [1]


def test_a_time_without_a_zone_is_refused() -> None:
    """UTC or nothing."""
    with pytest.raises(ValueError, match="UTC"):
        Tracker().update(Detections.empty(), datetime(2026, 1, 1))  # noqa: DTZ001


def test_edges_of_a_box_survive_a_text_file() -> None:
    """left + (right - left) is not always right in floats; in 1/256 px it is."""
    given = np.random.default_rng(3).uniform(-100, 4000, (1000, 2))
    for (left, right), (a, b) in zip(given.tolist(), snapped(given).tolist(), strict=True):
        assert a + (b - a) == b
        assert abs(a - left) <= 1 / 512
        assert abs(b - right) <= 1 / 512


def test_there_is_no_negative_nought() -> None:
    """A text file would show it, and the same box would be two."""
    assert str(snapped(np.array([-0.001]))[0]) == "0.0"


BOXES = (  # a motorcycle drives away at 25 m/s, 8 frames a second; x1, y1, x2, y2
    (636, 432, 711, 540), None, (587, 335, 632, 415), (569, 300, 606, 366), (551, 267, 580, 321), (541, 247, 566, 294),
    (531, 228, 552, 269), (522, 212, 541, 249), (516, 201, 533, 234), (511, 191, 526, 221),
)  # fmt: skip


def test_who_leaves_its_box_in_every_frame_is_followed_from_the_second_sighting() -> None:
    """It is missed once: where it was before that is no rival of where it was last."""
    tracker, shown = Tracker(), []
    for step, box in enumerate(BOXES):
        found = Detections.empty()
        if box is not None:
            found = Detections(
                np.array([box], np.float32), np.array([0.8], np.float32), np.array([RoadUserClass.MOTORCYCLE])
            )
        shown.append([track.id for track in tracker.update(found, at(step / 8))])
    assert shown == [[], [], *[[1]] * 8]


def seen(*boxes: tuple[int, int, int, int]) -> Detections:
    """Motorcycles at these places."""
    return Detections(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.full(len(boxes), 0.8, np.float32),
        np.full(len(boxes), int(RoadUserClass.MOTORCYCLE)),
    )


def test_who_drives_away_slows_down_in_the_picture_also_while_it_is_not_seen() -> None:
    """At 27 m/s, 8 frames a second; unseen for two of them. It was looked for 25 pixels too far ahead."""
    tracker = Tracker()
    boxes = {0.0: (574, 486, 624, 536), 0.15: (567, 408, 604, 470), 0.27: (561, 355, 593, 408)}
    boxes |= {0.51: (554, 286, 578, 325), 0.63: (553, 263, 574, 297), 0.87: (549, 226, 566, 252)}
    for t in sorted({*boxes, 0.41, 0.74}):
        tracks = tracker.update(seen(boxes[t]) if t in boxes else seen(), at(t))
    assert [(track.id, track.observed) for track in tracks] == [(1, True)]


def test_who_found_its_own_sighting_is_no_rival_of_a_newcomer_beside_it() -> None:
    """Two motorcycles come in side by side at 25 and 15 m/s: the slower one overlaps itself, the faster does not."""
    fast = ((601, 439, 650, 508), (593, 386, 634, 445), (586, 340, 618, 388), (579, 305, 607, 346))
    slow = ((550, 470, 592, 536), (548, 436, 588, 505), (547, 395, 580, 459), (546, 365, 577, 422))
    tracker = Tracker()
    for step, both in enumerate(zip(fast, slow, strict=True)):
        tracker.update(seen(*both), at(step * 0.12))
    assert sorted(tracker.table.hits.tolist()) == [4, 4]


def test_two_false_boxes_beside_a_queue_are_no_fast_newcomer() -> None:
    """A third of a second lies between them, and those who stand there are seen themselves."""
    tracker, queue = Tracker(), ((575, 270, 591, 290), (600, 275, 616, 295), (590, 300, 606, 320))
    for step in range(20):
        tracker.update(seen(*queue), at(step / 15))
    tracker.update(seen(*queue, (602, 251, 618, 265)), at(20 / 15))
    for step in range(21, 25):
        tracker.update(seen(*queue), at(step / 15))
    for step in (25, 26):
        tracks = tracker.update(seen(*queue, (579, 297, 591, 313)), at(step / 15))
    assert {track.id for track in tracks} == {1, 2, 3}
