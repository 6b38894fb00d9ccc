"""`giaolo models evaluate boxes` and `tracks`: figures beside the truth."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from giaolo.cli_models import detect_config, progress
from models.card import Head
from models.registry import DEFAULT_DETECTOR

if TYPE_CHECKING:
    from models.evaluation.coco import BoxFigures
    from models.evaluation.tracks import TrackFigures

Figures = TypeVar("Figures")

evaluate_app = typer.Typer(
    name="evaluate", no_args_is_help=True, help="Figures beside the truth: boxes by COCO's, tracks by MOTChallenge's."
)


@evaluate_app.command("boxes")
def boxes_command(
    annotations: Annotated[Path, typer.Argument(help="COCO annotations (JSON)")],
    images: Annotated[Path, typer.Option(help="folder its file names are in")],
    model: Annotated[str, typer.Option(help="name from `giaolo models list`, or an .onnx file")] = DEFAULT_DETECTOR,
    height: Annotated[int, typer.Option(help="input height, a multiple of 32", min=64)] = 640,
    width: Annotated[int, typer.Option(help="input width, a multiple of 32", min=64)] = 640,
    head: Annotated[Head | None, typer.Option(help="how its output is read, where neither file nor card say")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for scripts: one JSON document on stdout")] = False,
) -> None:
    """Average precision of a detector on a COCO-format set, for each class and each group of look-alike classes.

    Categories go by name (person, bicycle, motorcycle, car, bus, truck, …); others are left out.
    """
    from edge.detect.classes import class_named
    from edge.detect.load import load_detector
    from giaolo.evaluate import found_on
    from models.evaluation.coco import read_truth, score

    truth = read_truth(annotations, class_named)
    detector = load_detector(detect_config({"model": model, "height": height, "width": width, "head": head}))
    with progress() as told:
        figures = score(truth, found_on(truth, images, detector, told))
    if as_json:
        document = {
            "annotations": annotations.name,
            "images": len(truth.images),
            "model": detector.name,
            "model_sha256": detector.model_sha256,
            "input": [height, width],
            "mean": figures.mean.as_dict(),
            "classes": {name: one.as_dict() for name, one in figures.classes.items()},
            "groups": {name: one.as_dict() for name, one in figures.groups.items()},
        }
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
        return
    _show({"mean of classes": figures.mean, **figures.classes, **_marked(figures.groups)})


@evaluate_app.command("tracks")
def tracks_command(
    folders: Annotated[list[Path], typer.Argument(help="MOT-format sequences: gt.txt, det.txt", metavar="FOLDER...")],
    tracks: Annotated[
        str | None, typer.Option(help="judge this file of each folder instead of our tracker on det.txt")
    ] = None,
    fps: Annotated[float | None, typer.Option(help="frames a second, where no file says so", min=0.1)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for scripts: one JSON document on stdout")] = False,
) -> None:
    """HOTA, IDF1 and MOTA of tracks on MOT-format sequences, each and all together.

    Judged is what scene and rules get: our tracker and stitcher on the given detections. Where a sidecar (gt.json)
    names the classes, also for each group of look-alike ones.
    """
    from contracts.errors import UsageError
    from giaolo.evaluate import judged
    from models.evaluation.tracks import by_group, score

    names = [str(folder) for folder in folders]
    if len(set(names)) < len(names):
        raise UsageError("a folder is named twice")
    pairs = {name: judged(Path(name), tracks=tracks, fps=fps) for name in names}
    each = {name: score({name: pair}) for name, pair in pairs.items()}
    together, groups = score(pairs), by_group(pairs)
    if as_json:
        document = {
            "tracks": tracks,
            "sequences": {name: one.as_dict() for name, one in each.items()},
            "together": together.as_dict(),
            "groups": {name: one.as_dict() for name, one in groups.items()},
        }
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
        return
    _show({**{Path(name).name: one for name, one in each.items()}, "together": together, **_marked(groups)})


def _marked(groups: Mapping[str, Figures]) -> dict[str, Figures]:
    """Groups by names that are no class's."""
    return {f"group {name}": figures for name, figures in groups.items()}


def _show(rows: "Mapping[str, BoxFigures] | Mapping[str, TrackFigures]") -> None:
    """The table for people."""
    table = Table()
    figures: Sequence[Mapping[str, float | None]] = [one.as_dict() for one in rows.values()]
    table.add_column("", no_wrap=True)
    for name in figures[0]:
        table.add_column(name.replace("_", " "), justify="right", min_width=5)
    for name, one in zip(rows, figures, strict=True):
        table.add_row(name, *(_cell(value) for value in one.values()))
    Console().print(table)


def _cell(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.1f}"
