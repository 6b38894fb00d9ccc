"""Findings beside acts: what was found, what was missed, what never happened; with intervals."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.simulation.acts import Act

TOLERANCE_S = 3.0
TOLERANCES_S = {"line_count": 300.0, "prohibited_turn": 60.0, "congestion": 20.0}
"""Who stands on a line through a jam may be counted late, or on the gate of a turn be told early (a turn takes at most
a minute); when a jam begins is a matter of taste."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, told in the world's words.

    Attributes:
        mover: the road user whose faultless box its track covers best at that moment; None when it covers nobody's.
        at: start of the act it says; `judged_at`: when it was certain; seconds.
    """

    rule: str
    where: str
    mover: int | None
    track: int | None
    at: float
    judged_at: float


@dataclass(slots=True)
class Tally:
    """Counts of one rule. `errors_s`: start as found minus truth, of each match."""

    matched: int = 0
    missed: int = 0
    false: int = 0
    doubtful: int = 0
    errors_s: list[float] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Sums two hours."""
        self.matched += other.matched
        self.missed += other.missed
        self.false += other.false
        self.doubtful += other.doubtful
        self.errors_s += other.errors_s

    @property
    def precision(self) -> float | None:
        """Share of findings that are right; None without findings."""
        told = self.matched + self.false
        return self.matched / told if told else None

    @property
    def recall(self) -> float | None:
        """Share of acts that were found; None without acts."""
        acts = self.matched + self.missed
        return self.matched / acts if acts else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's tally and the cases behind it."""

    tally: Tally
    missed: tuple[Act, ...]
    false: tuple[Found, ...]


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927). ValueError for no trials."""
    if total <= 0:
        raise ValueError("no trials: there is no share")
    share = hits / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def geh(found: float, truth: float) -> float:
    """GEH statistic of two hourly volumes (DMRB volume 12)."""
    return 0.0 if found + truth == 0 else math.sqrt(2 * (found - truth) ** 2 / (found + truth))


def judge(acts: Sequence[Act], found: Sequence[Found], tolerance_s: float = TOLERANCE_S) -> Verdict:
    """Pairs each act with at most one finding of the same place and road user, nearest in time first.

    A second finding of one act is false. A finding that fits only a doubtful act counts neither way.
    """
    pairs = sorted(
        (gap, act.doubtful != "", a, f)
        for a, act in enumerate(acts)
        for f, finding in enumerate(found)
        if (gap := _gap(act, finding)) is not None and gap <= tolerance_s
    )
    acts_left, found_left = set(range(len(acts))), set(range(len(found)))
    tally = Tally()
    for _, _, a, f in sorted(pairs, key=lambda pair: (pair[1], pair[0], pair[2], pair[3])):
        if a not in acts_left or f not in found_left:
            continue
        acts_left.discard(a)
        found_left.discard(f)
        if acts[a].doubtful:
            tally.doubtful += 1
            continue
        tally.matched += 1
        tally.errors_s.append(found[f].at - acts[a].at)
    missed = tuple(acts[a] for a in sorted(acts_left) if not acts[a].doubtful)
    false = tuple(found[f] for f in sorted(found_left))
    tally.doubtful += sum(1 for a in acts_left if acts[a].doubtful)
    tally.missed, tally.false = len(missed), len(false)
    return Verdict(tally, missed, false)


def _gap(act: Act, found: Found) -> float | None:
    """Seconds between a finding and the act's time; None when place or road user differ.

    A place of "" is anywhere; an act of nobody is of the whole place. What is told while a doubtful act lasts is about
    that act: who was shoved on a metre while he stood may be said to have stood since before.
    """
    if act.where not in {"", found.where} or (act.mover is not None and act.mover != found.mover):
        return None
    if act.doubtful and act.at <= found.judged_at <= act.until:
        return 0.0
    return max(act.at - found.at, found.at - act.until, 0.0)


def by_rule(rules: Iterable[str], acts: Sequence[Act], found: Sequence[Found]) -> dict[str, Verdict]:
    """Verdict of each rule."""
    return {
        rule: judge(
            [act for act in acts if act.rule == rule],
            [one for one in found if one.rule == rule],
            TOLERANCES_S.get(rule, TOLERANCE_S),
        )
        for rule in rules
    }
