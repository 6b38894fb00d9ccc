"""The short ways of a followed track (what is far away is passed over) give the very facts of the long ones."""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.traffic import SIZE as BENCH_SIZE
from bench.traffic import frames as traffic
from contracts.scene import Motion, SceneConfig
from edge.scene.crossing import LineWatch
from edge.scene.facts import Fact, Gone, HeadingAgainst, InZone, LineCrossed, Moved, Stopped, ZoneEntered, ZoneLeft
from edge.scene.followed import PATH_POINTS, PATH_S
from edge.scene.geometry import Point, is_inside
from edge.scene.load import load_scene
from edge.scene.motion import HeadingWatch, StandWatch, _window
from edge.scene.places import Places
from edge.scene.presence import ZoneWatch
from edge.scene.sample import Sample, seconds
from edge.scene.state import SceneState
from edge.track.track import Track
from tests.conftest import ROOT
from tests.unit.edge.road_story import SIZE, START, Story, scene

SCENE = scene(
    lines=[{"id": "a", "start": [0.1, 0.5], "end": [0.9, 0.55]}, {"id": "b", "start": [0.4, 0.9], "end": [0.6, 0.1]}],
    zones=[
        {"id": "yard", "kind": "restricted", "polygon": [[0.2, 0.2], [0.6, 0.3], [0.5, 0.7], [0.3, 0.5]]},
        {"id": "road", "kind": "carriageway", "polygon": [[0.4, 0.1], [0.9, 0.1], [0.9, 0.9], [0.6, 0.5]]},
    ],
    lanes=[
        {
            "id": "lane",
            "polygon": [[0.5, 0.0], [0.8, 0.0], [0.8, 1.0], [0.5, 1.0]],
            "direction": {"start": [0.65, 0.9], "end": [0.65, 0.1]},
        }
    ],
)
place = st.tuples(st.floats(0, 1), st.floats(0, 1))


class LongWay:
    """One track asked about every line and zone at every sighting."""

    def __init__(self, track: Track, places: Places) -> None:
        first = Sample.from_track(track)
        self.lines = {line.id: (LineWatch(first, line.a, line.b), (line.a, line.b)) for line in places.lines}
        self.zones = {area.id: (ZoneWatch(), area.polygon) for area in places.areas}
        self.headings = {area.id: (HeadingWatch(), area) for area in places.directed}
        self.stand = StandWatch(first)
        self.path: deque[Sample] = deque(maxlen=PATH_POINTS)

    def see(self, track: Track, judged: SceneConfig) -> Iterable[Fact]:
        after = Sample.from_track(track)
        before = self.path[-1] if self.path else None
        if len(self.path) >= 2 and seconds(self.path[-1].at, self.path[-2].at) < PATH_S / PATH_POINTS:
            self.path.pop()
        self.path.append(after)
        while seconds(after.at, self.path[0].at) > PATH_S:
            self.path.popleft()
        yield from self._at_places(track, before, after, judged.motion)
        stood = self.stand.step(after, judged.motion)
        if stood:
            yield (Stopped if stood[0] == "stopped" else Moved)(track, stood[1])
        yield from self._against(track, judged.motion)

    def _at_places(self, track: Track, before: Sample | None, after: Sample, motion: Motion) -> Iterable[Fact]:
        for key, (line, ends) in self.lines.items() if before else ():
            assert before
            crossing = line.step(before, after, ends, (motion.line_margin, motion.recross_margin))
            if crossing:
                yield LineCrossed(track, key, crossing.direction, crossing.at, crossing.interval_s, crossing.point)
        for key, (zone, polygon) in self.zones.items():
            change = zone.step(before, after, polygon, motion)
            if change:
                yield (ZoneEntered if change[0] == "entered" else ZoneLeft)(track, key, change[1])
            if zone.is_inside and zone.is_seen_inside:
                yield InZone(track, key, after.at)

    def _against(self, track: Track, motion: Motion) -> Iterable[Fact]:
        for key, (_, area) in list(self.headings.items()):
            if not self.zones[key][0].is_inside:
                self.headings[key] = HeadingWatch(), area
                continue
            against = self.headings[key][0].step(tuple(self.path), area.allowed, area.tolerance_deg, motion)
            if against:
                yield HeadingAgainst(track, key, against.at, against.travel, against.angle_deg)


