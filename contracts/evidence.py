"""An evidence package as bytes: its manifest, its signature, and the check of both.

Node and centre use the same code; nothing here opens a file. Format: docs/decisions/0004-evidence-manifest.md.

    manifest.json   canonical JSON, no clock and no key in it: equal packages have equal manifests
    signature.json  Ed25519 (RFC 8032) over the manifest's bytes, with the public key
    event.json      the event's canonical JSON without its sequence
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import Field, ValidationError, field_serializer

from contracts.canonical import canonical_json, sha256_hex, utc_text
from contracts.event import Contract, Event, EvidenceFile, Sha256, Slug

MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
EVENT = "event.json"
CHAIN_START = "0" * 64


class Manifest(Contract):
    """What a package is made of."""

    version: Literal[1] = 1
    event_id: str
    event_sha256: Sha256 = Field(description="of event.json")
    event_time: datetime
    node: Slug
    camera: Slug
    complete: bool
    notes: tuple[str, ...] = Field(default=(), description="what is missing and why; what a person should know")
    files: tuple[EvidenceFile, ...] = Field(description="sorted by name; not event, manifest and signature")
    previous: Sha256 = Field(description="SHA-256 of the node's manifest before this one; 64 zeros for its first")

    @field_serializer("event_time")
    def _utc(self, moment: datetime) -> str:
        return utc_text(moment)

    def to_json(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json(self.model_dump(mode="json"))


class Signature(Contract):
    """Who vouches for a manifest."""

    version: Literal[1] = 1
    algorithm: Literal["Ed25519"] = "Ed25519"
    key_id: str = Field(description="first 16 hexadecimal digits of the SHA-256 of the raw public key")
    public_key: str = Field(description="32 bytes, base64")
    manifest_sha256: Sha256
    signature: str = Field(pattern=r"^[0-9a-f]{128}$", description="64 bytes, hexadecimal")

    def to_json(self) -> bytes:
        """Canonical JSON bytes."""
        return canonical_json(self.model_dump(mode="json"))


FaultKind = Literal["altered", "missing", "extra", "signature", "event", "link"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit, at one file."""

    kind: FaultKind
    file: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a package is worth.

    Attributes:
        faults: empty when everything named by the signed manifest is there, and nothing else.
        manifest: None when it cannot be read.
        key_id: of the key that signed, "" when the signature cannot be read.
        key_is_trusted: the signature fits a key the caller gave. False when none was given: then the package is
            proven unaltered since it was signed by the key it names, not who that is.
    """

    faults: tuple[Fault, ...]
    manifest: Manifest | None
    key_id: str
    key_is_trusted: bool

    @property
    def is_intact(self) -> bool:
        """Nothing altered, missing or extra."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Digest:
    """Size in bytes and SHA-256 of a file as it is now."""

    size: int
    sha256: str


def event_document(event: Event) -> bytes:
    """Canonical JSON without the sequence: the sequence is the outbox's, not the act's."""
    return event.canonical(without=frozenset({"sequence"}))


def key_id(public_key: bytes) -> str:
    """Short name of a raw 32-byte public key."""
    return sha256_hex(public_key)[:16]


def public_key_text(public_key: bytes) -> str:
    """Base64, as in health reports and signatures."""
    return base64.b64encode(public_key).decode()


def public_key_bytes(text: str) -> bytes:
    """Raw key from its base64 form; ValueError when it is not one, or not written in the one canonical way."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("public key is not base64") from None
    if len(raw) != 32 or public_key_text(raw) != text:
        raise ValueError("public key is not 32 bytes in base64")
    return raw


def sign(manifest: bytes, key: Ed25519PrivateKey) -> Signature:
    """Signature over the manifest's bytes. Ed25519 is deterministic: equal manifests give equal signatures."""
    public = key.public_key().public_bytes_raw()
    return Signature(
        key_id=key_id(public),
        public_key=public_key_text(public),
        manifest_sha256=sha256_hex(manifest),
        signature=key.sign(manifest).hex(),
    )


def verify_package(
    *,
    manifest: bytes | None,
    signature: bytes | None,
    event: bytes | None,
    files: Mapping[str, Digest],
    public_key: bytes | None = None,
) -> Verdict:
    """Checks a package.

    Args:
        manifest: bytes of manifest.json, None when it is missing. Likewise `signature` and `event`.
        signature: see above.
        event: see above; at the centre, `event_document` of the stored event.
        files: every other file of the package by name.
        public_key: raw key the node is known by. None: the key in the signature is taken.
    """
    parsed, fault = _read_manifest(manifest)
    faults = [fault] if fault else []
    found, signer, trusted = _check_signature(manifest, signature, public_key)
    faults += found
    if parsed is not None and not any(fault.file == MANIFEST for fault in faults):
        # a manifest that was touched proves nothing about the other files
        faults += _check_event(parsed, event)
        faults += _check_files(parsed, files)
    # two ways to see one alteration (hash and form) are one fault for the reader
    unique = {(f.file, f.kind): f for f in reversed(faults)}
    return Verdict(tuple(reversed(unique.values())), parsed, signer, trusted and not found)


