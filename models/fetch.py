"""Files by checksum: fetched into a temporary file, checked, then moved into place in one step.

Whatever happens on the way (no network, a full disk, a signal), the target either does not exist or is
the pinned file.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.errors import ChecksumMismatch, FetchError
from models.origins import Progress, copy_from
from models.source import DebianSource, FileSource, UrlSource, WheelSource

AnySource = WheelSource | FileSource | UrlSource | DebianSource
_PIECE = 1 << 20


def quiet(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody looks at."""


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, 64 lower-case hexadecimal digits. OSError as from `open`."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def fetch(
    target: Path,
    sources: Sequence[AnySource],
    *,
    sha256: str,
    size: int,
    progress: Progress = quiet,
) -> Path:
    """Puts the pinned file at `target`, from the first source that has it.

    A file already there is checked and kept; a wrong one is replaced.

    Args:
        progress: called with words for the present stage, bytes done, and bytes in all (None: not known).

    Raises:
        ChecksumMismatch: a source gave another file and no later one had the right one.
        FetchError: no source had it; the message lists each with its reason.
    """
    if is_intact(target, sha256, size):
        return target
    reasons: list[FetchError] = []
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FetchError(f"{target.parent}: cannot be made ({error.strerror}); set GIAOLO_CACHE to a folder") from None
    for source in sources:
        with _scratch(target.parent) as folder:
            try:
                part = copy_from(source, folder, size, progress)
                _check(part, source, sha256, size)
                part.replace(target)
            except FetchError as error:
                reasons.append(error)
            except OSError as error:
                raise FetchError(f"{target}: cannot be written ({error.strerror or error})") from None
            else:
                progress("ready", size, size)
                return target
    raise _all_failed(target.name, reasons)


def is_intact(path: Path, sha256: str, size: int) -> bool:
    """True when the file is there and is the pinned one."""
    try:
        return path.stat().st_size == size and sha256_of(path) == sha256
    except OSError:
        return False


def _check(part: Path, source: AnySource, sha256: str, size: int) -> None:
    found = sha256_of(part)
    if found != sha256:
        raise ChecksumMismatch(
            f"{source}: wrong file, it was deleted. SHA-256 is {found} ({part.stat().st_size} bytes), "
            f"pinned is {sha256} ({size} bytes). Somebody changed it on the way or at its source: do not use it"
        )


def _all_failed(name: str, reasons: list[FetchError]) -> FetchError:
    listed = "\n".join(f"  - {reason}" for reason in reasons)
    kind = ChecksumMismatch if any(isinstance(reason, ChecksumMismatch) for reason in reasons) else FetchError
    return kind(f"{name} could not be had. Tried:\n{listed}")


@contextlib.contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    """Folder on the target's own disk, so that the last move is atomic; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f".part-{os.getpid()}-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
