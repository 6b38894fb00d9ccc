"""The file `giaolo cameras apply` reads: a site's cameras, with scene files beside it; all its faults at once."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from contracts.camera import CameraFeed, CameraRecord, StreamConfig
from contracts.config_file import Config, explain, read_yaml
from contracts.event import Slug
from edge.errors import ConfigError
from edge.scene.load import load_scene


class CameraEntry(Config):
    """One camera of the file."""

    id: Slug = Field(description="short name used in file names, events and addresses")
    name: str = Field(default="", description="as people call it")
    site: Slug | None = Field(default=None, description="instead of the file's `site`")
    url: str = Field(description="as CameraRecord.url: no password")
    credentials: Slug | None = Field(default=None, description="entry under `credentials` of the nodes' files")
    scene: Path | None = Field(default=None, description="scene file, relative to this one; it goes into the record")
    stream: StreamConfig = StreamConfig()
    signal_feed: CameraFeed | None = Field(default=None, description="of the junction's controller")
    node: Slug | None = Field(default=None, description="pinned to this node; left out, a pin that is there stays")


class CamerasFile(Config):
    """Cameras of a site, or of several."""

    version: Literal[1] = 1
    site: Slug | None = Field(default=None, description="of every camera that names none")
    cameras: tuple[CameraEntry, ...] = Field(min_length=1)


def load_cameras_file(path: Path) -> dict[str, CameraRecord]:
    """Records of the file's cameras, by id. ConfigError lists every fault of the file and of the scenes it names."""
    try:
        file = CamerasFile.model_validate(read_yaml(path, ConfigError))
    except ValidationError as error:
        raise ConfigError(f"{path}:\n{explain(error)}") from None
    records: dict[str, CameraRecord] = {}
    faults: list[str] = []
    seen: set[str] = set()
    for number, entry in enumerate(file.cameras):
        where = f"{path}: cameras.{number} ({entry.id})"
        if entry.id in seen:
            faults.append(f"{where}: this id stands twice; ids must differ")
        seen.add(entry.id)
        try:
            records[entry.id] = _record(entry, file.site, path.resolve().parent)
        except ConfigError as error:
            faults.append(f"{where}: {error}")
    if faults:
        raise ConfigError("\n".join(faults))
    return records


def _record(entry: CameraEntry, site: str | None, folder: Path) -> CameraRecord:
    if (entry.site or site) is None:
        raise ConfigError("no site; write `site: NAME` at the top of the file, or at the camera")
    given: dict[str, Any] = {
        "camera": entry.id,
        "name": entry.name,
        "site": entry.site or site,
        "url": entry.url,
        "credentials": entry.credentials,
        "stream": entry.stream,
        "scene": load_scene(folder / entry.scene) if entry.scene else None,
        "signal_feed": entry.signal_feed,
        "node": entry.node,
    }
    try:
        return CameraRecord.model_validate(given)
    except ValidationError as error:
        raise ConfigError(f"\n{explain(error)}") from None
