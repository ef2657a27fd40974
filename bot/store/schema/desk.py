"""A desk, what was set for it, and what members chose."""

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    Table,
    text,
)

from bot.store.columns import (
    KEY,
    Account,
    Moment,
    Words,
)
from bot.store.schema.base import METADATA, desk_column

DESK = Table(
    "desk",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("name", Words, nullable=False),
)
# What members chose about being read, for as long as it is in force.
CONSENT = Table(
    "consent",
    METADATA,
    desk_column(),
    Column("author", KEY, primary_key=True),
    Column("consent", KEY, nullable=False),
    Column("at", Moment, nullable=False),
)
# What owners set up by the dialog. `space` is "" for what holds for the whole desk. A value is an
# id, or the moderators' own words (the desk's name, the notice): never a member's (I4).
SETTING = Table(
    "setting",
    METADATA,
    desk_column(),
    Column("space", KEY, primary_key=True),
    Column("choosing", KEY, primary_key=True),
    Column("value", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", Account, nullable=False),
)
# The watch list, as moderators set it: over what the desk's file lists. `set_by` is one of them.
WATCH = Table(
    "watch",
    METADATA,
    desk_column(),
    Column("place", KEY, primary_key=True),
    Column("place_name", Words, nullable=False),
    Column("key", KEY, nullable=False),
    Column("mode", KEY, nullable=False),
    Column("answers", Boolean),
    Column("stage", KEY, nullable=False),
    Column("set_by", Account, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("since", Moment),
    Column("begins", KEY, nullable=False),
    Column("notice", KEY),
    Column("link", Words, nullable=False),
    Column("pinned", Boolean),
    Column("version", Integer, nullable=False),
    Column("drawn", KEY, nullable=False, server_default=text("''")),
    Column("told", KEY, nullable=False, server_default=text("''")),
    Column("telling", KEY, nullable=False, server_default=text("''")),
    Column("opens", KEY, nullable=False, server_default=text("''")),
)
