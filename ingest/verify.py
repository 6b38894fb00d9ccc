"""The centre's own check of a package whose files are all here."""

from dataclasses import dataclass

from contracts.event import EvidenceFile
from ingest.evidence_store import EvidenceStore, hash_of


@dataclass(frozen=True, slots=True)
class PackageOnDisk:
    """A package as its node announced it. `event` is the stored event's canonical JSON, None while it is not here."""

    event_id: str
    manifest_sha256: str
    files: tuple[EvidenceFile, ...]
    event: bytes | None


@dataclass(frozen=True, slots=True)
class Check:
    """`verified` None: cannot be checked yet, `problem` says what is missing."""

    verified: bool | None
    problem: str | None
    signed_by: str | None


def check_package(store: EvidenceStore, package: PackageOnDisk, public_key: str | None) -> Check:
    """Reads every file again; says the first thing that does not fit."""
    for file in package.files:
        path = store.path(file.sha256)
        if path.stat().st_size != file.size:
            return Check(False, f"{file.name}: its size is not the one the package names", None)
        if hash_of(path) != file.sha256:
            return Check(False, f"{file.name}: changed after it was received", None)
    return Check(None, "the signature was not checked", public_key)
