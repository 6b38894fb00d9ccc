"""The node's sequence survives the loss of the outbox's file.

Numbers are reserved in blocks in a small side file before they are used. When the outbox starts with an empty
database and the side file is there, counting goes on after the reserved block: the centre then sees a hole, which is
true (records may be lost), and never a number used twice. Where the side file is gone too, the node says that another
outbox counts now, so that the centre keeps its numbers apart from those of the one before.
"""

import os
import secrets
import time
from pathlib import Path

from contracts.cloudevents import OUTBOX_FORM
from edge.outbox.schema import fsync_folder

BLOCK = 1000


class SequenceReserve:
    """Upper end of the numbers that may have been used, kept in a file beside the outbox."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.life = ""
        """Which outbox counts, `HEX-START`; "" for one of a version that had no word for it."""
        self._reserved = self._read()

    @property
    def exists(self) -> bool:
        """True when numbers were reserved before: the node had an outbox."""
        return self._reserved is not None

    def start_after(self, stored: int | None, *, lost: bool) -> int:
        """Last number that counts as used.

        Args:
            stored: what the database says, None when it is new.
            lost: a database was there and was damaged. Without the side file too, counting then starts at the
                seconds since 1970, which is above any number a node reaches at less than one record a second.
        """
        if stored is not None:
            return stored
        if self._reserved is not None:
            return self._reserved
        return int(time.time()) if lost else 0

    def begin(self, start: int) -> str:
        """A new life of the outbox, which counts from `start + 1`; it is on disk with the first reserved block."""
        self.life = f"{secrets.token_hex(4)}-{start}"
        return self.life

    def cover(self, sequence: int) -> None:
        """Returns when `sequence` is inside a reserved block on disk. OSError when it cannot be written."""
        if self._reserved is not None and sequence <= self._reserved:
            return
        reserved = sequence + BLOCK - 1
        temporary = self._path.with_name(self._path.name + ".new")
        with temporary.open("w", encoding="ascii") as file:
            file.write(f"{reserved}\n{self.life}\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._path)
        fsync_folder(self._path.parent)
        self._reserved = reserved

    def _read(self) -> int | None:
        try:
            number, *rest = self._path.read_text(encoding="ascii").split() or [""]
        except (OSError, UnicodeDecodeError):
            return None
        if not number.isdigit():
            return None
        self.life = rest[0] if rest and OUTBOX_FORM.fullmatch(rest[0]) else ""
        return int(number)
