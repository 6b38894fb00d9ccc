"""Which numbers of each node's outboxes are here, and which are missing."""

import sqlalchemy as sa
from alembic import op

from ingest.store.base import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables. What came before is not looked at again: each node counts as whole up to its newest number."""
    op.create_table(
        "sequence_arrivals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        *_outbox(),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sequence_arrivals"),
    )
    op.create_table(
        "sequence_ranges",
        *_outbox(),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("node_id", "outbox", "first", name="pk_sequence_ranges"),
    )
    op.create_table(
        "sequence_heads",
        *_outbox(),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.Column("pending", sa.BigInteger(), nullable=False),
        sa.Column("reported_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("node_id", "outbox", name="pk_sequence_heads"),
    )
    op.create_table(
        "sequence_gaps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        *_outbox(),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column("closed_at", UtcTime, nullable=True),
        sa.Column("acknowledged_by", sa.String(100), nullable=True),
        sa.Column("acknowledged_at", UtcTime, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sequence_gaps"),
    )
    op.create_index("ix_sequence_gaps_node_id_outbox_first", "sequence_gaps", ["node_id", "outbox", "first"])
    op.execute(
        "INSERT INTO sequence_ranges (node_id, outbox, first, last) "
        "SELECT node_id, '', 1, max(sequence) FROM "
        "(SELECT node_id, sequence FROM events UNION ALL SELECT node_id, sequence FROM packages) AS records "
        "WHERE sequence >= 1 GROUP BY node_id"
    )


def downgrade() -> None:
    """Takes them away; what was acknowledged is lost."""
    for table in ("sequence_gaps", "sequence_heads", "sequence_ranges", "sequence_arrivals"):
        op.drop_table(table)


def _outbox() -> tuple[sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("node_id", sa.String(64), nullable=False),
        sa.Column("outbox", sa.String(32), nullable=False),
    )
