"""What owners set up by the dialog: the latest choice of each, with who chose and when."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from bot.domain.message import PlatformName
from bot.domain.setup import Choosing, Setting
from bot.domain.space import SpaceRef
from bot.store.database import Database, insert
from bot.store.schema import SETTING

_EVERYWHERE = ""  # the space of what holds for the whole desk


@dataclass(frozen=True, slots=True)
class Settings:
    database: Database

    async def of(self, desk: str) -> list[Setting]:
        """Give all that was chosen, the earliest first."""
        c = SETTING.c
        statement = (
            select(c.choosing, c.value, c.at, c.who, c.space)
            .where(c.desk == desk)
            .order_by(c.at, c.space, c.choosing)
        )
        async with self.database.reading() as connection:
            rows = await connection.execute(statement)
            return [
                Setting(Choosing(row.choosing), row.value, row.at, row.who, _space(row.space))
                for row in rows
            ]


def write_setting(connection: Connection, desk: str, one: Setting) -> None:
    """Put a choice in the place of the last one, or take it back."""
    c, space = SETTING.c, key_of(one.space)
    connection.execute(
        delete(SETTING).where(c.desk == desk, c.space == space, c.choosing == one.choosing)
    )
    if one.value is None:
        return
    row = {
        "desk": desk,
        "space": space,
        "choosing": one.choosing,
        "value": one.value,
        "at": one.at,
        "who": one.by,
    }
    connection.execute(insert(connection.dialect.name, SETTING), row)


def forget_settings(connection: Connection, desk: str, space: SpaceRef) -> None:
    """Erase what was chosen for a space."""
    c = SETTING.c
    connection.execute(delete(SETTING).where(c.desk == desk, c.space == key_of(space)))


def key_of(space: SpaceRef | None) -> str:
    return _EVERYWHERE if space is None else f"{space.platform}:{space.id}"


def _space(key: str) -> SpaceRef | None:
    platform, _, id_ = key.partition(":")
    return SpaceRef(PlatformName(platform), id_) if key else None