def _read_manifest(content: bytes | None) -> tuple[Manifest | None, Fault | None]:
    if content is None:
        return None, Fault("missing", MANIFEST, "the manifest is missing: nothing can be checked")
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError:
        return None, Fault("altered", MANIFEST, "the manifest cannot be read")
    if manifest.to_json() != content:
        return manifest, Fault("altered", MANIFEST, "the manifest is not in canonical form")
    return manifest, None


def _check_signature(
    manifest: bytes | None, content: bytes | None, known: bytes | None
) -> tuple[list[Fault], str, bool]:
    """Faults, id of the signing key, and whether it is the known one."""
    signature = _read_signature(content)
    if isinstance(signature, Fault):
        return [signature], "", False
    public = public_key_bytes(signature.public_key)
    fault = None if manifest is None else _signature_fault(signature, public, manifest, known)
    return [fault] if fault else [], signature.key_id, known is not None and manifest is not None and fault is None


def _read_signature(content: bytes | None) -> Signature | Fault:
    if content is None:
        return Fault("missing", SIGNATURE, "the signature is missing")
    try:
        signature = Signature.model_validate_json(content)
        public = public_key_bytes(signature.public_key)
    except ValueError:
        return Fault("altered", SIGNATURE, "the signature file cannot be read")
    if signature.to_json() != content or signature.key_id != key_id(public):
        return Fault("altered", SIGNATURE, "the signature file was changed")
    return signature


def _signature_fault(signature: Signature, public: bytes, manifest: bytes, known: bytes | None) -> Fault | None:
    fits = _fits(public, signature.signature, manifest)
    named = signature.manifest_sha256 == sha256_hex(manifest)
    if not fits and not named:
        return Fault("altered", MANIFEST, "the manifest is not the one that was signed")
    if not (fits and named):
        return Fault("signature", SIGNATURE, "the signature does not fit the manifest")
    if known is not None and known != public:
        return Fault("signature", SIGNATURE, f"signed by key {signature.key_id}, expected key {key_id(known)}")
    return None


def _fits(public: bytes, signature: str, manifest: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), manifest)
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_event(manifest: Manifest, content: bytes | None) -> list[Fault]:
    if content is None:
        return [Fault("missing", EVENT, "the event is missing")]
    if sha256_hex(content) != manifest.event_sha256:
        return [Fault("altered", EVENT, "the event is not the one the package was made for")]
    try:
        event = Event.model_validate_json(content)
    except ValidationError:
        return [Fault("event", EVENT, "the event cannot be read")]
    same = (event.id, event.time, event.data.node, event.data.camera)
    if same != (manifest.event_id, manifest.event_time, manifest.node, manifest.camera):
        return [Fault("event", EVENT, "event and manifest name different events")]
    still = {file.sha256 for file in manifest.files if file.role == "still_at"}
    if event.data.still_sha256 is not None and still and event.data.still_sha256 not in still:
        return [Fault("event", EVENT, "the event names another picture than the package holds")]
    return []


def _check_files(manifest: Manifest, files: Mapping[str, Digest]) -> list[Fault]:
    faults = []
    named = {file.name for file in manifest.files}
    for file in manifest.files:
        found = files.get(file.name)
        if found is None:
            faults.append(Fault("missing", file.name, "named in the manifest, not in the package"))
        elif found.sha256 != file.sha256 or found.size != file.size:
            faults.append(Fault("altered", file.name, _difference(file, found)))
    faults += [
        Fault("extra", name, "in the package, not named in the manifest") for name in sorted(files) if name not in named
    ]
    return faults + _check_links(manifest.files)


def _difference(file: EvidenceFile, found: Digest) -> str:
    if found.size != file.size:
        return f"{found.size} bytes, {file.size} when it was sealed"
    return f"SHA-256 {found.sha256[:16]}…, {file.sha256[:16]}… when it was sealed"


def _check_links(files: Sequence[EvidenceFile]) -> list[Fault]:
    originals = {file.sha256 for file in files if file.derived_from is None}
    return [
        Fault("link", file.name, "the original it says it was made from is not in the package")
        for file in files
        if file.derived_from is not None and file.derived_from not in originals
    ]
