"""Tracks become whole road users: numbers that swap, break, jump or stand on nothing are repaired.

It stands before scene and rules, so that it also repairs tracks that were made by others. Given numbers are strong
hints, no more. A sighting that lies where the road user of its number must be is that road user (nearly all, at the
price of a look-up). The others are shared out by nearness to where each road user should be now, with the number as a
weight. So

    swapped numbers    go back to whom they belong, also when one jumps to another vehicle or to a false box;
    a broken track     goes on under a new number within `lost_s`, where it was going;
    class, riders      are voted over the road user's life; confidence and box stay those of the sighting;
    false boxes        are never given out: `confirm_hits` sightings over `confirm_s` are needed. The sightings held
                       back until then are given out in one go with the first, in order of time, each with its own
                       `at`: a crossing at the very beginning is not lost. A number under which a box was predicted
                       is vouched for by its tracker, which does that only for those it has confirmed: two are enough;
    the undecided      a person who may turn out to be a rider (`Track.undecided`) is kept by its number, and belongs to
                       nobody. When the number is seen decided, what was kept of it is what was held back of its road
                       user; of a rider, whose number is not seen again, it is forgotten;
    doubles            a second box on a road user that is seen itself is never given out.

Ids out: the number under which a road user was seen first. When a road user that is still followed has it, the
newcomer gets a fresh one from 1,000,000,001 up; a given number up there that is in use is treated the same.
Equal tracks give equal road users, in any order within a frame. Memory is bounded by those seen within `lost_s`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final

from edge.track.bend import bends_into
from edge.track.course import CLASS_S, HELD, RIDERS_S, Course, VoteScale, reach
from edge.track.halt import halts_in
from edge.track.track import Track
from edge.track.undecided import Undecided

FRESH_FROM: Final = 1_000_000_001
_by_id = attrgetter("id")


@dataclass(frozen=True, slots=True)
class StitchSettings:
    """Seconds, box sizes, shares of boxes; never frames but for hits, which are what a false box lacks."""

    confirm_hits: int = 4
    confirm_s: float = 0.3
    moved: float = 1.0  # box sizes; who has moved so far needs one sighting less, and less time: false boxes stand
    confirm_moved_s: float = 0.2
    tentative_lost_s: float = 0.3
    lost_s: float = 2.0  # the scene forgets a road user after the same time
    lost_standing_s: float = 10.0  # who stood is where it was when the truck in front has gone; by its own number only
    plain_s: float = 0.3  # seen so lately, and within `plain` of its place, a number is taken for granted
    plain: float = 0.3
    prompt_s: float = 0.45  # seen so lately, another number is believed where the place is right
    spot: float = 0.25  # box sizes; so near to who stood, another number is believed after any gap
    known_hits: int = 8  # seen so often, its number far off is first taken for a false box that has its number
    jerk: float = 0.3  # box sizes beyond its reach that are not yet far off
    renamed_hits: int = 4  # seen so often in a row under another number, that is its number
    adopt_hits: int = 3  # after a longer gap another number must first show that it goes the same way
    alike_size: float = 1.6
    other_number: float = 0.15  # box sizes by which another number seems farther away
    other_class: float = 0.5
    other_number_new: float = 1.0  # the same for a road user whose speed is not known yet
    lost_per_s: float = 0.2  # and who has been lost for long
    double_iou: float = 0.7


class Stitcher:
    """Road users of one camera out of its tracks. Instances share nothing."""

    def __init__(self, settings: StitchSettings | None = None) -> None:
        self.settings = settings or StitchSettings()
        self._courses: list[Course] = []
        self._by_number: dict[int, Course] = {}
        self._vouched: dict[int, float] = {}
        self._undecided = Undecided(HELD)
        self._ids: set[int] = set()
        self._present: set[int] = set()
        self._fresh = FRESH_FROM
        self._serial = 0
        self._epoch: datetime | None = None
        self._now_s = 0.0
        self._restart()

    def update(self, tracks: Sequence[Track], at: datetime, *, discontinuity: bool = False) -> list[Track]:
        """Road users seen in this frame, by id; predicted boxes are passed over.

        Args:
            tracks: of the frame, in any order.
            at: event time of the frame. A second frame of the same time says nothing and gives nothing.
            discontinuity: nothing before this frame connects with it; a time that goes back says the same.

        Returns:
            One track for each, and for those confirmed just now also their earlier sightings, oldest first.
        """
        if not self._advance(at, discontinuity=discontinuity):
            return []
        out: list[Track] = []
        left: list[Track] = []
        by_number = self._by_number
        for track in tracks:
            if track.undecided:
                if track.observed and track.id not in by_number:
                    self._undecided.keep(track, self._now_s)
            elif track.observed:
                course = by_number.get(track.id)
                if course is not None and self._is_plain(course, track):
                    self._see(course, track, out)
                else:
                    left.append(track)
            else:
                self._vouch(track.id)
        if left:
            self._present = {track.id for track in tracks if track.observed and not track.undecided}
            self._repair(left, out)
        self._forget()
        out.sort(key=_by_id)
        return out

    @property
    def followed(self) -> int:
        """Road users in memory, unconfirmed ones among them."""
        return len(self._courses)

    @property
    def undecided(self) -> int:
        """Numbers in memory of which it is not clear yet whether they ride."""
        return len(self._undecided)

    def _restart(self) -> None:
        self._courses.clear()
        self._by_number.clear()
        self._ids.clear()
        self._vouched.clear()
        self._undecided.clear()
        self._classes, self._riders = VoteScale(CLASS_S), VoteScale(RIDERS_S)

    def _advance(self, at: datetime, *, discontinuity: bool) -> bool:
        """Moves the clock; False for a frame that says nothing new."""
        now_s = -1.0 if self._epoch is None else (at - self._epoch).total_seconds()
        if discontinuity or now_s < self._now_s:
            self._restart()
            self._epoch, self._now_s = at, 0.0
            return True
        if now_s == self._now_s:
            return False
        self._now_s = now_s
        factors = self._classes.advance(now_s), self._riders.advance(now_s)
        if factors != (1.0, 1.0):
            for course in self._courses:
                course.rescale(*factors)
        return True

    def _is_plain(self, course: Course, track: Track) -> bool:
        """The sighting is where the road user of its number must be: nothing to repair."""
        dt = self._now_s - course.seen_s
        return (
            course.id > 0
            and course.home == course.given
            and 0 < dt <= self.settings.plain_s
            and course.is_alike_to(track.cls)
            and course.distance(track, self._now_s) <= self.settings.plain
            and course.is_as_large(track, self.settings.alike_size, self._now_s)
        )

    def _repair(self, left: list[Track], out: list[Track]) -> None:
        """Shares out what is not plain: first among confirmed road users, then among the others; the rest is new."""
        left.sort(key=lambda track: (track.id, track.x1, track.y1, track.x2, track.y2))
        for confirmed in (True, False):
            missing = [c for c in self._courses if (c.id > 0) is confirmed and c.seen_s < self._now_s]
            left = self._share_out(missing, left, out)
            if confirmed and self._undecided:
                left = [track for track in left if not self._decide(track, out)]
        for track in left:
            course = self._begin(track, self._now_s)
            course.vote(track, self._classes.weight, self._riders.weight)
            course.held.append(track)

    def _begin(self, track: Track, seen_s: float) -> Course:
        """A road user nobody knew, by its first sighting."""
        self._serial += 1
        course = Course(track, self._serial, seen_s)
        course.vouched = track.id in self._vouched
        self._courses.append(course)
        if track.id not in self._by_number:
            self._by_number[track.id] = course
        return course

    def _catch_up(self, course: Course, number: int, out: list[Track]) -> None:
        """A known road user goes on under a number of which sightings were kept: they are its own."""
        if course.id:
            for seen_s, sighting in self._undecided.take(number):
                if seen_s > course.seen_s:
                    course.see(sighting, seen_s)
                    out.append(course.named(sighting))

    def _decide(self, track: Track, out: list[Track]) -> bool:
        """Begins a road user with what was kept of its number while it was undecided; False where there is nothing.

        What it was taken for meanwhile is no vote: only now that is known.
        """
        kept = self._undecided.take(track.id)
        if not kept or track.id in self._by_number:
            return False
        (first_s, first), *later = kept
        course = self._begin(first, first_s)
        for seen_s, sighting in later:
            course.see(sighting, seen_s)
        course.held = [sighting for _, sighting in kept]
        self._see(course, track, out)
        return True

    def _share_out(self, courses: Sequence[Course], tracks: list[Track], out: list[Track]) -> list[Track]:
        """Nearest pairs first. Returns the sightings that belong to none."""
        pairs = [
            (cost, course.serial, row, course)
            for course in courses
            for row, track in enumerate(tracks)
            if (cost := self._cost(course, track)) is not None
        ]
        if not pairs:
            return tracks
        taken: set[int] = set()
        for _, _, row, course in sorted(pairs, key=lambda pair: pair[:3]):
            if row not in taken and course.seen_s < self._now_s:
                taken.add(row)
                self._catch_up(course, tracks[row].id, out)
                self._see(course, tracks[row], out)
        return [track for row, track in enumerate(tracks) if row not in taken]

    def _cost(self, course: Course, track: Track) -> float | None:
        """How ill a sighting fits a road user, box sizes; None when it cannot be."""
        s = self.settings
        dt = self._now_s - course.seen_s
        off = course.distance(track, self._now_s)
        number = course.home if course.home in self._present else course.given
        same, alike = number == track.id, course.is_alike_to(track.cls)
        limit = _own_reach(course, dt) if same else _other_reach(course, dt, s)
        if same and course.hits >= s.known_hits:
            limit = min(limit, reach(dt) + s.jerk)
        if off > limit or not course.is_as_large(track, 2 * s.alike_size if same else s.alike_size, self._now_s):
            return None
        if not alike and (off > reach(dt) or dt > s.prompt_s):
            return None
        if not same:
            off += s.other_number if course.hits > 2 else s.other_number_new
        return off + s.lost_per_s * dt + (0.0 if alike else s.other_class)

    def _see(self, course: Course, track: Track, out: list[Track]) -> None:
        course.see(track, self._now_s)
        course.vote(track, self._classes.weight, self._riders.weight)
        if course.given != track.id or course.home != track.id:
            self._note_number(course, track.id)
        if course.id:
            self._by_number[track.id] = course
            out.append(course.named(track))
        else:
            self._hold(course, track, out)

    def _note_number(self, course: Course, number: int) -> None:
        """It is seen under another number. It keeps its own for a while where nobody else has that: a false box beside
        it, in a frame in which it was missed, is not who it becomes."""
        course.strange = 0 if number == course.home else course.strange + 1 if number == course.given else 1
        if course.given != number:
            if course.given != course.home:
                self._unlist(course, course.given)
            course.given = number
        if course.home != number and (course.home in self._present or course.strange >= self.settings.renamed_hits):
            self._unlist(course, course.home)
            course.home = number

    def _unlist(self, course: Course, number: int) -> None:
        if self._by_number.get(number) is course:
            del self._by_number[number]

    def _hold(self, course: Course, track: Track, out: list[Track]) -> None:
        """Keeps a sighting back until the road user is confirmed."""
        s = self.settings
        if self._is_double(course):
            course.held.clear()
        course.held.append(track)
        del course.held[:-HELD]
        lost = self._lost_one(course)
        if lost is not None:
            self._adopt(lost, course, out)
            return
        moves = course.travel() >= s.moved
        enough = s.confirm_hits - moves
        long = self._now_s - course.first_s >= (s.confirm_moved_s if moves else s.confirm_s) - 1e-6
        if (len(course.held) >= enough and long) or (len(course.held) > 1 and course.vouched):
            self._confirm(course, out)

    def _vouch(self, number: int) -> None:
        """A tracker goes on with a number it does not see now."""
        course = self._by_number.get(number)
        if course is None:
            self._vouched[number] = self._now_s
        else:
            course.vouched = True

    def _confirm(self, course: Course, out: list[Track]) -> None:
        course.id = self._number(course.held[0].id)
        self._ids.add(course.id)
        self._by_number[course.given] = course
        out.extend(course.named(sighting) for sighting in course.held)
        course.held = []

    def _lost_one(self, course: Course) -> Course | None:
        """The confirmed road user that was lost and goes on in this course; the nearest where several could be."""
        if len(course.held) < self.settings.adopt_hits:
            return None
        first, since_s = course.held[0], course.first_s
        found = [
            (other.distance(first, since_s), other.serial, other)
            for other in self._courses
            if other.id > 0 and other.seen_s < since_s and self._goes_on_in(other, course)
        ]
        return min(found)[2] if found else self._only_one(course, bends_into) or self._only_one(course, halts_in)

    def _only_one(self, course: Course, goes_on_in: Callable[[Course, Course], bool]) -> Course | None:
        """The one that was lost before a bend or a halt and goes on in it; None where two could be: it tells less."""
        lost_s = self.settings.lost_s
        found = [
            other
            for other in self._courses
            if other.id > 0
            and 0 < course.first_s - other.seen_s <= lost_s
            and course.is_alike_to(other.cls)
            and self._is_as_large(other, course)
            and goes_on_in(other, course)
        ]
        return found[0] if len(found) == 1 else None

    def _goes_on_in(self, lost: Course, course: Course) -> bool:
        """By class and size, and by its number and place, or by place and speed."""
        first, since_s = course.held[0], course.first_s
        is_same = first.id in (lost.given, lost.home)
        if since_s - lost.seen_s > self.settings.lost_s and not is_same:
            return False
        if not course.is_alike_to(lost.cls) or not self._is_as_large(lost, course):
            return False
        if is_same and lost.distance(first, since_s) <= _own_reach(lost, since_s - lost.seen_s):
            return True
        return lost.is_within_reach(first, since_s) and lost.agrees(course)

    def _is_as_large(self, lost: Course, course: Course) -> bool:
        """By its first or by its newest sighting: one that comes out from behind something is cut at first."""
        ratio, turns = self.settings.alike_size, lost.may_turn
        return lost.is_as_large(course.held[0], ratio, course.first_s, widens=turns) or lost.is_as_large(
            course.held[-1], ratio, course.seen_s, widens=turns
        )

    def _adopt(self, lost: Course, course: Course, out: list[Track]) -> None:
        """A lost road user goes on as an unconfirmed one, with all sightings of it that were held back."""
        for track in course.held:
            lost.vote(track, self._classes.weight, self._riders.weight)
        self._drop([course])
        self._unlist(lost, lost.given)
        self._unlist(lost, lost.home)
        lost.continued(course)
        self._by_number[lost.given] = lost
        out.extend(lost.named(sighting) for sighting in course.held)

    def _is_double(self, course: Course) -> bool:
        """Lies on a confirmed road user that is seen itself."""
        return any(
            other.id > 0
            and other.seen_s == self._now_s
            and other.cls == course.cls
            and _iou(other, course) >= self.settings.double_iou
            for other in self._courses
        )

    def _number(self, wanted: int) -> int:
        if wanted not in self._ids:
            return wanted
        while self._fresh in self._ids:
            self._fresh += 1
        self._fresh += 1
        return self._fresh - 1

    def _forget(self) -> None:
        old = []
        for course in self._courses:
            if course.seen_s < self._now_s:
                course.missed += 1
                if self._is_lost(course):
                    old.append(course)
        if old:
            self._drop(old)
        since_s = self._now_s - self.settings.lost_s
        self._undecided.forget(since_s)
        if self._vouched:
            self._vouched = {number: told_s for number, told_s in self._vouched.items() if told_s >= since_s}

    def _is_lost(self, course: Course) -> bool:
        unseen_s = self._now_s - course.seen_s
        if course.id:
            stood = course.is_slow and course.hits >= self.settings.known_hits
            return unseen_s > (self.settings.lost_standing_s if stood else self.settings.lost_s)
        return unseen_s > self.settings.tentative_lost_s and course.missed > 1

    def _drop(self, old: Iterable[Course]) -> None:
        for course in old:
            self._courses.remove(course)
            self._ids.discard(course.id)
            self._unlist(course, course.given)
            self._unlist(course, course.home)


def _own_reach(course: Course, dt: float) -> float:
    """How far off a sighting under its own number may be, box sizes: jerks, cut boxes, a speed not known yet."""
    if course.hits == 1:
        return min(0.5 + 20.0 * dt, 4.0)
    return reach(dt) + 1.0 + (1.5 if course.id else 3.0) * min(dt, 0.5)


def _other_reach(course: Course, dt: float, settings: StitchSettings) -> float:
    """The same under another number, at first sight; below 0 where that is not enough."""
    if dt <= settings.prompt_s:
        return reach(dt)
    return settings.spot if course.is_slow and dt <= settings.lost_s else -1.0


def _iou(a: Course, b: Course) -> float:
    """Overlap of two road users' boxes."""
    width = min(a.x + a.w / 2, b.x + b.w / 2) - max(a.x - a.w / 2, b.x - b.w / 2)
    height = min(a.y, b.y) - max(a.y - a.h, b.y - b.h)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (a.w * a.h + b.w * b.h - width * height)
