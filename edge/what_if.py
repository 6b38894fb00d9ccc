"""What another scene would have found on the same tracks: findings added, removed and kept.

A finding is the same when it says the same of the same road user: rule, subject and moment. Where a line was moved by
a metre its crossings come a little earlier or later, so a moment may differ by `TOLERANCE_S`; those at the same place
are paired first, the nearest in time before others. Version of the scene and order of the findings do not count.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.canonical import utc_text
from contracts.event import Event
from contracts.scene import RULE_IDS, SceneConfig
from edge.replay import NODE, Replay
from edge.tracklog.log import TrackLog

TOLERANCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Act:
    """What a finding says happened.

    Attributes:
        rule: its id.
        where: id of the place.
        subject: id of the track, or of the place where the finding is about no single road user.
        at: start of the act.
    """

    rule: str
    where: str
    subject: str
    at: datetime

    @classmethod
    def from_event(cls, event: Event) -> "Act":
        """Act of an event."""
        return cls(event.data.rule.id, event.data.where or "", event.subject or "", event.time)

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {"rule": self.rule, "where": self.where, "subject": self.subject, "time": utc_text(self.at)}

    def text(self) -> str:
        """One line."""
        return f"{utc_text(self.at)} {self.rule} {self.where} {self.subject}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A finding of both scenes; `shift_s` is by how much later the other scene's begins."""

    act: Act
    shift_s: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What the other scene changes; each list in the order of time."""

    added: tuple[Act, ...]
    removed: tuple[Act, ...]
    kept: tuple[Kept, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def by_rule(self) -> dict[str, dict[str, int]]:
        """Number added, removed and kept of each rule that found anything."""
        lists = {"added": self.added, "removed": self.removed, "kept": tuple(kept.act for kept in self.kept)}
        counts = {
            rule: {name: sum(act.rule == rule for act in acts) for name, acts in lists.items()} for rule in RULE_IDS
        }
        return {rule: count for rule, count in counts.items() if any(count.values())}

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "different": bool(self),
            "rules": self.by_rule(),
            "added": [act.to_dict() for act in self.added],
            "removed": [act.to_dict() for act in self.removed],
            "kept": [{**kept.act.to_dict(), "shift_s": round(kept.shift_s, 6)} for kept in self.kept],
        }

    def text(self) -> str:
        """Lines for a person: + added, - removed, = kept; then the count of each rule."""
        told = [(act.at, "+", act) for act in self.added] + [(act.at, "-", act) for act in self.removed]
        told += [(kept.act.at, "=", kept.act) for kept in self.kept]
        lines = [f"{mark} {act.text()}" for _, mark, act in sorted(told, key=lambda entry: (entry[0], entry[2].text()))]
        lines += [
            f"{rule}: {count['added']} added, {count['removed']} removed, {count['kept']} kept"
            for rule, count in self.by_rule().items()
        ]
        return "\n".join(lines) or "neither scene finds anything"


def what_if(
    log: TrackLog, scene: SceneConfig, other: SceneConfig, *, camera: str | None = None, node: str = NODE
) -> Difference:
    """Judges one reading of a log by two scenes. ConfigError as `edge.replay.replay`."""
    players = [
        Replay(judged, node=node, camera=camera or log.camera, model_sha256=log.model_sha256)
        for judged in (scene, other)
    ]
    found: tuple[list[Act], list[Act]] = ([], [])
    for frame, model in log.frames():
        for player, acts in zip(players, found, strict=True):
            acts += [Act.from_event(event) for event in player.step(frame, model)]
    return difference(*found)


def difference(before: Iterable[Act], after: Iterable[Act], *, tolerance_s: float = TOLERANCE_S) -> Difference:
    """What `after` has that `before` has not, and the other way round; repeats count."""
    groups: dict[tuple[str, str], tuple[list[Act], list[Act]]] = defaultdict(lambda: ([], []))
    for side, acts in enumerate((before, after)):
        for act in acts:
            groups[act.rule, act.subject][side].append(act)
    added: list[Act] = []
    removed: list[Act] = []
    kept: list[Kept] = []
    for old, new in groups.values():
        pairs = _pairs(old, new, tolerance_s)
        kept += [Kept(old[i], (new[j].at - old[i].at).total_seconds()) for i, j in pairs]
        kept_old, kept_new = {i for i, _ in pairs}, {j for _, j in pairs}
        removed += [act for i, act in enumerate(old) if i not in kept_old]
        added += [act for j, act in enumerate(new) if j not in kept_new]
    return Difference(
        tuple(sorted(added, key=_by_time)),
        tuple(sorted(removed, key=_by_time)),
        tuple(sorted(kept, key=lambda each: _by_time(each.act))),
    )


def _by_time(act: Act) -> tuple[datetime, str, str, str]:
    return act.at, act.rule, act.where, act.subject


def _pairs(old: Sequence[Act], new: Sequence[Act], tolerance_s: float) -> list[tuple[int, int]]:
    """Places of acts that are the same, each used once: at the same place first, then the nearest in time."""
    possible = sorted(
        (a.where != b.where, apart_s, i, j)
        for i, a in enumerate(old)
        for j, b in enumerate(new)
        if (apart_s := abs((b.at - a.at).total_seconds())) <= tolerance_s
    )
    pairs: list[tuple[int, int]] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for _, _, i, j in possible:
        if i not in taken[0] and j not in taken[1]:
            pairs.append((i, j))
            taken[0].add(i)
            taken[1].add(j)
    return pairs
