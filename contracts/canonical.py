"""Canonical JSON and the digests made over it.

Keys sorted by code point, no white space, UTF-8, NaN and infinities refused. Floats are written by Python's
shortest round-trip form, so two processes that hold the same values write the same bytes.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

_text = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical_json(value: Any) -> bytes:
    """Bytes that are equal when the values are equal. ValueError for NaN or infinity."""
    return _text(value).encode()


def sha256_hex(content: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def utc_text(moment: datetime) -> str:
    """`2026-11-22T08:15:30.123456Z`: always UTC, always six digits. ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError("time without a zone: make it aware UTC first")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def event_id(*, node: str, camera: str, rule: str, track: str, started_at: datetime) -> str:
    """Id derived from what happened, so a repeat after a crash is the same event (32 hex digits)."""
    what = [node, camera, rule, track, utc_text(started_at)]
    return sha256_hex(canonical_json(what))[:32]
