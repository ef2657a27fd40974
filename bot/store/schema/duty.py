"""The desk's people: their accounts, their rota, and whether they can be reached."""

from sqlalchemy import (
    Column,
    Integer,
    Table,
)

from bot.store.columns import (
    KEY,
    SHIFTS,
    Account,
    Json,
    Moment,
    Words,
)
from bot.store.schema.base import METADATA, desk_column

# Accounts of practitioners, never of members. Who they are stands in the desk's file.
LINKED = Table(
    "linked_account",
    METADATA,
    desk_column(),
    Column("account", Account, primary_key=True),
    Column("who", KEY, nullable=False),
    Column("linked_at", Moment, nullable=False),
)
LINK_CODE = Table(
    "link_code",
    METADATA,
    desk_column(),
    Column("digest", KEY, primary_key=True),
    Column("who", KEY, nullable=False),
    Column("made_at", Moment, nullable=False),
)
DUTY_OVERRIDE = Table(
    "duty_override",
    METADATA,
    desk_column(),
    Column("id", KEY, primary_key=True),
    Column("who", KEY, nullable=False),
    Column("change", KEY, nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("end_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("instead_of", KEY, nullable=False),
)
DUTY_SWAP = Table(
    "duty_swap",
    METADATA,
    desk_column(),
    Column("id", KEY, primary_key=True),
    Column("shift", KEY, nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("other_shift", KEY, nullable=False),
    Column("other_start_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("whom", KEY, nullable=False),
    Column("agreed_at", Moment),
)
# Calendars that are read again by themselves. `sealed` is the address, which is a secret, and
# `sealed_why` names events that are no shifts: titles in a calendar may name a client.
CALENDAR = Table(
    "calendar",
    METADATA,
    desk_column(),
    Column("id", KEY, primary_key=True),
    Column("sealed", Words, nullable=False),
    Column("host", KEY, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("read_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("people", KEY, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("obstacle", KEY),
    Column("etag", Words, nullable=False),
    Column("modified", Words, nullable=False),
    Column("unused", Integer, nullable=False),
    Column("sealed_why", Words, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("shifts", Json(SHIFTS), nullable=False),
)
# Who of the desk takes no direct messages: practitioners, the last resort, the supervisor. A member
# is never among them.
UNREACHED = Table(
    "unreached",
    METADATA,
    desk_column(),
    Column("who", Account, primary_key=True),
    Column("since", Moment, nullable=False),
)
