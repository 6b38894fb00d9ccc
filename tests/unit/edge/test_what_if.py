"""What-if: findings of two scenes are told apart by what happened, not by when exactly a line was met."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner, Result

from bench.traffic import frames
from edge.cli_replay import replay_command
from edge.what_if import Act, difference
from tests.conftest import ROOT
from tests.unit.edge.road_story import START
from tests.unit.edge.tracklog.frames import write_mot

SCENE = ROOT / "bench" / "junction.yaml"


def act(at_s: float, subject: str = "7", where: str = "stop", rule: str = "red_light") -> Act:
    return Act(rule, where, subject, START + timedelta(seconds=at_s))


def test_a_line_moved_by_a_metre_keeps_its_findings() -> None:
    """Its crossings come a little later; that is no other act."""
    found = difference([act(10), act(40, "8")], [act(10.4), act(40.1, "9")])
    assert [(kept.act, kept.shift_s) for kept in found.kept] == [(act(10), 0.4)]
    assert (found.removed, found.added) == ((act(40, "8"),), (act(40.1, "9"),))
    assert found
    assert found.by_rule() == {"red_light": {"added": 1, "removed": 1, "kept": 1}}


def test_the_nearest_are_the_same_and_each_is_used_once() -> None:
    found = difference([act(10), act(11)], [act(10.8), act(11.1), act(12.4)])
    assert [(kept.act, round(kept.shift_s, 1)) for kept in found.kept] == [(act(10), 0.8), (act(11), 0.1)]
    assert found.added == (act(12.4),)


def test_the_same_place_comes_before_the_nearer_moment() -> None:
    """Two lines near each other, and another track of the same name an hour later."""
    found = difference([act(10, where="a")], [act(10.1, where="b"), act(10.5, where="a"), act(3610, where="a")])
    assert [round(kept.shift_s, 1) for kept in found.kept] == [0.5]
    assert found.added == (act(10.1, where="b"), act(3610, where="a"))
    renamed = difference([act(10, where="a")], [act(10, where="c")])
    assert not renamed


acts = st.lists(
    st.builds(act, st.floats(0, 20), st.sampled_from("12"), st.sampled_from("ab"), st.just("red_light")), max_size=8
)


@given(acts, acts)
def test_what_one_adds_the_other_removes(one: list[Act], two: list[Act]) -> None:
    there, back = difference(one, two), difference(two, one)
    assert len(there.kept) == len(back.kept)
    assert len(there.kept) + len(there.removed) == len(one)
    assert len(there.kept) + len(there.added) == len(two)
    assert not difference(one, one)


app = Typer()
app.command()(replay_command)


@pytest.fixture(name="log", scope="module")
def _log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mot(tmp_path_factory.mktemp("log") / "tracks.txt", list(frames(600, 6)))


def run(log: Path, other: Path, *options: str) -> Result:
    return CliRunner().invoke(app, [str(log), "--scene", str(SCENE), "--compare", str(other), *options])


def test_the_command_tells_what_another_scene_finds(log: Path, tmp_path: Path) -> None:
    changed = yaml.safe_load(SCENE.read_text(encoding="utf-8"))
    changed["scene_version"] = 2
    same = tmp_path / "same.yaml"
    same.write_text(yaml.safe_dump(changed), encoding="utf-8")
    result = run(log, same)
    assert result.exit_code == 0, result.output
    assert not [line for line in result.output.splitlines() if line[:2] in {"+ ", "- "}]

    changed["lines"] = [line for line in changed["lines"] if line["id"] != "far"]
    changed["lanes"][1]["speed_limit_kmh"] = 10
    other = tmp_path / "other.yaml"
    other.write_text(yaml.safe_dump(changed), encoding="utf-8")
    out = tmp_path / "difference.json"
    result = run(log, other, "--json", "--out", str(out))
    assert result.exit_code == 1, result.output
    told = json.loads(out.read_bytes())
    assert told["different"] is True
    assert {entry["where"] for entry in told["removed"] if entry["rule"] == "line_count"} == {"far"}
    assert {entry["where"] for entry in told["kept"] if entry["rule"] == "line_count"} == {"near", "middle"}
    assert told["rules"]["line_count"]["added"] == 0
    assert "speeding" in {entry["rule"] for entry in told["added"]}
    lines = run(log, other).output.splitlines()
    assert len([line for line in lines if line.startswith("- ")]) == len(told["removed"])
    assert any(line.startswith("line_count: 0 added, ") for line in lines)


def test_a_scene_that_is_wrong_writes_nothing(log: Path, tmp_path: Path) -> None:
    wrong, out = tmp_path / "wrong.yaml", tmp_path / "out.txt"
    wrong.write_text("version: 1\nscene_version: 1\nline: []\n", encoding="utf-8")
    result = run(log, wrong, "--out", str(out))
    assert result.exit_code != 0
    assert not out.exists()
