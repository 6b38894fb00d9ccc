"""Events and files for tests of the outbox."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contracts.canonical import event_id, sha256_hex
from contracts.event import (
    Event,
    EventData,
    EvidenceData,
    EvidenceFile,
    EvidenceSealed,
    ImageSize,
    Kind,
    RuleRef,
    TimeQuality,
    event_type,
    source_path,
)

START = datetime(2026, 11, 22, 8, 15, 30, 123456, tzinfo=UTC)
RULES = {"violation": "wrong_way", "incident": "stopped_vehicle", "count": "line_count"}


def act(number: int, *, kind: Kind = "violation", camera: str = "bridge", node: str = "node-1") -> Event:
    """Act number n of a camera; the same number is the same act."""
    at = START + timedelta(seconds=number)
    rule = RULES[kind]
    return Event(
        id=event_id(node=node, camera=camera, rule=rule, track=str(number), started_at=at),
        source=source_path(node, camera),
        type=event_type(kind, rule),
        time=at,
        subject=str(number),
        data=EventData(
            kind=kind,
            node=node,
            camera=camera,
            rule=RuleRef(id=rule, version=1),
            scene_version=1,
            model_sha256=None,
            track=None,
            image=ImageSize(width=1280, height=720),
            box=None,
            judged_at=at,
            time_quality=TimeQuality(source="rtcp", uncertainty_ms=5),
        ),
    )


def a_file(folder: Path, name: str = "still_at.jpg", content: bytes = b"\xff\xd8 picture") -> tuple[EvidenceFile, Path]:
    """A file on disk, described."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    roles = {"still_at.jpg": ("still_at", "image/jpeg"), "clip.mp4": ("clip", "video/mp4")}
    role, media_type = roles[name]
    digest = hashlib.sha256(content).hexdigest()
    file = EvidenceFile.model_validate(
        {"name": name, "role": role, "media_type": media_type, "size": len(content), "sha256": digest}
    )
    return file, path


def package_of(event: Event, files: list[tuple[EvidenceFile, Path]]) -> EvidenceSealed:
    """Sealed package of an event."""
    return EvidenceSealed(
        id=sha256_hex(event.id.encode())[:32],
        source=event.source,
        time=event.time,
        subject=event.id,
        data=EvidenceData(
            event_id=event.id,
            node=event.data.node,
            camera=event.data.camera,
            complete=True,
            manifest_sha256=sha256_hex(b"manifest of " + event.id.encode()),
            files=tuple(file for file, _ in files),
        ),
    )
