"""Short stories of road users for tests of scene and rules: who moves where, at how many frames a second.

Story(scene).track(7).moves((0.4, 0.9), (0.4, 0.5), over_s=2).findings()
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.classes import RoadUserClass
from contracts.scene import SceneConfig
from contracts.signals import SignalState
from edge.rules.finding import Finding
from edge.rules.road import TrackRoad
from edge.scene.facts import Fact
from edge.scene.signals import SignalChange
from edge.scene.state import SceneState
from edge.track.track import HelmetSeen, Track

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
SIZE = (1000, 500)
Place = tuple[float, float]


def scene(**parts: Any) -> SceneConfig:
    """Scene of these parts."""
    return SceneConfig.model_validate({"version": 1, "scene_version": 3, **parts})


@dataclass
class Actor:
    """One track: legs walked one after the other from `begin_s` on."""

    id: int
    cls: RoadUserClass
    box: tuple[float, float]  # width, height in pixels
    riders: int = 0
    begin_s: float = 0
    legs: list[tuple[Place, Place, float]] = field(default_factory=list)
    jitter_px: float = 0
    hidden: list[tuple[float, float]] = field(default_factory=list)
    helmets: tuple[HelmetSeen, ...] = ()
    helmets_from_s: float = 0

    @property
    def end_s(self) -> float:
        return self.begin_s + sum(over_s for *_, over_s in self.legs)

    def place(self, t: float) -> Place | None:
        """Ground point (shares of the picture) at `t` seconds, None when not there or hidden."""
        if any(begin <= t < end for begin, end in self.hidden):
            return None
        left = t - self.begin_s
        if left < -1e-9:
            return None
        for start, end, over_s in self.legs:
            if left <= over_s + 1e-9:
                share = min(max(left / over_s, 0), 1)
                return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
            left -= over_s
        return None


class Story:
    """Actors in a scene. Each call returns the story, so that it reads as one sentence."""

    def __init__(self, scene: SceneConfig, *, fps: float = 10, seed: int = 1) -> None:
        self.scene = scene
        self.fps = fps
        self.actors: list[Actor] = []
        self._signals: list[SignalChange] = []
        self._random = random.Random(seed)
        self._keep: Callable[[int], bool] = lambda _: True
        self._jitter = self._drops = self._flicker = 0.0

    def track(self, number: int, cls: str = "car", *, box: tuple[float, float] = (60, 40), riders: int = 0) -> "Story":
        """A new road user; what follows is about it. It begins with the story unless `begins` says later."""
        self.actors.append(Actor(number, RoadUserClass.from_label(cls), box, riders))
        return self

    def begins(self, at_s: float) -> "Story":
        self.actors[-1].begin_s = at_s
        return self

    def moves(self, start: Place, end: Place, *, over_s: float) -> "Story":
        self.actors[-1].legs.append((start, end, over_s))
        return self

    def then(self, end: Place, *, over_s: float) -> "Story":
        """Goes on from where it is."""
        return self.moves(self.actors[-1].legs[-1][1], end, over_s=over_s)

    def stands(self, place: Place, *, for_s: float) -> "Story":
        return self.moves(place, place, over_s=for_s)

    def trembles(self, px: float) -> "Story":
        self.actors[-1].jitter_px = px
        return self

    def hides(self, begin_s: float, end_s: float) -> "Story":
        self.actors[-1].hidden.append((begin_s, end_s))
        return self

    def wears(self, *helmets: HelmetSeen, from_s: float = 0) -> "Story":
        """What a classifier says of the riders' heads, from `from_s` of the story on."""
        self.actors[-1].helmets, self.actors[-1].helmets_from_s = helmets, from_s
        return self

    def signal(self, head: str, at_s: float, state: SignalState) -> "Story":
        """From `at_s` on the head shows `state`; before its first call it is unknown."""
        self._signals.append(SignalChange(head, START + timedelta(seconds=at_s), state, "log"))
        return self

    def noisy(self, *, jitter: float = 0.02, drops: float = 0.05, flicker: float = 0.03) -> "Story":
        """Every box side trembles by a share of the box, boxes are missed, classes are taken for others."""
        self._jitter, self._drops, self._flicker = jitter, drops, flicker
        return self

    def keeping(self, keep: Callable[[int], bool]) -> "Story":
        """Only frames whose number passes are seen."""
        self._keep = keep
        return self

    def frames(self) -> Iterable[tuple[datetime, list[Track]]]:
        """Time and tracks of each frame."""
        last = max(actor.end_s for actor in self.actors)
        for number in range(int(last * self.fps + 1e-6) + 1):
            t = number / self.fps
            at = START + timedelta(seconds=t)
            tracks = [track for actor in self.actors if (track := self._track(actor, t, at))]
            if self._keep(number):
                yield at, tracks

    def facts(self) -> list[Fact]:
        """What the scene says."""
        state = SceneState(self.scene)
        return [fact for at, tracks in self.frames() for fact in state.update(tracks, at, SIZE)]

    def findings(self) -> list[Finding]:
        """What the rules say."""
        road = TrackRoad(self.scene, node="n", camera="c")
        return [
            finding
            for at, tracks, changes in self.recorded()
            for finding in road.update(tracks, at, SIZE, signals=changes)
        ]

    def recorded(self) -> Iterator[tuple[datetime, list[Track], list[SignalChange]]]:
        """Time and tracks of each frame, with the changes of signal heads since the one before."""
        waiting = sorted(self._signals, key=lambda change: change.at)
        for at, tracks in self.frames():
            now = [change for change in waiting if change.at <= at]
            waiting = waiting[len(now) :]
            yield at, tracks, now

    def _track(self, actor: Actor, t: float, at: datetime) -> Track | None:
        place = actor.place(t)
        if place is None:
            return None
        x, y = place[0] * SIZE[0] + self._tremble(actor), place[1] * SIZE[1] + self._tremble(actor)
        width, height = actor.box
        track = Track(actor.id, actor.cls, 0.9, x - width / 2, y - height, x + width / 2, y, at, riders=actor.riders)
        if actor.helmets and t >= actor.helmets_from_s:
            track = replace(track, helmets=actor.helmets)
        return self._noise(track) if self._jitter or self._drops or self._flicker else track

    def _noise(self, track: Track) -> Track | None:
        if self._random.random() < self._drops:
            return None
        width, height = track.x2 - track.x1, track.y2 - track.y1
        x1, x2 = (x + self._random.gauss(0, self._jitter) * width for x in (track.x1, track.x2))
        y1, y2 = (y + self._random.gauss(0, self._jitter) * height for y in (track.y1, track.y2))
        other = self._random.random() < self._flicker
        cls = self._random.choice(list(RoadUserClass)) if other else track.cls
        return replace(track, cls=cls, x1=x1, y1=y1, x2=x2, y2=y2)

    def _tremble(self, actor: Actor) -> float:
        return self._random.gauss(0, actor.jitter_px) if actor.jitter_px else 0.0


def told(findings: Sequence[Finding]) -> list[tuple[str, int | None, str]]:
    """Rule, track and place of each finding."""
    return [(finding.rule, finding.track_id, finding.where) for finding in findings]
