"""At a node's start: packages the last run left open are closed, and folders that belong to nothing are removed."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import structlog
from pydantic import ValidationError

from contracts.event import Event, EvidenceFile, EvidenceSealed
from contracts.evidence import EVENT, MANIFEST, SIGNATURE, Manifest, event_document
from edge.errors import EvidenceError
from edge.evidence.disk import make_folder
from edge.evidence.package import ClosedPackage, close_folder, closed_from, folder_of
from edge.evidence.signer import Signer
from edge.evidence.verify import verify

log = structlog.get_logger()

STOPPED = "The node stopped before the clip was closed."


class Ledger(Protocol):
    """What the desk needs of the outbox; `analyse` has one in memory."""

    def chain_head(self) -> str:
        """SHA-256 of the last sealed manifest."""
        ...

    def seal(self, sealed: EvidenceSealed, files: Sequence[tuple[EvidenceFile, Path]]) -> EvidenceSealed:
        """Keeps a closed package; its manifest becomes the chain's head."""
        ...


class OpenLedger(Ledger, Protocol):
    """What recovery needs besides."""

    @property
    def lost_records(self) -> bool:
        """True when the ledger began anew; then nothing on disk is removed for being unknown."""
        ...

    def unsealed_events(self) -> list[Event]:
        """Events whose package was opened and never sealed, oldest first."""
        ...

    def knows(self, event_id: str) -> bool:
        """True when the outbox holds the event or names files of it."""
        ...


def recover(folder: Path, ledger: OpenLedger, signer: Signer) -> list[EvidenceSealed]:
    """Closes open packages as incomplete and removes unfinished folders of no event.

    A closed folder (one with a signature) is never removed here. When the ledger lost records nothing is removed.
    """
    sealed = []
    for event in ledger.unsealed_events():
        closed = _closed(folder / folder_of(event), event, ledger.chain_head(), signer)
        sealed.append(ledger.seal(closed.sealed, closed.files))
        log.warning("evidence package closed after a stop", event_id=event.id, complete=closed.sealed.data.complete)
    if not ledger.lost_records:
        for orphan in _orphans(folder, ledger):
            shutil.rmtree(orphan, ignore_errors=True)
            log.warning("evidence folder of no event removed", folder=orphan.name)
    return sealed


def _closed(folder: Path, event: Event, previous: str, signer: Signer) -> ClosedPackage:
    """The package as it was signed, if the stop came just after that; else what is there, signed now."""
    manifest = _finished(folder, event, previous)
    if manifest is not None:
        return closed_from(folder, event, manifest)
    make_folder(folder)
    return close_folder(folder, event, signer=signer, previous=previous, notes=[STOPPED])


def _finished(folder: Path, event: Event, previous: str) -> Manifest | None:
    if not (folder / SIGNATURE).exists():
        return None
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        verdict = verify(folder, None)
        same = (folder / EVENT).read_bytes() == event_document(event)
    except (OSError, ValidationError, EvidenceError):
        return None
    return manifest if same and verdict.is_intact and manifest.previous == previous else None


def _orphans(folder: Path, ledger: OpenLedger) -> Iterator[Path]:
    """Unsigned folders of events the outbox does not know."""
    for package in sorted(folder.glob("*/*")):
        if not package.is_dir() or (package / SIGNATURE).exists():
            continue
        try:
            event = Event.model_validate_json((package / EVENT).read_bytes())
        except (OSError, ValidationError):
            yield package
            continue
        if not ledger.knows(event.id):
            yield package
