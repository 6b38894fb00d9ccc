"""Scene files on disk: good ones load, bad ones are answered with file, place and expectation."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from edge.errors import ConfigError
from edge.scene.ground import Ground
from edge.scene.load import USUAL_SIZE, default_scene, json_schema, load_scene, parse_scene
from tests.unit.edge.road_story import Story

IMAGE = ([0.1, 0.9], [0.9, 0.9], [0.7, 0.4], [0.3, 0.4])


def calibrated(*metres: list[float], valid: str = "[]") -> str:
    """Scene file whose four control points lie there on the ground."""
    points = ", ".join(f"{{image: {image}, metres: {at}}}" for image, at in zip(IMAGE, metres, strict=True))
    return f"version: 1\nscene_version: 1\ncalibration: {{points: [{points}], valid: {valid}}}"


SAMPLES = sorted((Path(__file__).resolve().parents[4] / "deploy" / "samples").glob("*.yaml"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_scenes_load_and_fit_the_schema(path: Path) -> None:
    """What the demo and the documentation start from, read by us and by an editor with the schema."""
    assert load_scene(path).lines_of_count() or path.stem == "pedestrians"
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), json_schema())


def test_the_examples_of_the_page_are_one_good_scene() -> None:
    """People copy from the page; what stands there must load, all of it together."""
    page = (Path(__file__).resolve().parents[4] / "docs" / "reference" / "scene.md").read_text(encoding="utf-8")
    whole: dict[str, Any] = {}
    for example in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL):
        for key, part in yaml.safe_load(example).items():
            whole[key] = whole[key] + part if key in whole else part
    scene = parse_scene(whole, "page")
    assert scene.calibration is not None
    assert Ground(scene.calibration, USUAL_SIZE).is_good
    assert len(scene.lanes) == len(scene.stop_lines) == len(scene.solid_lines) == len(scene.signal_heads) == 1


def test_there_are_samples() -> None:
    assert {path.stem for path in SAMPLES} >= {"street", "pedestrians", "two_way", "highway", "dense_junction"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not a scene; expected keys such as version"),
        ("- 1", "is not a scene"),
        ("lines: [", "is not YAML"),
        ("version: 1", "scene_version: Field required"),
        (
            "version: 1\nscene_version: 1\nlines: [{id: a, start: [0, 0], end: [2, 0]}]",
            "lines.0.end.0: Input should be",
        ),
        (
            "version: 1\nscene_version: 1\nrules: {speding: }",
            "rules: Value error, unknown rule speding: expected line",
        ),
        (
            "version: 1\nscene_version: 1\nrules: {speeding: }",
            "rules.speeding: is on, but there is no calibration; expected `calibration` with at least 4 points",
        ),
        (
            calibrated([-5, 10], [5, 10], [-6, 40], [6, 40]),
            "calibration.points: the points cannot be seen so by any camera",
        ),
        (
            calibrated([-5, 10], [5, 10], [6, 40], [-6, 40], valid="[[0.1, 0.02], [0.9, 0.02], [0.5, 0.9]]"),
            "calibration.valid: the horizon runs through it; expected a region of the road below",
        ),
        (
            calibrated([10, -5], [10, 5], [40, 6], [40, -6]),
            "calibration.points: their plane is seen from below; east and north may have changed places",
        ),
        (
            "version: 1\nscene_version: 1\nzones: [{id: a, kind: restricted, polygon: [[0,0],[1,1],[1,0],[0,1]]}]",
            "zones.0.polygon: Value error, sides 1 and 3 cross",
        ),
    ],
)
def test_nonsense_is_answered_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scene(path)
    assert str(caught.value).startswith(str(path))
    assert words in str(caught.value)


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_scene(tmp_path / "no.yaml")


def test_default_scene_shows_something_at_once() -> None:
    """Somebody points it at his own camera and must see life within seconds: counts, presence, a stopped vehicle."""
    story = Story(default_scene()).track(1).moves((0.5, 0.2), (0.6, 0.9), over_s=5)
    story.track(2).stands((0.8, 0.8), for_s=40)
    rules = [finding.rule for finding in story.findings()]
    assert set(rules) == {"line_count", "intrusion", "stopped_vehicle"}
    assert rules.count("intrusion") == rules.count("stopped_vehicle") == 1


def test_schema_is_plain_json() -> None:
    assert json.loads(json.dumps(json_schema()))["$schema"].endswith("2020-12/schema")
