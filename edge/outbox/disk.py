"""What is done when the outbox's disk is full: room that was held back, opened in steps.

Two spare files lie beside the outbox. When a write fails for lack of room, first the node gives up what it can spare
(`give_up`: track logs, oldest first), then the first spare file is removed, for any record; the second only for
violations. So a violation still finds room when a count does not. The files come back as soon as the disk has room
for twice as much again.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from errno import EDQUOT, ENOSPC
from pathlib import Path

import structlog

from contracts.event import Kind

log = structlog.get_logger()

REFILL_EVERY_S = 5.0
_SMALLEST = 64 * 1024

GiveUp = Callable[[int], int]
"""Frees about so many bytes of what matters less than events; returns how many it freed."""


def is_full(error: BaseException) -> bool:
    """True when the error says that there is no room on the disk (or within the quota)."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return isinstance(error, OSError) and error.errno in {ENOSPC, EDQUOT}


class SpareRoom:
    """Bytes held back on the outbox's disk. Not for several threads at once."""

    def __init__(self, outbox: Path, size: int, give_up: Sequence[GiveUp] = ()) -> None:
        """Holds back `size` bytes, half in each file; less where the disk has no twice as much free.

        Args:
            outbox: the database file; the spare files lie beside it.
            size: bytes in both files together.
            give_up: what else may go, in this order.
        """
        self._size = max(size // 2, _SMALLEST)
        self._files = tuple(outbox.with_name(f"{outbox.name}.spare-{number}") for number in (1, 2))
        self._give_up = list(give_up)
        self._next_refill_at = 0.0
        self._since: float | None = None
        self.refill()

    def add_give_up(self, give_up: GiveUp) -> None:
        """One more thing that may go, after those before it."""
        self._give_up.append(give_up)

    def open_for(self, kind: Kind, attempt: int) -> int | None:
        """Makes room for a record that found none.

        Args:
            kind: of the record's event.
            attempt: 0 at first, then what the last call returned.

        Returns:
            What to say next time, should it still not find room; None when nothing more may go.
        """
        if self._since is None:
            self._since = time.monotonic()
            log.error("disk of the outbox is full", folder=str(self._files[0].parent))
        for give_up in self._give_up[attempt:]:
            attempt += 1
            if self._ask(give_up):
                return attempt
        for file in self._files if kind == "violation" else self._files[:1]:
            if file.exists():
                file.unlink()
                log.warning("spare room opened", file=str(file))
                return 0
        return None

    def refill(self) -> None:
        """Holds back again what was opened, when there is room; looked at every few seconds."""
        now = time.monotonic()
        if now < self._next_refill_at:
            return
        self._next_refill_at = now + REFILL_EVERY_S
        for file in reversed(self._files):
            if not file.exists() and not self._hold(file):
                return
        if self._since is not None:
            log.info("disk of the outbox has room again", after_s=round(now - self._since, 1))
            self._since = None

    def fault(self) -> str:
        """In words; empty when all is well."""
        missing = [file for file in self._files if not file.exists()]
        if not missing and self._since is None:
            return ""
        folder = self._files[0].parent
        left = "for violations only" if len(missing) == 1 else "for nothing more"
        return (
            f"the disk of {folder} is full: room held back is in use, what is left of it is {left}; "
            "make room there, or records will be refused"
        )

    def _ask(self, give_up: GiveUp) -> int:
        try:
            freed = give_up(self._size)
        except (OSError, sqlite3.Error) as error:  # the disk is full for it too
            log.debug("no room made on a full disk", why=str(error))
            return 0
        if freed:
            log.warning("room made on a full disk", freed=freed)
        return freed

    def _hold(self, file: Path) -> bool:
        """True when the file is there, its blocks taken."""
        try:
            if shutil.disk_usage(file.parent).free < 2 * self._size:
                return False
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, self._size)
            finally:
                os.close(descriptor)
        except OSError:
            file.unlink(missing_ok=True)
            return False
        return True
