"""Evidence files on disk, named by what is in them.

A file arrives in pieces into `partial/SHA256`, each piece is written and synced before it is acknowledged, and when
the last one is here and the hash fits, the file moves to `aa/bb/SHA256` in one step. So a file under its name is
whole, whenever the power goes. Implements `contracts.wire.EvidenceSink` for a node in the same process.
"""

import hashlib
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from contracts.wire import PublishError
from ingest.errors import EvidenceRefused

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20
_LOCKS = 64


class EvidenceStore:
    """Files by SHA-256 in a local folder."""

    def __init__(
        self, folder: Path, *, max_file_bytes: int, on_complete: Callable[[str, bool], None] | None = None
    ) -> None:
        """Opens the folder.

        Args:
            folder: is made when it is not there.
            max_file_bytes: larger files are refused.
            on_complete: told the hash of each whole file and whether it is new; told again when it is asked for.
        """
        self.folder = folder
        self.on_complete = on_complete
        self._max_file_bytes = max_file_bytes
        self._partial = folder / "partial"
        self._partial.mkdir(parents=True, exist_ok=True)
        self._locks = tuple(threading.Lock() for _ in range(_LOCKS))

    def path(self, sha256: str) -> Path:
        """Where the whole file is, or will be. EvidenceRefused when this is no SHA-256."""
        if not _SHA256.fullmatch(sha256):
            raise EvidenceRefused("a file is named by its SHA-256: 64 lower-case hexadecimal digits", offset=0)
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the whole file is here."""
        return self.path(sha256).is_file()

    def remove(self, sha256: str) -> bool:
        """Deletes a file; False when it is not here. Who calls knows that nothing names it any more."""
        with self._lock(sha256):
            try:
                self.path(sha256).unlink()
            except FileNotFoundError:
                return False
        return True

    def received(self, sha256: str) -> int | None:
        """Bytes already here, or None when the file is complete and its hash was checked."""
        with self._lock(sha256):
            offset = self._offset(sha256)
        if offset is None:
            # the process may have died between the last piece and what follows from it
            self._tell(sha256, is_new=False)
        return offset

    def append(self, sha256: str, *, offset: int, total: int, content: bytes) -> int | None:
        """Adds a piece; returns as `received`. PublishError when it is refused."""
        try:
            after = self.add(sha256, offset=offset, total=total, content=content)
        except EvidenceRefused as error:
            raise PublishError(str(error)) from error
        except OSError as error:
            raise PublishError(f"evidence file cannot be written: {error.strerror}") from error
        except SQLAlchemyError as error:
            raise PublishError(f"the file is here, but the database did not note it: {type(error).__name__}") from error
        return after

    def add(self, sha256: str, *, offset: int, total: int, content: bytes) -> int | None:
        """As `append`, with errors that say more.

        Raises:
            EvidenceRefused: wrong offset, too large, or the finished file has another hash (it starts again at 0).
        """
        with self._lock(sha256):
            here = self._offset(sha256)
            after = None if here is None else self._add(sha256, here, offset, total, content)
        if after is None:
            self._tell(sha256, is_new=here is not None)
        return after

    def _add(self, sha256: str, here: int, offset: int, total: int, content: bytes) -> int | None:
        if not 0 <= total <= self._max_file_bytes:
            raise EvidenceRefused(
                f"a file of {total} bytes is refused; the limit is {self._max_file_bytes}", offset=here, too_large=True
            )
        if offset != here:
            raise EvidenceRefused(f"{here} bytes are here; the next piece must start there", offset=here)
        if offset + len(content) > total:
            raise EvidenceRefused(f"the piece ends after the file's {total} bytes", offset=here)
        partial = self._partial / sha256
        with partial.open("ab") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if offset + len(content) < total:
            return offset + len(content)
        self._finish(sha256, partial)
        return None

    def _finish(self, sha256: str, partial: Path) -> None:
        if hash_of(partial) != sha256:
            partial.unlink()
            raise EvidenceRefused("the file's SHA-256 is another one; send it again", offset=0, wrong_hash=True)
        whole = self.path(sha256)
        whole.parent.mkdir(parents=True, exist_ok=True)
        partial.replace(whole)
        for folder in (whole.parent, whole.parent.parent, self.folder):
            _sync_folder(folder)

    def _offset(self, sha256: str) -> int | None:
        if self.has(sha256):
            return None
        try:
            return (self._partial / sha256).stat().st_size
        except FileNotFoundError:
            return 0

    def _tell(self, sha256: str, *, is_new: bool) -> None:
        if self.on_complete is not None:
            self.on_complete(sha256, is_new)

    def _lock(self, sha256: str) -> threading.Lock:
        return self._locks[hash(sha256) % _LOCKS]


def hash_of(path: Path) -> str:
    """SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
