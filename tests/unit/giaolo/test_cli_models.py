"""What `giaolo models bench` shows people and writes into a node's file."""

from pathlib import Path

import pytest

from edge.config import DetectConfig, load_node_config
from edge.errors import ConfigError
from giaolo.cli_models import show, write_fastest
from giaolo.model_bench import BenchResult, Judged, Spread, Timing
from giaolo.variants import Variant
from models.gate import Tally, Verdict

NODE = "node: a\ndata: d\ndetect: {fps: 4, precision: bf16}\ncameras:\n- {id: a, url: a.mp4}  # the gate\n"


def judged(arithmetic: str, provider: str, cpu_ms: float, faults: tuple[str, ...] = ()) -> Judged:
    """A variant of the default detector at its default size."""
    detect = DetectConfig.model_validate({"providers": [provider], "precision": "f32"})
    spread = Spread(cpu_ms, cpu_ms - 1, cpu_ms + 1)
    verdict = Verdict((), Tally(10_000, 9_995), Tally(10_000, 9_994), faults)
    return Judged(Variant(arithmetic, detect, "AGPL-3.0-only"), Timing(spread, spread), verdict)


RESULT = BenchResult(
    (judged("int8", "cpu", 20, ("two_way.mp4: line road right: 17, not 16",)), judged("f32", "openvino", 60)),
    {"OpenVINO bf16 384x640": "this processor has no bf16 arithmetic"},
    ("street.mp4", "two_way.mp4"),
    1.5,
)


def test_the_fastest_that_passes_is_written_not_the_fastest(tmp_path: Path) -> None:
    """And nothing else of the node changes."""
    node = tmp_path / "node.yaml"
    node.write_text(NODE, encoding="utf-8")
    write_fastest(node, RESULT)
    config = load_node_config(node)
    assert config.detect == DetectConfig(fps=4, providers=("openvino", "cpu"), precision="f32")
    assert node.read_text(encoding="utf-8").endswith(NODE.split("\n", 3)[3])


def test_a_file_that_is_wrong_is_told(tmp_path: Path) -> None:
    """It was edited while the bench ran."""
    node = tmp_path / "node.yaml"
    node.write_text("node: [", encoding="utf-8")
    with pytest.raises(ConfigError, match="is not YAML"):
        write_fastest(node, RESULT)


def test_the_table_holds_what_passes_and_says_why_the_rest_does_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A way that fails the gate is not on offer; the shares are cut, never rounded up."""
    monkeypatch.setenv("COLUMNS", "160")
    show(RESULT, has_int8=True)
    table, words = capsys.readouterr().out.split("median (lowest")
    assert "OpenVINO f32 384x640" in table
    assert "60 (59 to 61)" in table
    assert "99.94 %" in table
    assert "AGPL-3.0-only" in table
    assert "int8" not in table
    assert "failed: ONNX Runtime int8 384x640: two_way.mp4: line road right: 17, not 16" in words
    assert "cannot run here: OpenVINO bf16 384x640: this processor has no bf16 arithmetic" in words
    assert "this machine is busy (1.5 processes a core)" in words
    assert "int8 was not tried" not in words


def test_who_has_no_int8_file_is_told_how_to_get_one(capsys: pytest.CaptureFixture[str]) -> None:
    """It is the fastest way on most processors."""
    show(BenchResult(RESULT.judged, {}, (), 0.0), has_int8=False)
    out = capsys.readouterr().out
    assert "int8 was not tried: make the file with `giaolo models quantise` first" in out
    assert "busy" not in out
