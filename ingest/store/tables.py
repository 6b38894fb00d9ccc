"""All tables in one import, for migrations and tests. A new module with tables is added here."""

from ingest.store import cameras, dead, events, evidence, live, tallies

__all__ = ["cameras", "dead", "events", "evidence", "live", "tallies"]
