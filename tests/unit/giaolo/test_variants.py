"""Variants of a detector: which are tried, what is refused, what a node's file gets."""

import sys
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import UsageError
from edge.config import DetectConfig
from edge.errors import ModelError
from giaolo.variants import Variant, calibrated_on, default_int8, opened, variants_of
from models.fetch import sha256_of
from models.made import CalibrationVideo, MadeCard, write_made
from models.registry import Registry
from tests.unit.models.tiny import classifier, ultralytics_like

COCO = str(dict.fromkeys(range(80), "car"))


@pytest.fixture(name="model")
def _model(tmp_path: Path) -> Path:
    return ultralytics_like(tmp_path / "mine.onnx", 64, 96, names=COCO)


def int8_of(model: Path, path: Path, **other: Any) -> Path:
    """A file with a card that says it was made from the model."""
    content = model.read_bytes()
    card = {
        "parent": model.name,
        "parent_sha256": sha256_of(model),
        "sha256": sha256_of(model),
        "size": len(content),
        "head": "yolov8",
        "height": 64,
        "width": 96,
        "arithmetic": "int8",
        "method": "entropy",
        "videos": (CalibrationVideo(name="a.mp4", sha256="b" * 64, frames=6),),
        "made_with": "hand",
        "licence": "MIT",
        "licence_note": "",
    }
    write_made(path, content, MadeCard.model_validate(card | other))
    return path


def small(model: Path) -> DetectConfig:
    return DetectConfig(model=str(model), height=64, width=96, threads=2, workers=3)


def test_the_reference_is_the_first(model: Path) -> None:
    """All others are judged beside it."""
    names = [variant.name for variant in variants_of(small(model), None, Registry())]
    assert names[0] == "ONNX Runtime f32 640x640"
    assert set(names) == {
        f"{how} {size}"
        for how in ("ONNX Runtime f32", "OpenVINO f32", "OpenVINO bf16")
        for size in ("640x640", "64x96")
    }


def test_a_node_that_looks_at_squares_has_no_size_twice(model: Path) -> None:
    """Each way once."""
    config = DetectConfig(model=str(model), height=640, width=640)
    assert len(variants_of(config, None, Registry())) == 3


def test_an_int8_file_runs_by_both_runtimes_at_its_own_size(model: Path, tmp_path: Path) -> None:
    """It was calibrated for that one."""
    int8 = int8_of(model, tmp_path / "mine-int8.onnx")
    found = [one for one in variants_of(small(model), int8, Registry()) if one.arithmetic.startswith("int8")]
    assert [one.name for one in found] == [
        "ONNX Runtime int8 64x96",
        "OpenVINO int8 64x96",
        "OpenVINO int8 with bf16 64x96",
    ]
    assert [one.detect.precision for one in found] == ["f32", "f32", "bf16"]
    assert {one.detect.model for one in found} == {str(int8)}


def test_an_int8_file_of_another_model_is_refused(model: Path, tmp_path: Path) -> None:
    """It would be judged beside a network it has nothing to do with."""
    int8 = int8_of(model, tmp_path / "mine-int8.onnx", parent_sha256="a" * 64)
    with pytest.raises(UsageError, match=r"was made from mine\.onnx, another file"):
        variants_of(small(model), int8, Registry())


def test_an_int8_file_without_a_card_is_refused(model: Path, tmp_path: Path) -> None:
    """Nobody knows what it is nor what its licence asks."""
    with pytest.raises(UsageError, match="has no card beside it; make the file with: giaolo models quantise"):
        variants_of(small(model), model, Registry())
    with pytest.raises(UsageError, match=r"gone\.onnx: there is no such int8 file"):
        variants_of(small(model), tmp_path / "gone.onnx", Registry())


def test_a_clip_it_was_calibrated_on_is_named(model: Path, tmp_path: Path) -> None:
    """Whatever it is called now."""
    seen, new = tmp_path / "renamed.mp4", tmp_path / "new.mp4"
    seen.write_bytes(b"seen")
    new.write_bytes(b"new")
    videos = (CalibrationVideo(name="a.mp4", sha256=sha256_of(seen), frames=6),)
    int8 = int8_of(model, tmp_path / "mine-int8.onnx", videos=videos)
    assert calibrated_on(int8, [new, seen]) == ["renamed.mp4"]


def test_a_node_that_runs_int8_already_is_told_its_parent(model: Path, tmp_path: Path) -> None:
    """The second `bench --write` of a node: the reference must be the network it came from."""
    int8 = int8_of(model, tmp_path / "mine-int8.onnx")
    with pytest.raises(UsageError, match=r"is an int8 file made from mine\.onnx.*give it with --model mine\.onnx"):
        variants_of(small(int8), None, Registry())


def test_no_such_model_is_told() -> None:
    """A slip of the pen."""
    with pytest.raises(ModelError, match="there is no such model file"):
        variants_of(DetectConfig(model="gone/mine.onnx"), None, Registry())


def test_what_a_node_gets() -> None:
    """Everything that makes the variant, nothing of an earlier one; OpenVINO falls back to the processor."""
    config = DetectConfig(height=384, width=640, precision="bf16")
    by_openvino = Variant("bf16", config.model_copy(update={"providers": ("openvino",)}), "MIT")
    assert by_openvino.changes() == {
        "model": "yolov8n-coco",
        "height": 384,
        "width": 640,
        "providers": ["openvino", "cpu"],
        "precision": "bf16",
    }
    plain = Variant("f32", config.model_copy(update={"providers": ("cpu",)}), "MIT")
    assert plain.changes()["providers"] == ["cpu"]
    assert plain.changes()["precision"] is None


def test_the_int8_file_is_looked_for_where_quantise_puts_it(tmp_path: Path) -> None:
    """With the pulled models, or beside a file of one's own."""
    registry = Registry(folder=tmp_path)
    assert default_int8("yolov8n-coco", registry) == tmp_path / "yolov8n-coco-int8.onnx"
    assert default_int8("/models/mine.onnx", registry) == Path("/models/mine-int8.onnx")


def test_what_this_machine_cannot_run_is_left_out_with_the_reason(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No OpenVINO here: the table says how to get it."""
    monkeypatch.setitem(sys.modules, "openvino", None)
    detectors, missing = opened(variants_of(small(model), None, Registry()))
    assert set(detectors) == {"ONNX Runtime f32 640x640", "ONNX Runtime f32 64x96"}
    assert len(missing) == 4
    assert all("giaolo[openvino]" in reason for reason in missing.values())


def test_without_the_reference_nothing_can_be_judged(tmp_path: Path) -> None:
    """A file that is no detector."""
    config = small(classifier(tmp_path / "a.onnx"))
    with pytest.raises(ModelError):
        opened(variants_of(config, None, Registry()))


def test_an_exported_model_is_in_32_bit_and_has_the_licence_of_its_card(tmp_path: Path, model: Path) -> None:
    """`giaolo models export` leaves a card, too; only an int8 file cannot be the parent of variants."""
    exported = int8_of(model, tmp_path / "exported.onnx", arithmetic="f32", videos=())
    variants = variants_of(small(exported), None, Registry())
    assert {variant.licence for variant in variants} == {"MIT"}
    with pytest.raises(UsageError, match=r"is an int8 file made from mine\.onnx"):
        variants_of(small(int8_of(model, tmp_path / "int8.onnx")), None, Registry())
