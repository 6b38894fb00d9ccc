"""All tables in one import, for migrations and tests. A new module with tables is added here."""

from ingest.store import (
    access_log,
    cameras,
    dead,
    events,
    evidence,
    gaps,
    live,
    node_tokens,
    people,
    retention,
    sequences,
    sessions,
    tallies,
)

__all__ = [
    "access_log",
    "cameras",
    "dead",
    "events",
    "evidence",
    "gaps",
    "live",
    "node_tokens",
    "people",
    "retention",
    "sequences",
    "sessions",
    "tallies",
]
