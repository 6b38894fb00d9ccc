"""The centre's own check of a package whose files are all here: every hash, the signature, and the event it binds."""

from dataclasses import dataclass

from contracts.canonical import sha256_hex
from contracts.event import EvidenceFile
from contracts.evidence import MANIFEST, Digest, Verdict, public_key_bytes, verify_package
from ingest.evidence_store import EvidenceStore, hash_of

MAX_DOCUMENT_BYTES = 4 * 2**20
"""Manifest and signature are read into memory; larger ones are none."""


@dataclass(frozen=True, slots=True)
class PackageOnDisk:
    """A package as its node announced it. `event` is the stored event's canonical JSON, None while it is not here."""

    manifest_sha256: str
    files: tuple[EvidenceFile, ...]
    event: bytes | None


@dataclass(frozen=True, slots=True)
class Check:
    """What the check found. `verified` None: cannot be said yet, `problem` names what is missing."""

    verified: bool | None
    problem: str | None
    signed_by: str | None


def check_package(store: EvidenceStore, package: PackageOnDisk, public_key: str | None) -> Check:
    """Reads every file again; `public_key` is the one the node is known by."""
    if package.event is None:
        return Check(None, "the event it belongs to is not here yet", None)
    if public_key is None:
        return Check(None, "the node has not reported its key yet", None)
    verdict = verify_package(
        manifest=_document(store, package.files, "manifest"),
        signature=_document(store, package.files, "signature"),
        event=package.event,
        files={file.name: _digest(store, file) for file in package.files if file.role not in {"manifest", "signature"}},
        public_key=public_key_bytes(public_key),
    )
    problem = _problem(verdict, package)
    return Check(problem is None, problem, verdict.key_id or None)


def _problem(verdict: Verdict, package: PackageOnDisk) -> str | None:
    faults = [f"{fault.file}: {fault.detail}" for fault in verdict.faults]
    manifest = verdict.manifest
    if manifest is not None and sha256_hex(manifest.to_json()) != package.manifest_sha256:
        faults.append(f"{MANIFEST}: not the manifest the node announced")
    if not faults and not verdict.key_is_trusted:
        faults.append("the signature is not by the node's known key")
    return "; ".join(faults) or None


def _document(store: EvidenceStore, files: tuple[EvidenceFile, ...], role: str) -> bytes | None:
    file = next((one for one in files if one.role == role), None)
    if file is None:
        return None
    path = store.path(file.sha256)
    return path.read_bytes() if path.stat().st_size <= MAX_DOCUMENT_BYTES else None


def _digest(store: EvidenceStore, file: EvidenceFile) -> Digest:
    path = store.path(file.sha256)
    return Digest(path.stat().st_size, hash_of(path))
