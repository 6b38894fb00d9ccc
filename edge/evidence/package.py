"""A package on disk: which files it has, and how it is closed.

    CAMERA/20261122T081530.123456Z-wrong_way-1f3a9c02/
        still_before.jpg still_at.jpg still_after.jpg crop.jpg clip.mp4 (or clip.mkv) [clip.h264.mp4]
        event.json manifest.json signature.json

Each file appears whole or not at all; signature.json comes last, so a folder with it is a closed package.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from contracts.canonical import canonical_json, sha256_hex, utc_text
from contracts.event import Event, EvidenceData, EvidenceFile, EvidenceSealed
from contracts.evidence import EVENT, MANIFEST, SIGNATURE, Manifest, event_document
from edge.errors import EvidenceError
from edge.evidence.disk import digest_of, write_whole
from edge.evidence.signer import Signer

Role = Literal["still_before", "still_at", "still_after", "crop", "clip", "clip_derived", "manifest", "signature"]

STILL_BEFORE = "still_before.jpg"
STILL_AT = "still_at.jpg"
STILL_AFTER = "still_after.jpg"
CROP = "crop.jpg"
CLIPS = ("clip.mp4", "clip.mkv")  # the second for codecs that MP4 does not know
CLIP_DERIVED = "clip.h264.mp4"

_KINDS: dict[str, tuple[Role, str]] = {
    STILL_BEFORE: ("still_before", "image/jpeg"),
    STILL_AT: ("still_at", "image/jpeg"),
    STILL_AFTER: ("still_after", "image/jpeg"),
    CROP: ("crop", "image/jpeg"),
    CLIPS[0]: ("clip", "video/mp4"),
    CLIPS[1]: ("clip", "video/x-matroska"),
    CLIP_DERIVED: ("clip_derived", "video/mp4"),
    MANIFEST: ("manifest", "application/json"),
    SIGNATURE: ("signature", "application/json"),
}
_EXPECTED: frozenset[Role] = frozenset({"still_before", "still_at", "still_after", "crop", "clip"})
"""Without one of these a package is incomplete; the crop only where the finding is about a road user."""


@dataclass(frozen=True, slots=True)
class ClosedPackage:
    """What is published, and the files that go with it."""

    sealed: EvidenceSealed
    files: tuple[tuple[EvidenceFile, Path], ...]


def folder_name(*, started_at: datetime, rule: str, where: str | None, track: str | None) -> str:
    """Name a person can read, different for different events of one camera; the same for the same event."""
    what = hashlib.sha256(canonical_json([where, track])).hexdigest()[:8]
    stamp = utc_text(started_at).replace("-", "").replace(":", "")
    return f"{stamp}-{rule}-{what}"


def _expected(event: Event) -> frozenset[Role]:
    return _EXPECTED if event.data.track is not None else _EXPECTED - {"crop"}


def folder_of(event: Event) -> Path:
    """Where the event's package lies, relative to the evidence folder."""
    data = event.data
    name = folder_name(started_at=event.time, rule=data.rule.id, where=data.where, track=event.subject)
    return Path(data.camera) / name


def describe(path: Path, *, derived_from: str | None = None) -> EvidenceFile:
    """Name, role, size and hash of a file of a package. EvidenceError when it is none, or cannot be read."""
    if path.name not in _KINDS:
        raise EvidenceError(f"{path}: is no file of an evidence package")
    role, media_type = _KINDS[path.name]
    try:
        digest = digest_of(path)
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be read ({error.strerror})") from None
    return EvidenceFile(
        name=path.name,
        role=role,
        media_type=media_type,
        size=digest.size,
        sha256=digest.sha256,
        derived_from=derived_from,
    )


def close_folder(folder: Path, event: Event, *, signer: Signer, previous: str, notes: Sequence[str]) -> ClosedPackage:
    """Signs what lies in the folder. The package is complete when every expected file is there.

    Args:
        folder: of the package; files of other names in it are unfinished ones and are removed.
        event: the package's event.
        signer: of the node.
        previous: SHA-256 of the node's manifest before this one.
        notes: what is missing and why, in English sentences.
    """
    for path in folder.iterdir():
        if path.name not in _KINDS and path.name != EVENT:
            path.unlink(missing_ok=True)  # half-written by a run that ended
    write_whole(folder / EVENT, event_document(event))
    files = _files_in(folder)
    manifest = Manifest(
        event_id=event.id,
        event_sha256=sha256_hex(event_document(event)),
        event_time=event.time,
        node=event.data.node,
        camera=event.data.camera,
        complete=_expected(event).issubset(file.role for file in files),
        notes=tuple(notes),
        files=files,
        previous=previous,
    )
    content = manifest.to_json()
    write_whole(folder / MANIFEST, content)
    write_whole(folder / SIGNATURE, signer.sign(content).to_json())
    return closed_from(folder, event, manifest)


def closed_from(folder: Path, event: Event, manifest: Manifest) -> ClosedPackage:
    """What is published about a folder that is signed already."""
    files = (*manifest.files, describe(folder / MANIFEST), describe(folder / SIGNATURE))
    sealed = EvidenceSealed(
        id=sha256_hex(canonical_json(["sealed", event.id]))[:32],
        source=event.source,
        time=event.data.judged_at,
        subject=event.id,
        data=EvidenceData(
            event_id=event.id,
            node=event.data.node,
            camera=event.data.camera,
            complete=manifest.complete,
            notes=manifest.notes,
            manifest_sha256=sha256_hex(manifest.to_json()),
            files=files,
        ),
    )
    return ClosedPackage(sealed, tuple((file, folder / file.name) for file in files))


def _files_in(folder: Path) -> tuple[EvidenceFile, ...]:
    """The package's files, sorted by name; a derived clip without its original is left out."""
    names = sorted((set(_KINDS) - {MANIFEST, SIGNATURE}) & {path.name for path in folder.iterdir()})
    found = {name: describe(folder / name) for name in names}
    derived = found.pop(CLIP_DERIVED, None)
    original = next((found[name] for name in CLIPS if name in found), None)
    if derived is not None and original is not None:
        found[CLIP_DERIVED] = derived.model_copy(update={"derived_from": original.sha256})
    return tuple(found[name] for name in sorted(found))
