"""Files that are whole or not there: written beside their name, synced, then renamed."""

import hashlib
import os
from pathlib import Path

from contracts.evidence import Digest
from edge.errors import EvidenceError

UNFINISHED = ".part"
_CHUNK = 1 << 20


def write_whole(path: Path, content: bytes, *, mode: int = 0o640) -> None:
    """Writes a file that survives a power cut once this returns. EvidenceError when the disk refuses."""
    temporary = path.with_name(path.name + UNFINISHED)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        finish(temporary, path)
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be written ({error.strerror}); check disk space and permissions") from None


def finish(temporary: Path, path: Path) -> None:
    """Gives a file somebody else has written its name, durably. OSError when the disk refuses."""
    for place in (temporary, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if place == temporary:
            temporary.replace(path)


def digest_of(path: Path) -> Digest:
    """Size and SHA-256 of a file as it is now. OSError when it cannot be read."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
            size += len(piece)
    return Digest(size, digest.hexdigest())


def make_folder(path: Path) -> None:
    """A folder only this user and his group may look into. EvidenceError when it cannot be made."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o750)
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be made ({error.strerror}); check the data folder") from None
