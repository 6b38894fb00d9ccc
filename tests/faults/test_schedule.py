"""The short form of `make faults`: each sort of fault once, and the judge sees what must not be."""

import dataclasses
import os
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.faults.judgement import StoredEvent, judge
from tests.faults.roads import CameraTruth
from tests.faults.run import is_clean, perform, table
from tests.faults.schedule import KINDS, SHORT, draw
from tests.integration.kafka_broker import KafkaBroker
from tests.integration.postgres_server import _programs

pytestmark = pytest.mark.alone

TRUTH = CameraTruth("north", "cam-1", {f"e{n}": f"document {n}" for n in range(1, 6)})
ROWS = [StoredEvent(f"e{n}", "north", "cam-1", n, n, f"document {n}") for n in range(1, 6)]


def test_a_seed_gives_the_same_schedule_and_each_kind_before_any_twice() -> None:
    assert draw(7, 50) == draw(7, 50)
    assert draw(7, 50) != draw(8, 50)
    assert {fault.kind for fault in draw(7, len(KINDS))} == set(KINDS)
    assert len(SHORT) == 12
    assert draw(7, 12)[-1].waits


def test_the_judge_finds_nothing_in_a_store_as_it_should_be() -> None:
    assert judge([TRUTH], ROWS).is_clean()


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (ROWS[:4], "lost"),
        ([*ROWS, dataclasses.replace(ROWS[0], id="e9", sequence=6, arrival=6)], "strange"),
        ([*ROWS, ROWS[4]], "doubled"),
        ([*ROWS[:4], dataclasses.replace(ROWS[4], document="x")], "altered"),
        ([*ROWS[:4], dataclasses.replace(ROWS[4], sequence=4)], "misnumbered"),
        ([*ROWS[:4], dataclasses.replace(ROWS[4], arrival=0)], "out_of_order"),
        ([*ROWS[:4], dataclasses.replace(ROWS[4], sequence=7)], "holes"),
    ],
)
def test_the_judge_sees(rows: list[StoredEvent], fault: str) -> None:
    """A judge that finds nothing wrong in a wrong store would make every run of faults worthless."""
    judgement = judge([TRUTH], rows)
    assert not judgement.is_clean()
    assert judgement.to_dict()[fault] >= 1


@pytest.mark.timeout(600)
def test_twelve_faults_lose_double_alter_and_reorder_nothing(tmp_path: Path) -> None:
    """Kills of every part, a broker that stands still, links cut and slow, a full disk, a clock, poison, repeats."""
    KafkaBroker(tmp_path)  # skips where it cannot run
    if _programs() is None:
        missing("postgres", "not installed; apt-get install postgresql")
    document = perform(draw(20261123, 12, SHORT, longest_s=3.0), 2_000, seed=20261123, per_second=100.0)
    print(table(document))
    assert is_clean(document), document["events"] | {"poison": document["poison"], "deaths": document["own_deaths"]}
    assert document["events"]["expected"] >= 2_000
    assert len(document["faults"]) == 12
    undone = [fault["what"] for fault in document["faults"] if fault["what"].startswith("not done")]
    assert not undone or os.geteuid() != 0, undone
