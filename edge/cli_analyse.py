"""`giaolo analyse`."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from edge.config import DetectConfig, EvidenceConfig
from edge.errors import ConfigError


def analyse_command(  # noqa: PLR0913, PLR0917 - options of a command line
    video: Annotated[Path, typer.Argument(help="video file")],
    scene: Annotated[Path, typer.Option(help="scene file (YAML); see `giaolo scene --help`")],
    out: Annotated[Path, typer.Option(help="folder for tracks.txt, tracks.json, events.jsonl and evidence/")],
    model: Annotated[str, typer.Option(help="name from `giaolo models list`, or an .onnx file")] = "yolov8n-coco",
    max_fps: Annotated[
        float | None, typer.Option(help="frames analysed per second of video; all without it", min=0.1)
    ] = None,
    signals: Annotated[
        Path | None, typer.Option(help="states of signal heads by time: lines head,at,state or JSON; see docs")
    ] = None,
    start: Annotated[str | None, typer.Option(help="time of the first frame, 2026-11-22T08:00:00+07:00")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document at the end, for scripts")] = False,
) -> None:
    """Analyses a video in one go: track log, events and signed evidence. The same input gives the same events."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from edge.analyse import Instruments, analyse
    from edge.detect.load import load_detector
    from edge.evidence.signer import Signer
    from edge.scene.load import load_scene
    from edge.signal.file_feed import read_signals

    start_at = parse_start(start)
    loaded_scene = load_scene(scene)
    told = read_signals(signals, loaded_scene.signal_heads) if signals else None
    detect = DetectConfig(model=model)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(video.name, total=None)
        summary = analyse(
            video,
            out,
            scene=loaded_scene,
            using=Instruments(
                detector=load_detector(detect),
                confidence=detect.confidence,
                signer=Signer.from_folder(data_home() / "keys"),
                evidence=EvidenceConfig(),
                signals=told,
                at_once=detect.at_once,
            ),
            start_at=start_at,
            max_fps=max_fps,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if told is not None and told.fault():
        typer.echo(told.fault(), err=True)
    if as_json:
        typer.echo(json.dumps(summary.to_dict(), ensure_ascii=False))
        return
    counted = ", ".join(f"{count} {rule}" for rule, count in summary.events.items()) or "none"
    typer.echo(f"{summary.frames} frames, {summary.tracks} tracks; events: {counted}")
    typer.echo(f"{summary.packages} evidence packages; everything is in {summary.out}")


def parse_start(text: str | None) -> datetime | None:
    """Time given by a person; a time without a zone is refused, not guessed."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"--start {text!r}: write it like 2026-11-22T08:00:00+07:00") from None
    if moment.tzinfo is None:
        raise ConfigError(f"--start {text!r}: has no zone; add +07:00, or Z for UTC")
    return moment.astimezone(UTC)


def data_home() -> Path:
    """Folder for what this person's commands keep between runs."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "giaolo"
