"""`giaolo replay`."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from edge.errors import ConfigError


def replay_command(
    tracklog: Annotated[Path, typer.Argument(help="tracks.txt in MOTChallenge format; its sidecar .json beside it")],
    scene: Annotated[Path, typer.Option(help="scene file (YAML); see `giaolo scene --help`")],
    out: Annotated[Path | None, typer.Option(help="events.jsonl to write; without it events go to stdout")] = None,
    sidecar: Annotated[Path | None, typer.Option(help="sidecar; default: the log's name ending in .json")] = None,
    node: Annotated[
        str, typer.Option(help="node named in the events; `analyse` gives the ids of giaolo analyse")
    ] = "replay",
    camera: Annotated[str | None, typer.Option(help="camera named in the events; default: the sidecar's")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="with --out: one JSON document at the end")] = False,
) -> None:
    """Judges a track log anew, without video or model: change a scene and see what it would have found."""
    from edge.replay import TrackLog, replay
    from edge.scene.load import load_scene

    events = replay(TrackLog.read(tracklog, sidecar), load_scene(scene), node=node, camera=camera)
    if out is None:
        for event in events:
            sys.stdout.buffer.write(event.to_json() + b"\n")
        sys.stdout.buffer.flush()
        return
    count: Counter[str] = Counter()
    try:
        with out.open("wb") as file:
            for event in events:
                file.write(event.to_json() + b"\n")
                count[event.data.rule.id] += 1
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written ({error.strerror}); choose another --out") from None
    if as_json:
        typer.echo(json.dumps({"events": dict(sorted(count.items())), "out": str(out)}, ensure_ascii=False))
        return
    counted = ", ".join(f"{number} {rule}" for rule, number in sorted(count.items())) or "none"
    typer.echo(f"{out}: events: {counted}")
