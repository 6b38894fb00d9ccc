"""`giaolo models export`, `quantise` and `bench`: models made, made faster, and judged by the road behind them."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from contracts.errors import UsageError
from models.card import Head

if TYPE_CHECKING:
    from edge.config import DetectConfig
    from giaolo.gate_clips import GateClip
    from giaolo.gate_clips import Progress as Told
    from giaolo.model_bench import BenchResult

BUSY = 0.5


def quantise_command(  # noqa: PLR0913, PLR0917 - options of a command line
    model: Annotated[str, typer.Argument(help="name from `giaolo models list`, or an .onnx file in 32-bit floats")],
    frames: Annotated[list[Path], typer.Option(help="video of what the cameras see; more than one: say it again")],
    out: Annotated[Path | None, typer.Option(help="the file to make; without it where `models bench` looks")] = None,
    count: Annotated[int, typer.Option(help="frames to calibrate on, in all", min=1, max=10_000)] = 200,
    method: Annotated[Literal["percentile", "entropy"], typer.Option(help="how ranges are found")] = "percentile",
    percentile: Annotated[
        float, typer.Option(help="of the values that must fit, with --method percentile", min=90, max=100)
    ] = 99.99,
    height: Annotated[int, typer.Option(help="input height, a multiple of 32", min=64)] = 384,
    width: Annotated[int, typer.Option(help="input width, a multiple of 32", min=64)] = 640,
    head: Annotated[Head | None, typer.Option(help="how its output is read, where neither file nor card say")] = None,
) -> None:
    """Make an int8 file of a detector, calibrated on frames of your cameras, and its card beside it.

    Whether it is good enough is not known before `giaolo models bench` has judged it.
    """
    from giaolo.calibrate import check_paths, make_int8
    from giaolo.variants import default_int8
    from models.made import card_path
    from models.quantise import Calibration
    from models.registry import Registry

    target = out or default_int8(model, Registry())
    check_paths(frames, target)
    with progress() as told:
        card = make_int8(
            detect_config({"model": model, "height": height, "width": width, "head": head}),
            frames,
            target,
            frames=count,
            calibration=Calibration(method, percentile),
            told=told,
        )
    _say(f"{card.frames} frames of {len(card.videos)} videos, {card.method}; card: {card_path(target)}")
    _say(f"{card.licence}. {card.licence_note}")
    sys.stdout.write(f"{target}\n")


def export_command(
    weights: Annotated[Path, typer.Argument(help="weights of an Ultralytics detector, ending in .pt")],
    out: Annotated[Path | None, typer.Option(help="the file to make; without it beside the weights")] = None,
    height: Annotated[int, typer.Option(help="input height its parity is proven at", min=64)] = 384,
    width: Annotated[int, typer.Option(help="input width its parity is proven at", min=64)] = 640,
    end_to_end: Annotated[
        bool | None,
        typer.Option("--end-to-end/--no-end-to-end", help="YOLO26: without suppression, or as older ones"),
    ] = None,
) -> None:
    """Export YOLOv8, YOLO11 or YOLO26 to ONNX for any batch and input size, and its card beside it.

    It is done in an environment of its own with torch (6 GB, made at the first time), and nothing is written unless
    ONNX Runtime computes what torch does. Only weights of those you trust: loading them runs their makers' code.
    """
    from models.export.export import Form, export
    from models.made import card_path

    if height % 32 or width % 32:
        raise UsageError(f"input size {height}x{width}: height and width must be multiples of 32")
    form: Form = "auto" if end_to_end is None else "rows" if end_to_end else "cells"
    target = out or weights.with_suffix(".onnx")
    card = export(weights, target, size=(height, width), form=form, say=_say)
    _say(f"{card.head}, {card.method}; card: {card_path(target)}")
    _say(f"{card.licence}. {card.licence_note}")
    sys.stdout.write(f"{target}\n")


def bench_command(
    videos: Annotated[
        list[Path] | None,
        typer.Argument(
            help="clips to judge by, each with its scene beside it (gate.mp4, gate.yaml)", metavar="[VIDEO]..."
        ),
    ] = None,
    node: Annotated[Path | None, typer.Option(help="a node's file: its model, input size and threads")] = None,
    model: Annotated[str | None, typer.Option(help="name or .onnx file, instead of the node's or the default")] = None,
    int8: Annotated[
        Path | None, typer.Option(help="int8 file of that model; without it the one `models quantise` made, if any")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="put the fastest that passes into the node's file")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for scripts: one JSON document on stdout")] = False,
) -> None:
    """Find the fastest way to run a detector on this machine that sees what the reference sees.

    Every way this machine has is timed, and judged on clips beside the network in 32 bit at 640x640: of the boxes
    either is sure of 98 % must be matched, and each line must be counted the same. Without clips of yours: the samples
    in 16:9. It takes a quarter of an hour on two cores.
    """
    from giaolo.model_bench import as_dict, bench
    from giaolo.variants import calibrated_on, default_int8, variants_of
    from models.registry import Registry

    if write and node is None:
        raise UsageError("--write needs the file to write into: --node FILE")
    registry = Registry()
    config = _config_of(node, model)
    clips = _clips(videos or [])
    default = default_int8(config.model, registry)
    int8 = int8 or (default if default.is_file() else None)
    variants = variants_of(config, int8, registry)
    for name in calibrated_on(int8, [clip.video for clip in clips]) if int8 else ():
        _say(f"{name}: int8 was calibrated on it, so that its verdict there is kinder than life; judge by other clips")
    with progress() as told:
        result = bench(variants, clips, told)
    if as_json:
        sys.stdout.write(json.dumps(as_dict(result), indent=2) + "\n")
    else:
        show(result, has_int8=any(variant.arithmetic == "int8" for variant in variants))
    if not result.passed:
        raise typer.Exit(1)
    if write and node is not None:
        write_fastest(node, result)


def _config_of(node: Path | None, model: str | None) -> "DetectConfig":
    from edge.config import DetectConfig, load_node_config

    config = load_node_config(node).detect if node else DetectConfig()
    return config.model_copy(update={"model": model}) if model else config


def detect_config(values: dict[str, object]) -> "DetectConfig":
    """UsageError in the words of the configuration."""
    from pydantic import ValidationError

    from contracts.config_file import explain
    from edge.config import DetectConfig

    try:
        return DetectConfig.model_validate(values)
    except ValidationError as error:
        raise UsageError(explain(error).strip()) from None


def _clips(videos: list[Path]) -> "list[GateClip]":
    from giaolo.gate_clips import clips_of, sample_clips

    if videos:
        return clips_of(videos)
    clips, left_out = sample_clips()
    for reason in left_out:
        _say(f"left out: {reason}")
    if not clips:
        raise UsageError("not one sample clip can be had; name clips of your own: giaolo models bench VIDEO...")
    return clips


def write_fastest(node: Path, result: "BenchResult") -> None:
    """Puts the fastest that passes into a node's file. ConfigError when the file is wrong or cannot be written."""
    from giaolo.node_file import set_detect

    fastest = result.passed[0].variant
    set_detect(node, fastest.changes())
    _say(f"{node}: runs {fastest.name} from its next start on")