def the_long_way(judged: SceneConfig, frames: Iterable[Sequence[Track]], size: tuple[int, int]) -> list[Fact]:
    places, known, facts = Places(judged, size), dict[int, LongWay](), list[Fact]()
    for tracks in frames:
        for track in tracks:
            facts += known.setdefault(track.id, LongWay(track, places)).see(track, judged)
    return facts


def the_short_way(judged: SceneConfig, frames: Iterable[Sequence[Track]], size: tuple[int, int]) -> list[Fact]:
    state, facts = SceneState(judged), list[Fact]()
    for tracks in frames:
        if tracks:
            facts += state.update(tracks, tracks[0].at, size)
    return [fact for fact in facts if not isinstance(fact, Gone)]


@given(st.lists(st.lists(st.tuples(place, st.floats(0.3, 4)), min_size=2, max_size=7), min_size=1, max_size=3))
@settings(deadline=None, max_examples=40)
def test_any_walk_gives_the_same_facts(walks: list[list[tuple[Point, float]]]) -> None:
    story = Story(SCENE, fps=10)
    for number, ((start, _), *rest) in enumerate(walks, start=1):
        story.track(number).trembles(1.5).moves(start, rest[0][0], over_s=rest[0][1])
        for end, over_s in rest[1:]:
            story.then(end, over_s=over_s)
    frames: list[Any] = [tracks for _, tracks in story.frames()]
    assert the_short_way(SCENE, frames, SIZE) == the_long_way(SCENE, frames, SIZE)


def test_a_busy_junction_gives_the_same_facts() -> None:
    judged = load_scene(ROOT / "bench" / "junction.yaml").model_copy(update={"calibration": None})
    judged = judged.model_copy(update={"motion": judged.motion.model_copy(update={"gone_after_s": 60.0})})
    frames = [frame.tracks for frame in traffic(600, 12, seed=9)]
    facts = the_short_way(judged, frames, BENCH_SIZE)
    assert facts == the_long_way(judged, frames, BENCH_SIZE)
    assert {LineCrossed, ZoneEntered, ZoneLeft, InZone, Stopped} <= {type(fact) for fact in facts}


@given(st.lists(st.integers(0, 900), min_size=1, max_size=30), st.sampled_from([0.3, 0.5, 1.0, 2.0]))
def test_the_window_is_the_same_from_its_end(steps_ms: list[int], window_s: float) -> None:
    """Oldest sighting within it, and the one nearest to its middle; of two equally near the older."""
    at, path = START, list[Sample]()
    for number, step in enumerate(steps_ms):
        at += timedelta(milliseconds=step + 1)
        path.append(Sample(at, (float(number), 0.0), 1.0))
    within = [sample for sample in path if seconds(at, sample.at) <= window_s]
    half = seconds(at, within[0].at) / 2
    assert _window(path, window_s) == (within[0], min(within, key=lambda one: abs(seconds(at, one.at) - half)))


corner = st.tuples(st.integers(0, 8).map(float), st.integers(0, 8).map(float))


@given(corner, st.lists(corner, min_size=3, max_size=7))
def test_inside_is_the_same_with_every_edge_asked(p: Point, polygon: list[Point]) -> None:
    """On a grid, where points lie on corners and edges."""
    (x, y), inside = p, False
    for i, (bx, by) in enumerate(polygon):
        ax, ay = polygon[i - 1]
        side = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if side == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            inside = True
            break
        if (ay > y) != (by > y) and (side < 0) == (by < ay):
            inside = not inside
    assert is_inside(p, polygon) == inside
