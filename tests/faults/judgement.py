"""The truth beside the store: what is lost, doubled, altered, out of order, missing in the numbers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import psycopg

from tests.faults.roads import CameraTruth


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A row of the store: `arrival` is its place in the order in which the database took events in."""

    id: str
    node: str
    camera: str
    sequence: int
    arrival: int
    document: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How many events are not as they should be. All zeros is what we promise.

    Attributes:
        expected: events of the truth.
        stored: rows of the store.
        lost: events of the truth that are not in the store.
        strange: rows the truth does not know.
        doubled: rows beyond the first of an id.
        altered: rows whose document is another than the truth's.
        misnumbered: events of a camera whose number is not above that of the event found before it.
        out_of_order: events of a camera that came into the store before one found earlier.
        holes: numbers of a node, from 1 on, that stand nowhere in the store.
    """

    expected: int
    stored: int
    lost: int
    strange: int
    doubled: int
    altered: int
    misnumbered: int
    out_of_order: int
    holes: int

    def is_clean(self) -> bool:
        """True when every promise was kept."""
        wrong = (self.lost, self.strange, self.doubled, self.altered, self.misnumbered, self.out_of_order, self.holes)
        return not any(wrong)

    def to_dict(self) -> dict[str, int]:
        """For the report."""
        return asdict(self)


def read_store(url: str) -> list[StoredEvent]:
    """All events of the database."""
    with psycopg.connect(url) as connection:
        rows: Iterable[Sequence[Any]] = connection.execute(
            "SELECT e.id, e.node_id, e.camera_id, e.sequence, a.n, e.document FROM events e "
            "JOIN arrivals a ON a.id = e.id"
        )
        return [StoredEvent(*row) for row in rows]


def judge(truths: Sequence[CameraTruth], rows: Sequence[StoredEvent]) -> Judgement:
    """Compares. Order: of each camera, in the order of the truth, numbers and arrivals must both rise."""
    by_id = {row.id: row for row in rows}
    truth = {event: document for camera in truths for event, document in camera.documents.items()}
    misnumbered = out_of_order = 0
    for camera in truths:
        found = [by_id[event] for event in camera.documents if event in by_id]
        misnumbered += _falls([row.sequence for row in found])
        out_of_order += _falls([row.arrival for row in found])
    return Judgement(
        expected=len(truth),
        stored=len(rows),
        lost=len(truth.keys() - by_id.keys()),
        strange=len(by_id.keys() - truth.keys()),
        doubled=sum(count - 1 for count in Counter(row.id for row in rows).values()),
        altered=sum(1 for row in rows if row.id in truth and truth[row.id] != row.document),
        misnumbered=misnumbered,
        out_of_order=out_of_order,
        holes=_holes(rows),
    )


def _falls(numbers: Sequence[int]) -> int:
    return sum(1 for before, after in pairwise(numbers) if after <= before)


def _holes(rows: Sequence[StoredEvent]) -> int:
    highest: dict[str, int] = {}
    for row in rows:
        highest[row.node] = max(highest.get(row.node, 0), row.sequence)
    return sum(highest.values()) - len({(row.node, row.sequence) for row in rows})
