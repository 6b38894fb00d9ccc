"""What `--source` means: a camera's address, a known sample, or any other video file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from contracts.errors import UsageError
from edge.stream.redact import redact
from giaolo.samples import SampleCard, find_sample, sample_by_checksum
from models.errors import FetchError

DEMO_SAMPLES = ("pedestrians.avi", "street.mp4")
SCHEMES = ("rtsp", "rtsps")


class Listener(Protocol):
    """Told what a first start waits for, and what it must do without."""

    def progress(self, name: str, done: int, total: int | None) -> None:
        """Bytes of a download."""
        ...

    def warn(self, words: str) -> None:
        """A sample cannot be had."""
        ...


@dataclass(frozen=True, slots=True)
class CameraSource:
    """One camera of the demo. `url` may hold credentials: it is for the stream only."""

    id: str
    name: str
    url: str
    scene: Path | None


def cameras_of(sources: Sequence[str], listener: Listener) -> list[CameraSource]:
    """Cameras for the given sources, or for the two samples when there are none.

    Raises:
        UsageError: a source is neither an rtsp address nor a file that exists.
        FetchError: there are no sources, and not one sample can be had.
    """
    if not sources:
        return _samples(listener)
    found: list[CameraSource] = []
    for source in sources:
        camera = _network(source) if "://" in source else _file(Path(source).expanduser())
        taken = {other.id for other in found}
        if camera.id in taken:
            camera = CameraSource(f"{camera.id[:58]}-{len(found) + 1}", camera.name, camera.url, camera.scene)
        found.append(camera)
    return found


def _samples(listener: Listener) -> list[CameraSource]:
    """The samples that can be had; one is enough for a demo."""
    found: list[CameraSource] = []
    fault: FetchError | None = None
    for name in DEMO_SAMPLES:
        try:
            path = find_sample(name, partial(listener.progress, name))
        except FetchError as error:
            fault = error
            listener.warn(f"going on without {name}: {error}")
            continue
        card = sample_by_checksum(path)
        found.append(_of_card(card, path) if card else _file(path))
    if fault is not None and not found:
        raise fault
    return found


def _file(path: Path) -> CameraSource:
    """A video file; a known sample, whatever it is called, brings its own scene."""
    if not path.is_file():
        raise UsageError(f"--source {path}: no such file; give an rtsp:// address or the path of a video")
    card = sample_by_checksum(path)
    if card:
        return _of_card(card, path)
    return CameraSource(slug(path.stem), path.stem, str(path.resolve()), None)


def _network(url: str) -> CameraSource:
    """A camera on the network, called by its host and path."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in SCHEMES or not host:
        raise UsageError(f"--source {redact(url)}: expected rtsp://user:password@host/path or a video file")
    place = f"{host}:{port}" if port else host
    return CameraSource(slug(f"{place}{parts.path}"), f"{place}{parts.path}".rstrip("/"), url, None)


def _of_card(card: SampleCard, path: Path) -> CameraSource:
    return CameraSource(slug(path.stem), card.title, str(path.resolve()), card.scene)


def slug(text: str) -> str:
    """What an id may hold: letters, digits, dot, underscore, hyphen; at most 60."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("._-")[:60] or "camera"
