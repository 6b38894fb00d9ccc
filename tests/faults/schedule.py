"""What goes wrong, to whom, when: drawn from a seed, so that a run can be had again."""

import random
from dataclasses import dataclass

KILLS = ("kill edge", "kill centre", "kill broker", "kill postgres")
STANDSTILLS = ("halt broker", "halt postgres", "halt centre", "halt edge")
LINKS = tuple(f"{state} {link}" for state in ("cut", "silent", "slow") for link in ("edge", "centre", "database"))
OTHERS = ("disk full", "clock step", "poison", "repeat")
KINDS = (*KILLS, *STANDSTILLS, *LINKS, *OTHERS)

SHORT = (
    *("kill edge", "kill centre", "kill broker", "kill postgres", "halt broker", "cut edge"),
    *("cut database", "slow centre", "disk full", "clock step", "poison", "repeat"),
)
"""One of each sort, for CI."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        number: from 1.
        kind: one of KINDS.
        which: which of two edges or centres, 0 or 1.
        lasts_s: seconds until it is mended; nothing for kills, which are mended at once.
        waits: False: the next one comes on top of it, before events flow again.
    """

    number: int
    kind: str
    which: int
    lasts_s: float
    waits: bool


def draw(seed: int, count: int, kinds: tuple[str, ...] = KINDS, *, longest_s: float = 8.0) -> list[Fault]:
    """So many faults. Each kind comes once before any comes twice; standstills may outlast a consumer's session."""
    chance = random.Random(seed)
    drawn: list[str] = []
    while len(drawn) < count:
        drawn += chance.sample(kinds, len(kinds))
    return [
        Fault(
            number,
            kind,
            chance.randrange(2),
            0.0
            if kind in KILLS or kind in {"poison", "repeat", "clock step"}
            else round(chance.uniform(1, longest_s), 1),
            waits=number == count or chance.random() < 0.75,
        )
        for number, kind in enumerate(drawn[:count], 1)
    ]
