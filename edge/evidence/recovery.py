"""At a node's start: packages the last run left open are closed, and folders that belong to nothing are removed.

When the outbox itself was lost, the packages on disk are what is left of it: their events are taken up again, and the
chain of manifests goes on where it stood. The centre drops what it has already.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import structlog
from pydantic import ValidationError

from contracts.canonical import sha256_hex
from contracts.event import Event, EvidenceFile, EvidenceSealed
from contracts.evidence import EVENT, SIGNATURE, Manifest, event_document
from edge.errors import EvidenceError, OutboxError
from edge.evidence.disk import make_folder
from edge.evidence.package import STILL_AT, ClosedPackage, close_folder, closed_from, describe, folder_of
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
        """True when the ledger began anew although there had been one; then the packages on disk are taken up."""
        ...

    def add(self, event: Event, files: Sequence[tuple[EvidenceFile, Path]] = ()) -> Event:
        """Keeps an event and the files of its package that exist already."""
        ...

    def unsealed_events(self) -> list[Event]:
        """Events whose package was opened and never sealed, oldest first."""
        ...

    def knows(self, event_id: str) -> bool:
        """True when the outbox holds the event or names files of it."""
        ...


def recover(folder: Path, ledger: OpenLedger, signer: Signer) -> list[EvidenceSealed]:
    """Closes open packages as incomplete and removes unfinished folders of no event.

    A closed folder (one with a signature) is never removed here.
    """
    sealed = _take_up(folder, ledger) if ledger.lost_records else []
    for event in ledger.unsealed_events():
        closed = _closed(folder / folder_of(event), event, ledger.chain_head(), signer)
        sealed.append(ledger.seal(closed.sealed, closed.files))
        log.warning("evidence package closed after a stop", event_id=event.id, complete=closed.sealed.data.complete)
    for orphan in _orphans(folder, ledger):
        shutil.rmtree(orphan, ignore_errors=True)
        log.warning("evidence folder of no event removed", folder=orphan.name)
    return sealed


def _take_up(folder: Path, ledger: OpenLedger) -> list[EvidenceSealed]:
    """Gives every package on disk back to a ledger that was lost; returns the signed ones, in order of the chain."""
    signed: list[tuple[Path, Event, Manifest]] = []
    for package in sorted(path.parent for path in folder.glob(f"*/*/{EVENT}")):
        event = _event_of(package)
        if event is None or ledger.knows(event.id):
            continue
        still = package / STILL_AT
        try:
            ledger.add(event, [(describe(still), still)] if still.exists() else [])
        except (OutboxError, EvidenceError) as error:
            log.warning("package not taken up again", folder=package.name, why=str(error))
            continue
        manifest = _signed_manifest(package)
        if manifest is not None:
            signed.append((package, event, manifest))
    closed = [closed_from(*entry) for entry in _in_chain_order(signed)]
    log.warning("outbox was lost: packages taken up from disk", closed=len(closed))
    return [ledger.seal(package.sealed, package.files) for package in closed]


def _in_chain_order(signed: list[tuple[Path, Event, Manifest]]) -> list[tuple[Path, Event, Manifest]]:
    """Each manifest after the one it names as previous; where a link is missing, by event time."""
    following: dict[str, list[tuple[Path, Event, Manifest]]] = {}
    hashes = {sha256_hex(manifest.to_json()) for _, _, manifest in signed}
    for entry in sorted(signed, key=lambda each: each[2].event_time, reverse=True):
        previous = entry[2].previous
        following.setdefault(previous if previous in hashes else "", []).append(entry)
    ordered, waiting = [], following.pop("", [])
    while waiting:
        entry = waiting.pop()
        ordered.append(entry)
        waiting += following.pop(sha256_hex(entry[2].to_json()), [])
    return ordered


def _signed_manifest(folder: Path) -> Manifest | None:
    """Manifest of a package that is intact; None when it is open or was touched."""
    try:
        verdict = verify(folder, None)
    except EvidenceError:
        return None
    return verdict.manifest if verdict.is_intact else None


def _event_of(folder: Path) -> Event | None:
    try:
        return Event.model_validate_json((folder / EVENT).read_bytes())
    except (OSError, ValidationError):
        return None


def _closed(folder: Path, event: Event, previous: str, signer: Signer) -> ClosedPackage:
    """The package as it was signed, if the stop came just after that; else what is there, signed now."""
    manifest = _finished(folder, event, previous)
    if manifest is not None:
        return closed_from(folder, event, manifest)
    make_folder(folder)
    return close_folder(folder, event, signer=signer, previous=previous, notes=[STOPPED])


def _finished(folder: Path, event: Event, previous: str) -> Manifest | None:
    manifest = _signed_manifest(folder) if (folder / SIGNATURE).exists() else None
    if manifest is None or manifest.previous != previous:
        return None
    return manifest if manifest.event_sha256 == sha256_hex(event_document(event)) else None


def _orphans(folder: Path, ledger: OpenLedger) -> Iterator[Path]:
    """Unsigned folders of events the outbox does not know."""
    for package in sorted(folder.glob("*/*")):
        if not package.is_dir() or (package / SIGNATURE).exists():
            continue
        event = _event_of(package)
        if event is None or not ledger.knows(event.id):
            yield package
