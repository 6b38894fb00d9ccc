"""Alembic's entry: always on a connection the centre gave it.

In the centre's own transaction, or, with the attribute `is_apart`, in one transaction for each migration, which may
then build indexes outside of it.
"""

from alembic import context

import ingest.store.tables  # noqa: F401 - so that every table is in the metadata
from ingest.store.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    transaction_per_migration=context.config.attributes.get("is_apart", False),
)
context.run_migrations()
