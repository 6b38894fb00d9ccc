"""A controller's feed that is a file of timed states: read whole, or followed as it grows."""

import os
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from contracts.scene import SignalHead
from contracts.signals import SignalChange
from edge.errors import ConfigError
from edge.signal.feed import FeedInbox

LOOK_EVERY_S = 0.1
CHUNK = 1 << 20


def read_signals(path: Path, heads: Sequence[SignalHead]) -> FeedInbox:
    """All changes of a complete file; what cannot be used is counted in the inbox.

    Raises:
        ConfigError: it cannot be read, or no line of it can be used.
    """
    inbox = FeedInbox(heads, stale_s=None, waiting=None)
    try:
        with path.open("rb") as lines:
            count = 0
            for number, line in enumerate(lines, start=1):
                count = number
                inbox.take(line, None, f"{path}: line {number}")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    if count and inbox.refused >= count:
        raise ConfigError(f"no line of it can be used as a signal state; the last: {inbox.reason}")
    return inbox


class FileFeed:
    """Follows a file while another program appends to it. A file that is replaced or cut is read from its start.

    What stands in the file when following begins is taken as told at its own times.
    """

    def __init__(self, path: Path, heads: Sequence[SignalHead], stale_s: float) -> None:
        self._path = path
        self._inbox = FeedInbox(heads, stale_s)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"signals-{path.name}", daemon=True)
        self._missing = ""

    def start(self) -> None:
        """Begins to follow."""
        self._thread.start()

    def stop(self) -> None:
        """Ends following."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=2)

    def until(self, at: datetime) -> list[SignalChange]:
        """See LiveFeed."""
        return self._inbox.until(at)

    def fault(self) -> str:
        """See LiveFeed."""
        return self._missing or self._inbox.fault()

    def _run(self) -> None:
        is_old = True
        while not self._stop.is_set():
            try:
                with self._path.open("rb") as file:
                    self._missing = ""
                    self._follow(file, is_old=is_old)
            except OSError as error:
                self._missing = f"The signal feed {self._path} cannot be read ({error.strerror}); waiting for it."
            is_old = False
            self._stop.wait(LOOK_EVERY_S)

    def _follow(self, file: BinaryIO, *, is_old: bool) -> None:
        """Takes whole lines as they come, until the file is replaced or cut."""
        rest, number = b"", 0
        while not self._stop.is_set():
            chunk = file.read(CHUNK)
            heard_at = None if is_old else datetime.now(UTC)
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                number += 1
                self._inbox.take(line, heard_at, f"line {number}")
            if len(rest) > CHUNK:
                self._inbox.refuse(f"line {number + 1}: has no end")
                rest = b""
            if chunk:
                continue
            is_old = False
            if self._is_other(file):
                return
            self._stop.wait(LOOK_EVERY_S)

    def _is_other(self, file: BinaryIO) -> bool:
        """Whether the path is no longer this file, or the file was cut. OSError where it is gone."""
        mine, now = os.fstat(file.fileno()), self._path.stat()
        return (mine.st_dev, mine.st_ino) != (now.st_dev, now.st_ino) or now.st_size < file.tell()
