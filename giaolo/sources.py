"""What `--source` means: a camera's address, a known sample, or any other video file."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from contracts.errors import UsageError
from edge.stream.redact import redact
from giaolo.samples import SampleCard, find_sample, sample_by_checksum

DEMO_SAMPLES = ("pedestrians.avi", "street.mp4")
SCHEMES = ("rtsp", "rtsps")
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class CameraSource:
    """One camera of the demo. `url` may hold credentials: it is for the stream only."""

    id: str
    name: str
    url: str
    scene: Path | None


def cameras_of(sources: Sequence[str], progress: Progress) -> list[CameraSource]:
    """Cameras for the given sources, or for the two samples when there are none.

    Raises:
        UsageError: a source is neither an rtsp address nor a file that exists.
    """
    if not sources:
        return [_sample(name, progress) for name in DEMO_SAMPLES]
    found: list[CameraSource] = []
    for source in sources:
        camera = _network(source) if "://" in source else _file(Path(source).expanduser())
        taken = {other.id for other in found}
        if camera.id in taken:
            camera = CameraSource(f"{camera.id[:58]}-{len(found) + 1}", camera.name, camera.url, camera.scene)
        found.append(camera)
    return found


def _sample(name: str, progress: Progress) -> CameraSource:
    path = find_sample(name, lambda done, total: progress(name, done, total))
    card = sample_by_checksum(path)
    return _of_card(card, path) if card else _file(path)


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
