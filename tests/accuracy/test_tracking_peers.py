"""Our tracker beside ByteTrack and OC-SORT, in little: what grows worse is seen before the page is made anew."""

from pathlib import Path

import pytest

from models.evaluation.mot import told
from models.evaluation.tracks import TrackFigures, score
from tests.accuracy.followed import OURS, PEERS, Followable, mot_set, road, simulated, walkers
from tests.accuracy.tracking import SET_FPS, SETS, Row, markdown
from tests.accuracy.tracking import _parser as parser

pytest.importorskip("trackeval", reason="the extra `evaluate` is not installed")
pytest.importorskip("trackers", reason="the library is not installed")


def figures(sequences: list[Followable], name: str) -> TrackFigures:
    follow = {**OURS, **PEERS}[name]
    return score({str(n): (one.truth, follow(one.looks, one.fps)) for n, one in enumerate(sequences)})


@pytest.mark.filterwarnings("ignore")
def test_people_in_the_street(shared: Path) -> None:
    """At 25 frames a second: not lower than the better of the two minus 0.5, whether or not riders are looked for."""
    sets = [mot_set(shared / "samples" / "tracking" / name, 1, SET_FPS) for name in SETS]
    row = Row("MOT sets", SET_FPS, {name: figures(sets, name) for name in [*OURS, *PEERS]})
    assert row.behind("ours") == {}
    assert row.behind("ours, nobody rides") == {}
    page = markdown([row], parser().parse_args([]))
    assert "ours, nobody rides: as asked" in page


@pytest.mark.filterwarnings("ignore")
def test_traffic(tmp_path: Path) -> None:
    """A minute of a junction, with every fault of the noise model, at the rate a node looks."""
    traffic = simulated("cross", 11, 60.0, tmp_path, 5.0)
    assert traffic.fps == pytest.approx(5, abs=1.3)
    row = Row("cross", traffic.fps, {name: figures([traffic], name) for name in [*OURS, *PEERS]})
    assert row.behind("ours") == {}


def test_who_is_behind_is_told() -> None:
    """By measure and by how much; half a point is nothing."""

    def so_good(hota: float, idf1: float) -> TrackFigures:
        return TrackFigures(hota, 80.0, 80.0, idf1, 80.0, 1, 1, 1, 100, 10)

    peers = dict.fromkeys(PEERS, so_good(70, 70)) | {"OC-SORT": so_good(90, 60)}
    row = Row("cross", 5.0, {"ours": so_good(88.5, 69.6), "ours, nobody rides": so_good(89.5, 70)} | peers)
    assert row.behind("ours") == {"hota": pytest.approx(1.0)}
    assert row.behind("ours, nobody rides") == {}
    page = markdown([row], parser().parse_args([]))
    assert "ours: below what is asked: HOTA by 1.0" in page


def test_who_follows_nobody_is_no_error() -> None:
    """An empty street."""
    assert len(road([], 5.0).frame) == len(walkers([], 5.0).frame) == 0
    assert len(told([]).frame) == 0
