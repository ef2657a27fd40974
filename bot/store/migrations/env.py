"""Run by Alembic, inside the transaction that `bot.store.upgrade` has begun and will commit."""

from alembic import context

from bot.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
context.run_migrations()
