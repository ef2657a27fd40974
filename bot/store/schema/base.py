"""What all tables share."""

from sqlalchemy import (
    Column,
    ForeignKey,
    MetaData,
    SmallInteger,
    Text,
    literal_column,
    text,
)

from bot.store.columns import (
    KEY,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Written into the statements and not bound, so that a planner sees the partial index's own
# condition: a plan made for any value cannot use the index, and SQLite would plan again each time.
PENDING = literal_column("'pending'", Text)
WITHDRAWN = literal_column("'withdrawn'", Text)
CLOSED = literal_column("'closed'", Text)
STALE = text("stale")  # SQLAlchemy would write "stale = 1" for SQLite, which finds no index
SENT = literal_column("'sent'", Text)
P3 = literal_column("3", SmallInteger)


def desk_column() -> Column[str]:
    return Column("desk", KEY, ForeignKey("desk.id"), primary_key=True)
