"""What a node would send, made by hand: events, sealed packages with their files, health."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.canonical import event_id, sha256_hex
from contracts.cloudevents import health_record, record_of
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
    TrackRef,
    event_type,
    source_path,
)
from contracts.evidence import CHAIN_START, Manifest, event_document, public_key_text, sign
from contracts.health import CameraHealth, CameraState, NodeHealth, Reason
from contracts.wire import Record

START = datetime(2026, 11, 22, 8, 15, 30, 123456, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


def an_event(number: int = 1, *, camera: str = "bridge", kind: Kind = "violation", **changes: Any) -> Event:
    """Event number n: one second after the one before it. `changes` are EventData's fields."""
    rule = {"violation": "wrong_way", "incident": "stopped_vehicle", "count": "line_count"}[kind]
    started_at = changes.pop("time", START + timedelta(seconds=number))
    node = changes.get("node", "node-1")
    fields = {
        "kind": kind,
        "node": node,
        "camera": camera,
        "rule": RuleRef(id=rule, version=1),
        "scene_version": 3,
        "model_sha256": "a" * 64,
        "track": TrackRef(id=f"t{number}", class_name="motorcycle", confidence=0.9, riders=2),
        "image": ImageSize(width=1280, height=720),
        "box": (0.1, 0.2, 0.3, 0.4),
        "where": "north" if kind == "count" else "lane-1",
        "judged_at": started_at + timedelta(seconds=1),
        "facts": {"direction": "forward", "label": "in"} if kind == "count" else {"direction_deg": 181.5},
        "time_quality": TimeQuality(source="rtcp", uncertainty_ms=20),
        **changes,
    }
    return Event(
        id=event_id(node=node, camera=camera, rule=rule, track=f"t{number}", started_at=started_at),
        source=source_path(node, camera),
        type=event_type(kind, rule),
        time=started_at,
        subject=f"t{number}",
        sequence=number,
        data=EventData.model_validate(fields),
    )


@dataclass(frozen=True)
class Package:
    """A sealed package and the bytes of its files by hash."""

    sealed: EvidenceSealed
    contents: dict[str, bytes]

    def content(self, name: str) -> bytes:
        """Bytes of one file."""
        return self.contents[next(file.sha256 for file in self.sealed.data.files if file.name == name)]


def a_package(
    event: Event,
    *,
    key: Ed25519PrivateKey = KEY,
    still: bytes = JPEG,
    clip: bytes = bytes(range(256)) * 40,
    complete: bool = True,
) -> Package:
    """Package of an event: a still, a clip, manifest and signature."""
    files = (
        _file("clip.mp4", "clip", "video/mp4", clip),
        _file("still_at.jpg", "still_at", "image/jpeg", still),
    )
    manifest = Manifest(
        event_id=event.id,
        event_sha256=sha256_hex(event_document(event)),
        event_time=event.time,
        node=event.data.node,
        camera=event.data.camera,
        complete=complete,
        notes=() if complete else ("the node stopped before the clip was closed",),
        files=files,
        previous=CHAIN_START,
    ).to_json()
    signature = sign(manifest, key).to_json()
    every = (
        *files,
        _file("manifest.json", "manifest", "application/json", manifest),
        _file("signature.json", "signature", "application/json", signature),
    )
    sealed = EvidenceSealed(
        id=sha256_hex(event.id.encode())[:32],
        source=event.source,
        time=event.time + timedelta(seconds=4),
        subject=event.subject,
        sequence=event.sequence + 100_000,
        data=EvidenceData(
            event_id=event.id,
            node=event.data.node,
            camera=event.data.camera,
            complete=complete,
            notes=() if complete else ("the node stopped before the clip was closed",),
            manifest_sha256=sha256_hex(manifest),
            files=every,
        ),
    )
    return Package(sealed, {sha256_hex(one): one for one in (clip, still, manifest, signature)})


def _file(name: str, role: Any, media_type: str, content: bytes) -> EvidenceFile:
    return EvidenceFile(name=name, role=role, media_type=media_type, size=len(content), sha256=sha256_hex(content))


def a_report(
    *cameras: CameraHealth,
    node: str = "node-1",
    reported_at: datetime = START,
    key: Ed25519PrivateKey = KEY,
) -> NodeHealth:
    """Health of a node."""
    return NodeHealth(
        node=node,
        reported_at=reported_at,
        started_at=START - timedelta(hours=1),
        version="0.1.0",
        public_key=public_key_text(key.public_key().public_bytes_raw()),
        last_sequence=7,
        cameras=cameras or (a_camera(),),
    )


def a_camera(
    camera: str = "bridge", state: CameraState = CameraState.ONLINE, reason: Reason = Reason.NONE, **changes: Any
) -> CameraHealth:
    """Health of a camera."""
    fields = {"name": f"Cầu {camera}", "address": "rtsp://10.0.0.5/ch1", "since": START, "fps": 25.0, **changes}
    return CameraHealth(camera=camera, state=state, reason=reason, **fields)


def records(*messages: Event | EvidenceSealed | NodeHealth) -> list[Record]:
    """As they come from the bus."""
    return [health_record(one) if isinstance(one, NodeHealth) else record_of(one) for one in messages]
