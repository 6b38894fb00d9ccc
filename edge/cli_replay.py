"""`giaolo replay`."""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edge.errors import ConfigError

if TYPE_CHECKING:
    from contracts.event import Event


def replay_command(  # noqa: PLR0913, PLR0917 - a command's options
    tracklog: Annotated[
        list[Path],
        typer.Argument(
            help="tracks.txt in MOTChallenge format with its sidecar .json beside it, Parquet, or a folder of Parquet; "
            "several are read one after the other"
        ),
    ],
    scene: Annotated[Path, typer.Option(help="scene file (YAML); see `giaolo scene --help`")],
    out: Annotated[Path | None, typer.Option(help="file to write; without it to stdout")] = None,
    sidecar: Annotated[Path | None, typer.Option(help="sidecar; default: the log's name ending in .json")] = None,
    compare: Annotated[
        Path | None,
        typer.Option(
            help="another scene: lists what it finds more (+), less (-) and as well (=); status 1 if different"
        ),
    ] = None,
    node: Annotated[
        str, typer.Option(help="node named in the events; `analyse` gives the ids of giaolo analyse")
    ] = "replay",
    camera: Annotated[str | None, typer.Option(help="camera named in the events; default: the log's")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="one JSON document: with --out what was written, with --compare the lists")
    ] = False,
) -> None:
    """Judges a track log anew, without video or model: change a scene and see what it would have found."""
    from edge.replay import Replay, spare_collector
    from edge.scene.load import load_scene
    from edge.tracklog.log import TrackLog
    from edge.what_if import what_if

    spare_collector()
    judged = load_scene(scene)
    other = load_scene(compare) if compare else None
    log = TrackLog.read(*tracklog, sidecar=sidecar)
    if other is not None:
        difference = what_if(log, judged, other, node=node, camera=camera)
        text = json.dumps(difference.to_dict(), ensure_ascii=False) if as_json else difference.text()
        _write([text.encode() + b"\n"], out)
        raise typer.Exit(1 if difference else 0)
    player = Replay(judged, node=node, camera=camera or log.camera, model_sha256=log.model_sha256)
    count: Counter[str] = Counter()
    _write((_line(event, count) for frame, model in log.frames() for event in player.step(frame, model)), out)
    if player.lost:
        typer.echo(f"{player.lost} frames were judged live and are not in the log; findings may differ there", err=True)
    if out is not None:
        _summary(count, out, as_json=as_json)


def _line(event: "Event", count: Counter[str]) -> bytes:
    count[event.data.rule.id] += 1
    return event.to_json() + b"\n"


def _write(lines: Iterable[bytes], out: Path | None) -> None:
    """To the file, which is there only when all went well, or to stdout."""
    if out is None:
        for line in lines:
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        return
    beside = out.with_name(out.name + ".part")
    try:
        with beside.open("wb") as file:
            file.writelines(lines)
        beside.replace(out)
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written ({error.strerror}); choose another --out") from None
    finally:
        beside.unlink(missing_ok=True)


def _summary(count: Counter[str], out: Path, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"events": dict(sorted(count.items())), "out": str(out)}, ensure_ascii=False))
        return
    counted = ", ".join(f"{number} {rule}" for rule, number in sorted(count.items())) or "none"
    typer.echo(f"{out}: events: {counted}")
