"""${message}."""

import sqlalchemy as sa
from alembic import op

import ingest.store.base

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Takes back."""
    ${downgrades if downgrades else "pass"}
