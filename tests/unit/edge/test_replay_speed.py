"""A replay must stay fast: a 24 h day at 10 frames a second and 10 road users under 15 minutes.

The figure itself is `make bench`'s (bench/replay.py). Here CPU time is compared with that of a bare loop over the same
text on the same machine in the same minute, so that a busy or slow machine does not fail the test: whoever makes the
road twice as slow does.
"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.replay import SCENE, bare, read, write_text
from bench.traffic import frames
from contracts.scene import RULE_IDS
from edge.replay import TrackLog, replay
from edge.scene.load import load_scene

FRAMES = 400
ROUNDS = 3
MOST_JUDGED = 130  # bare loops; 40 to 60 when this was written
MOST_READ = 8  # 2.5


@pytest.fixture(name="log", scope="module")
def _log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("speed") / "road.txt"
    write_text(path, list(frames(FRAMES)))
    return path


def least_s(work: Callable[[], object]) -> float:
    """Least CPU time of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def test_every_rule_is_on_in_the_bench() -> None:
    """Else its figure is not the one that was promised."""
    assert load_scene(SCENE).rules.on() == RULE_IDS


def test_judging_costs_no_more_than_so_many_bare_readings(log: Path) -> None:
    scene = load_scene(SCENE)
    judged = least_s(lambda: [event.to_json() for event in replay(TrackLog.read(log), scene)])
    assert judged < MOST_JUDGED * least_s(lambda: bare(log))


def test_reading_costs_no_more_than_so_many_bare_readings(log: Path) -> None:
    assert least_s(lambda: read(log)) < MOST_READ * least_s(lambda: bare(log))
