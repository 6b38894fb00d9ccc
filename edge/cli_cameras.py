"""`giaolo cameras apply|list|remove|pin|unpin`: the cameras of all sites, as the topic `giaolo.cameras.v1` has them."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from contracts.camera import CameraRecord
from contracts.config_file import explain, read_yaml
from contracts.errors import GiaoloError
from contracts.kafka import KafkaLink
from edge.errors import ConfigError

cameras_app = typer.Typer(
    name="cameras",
    no_args_is_help=True,
    help="The cameras that nodes share: Kafka keeps them, and moves them when a node dies.",
)

ConfigOption = Annotated[
    Path, typer.Option("--config", help="a centre's or a node's file; its `kafka` is used", metavar="FILE")
]
JsonOption = Annotated[bool, typer.Option("--json", help="for scripts")]
CameraArgument = Annotated[str, typer.Argument(help="the camera's id")]


@cameras_app.command("apply")
def apply_command(
    file: Annotated[Path, typer.Argument(help="cameras of a site (YAML); see docs/engineer.md")],
    config: ConfigOption,
    as_json: JsonOption = False,
) -> None:
    """Writes the file's cameras. Only what changed is written, and only those cameras restart; others stay."""
    from edge.assignment.cameras_file import load_cameras_file

    wanted = load_cameras_file(file)
    link = kafka_link(config)
    table = _table(link)
    kept = {
        camera: record.model_copy(update={"node": table[camera].node})
        if record.node is None and camera in table
        else record
        for camera, record in wanted.items()
    }
    changed = {camera: record for camera, record in kept.items() if table.get(camera) != record}
    _write(link, changed)
    news = {camera: "changed" if camera in table else "new" for camera in changed}
    same = dict.fromkeys(kept.keys() - changed.keys(), "as it was")
    _say(news | same, as_json)


@cameras_app.command("remove")
def remove_command(camera: CameraArgument, config: ConfigOption, as_json: JsonOption = False) -> None:
    """Takes a camera away: its node ends it."""
    link = kafka_link(config)
    _known(_table(link), camera)
    _write(link, {camera: None})
    _say({camera: "removed"}, as_json)


@cameras_app.command("pin")
def pin_command(
    camera: CameraArgument,
    config: ConfigOption,
    node: Annotated[str, typer.Option(help="the only node that runs it: the one that reaches it")],
    as_json: JsonOption = False,
) -> None:
    """Lets one node run a camera that the others of its site do not reach. It is down while that node is."""
    _pin(camera, node, config)
    _say({camera: f"pinned to {node}"}, as_json)


@cameras_app.command("unpin")
def unpin_command(camera: CameraArgument, config: ConfigOption, as_json: JsonOption = False) -> None:
    """Lets Kafka choose the camera's node again."""
    _pin(camera, None, config)
    _say({camera: "not pinned"}, as_json)


@cameras_app.command("list")
def list_command(config: ConfigOption, as_json: JsonOption = False) -> None:
    """Shows the cameras and the nodes that are there. Exit status 1 when a camera can be run by nobody."""
    from edge.assignment.kafka_editor import members
    from edge.assignment.kafka_table import read_table
    from edge.assignment.share import pinned_to_absent

    link = kafka_link(config)
    try:
        table, refused = read_table(link)
        sites = {site: members(link, site) for site in sorted({placed.record.site for placed in table.values()})}
    except ConnectionError as error:
        raise GiaoloError(str(error)) from None
    down: dict[str, str] = {}
    for site, nodes in sites.items():
        here = [camera for camera, placed in table.items() if placed.record.site == site]
        down |= {} if nodes else dict.fromkeys(here, f"no node of site {site} is there")
        down |= {
            camera: f"pinned to {node}, which is not there"
            for camera, node in pinned_to_absent(table, nodes, site).items()
        }
    down |= {camera: f"its record cannot be read: {why}" for camera, why in refused.items()}
    rows = [_row(placed.record, down.get(camera, "")) for camera, placed in sorted(table.items())]
    if as_json:
        nodes_json = {site: sorted(nodes) for site, nodes in sites.items()}
        sys.stdout.write(json.dumps({"cameras": rows, "nodes": nodes_json, "down": down}, ensure_ascii=False) + "\n")
    else:
        _print(rows, sites, down)
    raise typer.Exit(1 if down else 0)


def kafka_link(path: Path) -> KafkaLink:
    """The `kafka` part of a centre's or a node's file. ConfigError where there is none."""
    document = read_yaml(path, ConfigError)
    part = document.get("kafka") if isinstance(document, dict) else None
    if not isinstance(part, dict):
        raise ConfigError(f"{path}: has no `kafka: {{bootstrap: host:9092}}`")
    try:
        link = KafkaLink.model_validate({key: value for key, value in part.items() if key in KafkaLink.model_fields})
    except ValidationError as error:
        raise ConfigError(f"{path}: kafka:\n{explain(error)}") from None
    return link.beside(path.resolve().parent)


def _pin(camera: str, node: str | None, config: Path) -> None:
    link = kafka_link(config)
    record = _known(_table(link), camera)
    try:
        pinned = CameraRecord.model_validate(record.model_dump(exclude_none=True) | {"node": node})
    except ValidationError as error:
        raise ConfigError(f"{camera} cannot be pinned:\n{explain(error)}") from None
    _write(link, {camera: pinned})


def _table(link: KafkaLink) -> dict[str, CameraRecord]:
    from edge.assignment.kafka_table import read_table

    try:
        table, _ = read_table(link)
    except ConnectionError as error:
        raise GiaoloError(str(error)) from None
    return {camera: placed.record for camera, placed in table.items()}


def _known(table: Mapping[str, CameraRecord], camera: str) -> CameraRecord:
    if camera not in table:
        raise ConfigError(f"no camera {camera!r}; there are: {', '.join(sorted(table)) or 'none'}")
    return table[camera]


def _write(link: KafkaLink, records: Mapping[str, CameraRecord | None]) -> None:
    from edge.assignment.kafka_editor import write

    try:
        write(link, records)
    except ConnectionError as error:
        raise GiaoloError(str(error)) from None
    except ValueError as error:
        raise ConfigError(str(error)) from None


def _row(record: CameraRecord, fault: str) -> dict[str, Any]:
    return {
        "camera": record.camera,
        "name": record.name,
        "site": record.site,
        "url": record.url,
        "credentials": record.credentials,
        "scene_version": record.scene.scene_version if record.scene else None,
        "node": record.node,
        "fault": fault,
    }


def _say(news: Mapping[str, str], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(dict(sorted(news.items()))) + "\n")
    else:
        sys.stdout.writelines(f"{camera}: {what}\n" for camera, what in sorted(news.items()))


def _print(rows: list[dict[str, Any]], sites: Mapping[str, frozenset[str]], down: Mapping[str, str]) -> None:
    for site, nodes in sites.items():
        sys.stdout.write(f"{site}: nodes {', '.join(sorted(nodes)) or 'none'}\n")
        for row in rows:
            if row["site"] == site:
                pinned = f"  pinned to {row['node']}" if row["node"] else ""
                fault = f"  DOWN: {row['fault']}" if row["fault"] else ""
                sys.stdout.write(f"  {row['camera']}  {row['url']}{pinned}{fault}\n")
    listed = {row["camera"] for row in rows}
    sys.stdout.writelines(f"{camera}: {why}\n" for camera, why in sorted(down.items()) if camera not in listed)
