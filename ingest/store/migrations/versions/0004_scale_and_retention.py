"""Indexes for a hundred million events; legal holds, runs of the retention, files to remove.

In PostgreSQL the indexes are built and taken away CONCURRENTLY, so a centre that is running goes on reading and
writing (docs/decisions/0008).
"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from alembic import context, op

from ingest.store.base import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


class _Index(NamedTuple):
    name: str
    table: str
    columns: tuple[str, ...]
    where: str | None = None


_NEW = (
    _Index("ix_events_camera_kind_state_time_id", "events", ("camera_id", "kind", "state", "time", "id")),
    _Index("ix_events_rule_time_id", "events", ("rule", "time", "id")),
    _Index("ix_events_type_time_id", "events", ("type", "time", "id")),
    _Index("ix_events_still", "events", ("still_sha256",), "still_sha256 IS NOT NULL"),
    _Index("ix_packages_unsettled", "packages", ("node_id",), "verified IS NULL"),
)
_OLD = (
    _Index("ix_events_camera_id_time_id", "events", ("camera_id", "time", "id")),
    _Index("ix_events_rule", "events", ("rule",)),
    _Index("ix_events_still_sha256", "events", ("still_sha256",)),
    _Index("ix_packages_node_id", "packages", ("node_id",)),
    _Index("ix_packages_state", "packages", ("state",)),
)


def upgrade() -> None:
    """Makes tables and indexes."""
    op.create_table(
        "holds",
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(64), nullable=False),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_holds_event_id"),
        sa.PrimaryKeyConstraint("event_id", name="pk_holds"),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("ended_at", UtcTime, nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_retention_runs"),
    )
    op.create_table(
        "files_to_remove",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_files_to_remove"),
    )
    _exchange(_NEW, _OLD)


def downgrade() -> None:
    """Takes them away; holds are lost."""
    _exchange(_OLD, _NEW)
    for table in ("files_to_remove", "retention_runs", "holds"):
        op.drop_table(table)


def _exchange(new: Sequence[_Index], old: Sequence[_Index]) -> None:
    if op.get_bind().dialect.name != "postgresql" or not context.config.attributes.get("is_apart", False):
        for index in new:
            _create(index, concurrently=False)
        for index in old:
            op.drop_index(index.name, table_name=index.table)
        return
    with op.get_context().autocommit_block():
        for index in new:
            # one that was broken off is there but not valid; one that is whole is built once more, no harm done
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}")
            _create(index, concurrently=True)
        for index in old:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}")


def _create(index: _Index, *, concurrently: bool) -> None:
    where = sa.text(index.where) if index.where else None
    op.create_index(
        index.name,
        index.table,
        list(index.columns),
        postgresql_where=where,
        sqlite_where=where,
        postgresql_concurrently=concurrently,
    )
