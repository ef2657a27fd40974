"""Brings the tables up to date when the store is opened, or refuses what is newer than the code."""

from pathlib import Path

from sqlalchemy import Connection, inspect, select, table, text
from sqlalchemy import column as named

from bot.store.database import BadDatabase, Database
from bot.store.schema import METADATA, REVISIONS

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = table("alembic_version", named("version_num"))
LOCK = text("SELECT pg_advisory_xact_lock(7769726174)")  # any number that no one else uses


async def bring_up_to_date(database: Database) -> None:
    """Cost next to nothing when there is nothing to do. One transaction: all of it or nothing."""
    async with database.reading() as connection:
        found = await connection.run_sync(_revision)
    if found == REVISIONS[-1]:
        return
    async with database.writing() as connection:
        await connection.run_sync(_upgrade)


def _revision(connection: Connection) -> str | None:
    """Give the database's revision, None for an empty one."""
    tables = set(inspect(connection).get_table_names())
    if VERSION.name not in tables:
        _refuse_strangers(connection, tables)
        return None
    found = connection.scalar(select(VERSION.c.version_num))
    if found is not None and found not in REVISIONS:
        raise BadDatabase(
            f"the database {connection.engine.url.database} was written by a newer version"
            f" (revision {found}): update Waymark, or name another database"
        )
    return found


def _refuse_strangers(connection: Connection, tables: set[str]) -> None:
    ours = sorted(tables & set(METADATA.tables))
    if ours:
        raise BadDatabase(
            f"the database {connection.engine.url.database} belongs to another program"
            f" (it has a table {ours[0]!r}): name another database"
        )


def _upgrade(connection: Connection) -> None:
    # Imported here alone: it takes longer than all the rest of opening an up-to-date database.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.execute(LOCK)  # two that start at once: the second finds the work done
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