def show(result: "BenchResult", *, has_int8: bool) -> None:
    """The table for people: what passes, fastest first; then what does not and why."""
    console = Console()
    table = Table()
    for heading in ("variant", "CPU ms a frame", "ms a frame", "boxes matched", "licence"):
        table.add_column(heading, no_wrap=True)
    for one in result.passed:
        share = f"{int(one.verdict.share * 10_000) / 100:.2f} %"
        timing = one.timing
        table.add_row(one.variant.name, str(timing.cpu_ms), str(timing.wall_ms), share, one.variant.licence)
    console.print(table)
    lines = ["median (lowest to highest) of the rounds; clips: " + ", ".join(result.clips)]
    if result.load > BUSY:
        lines.append(f"this machine is busy ({result.load:.1f} processes a core): trust the CPU time, not the clock")
    lines += [f"failed: {one.variant.name}: {'; '.join(one.verdict.faults)}" for one in result.failed]
    lines += [f"cannot run here: {name}: {reason}" for name, reason in result.missing.items()]
    if not has_int8:
        lines.append("int8 was not tried: make the file with `giaolo models quantise` first")
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True, markup=False)


def _say(text: str) -> None:
    """On stderr: stdout is for what a script reads."""
    Console(stderr=True).print(text, highlight=False, soft_wrap=True, markup=False)


@contextmanager
def progress() -> "Iterator[Told]":
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def told(what: str, done: int, total: int | None) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield told
