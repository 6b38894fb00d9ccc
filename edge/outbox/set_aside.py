"""Records too large to be delivered: kept in a folder beside the outbox, named in the node's faults, in nobody's way.

A record that the centre's side will never take would be tried for ever, and every later record of its camera behind
it. Each file holds one record whole, so that it can be looked at and delivered by hand once the bound was raised.
"""

import base64
import json
import os
from collections.abc import Sequence
from pathlib import Path

from contracts.canonical import sha256_hex
from contracts.wire import Record
from edge.outbox.schema import fsync_folder

MOST = 200
"""Files; more say that something is wrong with what makes the records, and then they are refused."""
SUFFIX = ".too-large"
OUTBOX = "outbox.db"
"""Name of a node's outbox in its data folder."""


class SetAside:
    """The folder of one outbox. Several may look at it; any thread may call any method."""

    def __init__(self, outbox: Path) -> None:
        """Args: outbox: the outbox's file; the folder stands beside it and is made at the first record."""
        self.folder = outbox.with_name(outbox.name + SUFFIX)

    def put(self, record: Record, why: str) -> None:
        """Returns when the record is on disk; the same record again changes nothing. OSError when it cannot be."""
        headers = [[name, base64.b64encode(value).decode()] for name, value in record.headers]
        value = base64.b64encode(record.value).decode()
        content = {"why": why, "topic": record.topic, "key": record.key, "headers": headers, "value": value}
        text = json.dumps(content).encode()
        path = self.folder / f"{sha256_hex(text)[:32]}.json"
        if path.exists():
            return
        if len(self._files()) >= MOST:
            raise OSError(f"{self.folder} holds {MOST} records already")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        fsync_folder(self.folder)

    def faults(self) -> Sequence[str]:
        """What lies here, in words; empty when nothing does."""
        number = len(self._files())
        if not number:
            return ()
        what = "1 record is" if number == 1 else f"{number} records are"
        words = (
            f"{what} too large for the centre and not delivered; kept in {self.folder}: see max.message.bytes "
            "(giaolo topics apply --check) and what makes them so large, then delete them there"
        )
        return (words,)

    def _files(self) -> list[Path]:
        return list(self.folder.glob("*.json"))
