"""Real exports by Ultralytics, of weights drawn at random: 6 GB of torch, hence only where GIAOLO_EXPORT=1 asks."""

import os
from pathlib import Path

import numpy as np
import pytest

from edge.detect.heads import Seen, tell
from edge.detect.session import Execution, open_session
from models.export.export import Form, export
from models.reshape import reshape

pytestmark = [
    pytest.mark.skipif(os.environ.get("GIAOLO_EXPORT") != "1", reason="needs torch; GIAOLO_EXPORT=1 runs it"),
    pytest.mark.timeout(1200),
]


@pytest.mark.parametrize(
    ("network", "form", "head"),
    [
        ("yolov8n.yaml", "auto", "yolov8"),
        ("yolo11n.yaml", "auto", "yolov8"),
        ("yolo26n.yaml", "auto", "yolo26"),
        ("yolo26n.yaml", "cells", "yolov8"),
    ],
)
def test_a_network_of_ultralytics(tmp_path: Path, network: str, form: Form, head: str) -> None:
    """Its head is told from the file itself, and it takes any size, also when it is fixed to one."""
    out = tmp_path / "a.onnx"
    card = export(Path(network), out, size=(384, 640), form=form, say=print)
    assert card.head == head
    for model in (out, reshape(out, 256, 320)):
        session = open_session(model, Execution()).session
        outputs = session.run(np.random.default_rng(0).random((1, 3, 256, 320), dtype=np.float32))
        assert tell(Seen(outputs, (256, 320), session.metadata)).kind == head
