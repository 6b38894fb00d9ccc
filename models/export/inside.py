"""Runs inside the export environment, by its path: `inside.py WEIGHTS OUT HEIGHT WIDTH auto|cells|rows`; tells JSON.

Exports a detector of Ultralytics with dynamic batch and size, and compares what torch and ONNX Runtime make of the same
random inputs: two batch sizes, the asked picture size and a smaller one. Imports nothing of ours.
"""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
import ultralytics
from ultralytics import YOLO

SEED = 0
OPSET = 17


def main(weights: str, out: str, height: int, width: int, form: str) -> dict[str, Any]:
    """Figures of the comparison, and what the file holds.

    Args:
        weights: a .pt file, or a .yaml for a network of random weights (to try the road out).
        out: the ONNX file to write.
        height, width: of the pictures, pixels.
        form: rows: end to end, without suppression to come; cells: a box for each cell; auto: as the network was made.
    """
    torch.manual_seed(SEED)
    model = YOLO(weights)
    if model.task != "detect":
        raise SystemExit(f"{weights}: is a model for {model.task}, not a detector")
    if weights.endswith(".yaml"):
        _shaken(model.model)
        weights = _saved(model, Path(out).with_suffix(".pt"))
        model = YOLO(weights)
    has_rows = getattr(_head(model.model), "one2one_cv2", None) is not None
    if form == "rows" and not has_rows:
        raise SystemExit(f"{weights}: was not made to work without suppression; export it without --end-to-end")
    rows = form == "rows" or (form == "auto" and has_rows)
    made = model.export(
        format="onnx", imgsz=(height, width), dynamic=True, simplify=False, opset=OPSET, nms=False if rows else None
    )
    Path(made).replace(out)
    head = "yolo26" if rows else "yolov8"
    return {
        "head": head,
        "names": {int(number): str(name) for number, name in model.names.items()},
        "made_with": f"ultralytics {ultralytics.__version__}, torch {torch.__version__}",
        "parity": _parity(weights, out, (height, width), rows=rows),
    }


def _head(network: Any) -> Any:
    return network.model[-1]


def _shaken(network: Any) -> None:
    """Moves apart what random weights make all the same: of equal scores any order would be right."""
    for parameter in _head(network).parameters():
        if parameter.ndim == 1:
            parameter.data = torch.randn_like(parameter)
        else:
            parameter.data += 0.1 * torch.randn_like(parameter)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)


def _saved(model: Any, path: Path) -> str:
    model.save(str(path))
    return str(path)


def _parity(weights: str, out: str, size: tuple[int, int], *, rows: bool) -> dict[str, float]:
    """Largest differences over all inputs: of scores, and of boxes in pixels."""
    network = YOLO(weights).model.float().eval()
    if hasattr(network, "end2end"):
        network.end2end = rows
    network = network.fuse()
    session = onnxruntime.InferenceSession(out, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    random = np.random.default_rng(SEED)
    boxes = scores = 0.0
    smaller = (max(size[0] // 64 * 32, 64), max(size[1] // 64 * 32, 64))
    for batch, (height, width) in ((1, size), (3, size), (2, smaller)):
        blob = random.random((batch, 3, height, width), dtype=np.float32)
        with torch.no_grad():
            given = network(torch.from_numpy(blob))
        theirs = (given[0] if isinstance(given, (tuple, list)) else given).numpy()
        ours = session.run(None, {name: blob})[0]
        if ours.shape != theirs.shape:
            raise SystemExit(f"torch gives {theirs.shape}, ONNX Runtime {ours.shape}")
        for one, other in zip(theirs, ours, strict=True):
            apart = _of_rows(one, other) if rows else _of_cells(one, other)
            boxes, scores = max(boxes, apart[0]), max(scores, apart[1])
    return {"boxes_px": boxes, "scores": scores}


def _of_cells(one: Any, other: Any) -> tuple[float, float]:
    """(4 + classes, N) of both: cell by cell."""
    return float(np.abs(one[:4] - other[:4]).max()), float(np.abs(one[4:] - other[4:]).max())


def _of_rows(one: Any, other: Any) -> tuple[float, float]:
    """(K, 6) of both, surest first: rows of nearly the same score may change places, and the last ones may drop out."""
    scores = float(np.abs(np.sort(one[:, 4]) - np.sort(other[:, 4])).max())
    clear = one[one[:, 4] > one[-1, 4] + 1e-5]
    if not len(clear):
        raise SystemExit("every row has the same score: nothing can be compared, export it with --no-end-to-end")
    boxes = 0.0
    for row in clear:
        same = other[(other[:, 5] == row[5]) & (np.abs(other[:, 4] - row[4]) < 1e-4)]
        boxes = max(boxes, float(np.abs(same[:, :4] - row[:4]).max(axis=1).min()) if len(same) else np.inf)
    return boxes, scores


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        told = main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
    sys.stdout.write(json.dumps(told) + "\n")
