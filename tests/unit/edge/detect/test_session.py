"""Sessions by the first provider of a list that is here: what is passed over is told, and nothing left is an error."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import structlog

from edge.config import DetectConfig
from edge.detect.load import execution_of, load_detector
from edge.detect.session import Execution, open_session
from edge.errors import ModelError
from tests.unit.models.tiny import ultralytics_like

COCO = str(dict.fromkeys(range(80), "car"))


@pytest.fixture(name="network")
def _network(tmp_path: Path) -> Path:
    return ultralytics_like(tmp_path / "a.onnx", 64, 96, names=COCO)


@pytest.fixture(name="_no_openvino")
def _no_openvino_fixture(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine where the extra was not installed: `import openvino` fails."""
    monkeypatch.setitem(sys.modules, "openvino", None)


@pytest.fixture(name="_no_gpu")
def _no_gpu_fixture() -> None:
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this machine's ONNX Runtime has CUDA")


def test_the_first_one_that_is_here_is_taken(network: Path) -> None:
    """Nothing was missing: nothing is told."""
    opened = open_session(network, Execution(("cpu",)))
    assert opened.session.providers == ("cpu",)
    assert opened.passed_over == ()


@pytest.mark.usefixtures("_no_openvino", "_no_gpu")
def test_what_is_missing_is_told_with_its_cure(network: Path) -> None:
    """Every provider passed over has its reason, in order."""
    opened = open_session(network, Execution(("cuda", "openvino", "cpu")))
    assert opened.session.providers == ("cpu",)
    cuda, openvino = opened.passed_over
    assert cuda.startswith("cuda: ")
    assert "extra `gpu`" in cuda
    assert openvino.startswith("openvino: ")
    assert "pip install 'giaolo[openvino]'" in openvino


@pytest.mark.usefixtures("_no_openvino", "_no_gpu")
def test_with_nothing_left_it_is_an_error(network: Path) -> None:
    """Who sized a node for a GPU and did not name the processor must not get the processor."""
    with pytest.raises(ModelError, match=r"\[cuda, openvino\] can be used.*extra `gpu`.*giaolo\[openvino\].*add cpu"):
        open_session(network, Execution(("cuda", "openvino")))


def test_a_provider_nobody_knows_is_refused(network: Path) -> None:
    """A typo is found although the one before it is here."""
    with pytest.raises(ModelError, match="unknown execution provider 'gpu': expected one of cpu, cuda"):
        open_session(network, Execution(("cpu", "gpu")))


@pytest.mark.usefixtures("_no_openvino")
def test_the_fall_back_is_said_aloud(network: Path) -> None:
    """A node that runs at a third of its speed for want of a package says so in its log, once."""
    config = DetectConfig(model=str(network), height=96, width=96, providers=("openvino", "cpu"))
    with structlog.testing.capture_logs() as lines:
        detector = load_detector(config)
    assert detector.detect(np.zeros((40, 60, 3), np.uint8)) is not None
    assert [(line["event"], line["instead"]) for line in lines] == [("execution provider missing", "cpu")]
    assert lines[0]["reason"].startswith("openvino: OpenVINO is not installed")


def test_as_many_calls_at_once_as_the_engine_gives_turns() -> None:
    """A pool smaller than the engine's places would make cameras wait at a second queue nobody sees."""
    assert execution_of(DetectConfig(workers=3, threads=2)).at_once == 3
    assert execution_of(DetectConfig()).at_once >= 1
    assert execution_of(DetectConfig(threads=64)).at_once == 1
