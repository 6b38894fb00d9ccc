"""An ONNX file from weights of Ultralytics, with its card, and only if ONNX Runtime computes what torch does."""

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from contracts.errors import UsageError
from models.errors import ExportError
from models.export.environment import environment, last_lines
from models.fetch import sha256_of
from models.made import MadeCard, write_made

Form = Literal["auto", "cells", "rows"]
INSIDE = Path(__file__).with_name("inside.py")
MOST_BOXES_PX = 0.1
MOST_SCORES = 1e-3
LICENCE = "AGPL-3.0-only"
LICENCE_NOTE = (
    "Made with Ultralytics under AGPL-3.0: who offers a service over a network with it must offer its source code, or "
    "buy a licence from Ultralytics."
)


@dataclass(frozen=True, slots=True)
class Parity:
    """Largest difference between torch and ONNX Runtime: of boxes in pixels, of scores in 0..1."""

    boxes_px: float
    scores: float

    def __str__(self) -> str:
        return f"boxes within {self.boxes_px:.1g} px, scores within {self.scores:.1g}"


def export(
    weights: Path,
    out: Path,
    *,
    size: tuple[int, int],
    form: Form,
    say: Callable[[str], None],
    python: Path | None = None,
) -> MadeCard:
    """Writes the file and its card, which is returned.

    Args:
        weights: a .pt file; it is unpickled, which runs code of whoever made it. Or a .yaml: random weights.
        out: the file, ending in .onnx.
        size: height and width its parity is proven at; any multiples of 32 can be set later.
        form: see inside.py.
        say: told what takes minutes.
        python: of an environment with torch; the one in the cache by default, made where it is not there.

    Raises:
        UsageError: there are no such weights, or the names end in something else.
        ExportError: the environment cannot be made, Ultralytics fails, or the two differ.
    """
    if weights.suffix == ".pt" and not weights.is_file():
        raise UsageError(f"{weights}: there is no such file; weights are not fetched here, get them from their makers")
    if weights.suffix not in {".pt", ".yaml"} or out.suffix != ".onnx" or out.is_dir():
        raise UsageError(f"{weights} to {out}: expected weights ending in .pt and a file to make that ends in .onnx")
    python = python or environment(say)
    say(f"exporting {weights.name}")
    with tempfile.TemporaryDirectory(prefix="giaolo-export-") as folder:
        made = Path(folder) / "made.onnx"
        told = _inside(python, [str(weights), str(made), *map(str, size), form], Path(folder))
        parity = Parity(**told["parity"])
        if not (parity.boxes_px <= MOST_BOXES_PX and parity.scores <= MOST_SCORES):
            raise ExportError(
                f"{weights}: ONNX Runtime does not compute what torch does: {parity}; nothing was written"
            )
        content = made.read_bytes()
        # Of a network of random weights the weights that were drawn are the parent.
        parent_sha256 = sha256_of(weights if weights.suffix == ".pt" else made.with_suffix(".pt"))
    card = MadeCard(
        parent=weights.name,
        parent_sha256=parent_sha256,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        head=told["head"],
        height=size[0],
        width=size[1],
        arithmetic="f32",
        method=f"exported with dynamic batch and size; {parity} of torch",
        made_with=told["made_with"],
        licence=LICENCE,
        licence_note=LICENCE_NOTE,
    )
    write_made(out, content, card)
    return card


def _inside(python: Path, arguments: list[str], folder: Path) -> dict[str, Any]:
    """What inside.py told. Nothing is fetched from a hub, and nobody's settings are touched."""
    quiet = {"YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "YOLO_CONFIG_DIR": str(folder)}
    done = subprocess.run(
        [str(python), str(INSIDE), *arguments], capture_output=True, text=True, check=False, env={**os.environ, **quiet}
    )
    if done.returncode:
        raise ExportError(f"the export failed:\n{last_lines(done.stderr)}")
    try:
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        raise ExportError(f"the export told nothing that can be read:\n{last_lines(done.stdout)}") from None
    return found
