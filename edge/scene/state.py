"""A scene and the tracks in it: tracks in, facts out.

Only observed sightings count: a predicted box never crosses a line. A track may be missing for some frames; its path is
then taken as straight, and the facts say how long the gap was. Memory is bounded by the tracks seen in the last
`gone_after_s`.
"""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from contracts.scene import SceneConfig
from edge.scene.facts import Fact, Gone, Speed
from edge.scene.followed import Followed
from edge.scene.geometry import Point
from edge.scene.ground import Ground
from edge.scene.places import Places
from edge.scene.sample import Sample, seconds
from edge.track.track import Track

_by_id = attrgetter("id")


class SceneState:
    """What is known about each track in a scene. One per camera; not shared between threads."""

    def __init__(self, scene: SceneConfig) -> None:
        self._scene = scene
        self._size: tuple[int, int] | None = None
        self._places: Places | None = None
        self._followed: dict[int, Followed] = {}
        self._at: datetime | None = None
        self._oldest: datetime | None = None  # no track in memory was seen before that

    def update(
        self, tracks: Sequence[Track], at: datetime, image_size: tuple[int, int], *, discontinuity: bool = False
    ) -> list[Fact]:
        """Facts that have become certain with the frame taken at `at`; in order of track id.

        Args:
            tracks: confirmed tracks of the frame, in any order.
            image_size: width, height of the frame, pixels.
            discontinuity: time or picture jumped before this frame. A new size or a time that goes back says the same;
                a second frame of the same time says nothing.
        """
        if at == self._at and image_size == self._size and not discontinuity:
            return []
        broken = discontinuity or image_size != self._size or (self._at is not None and at < self._at)
        facts: list[Fact] = self._forget_all() if broken else []
        self._at = at
        if self._places is None or image_size != self._size:
            self._size, self._places = image_size, Places(self._scene, image_size)
        for track in sorted(tracks, key=_by_id):
            if track.observed:
                followed = self._followed.get(track.id)
                if followed is None:
                    followed = self._followed[track.id] = Followed(track, self._places, self._scene.motion)
                    self._oldest = track.at if self._oldest is None else min(self._oldest, track.at)
                followed.see(track, self._places, facts)
        facts += self._forget_old(at)
        return facts

    def path(self, track_id: int) -> tuple[Sample, ...]:
        """Ground points of the last 6 s, oldest first, at most 60; empty for an unknown track."""
        followed = self._followed.get(track_id)
        return () if followed is None else followed.path

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the newest frame, pixels. ValueError before the first."""
        if self._size is None:
            raise ValueError("no frame was taken in yet")
        return self._size

    def line(self, line_id: str) -> tuple[Point, Point]:
        """Start and end of a directed line, pixels. KeyError when there is none of that id."""
        return self._now().line[line_id]

    def area(self, area_id: str) -> tuple[Point, ...]:
        """Corners of a zone or lane, pixels. KeyError when there is none of that id."""
        return self._now().area[area_id]

    def inside(self, track_id: int) -> dict[str, datetime]:
        """Zones and lanes the track is in for certain, each with the moment it entered; empty for an unknown track."""
        followed = self._followed.get(track_id)
        return {} if followed is None else followed.inside

    def stands_since(self, track_id: int) -> datetime | None:
        """Since when the track has been standing; None when it moves or is unknown."""
        followed = self._followed.get(track_id)
        return None if followed is None else followed.stands_since

    def speed(self, track_id: int) -> Speed | None:
        """Newest measured speed; None where none can be given."""
        followed = self._followed.get(track_id)
        return None if followed is None else followed.speed

    @property
    def ground(self) -> Ground | None:
        """Ground plane for the newest frame's size; None without a calibration."""
        return None if self._places is None else self._places.ground

    def _now(self) -> Places:
        if self._places is None:
            raise ValueError("no frame was taken in yet")
        return self._places

    @property
    def followed(self) -> int:
        """Tracks in memory."""
        return len(self._followed)

    def _forget_old(self, at: datetime) -> list[Fact]:
        limit_s = self._scene.motion.gone_after_s
        if self._oldest is None or seconds(at, self._oldest) <= limit_s:
            return []  # nearly always: the bound is moved only when it is reached
        old = [key for key, followed in self._followed.items() if seconds(at, followed.track.at) > limit_s]
        gone = [_gone(self._followed.pop(key)) for key in sorted(old)]
        self._oldest = min((followed.track.at for followed in self._followed.values()), default=None)
        return gone

    def _forget_all(self) -> list[Fact]:
        gone = [_gone(self._followed[key]) for key in sorted(self._followed)]
        self._followed.clear()
        self._oldest = None
        return gone


def _gone(followed: Followed) -> Fact:
    return Gone(followed.track, followed.track.at)
