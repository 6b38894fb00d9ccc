"""People, sessions, one-time links, node tokens, failed sign-ins and the access log."""

import sqlalchemy as sa
from alembic import op

from ingest.store.base import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_REFUSAL = "the access log is only added to"


def upgrade() -> None:
    """Makes the tables."""
    _people()
    _sessions()
    op.create_table(
        "node_tokens",
        sa.Column("node", sa.String(64), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("node", name="pk_node_tokens"),
        sa.UniqueConstraint("token_sha256", name="uq_node_tokens_token_sha256"),
    )
    _access_log()


def downgrade() -> None:
    """Takes them away; who may do what is lost."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER access_log_only_added ON access_log")
        op.execute("DROP FUNCTION access_log_only_added()")
    for table in ("access_log", "node_tokens", "sign_in_failures", "sessions", "one_time_links", "people"):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("cameras", sa.JSON, nullable=True),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("username", name="uq_people_username"),
    )
    op.create_table(
        "one_time_links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("used_at", UtcTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_links"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_one_time_links_person_id"),
        sa.UniqueConstraint("person_id", name="uq_one_time_links_person_id"),
        sa.UniqueConstraint("token_sha256", name="uq_one_time_links_token_sha256"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("used_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("address", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_sessions"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sessions_person_id"),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("username_sha256", sa.String(64), nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failures"),
    )
    op.create_index("ix_sign_in_failures_at", "sign_in_failures", ["at"])
    op.create_index("ix_sign_in_failures_username_sha256_at", "sign_in_failures", ["username_sha256", "at"])
    op.create_index("ix_sign_in_failures_network_at", "sign_in_failures", ["network", "at"])


def _access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("subject", sa.String(64), nullable=True),
        sa.Column("address", sa.String(64), nullable=True),
        sa.Column("network", sa.String(64), nullable=True),
        sa.Column("note", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_at", "access_log", ["at"])
    op.create_index("ix_access_log_person_id_act_at", "access_log", ["person_id", "act", "at"])
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER access_log_no_{change.lower()} BEFORE {change} ON access_log "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
    elif op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION access_log_only_added() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER access_log_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log "
            "FOR EACH STATEMENT EXECUTE FUNCTION access_log_only_added()"
        )
