"""Evidence files to the centre: by content hash, in pieces, going on where it stopped."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from contracts.wire import EvidenceSink, PublishError
from edge.outbox.rows import PendingFile
from edge.outbox.store import Outbox

PIECE = 256 * 1024
"""Bytes sent at once: at 1 Mbit/s a piece takes 2 s, so little is repeated after a broken connection."""
_BATCH = 100
_GIVE_UP_AFTER = 3
_RESTARTS = 3
_PRUNE_EVERY_S = 60.0

log = structlog.get_logger()


class FileCourier:
    """Delivers the outbox's files to a sink."""

    def __init__(self, outbox: Outbox, sink: EvidenceSink) -> None:
        self._outbox = outbox
        self._sink = sink
        self._pruned_at = 0.0

    def deliver(self, stop: Callable[[], bool]) -> str:
        """Sends what waits; "" when all went, else the last reason in words.

        A file that fails does not hold back the others; after three failures in a row the centre counts as away.
        """
        self._prune_now_and_then()
        failed: set[str] = set()
        why = ""
        while len(failed) < _GIVE_UP_AFTER:
            waiting = [file for file in self._outbox.pending_files(_BATCH) if file.sha256 not in failed]
            if not waiting:
                return why
            for file in waiting:
                if stop():
                    return why
                try:
                    self._send(file, stop)
                except PublishError as error:
                    why = str(error)
                    failed.add(file.sha256)
                    if len(failed) >= _GIVE_UP_AFTER:
                        break
        return why

    def _prune_now_and_then(self) -> None:
        if time.monotonic() - self._pruned_at >= _PRUNE_EVERY_S:
            self._pruned_at = time.monotonic()
            freed = self._outbox.prune_delivered()
            if freed:
                log.info("delivered evidence removed here", bytes=freed)

    def _send(self, file: PendingFile, stop: Callable[[], bool]) -> None:
        """One file, whole. PublishError when the sink does not take it."""
        offset = self._sink.received(file.sha256)
        if offset is not None and not self._is_intact(file):
            return
        restarts = 0
        while offset is not None:
            if stop():
                raise PublishError("the node is stopping")
            content = _piece(file.path, offset)
            received = self._sink.append(file.sha256, offset=offset, total=file.size, content=content)
            if received is not None and received <= offset:
                restarts += 1
                if restarts > _RESTARTS:
                    raise PublishError(f"the centre does not keep evidence file {file.path.name}")
            offset = received
        self._outbox.mark_file_delivered(file.sha256)

    def _is_intact(self, file: PendingFile) -> bool:
        """Checks the file on disk before it is sent; one that is gone or altered is given up, loudly."""
        try:
            with file.path.open("rb") as opened:
                actual = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            log.error("evidence file gone", file=str(file.path), why=error.strerror)  # noqa: TRY400 - the reason is enough
            self._outbox.mark_file_lost(file.sha256)
            return False
        if actual != file.sha256:
            log.error("evidence file altered on disk", file=str(file.path), expected=file.sha256, found=actual)
            self._outbox.mark_file_lost(file.sha256)
            return False
        return True


def _piece(path: Path, offset: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(PIECE)
    except OSError as error:
        raise PublishError(f"evidence file {path.name} cannot be read ({error.strerror})") from None
