"""`giaolo scene validate|show|schema`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from contracts.scene import RuleId, SceneConfig, StopLineRule, ZoneRule
from contracts.scene.places import Place
from edge.errors import ConfigError

scene_app = typer.Typer(
    name="scene",
    help="Scene files: what is fixed at a camera, and which rules are on. "
    "Start from one in deploy/samples; `giaolo scene show FILE --video CLIP` draws it over a picture.",
    no_args_is_help=True,
)

SceneArgument = Annotated[Path, typer.Argument(help="scene file (YAML)")]


@scene_app.command("validate")
def validate_command(
    scene: SceneArgument,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document, for scripts")] = False,
) -> None:
    """Checks a scene file and says what it will do. Exit status 1 when it is wrong, with every fault and its place."""
    from edge.rules.reservations import reservations
    from edge.scene.ground import ground_of
    from edge.scene.ground_report import figures, verdict
    from edge.scene.load import USUAL_SIZE, load_scene
    from edge.scene.sight import told

    if not scene.is_file():
        raise ConfigError(f"{scene}: is not a file; name a scene file such as deploy/samples/street.yaml")
    try:
        loaded = load_scene(scene)
    except ConfigError as error:
        faults = [line.strip() for line in str(error).splitlines()[1:]] or [str(error)]
        typer.echo(json.dumps({"ok": False, "faults": faults}, ensure_ascii=False) if as_json else str(error))
        raise typer.Exit(1) from None
    ground = ground_of(loaded.calibration, USUAL_SIZE)
    if as_json:
        said = {"ok": True, **summary(loaded), "places": places_of(loaded), "reservations": reservations(loaded)}
        said["too_small"] = told(loaded, USUAL_SIZE)
        said["calibration"] = figures(ground) if ground is not None else None
        typer.echo(json.dumps(said, ensure_ascii=False))
        return
    typer.echo(f"{scene}: good, scene version {loaded.scene_version}")
    for kind, ids in places_of(loaded).items():
        typer.echo(f"  {kind.replace('_', ' ')}: {', '.join(ids)}")
    for words in ["speeds: no; there is no calibration"] if ground is None else verdict(ground):
        typer.echo(f"  {words}")
    typer.echo("  rules:")
    for rule, places in summary(loaded)["rules"].items():
        typer.echo(f"    {rule}: {', '.join(places)}" if places else f"    {rule}")
    if not summary(loaded)["rules"]:
        typer.echo("    no rule is on: nothing will be found; add one under `rules`")
    for reservation in (*reservations(loaded), *told(loaded, USUAL_SIZE)):
        typer.echo(f"  but: {reservation}")


@scene_app.command("show")
def show_command(
    scene: SceneArgument,
    video: Annotated[
        Path | None, typer.Option(help="video or picture of this camera to draw over; without it an empty picture")
    ] = None,
    out: Annotated[Path, typer.Option(help="picture to write, .jpg or .png")] = Path("scene.jpg"),
    at_s: Annotated[float, typer.Option("--at", help="second of the video to take the picture from", min=0)] = 1.0,
) -> None:
    """Draws a scene over a still: look whether lines and zones lie where they should."""
    import cv2
    import numpy as np

    from edge.draw import draw_scene
    from edge.draw_ground import draw_ground
    from edge.scene.ground import ground_of
    from edge.scene.ground_report import verdict
    from edge.scene.load import load_scene
    from edge.scene_still import still_of

    loaded = load_scene(scene)
    if out.suffix.lower() not in {".jpg", ".jpeg", ".png"}:
        raise ConfigError(f"--out {out}: name a .jpg or .png file")
    picture = still_of(video, at_s) if video else np.full((720, 1280, 3), 96, np.uint8)
    ground = ground_of(loaded.calibration, (picture.shape[1], picture.shape[0]))
    draw_scene(picture, loaded)
    if ground is not None:
        draw_ground(picture, ground)
    encoded, content = cv2.imencode(out.suffix.lower(), picture)
    try:
        if not encoded:
            raise ConfigError(f"{out}: the picture cannot be encoded; try another ending, .jpg or .png")
        out.write_bytes(content.tobytes())
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written ({error.strerror}); choose another --out") from None
    drawn = ", ".join(f"{len(ids)} {kind.replace('_', ' ')}" for kind, ids in places_of(loaded).items())
    typer.echo(f"{out}: scene version {loaded.scene_version}" + (f", {drawn}" if drawn else ", no places drawn"))
    for words in verdict(ground) if ground is not None else ():
        typer.echo(f"  {words}")


@scene_app.command("schema")
def schema_command() -> None:
    """Writes the JSON Schema of scene files, for editors that check and complete while one types."""
    from edge.scene.load import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def places_of(scene: SceneConfig) -> dict[str, list[str]]:
    """Ids of what is drawn, by kind; kinds with nothing are left out. Lanes in order, from the kerb."""
    kinds = (
        "lines",
        "stop_lines",
        "solid_lines",
        "gates",
        "movements",
        "lanes",
        "zones",
        "signal_heads",
        "detection_regions",
    )
    found = {kind: [place.id for place in getattr(scene, kind)] for kind in kinds}
    return {kind: ids for kind, ids in found.items() if ids}


def summary(scene: SceneConfig) -> dict[str, dict[str, list[str]]]:
    """Rules that are on, each with the ids of the places it looks at."""
    return {"rules": {rule: [place.id for place in _places_of(scene, rule)] for rule in scene.rules.on()}}


def _places_of(scene: SceneConfig, rule: RuleId) -> Sequence[Place]:
    parameters = getattr(scene.rules, rule)
    if isinstance(parameters, StopLineRule):
        return scene.stop_lines_of(rule)
    if isinstance(parameters, ZoneRule):
        return scene.zones_of(rule)
    match rule:
        case "line_count":
            return scene.lines_of_count()
        case "wrong_lane" | "lane_statistics":
            return scene.lanes_of(rule)
        case "solid_line":
            named = parameters.lines
            return [line for line in scene.solid_lines if named is None or line.id in named]
        case _:
            return ()
