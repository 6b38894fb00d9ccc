"""Alembic's entry: always on a connection the centre gave it, in the centre's own transaction."""

from alembic import context

import ingest.store.tables  # noqa: F401 - so that every table is in the metadata
from ingest.store.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
