"""How far each channel was read, what was counted, and the spaces that the bot is in."""

from sqlalchemy import (
    Column,
    Date,
    Integer,
    Table,
)

from bot.store.columns import (
    KEY,
    POSITIONS,
    Json,
    Moment,
)
from bot.store.schema.base import METADATA, desk_column

CURSOR = Table(
    "cursor",
    METADATA,
    desk_column(),
    Column("place", KEY, primary_key=True),
    Column("first", KEY, primary_key=True),
    Column("last", KEY, nullable=False),
)
# The positions of what was counted last, so that a neighbour that was overtaken is told from them.
TAIL = Table(
    "tail",
    METADATA,
    desk_column(),
    Column("place", KEY, primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("first", KEY, primary_key=True),
    Column("after", KEY, nullable=False),
    Column("positions", Json(POSITIONS), nullable=False),
)
LEDGER = Table(
    "ledger",
    METADATA,
    desk_column(),
    Column("place", KEY, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", KEY, primary_key=True),
    Column("n", Integer, nullable=False),
)
# Places that were closed to the bot. Their cursors stay, so that what is missed can be read back
# should they open again.
GONE_PLACE = Table(
    "gone_place",
    METADATA,
    desk_column(),
    Column("place", KEY, primary_key=True),
    Column("gone_at", Moment, nullable=False),
)
# The spaces that the bot was in, by what their keys begin with, and as whom. `missed_at`: since
# when its token is refused as it is when the bot was removed.
JOINED = Table(
    "joined",
    METADATA,
    desk_column(),
    Column("space", KEY, primary_key=True),
    Column("account", KEY, nullable=False),
    Column("missed_at", Moment),
)
