"""The real network on real pictures: OpenVINO sees what ONNX Runtime sees."""

from pathlib import Path

import numpy as np
import pytest

from edge.config import DetectConfig
from edge.detect.detector import SessionDetector
from edge.detect.load import load_detector
from models.gate import GateTerms, tally
from tests.integration.test_detect import picture, yolov8n  # noqa: F401 - a fixture

pytest.importorskip("openvino", reason="the extra `openvino` is not installed")


def loaded(model: Path, **how: object) -> SessionDetector:
    detector = load_detector(DetectConfig.model_validate({"model": str(model), **how}))
    assert isinstance(detector, SessionDetector)
    return detector


@pytest.mark.parametrize(("clip", "frame"), [("street.mp4", 100), ("pedestrians.avi", 50), ("two_way.mp4", 200)])
def test_in_32_bit_it_gives_the_same_boxes(yolov8n: Path, clips: Path, clip: str, frame: int) -> None:  # noqa: F811
    """Same arithmetic, another order of sums."""
    image = picture(clips / clip, frame)
    here = loaded(yolov8n, providers=("openvino",), precision="f32")
    assert here.providers == ("openvino",)
    expected, found = loaded(yolov8n).detect(image), here.detect(image)
    sure = expected.confidence >= 0.25
    assert sure.sum() >= 2, "nothing to compare"
    count = int(sure.sum())
    np.testing.assert_allclose(found.confidence[:count], expected.confidence[:count], atol=2e-3)
    np.testing.assert_allclose(found.xyxy[:count], expected.xyxy[:count], atol=0.3)


@pytest.mark.parametrize(("clip", "frame"), [("street.mp4", 100), ("pedestrians.avi", 50), ("two_way.mp4", 200)])
def test_in_bf16_it_sees_the_same_road_users(yolov8n: Path, clips: Path, clip: str, frame: int) -> None:  # noqa: F811
    """Three digits of mantissa: confidences move, road users stay."""
    image = picture(clips / clip, frame)
    expected = loaded(yolov8n).detect(image)
    found = loaded(yolov8n, providers=("openvino", "cpu"), precision="auto").detect(image)
    kept, made = tally(expected, found, GateTerms()), tally(found, expected, GateTerms())
    assert kept.boxes >= 2, "nothing to compare"
    assert (kept.matched, made.matched) == (kept.boxes, made.boxes)
