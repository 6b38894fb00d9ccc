"""Events, decisions, evidence packages, nodes, cameras, tallies, live log, dead letters."""

import sqlalchemy as sa
from alembic import op

from ingest.store.base import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    _events()
    _evidence()
    _nodes()
    _logs()


def downgrade() -> None:
    """Takes them away with all they hold."""
    for table in (
        "tallies",
        "dead_letters",
        "live_log",
        "cameras",
        "nodes",
        "package_files",
        "packages",
        "decisions",
        "events",
    ):
        op.drop_table(table)


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("node_id", sa.String(length=64), nullable=False),
        sa.Column("camera_id", sa.String(length=64), nullable=False),
        sa.Column("time", UtcTime, nullable=False),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=True),
        sa.Column("still_sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_camera_id_time_id"), "events", ["camera_id", "time", "id"], unique=False)
    op.create_index(op.f("ix_events_kind_state_time_id"), "events", ["kind", "state", "time", "id"], unique=False)
    op.create_index(op.f("ix_events_rule"), "events", ["rule"], unique=False)
    op.create_index(op.f("ix_events_still_sha256"), "events", ["still_sha256"], unique=False)
    op.create_index(op.f("ix_events_time_id"), "events", ["time", "id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_decisions_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_event_id"), "decisions", ["event_id"], unique=False)
    op.create_table(
        "tallies",
        sa.Column("camera_id", sa.String(length=64), nullable=False),
        sa.Column("quarter", UtcTime, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("camera_id", "quarter", "kind", "place", name=op.f("pk_tallies")),
    )


def _evidence() -> None:
    op.create_table(
        "packages",
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("node_id", sa.String(length=64), nullable=False),
        sa.Column("camera_id", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", UtcTime, nullable=False),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("signed_by", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_packages")),
    )
    op.create_index(op.f("ix_packages_node_id"), "packages", ["node_id"], unique=False)
    op.create_index(op.f("ix_packages_state"), "packages", ["state"], unique=False)
    op.create_table(
        "package_files",
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("derived_from", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["packages.event_id"], name=op.f("fk_package_files_event_id")),
        sa.PrimaryKeyConstraint("event_id", "name", name=op.f("pk_package_files")),
    )
    op.create_index(op.f("ix_package_files_sha256"), "package_files", ["sha256"], unique=False)


def _nodes() -> None:
    op.create_table(
        "nodes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.String(length=128), nullable=True),
        sa.Column("key_problem", sa.Text(), nullable=True),
        sa.Column("first_seen_at", UtcTime, nullable=False),
        sa.Column("seen_at", UtcTime, nullable=False),
        sa.Column("reported_at", UtcTime, nullable=True),
        sa.Column("started_at", UtcTime, nullable=True),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("outbox_pending", sa.BigInteger(), nullable=False),
        sa.Column("outbox_bytes", sa.BigInteger(), nullable=False),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nodes")),
    )
    op.create_table(
        "cameras",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("node_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reported_at", UtcTime, nullable=False),
        sa.Column("health", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cameras")),
    )
    op.create_index(op.f("ix_cameras_node_id"), "cameras", ["node_id"], unique=False)


def _logs() -> None:
    op.create_table(
        "live_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("camera_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_log")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
