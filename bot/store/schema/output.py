"""What stands in public, or is to."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    literal_column,
)

from bot.store.columns import (
    ACCOUNTS,
    KEY,
    SUBJECTS,
    Account,
    Json,
    Moment,
    Words,
)
from bot.store.schema.base import METADATA, desk_column

# What the bot may say in public, and what became of it. The wording is the registry's or the
# catalogue's: here stand ids alone. `about` is the message's key, `channel_key` its channel's.
OUTPUT = Table(
    "output",
    METADATA,
    desk_column(),
    Column("id", KEY, primary_key=True),
    Column("kind", KEY, nullable=False),
    Column("about", KEY, nullable=False),
    Column("channel_key", KEY, nullable=False),
    Column("message", KEY, nullable=False),
    Column("place", KEY, nullable=False),
    Column("place_name", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("author", KEY, nullable=False),
    Column("subjects", Json(SUBJECTS), nullable=False),
    Column("edition", KEY, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("stage", KEY, nullable=False),
    Column("proposed_by", Account),
    Column("approved_by", Account),
    Column("approved_at", Moment),
    Column("told", Json(ACCOUNTS), nullable=False),
    Column("external_id", KEY),
    Column("version", Integer, nullable=False),
    # No note goes out on one person's word, whatever the code above does (I9).
    CheckConstraint(
        "kind <> 'note' OR stage NOT IN ('approved', 'posted')"
        " OR (proposed_by IS NOT NULL AND approved_by IS NOT NULL AND proposed_by <> approved_by)",
        name="two_people",
    ),
)
OPEN_OUTPUT = OUTPUT.c.stage.in_(
    [literal_column(f"'{one}'", Text) for one in ("suggested", "proposed", "approved")]
)
Index(
    "ix_output_open",
    OUTPUT.c.desk,
    OUTPUT.c.made_at,
    sqlite_where=OPEN_OUTPUT,
    postgresql_where=OPEN_OUTPUT,
)
Index("ix_output_desk_about", OUTPUT.c.desk, OUTPUT.c.about)
Index(
    "ix_output_desk_channel_key_approved_at",
    OUTPUT.c.desk,
    OUTPUT.c.channel_key,
    OUTPUT.c.approved_at,
)
Index("ix_output_desk_author_approved_at", OUTPUT.c.desk, OUTPUT.c.author, OUTPUT.c.approved_at)
Index("ix_output_desk_stage_made_at", OUTPUT.c.desk, OUTPUT.c.stage, OUTPUT.c.made_at)
