"""The tables. No column holds what a member wrote (I4), nor anything that rates a member (I6).

Every table begins with the desk, so that no query can forget it (I8). A change here needs a new
file in `migrations/versions` and its name in `REVISIONS`; a test compares the two.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    and_,
    literal_column,
    text,
)

from bot.store.columns import (
    ACCOUNTS,
    ACTION,
    BECAUSE,
    DEED,
    EVIDENCE,
    KEY,
    OUTCOMES,
    PLAN,
    POSITIONS,
    SHIFTS,
    SUBJECTS,
    Account,
    Json,
    Moment,
    Words,
)

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0005",
    "0004",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0015",
    "0016",
    "0014",
    "0017",
)  # oldest first; opening an up-to-date database looks no further than this

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


def _desk() -> Column[str]:
    return Column("desk", KEY, ForeignKey("desk.id"), primary_key=True)


DESK = Table(
    "desk",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("name", Words, nullable=False),
)

ALERT = Table(
    "alert",
    METADATA,
    _desk(),
    Column("key", KEY, primary_key=True),
    Column("place", KEY, nullable=False),
    Column("author", KEY, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("state", KEY, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("messages", Integer, nullable=False),
    # NULL for an alert of the past (a replay): nobody is told of it, and it is never due.
    Column("plan", Json(PLAN)),
    Column("holder", Account),
    Column("step", Integer, nullable=False, server_default=text("0")),
    Column("due_at", Moment),
    Column("acknowledged_at", Moment),
    Column("outcome", KEY),
    Column("told", Json(ACCOUNTS)),
    Column("unreached", Json(ACCOUNTS)),
    Column("unattended", Boolean, nullable=False, server_default=text("false")),
    Column("deed", Json(DEED)),
    Column("version", Integer, nullable=False, server_default=text("1")),
    # Some copy of its card shows less than is known: it has to be drawn again.
    Column("stale", Boolean, nullable=False, server_default=text("false")),
    # A drill is about no member, and is in no figure.
    Column("drill", Boolean, nullable=False, server_default=text("false")),
    # Read in shadow mode: one person was told of it, and nothing will happen to it.
    Column("shadow", Boolean, nullable=False, server_default=text("false")),
)
Index(
    "ix_alert_drill",
    ALERT.c.desk,
    ALERT.c.opened_at,
    sqlite_where=ALERT.c.drill,
    postgresql_where=ALERT.c.drill,
)
Index(
    "ix_alert_open",
    ALERT.c.desk,
    ALERT.c.last_at,
    sqlite_where=ALERT.c.state != CLOSED,
    postgresql_where=ALERT.c.state != CLOSED,
)
Index(
    "ix_alert_due",
    ALERT.c.desk,
    ALERT.c.due_at,
    ALERT.c.key,
    sqlite_where=ALERT.c.due_at.is_not(None),
    postgresql_where=ALERT.c.due_at.is_not(None),
)
Index(
    "ix_alert_stale",
    ALERT.c.desk,
    ALERT.c.key,
    sqlite_where=ALERT.c.stale,
    postgresql_where=ALERT.c.stale,
)

DECISION = Table(
    "decision",
    METADATA,
    _desk(),
    Column("key", KEY, primary_key=True),
    Column("platform", KEY, nullable=False),
    Column("space", KEY, nullable=False),
    Column("channel", KEY, nullable=False),
    Column("thread", KEY),
    Column("place", KEY, nullable=False),
    Column("place_name", Words, nullable=False),
    Column("message", KEY, nullable=False),
    Column("link", Words, nullable=False),
    Column("author", KEY, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("priority", SmallInteger),
    Column("because", Json(BECAUSE), nullable=False),
    Column("outcomes", Json(OUTCOMES), nullable=False),
    Column("evidence", Json(EVIDENCE), nullable=False),
    Column("ruleset", KEY, nullable=False),
    Column("model", KEY, nullable=False),
    Column("policy", KEY, nullable=False),
    Column("due_at", Moment),
    Column("alert", KEY),
    # A question's answer in the chat: when, and the key of the message that answers.
    Column("answered_at", Moment),
    Column("answered_by", KEY),
    # Checked at the commit: the decision comes first, then the alert it raises. A message that
    # joins an alert which is not there is refused here, or it would alert nobody.
    ForeignKeyConstraint(
        ["desk", "alert"], ["alert.desk", "alert.key"], deferrable=True, initially="DEFERRED"
    ),
)
# Without it, each new alert would look through all decisions for those that wait for it.
Index("ix_decision_desk_alert", DECISION.c.desk, DECISION.c.alert)
Index("ix_decision_desk_sent_at_key", DECISION.c.desk, DECISION.c.sent_at, DECISION.c.key)
UNANSWERED = and_(DECISION.c.priority == P3, DECISION.c.answered_at.is_(None))
Index(
    "ix_decision_unanswered",
    DECISION.c.desk,
    DECISION.c.sent_at,
    sqlite_where=UNANSWERED,
    postgresql_where=UNANSWERED,
)

DELIVERY = Table(
    "delivery",
    METADATA,
    _desk(),
    Column("key", KEY, primary_key=True),
    Column("action", Json(ACTION), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", KEY, nullable=False),
    Column("external_id", KEY),
    Column("delivered_at", Moment),
    Column("why", Words),
    Column("alert", KEY),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("edits", KEY),  # the key of the delivery whose copy this one draws again
    # Where it goes: what is for one destination goes in the order of `first_due_at`. NULL waits for
    # nothing, and nothing for it.
    Column("destination", KEY),
    Column("first_due_at", Moment),
    # Of what was posted: where it stands among the messages, and what opens it.
    Column("position", KEY),
    Column("link", Words),
    Column("asked", Boolean, nullable=False, server_default=text("false")),  # it was asked to wait
    # When it is looked for whether it was sent although no receipt came; NULL: nothing is open.
    Column("sought_at", Moment),
    Column("looks", Integer, nullable=False, server_default=text("0")),
)
Index(
    "ix_delivery_sought",
    DELIVERY.c.sought_at,
    DELIVERY.c.key,
    sqlite_where=DELIVERY.c.sought_at.is_not(None),
    postgresql_where=DELIVERY.c.sought_at.is_not(None),
)
Index(
    "ix_delivery_destination",
    DELIVERY.c.destination,
    DELIVERY.c.first_due_at,
    DELIVERY.c.key,
    sqlite_where=DELIVERY.c.state == PENDING,
    postgresql_where=DELIVERY.c.state == PENDING,
)
Index(
    "ix_delivery_pending",
    DELIVERY.c.due_at,
    DELIVERY.c.first_due_at,
    DELIVERY.c.key,
    sqlite_where=DELIVERY.c.state == PENDING,
    postgresql_where=DELIVERY.c.state == PENDING,
)
Index("ix_delivery_desk_state", DELIVERY.c.desk, DELIVERY.c.state)

Index(
    "ix_delivery_desk_alert",
    DELIVERY.c.desk,
    DELIVERY.c.alert,
    sqlite_where=DELIVERY.c.alert.is_not(None),
    postgresql_where=DELIVERY.c.alert.is_not(None),
)
Index(
    "ix_delivery_external",
    DELIVERY.c.desk,
    DELIVERY.c.external_id,
    sqlite_where=DELIVERY.c.alert.is_not(None),
    postgresql_where=DELIVERY.c.alert.is_not(None),
)

# Who looked, and who did what: practitioners, never members. `id` is a press's own id, or names
# the change that came by itself; the same id is written once.
AUDIT = Table(
    "audit",
    METADATA,
    _desk(),
    Column("id", KEY, primary_key=True),
    Column("alert", KEY),
    Column("what", KEY, nullable=False),
    Column("who", Account),
    Column("whom", Account),
    Column("at", Moment, nullable=False),
    Column("command", KEY),
)
Index("ix_audit_desk_alert_at", AUDIT.c.desk, AUDIT.c.alert, AUDIT.c.at)

# Urgent pages, sent or held back: practitioners, never members. One row an alert and person and
# fate, so that being told again of the same alert costs nobody anything.
PAGE = Table(
    "page",
    METADATA,
    _desk(),
    Column("alert", KEY, primary_key=True),
    Column("who", Account, primary_key=True),
    Column("fate", KEY, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("told", Boolean, nullable=False, server_default=text("false")),
)
Index("ix_page_desk_at", PAGE.c.desk, PAGE.c.at)
UNTOLD = and_(PAGE.c.fate != SENT, text("NOT told"))
Index("ix_page_untold", PAGE.c.desk, PAGE.c.at, sqlite_where=UNTOLD, postgresql_where=UNTOLD)

CURSOR = Table(
    "cursor",
    METADATA,
    _desk(),
    Column("place", KEY, primary_key=True),
    Column("first", KEY, primary_key=True),
    Column("last", KEY, nullable=False),
)

# The positions of what was counted last, so that a neighbour that was overtaken is told from them.
TAIL = Table(
    "tail",
    METADATA,
    _desk(),
    Column("place", KEY, primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("first", KEY, primary_key=True),
    Column("after", KEY, nullable=False),
    Column("positions", Json(POSITIONS), nullable=False),
)

LEDGER = Table(
    "ledger",
    METADATA,
    _desk(),
    Column("place", KEY, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", KEY, primary_key=True),
    Column("n", Integer, nullable=False),
)

FINDING = Table(
    "finding",
    METADATA,
    _desk(),
    Column("key", KEY, primary_key=True),
    Column("failing", KEY, nullable=False),
    Column("subject", KEY, nullable=False),
    Column("detail", Words, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("gone_at", Moment),
)

# Accounts of practitioners, never of members. Who they are stands in the desk's file.
LINKED = Table(
    "linked_account",
    METADATA,
    _desk(),
    Column("account", Account, primary_key=True),
    Column("who", KEY, nullable=False),
    Column("linked_at", Moment, nullable=False),
)
LINK_CODE = Table(
    "link_code",
    METADATA,
    _desk(),
    Column("digest", KEY, primary_key=True),
    Column("who", KEY, nullable=False),
    Column("made_at", Moment, nullable=False),
)

DUTY_OVERRIDE = Table(
    "duty_override",
    METADATA,
    _desk(),
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
    _desk(),
    Column("id", KEY, primary_key=True),
    Column("shift", KEY, nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("other_shift", KEY, nullable=False),
    Column("other_start_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("whom", KEY, nullable=False),
    Column("agreed_at", Moment),
)

# What practitioners note. `sealed` is encrypted, only where a desk allows it, and erased in time.
REMARK = Table(
    "remark",
    METADATA,
    _desk(),
    Column("id", KEY, primary_key=True),
    Column("alert", KEY, nullable=False),
    Column("who", Account, nullable=False),
    Column("at", Moment, nullable=False),
    Column("code", KEY, nullable=False),
    Column("sealed", Words),
    Column("erase_at", Moment),
)
Index("ix_remark_desk_alert", REMARK.c.desk, REMARK.c.alert)
Index(
    "ix_remark_erase",
    REMARK.c.desk,
    REMARK.c.erase_at,
    sqlite_where=REMARK.c.erase_at.is_not(None),
    postgresql_where=REMARK.c.erase_at.is_not(None),
)
FOLLOW_UP = Table(
    "follow_up",
    METADATA,
    _desk(),
    Column("id", KEY, primary_key=True),
    Column("alert", KEY, nullable=False),
    Column("who", Account, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("told_at", Moment),
)
Index(
    "ix_follow_up_due",
    FOLLOW_UP.c.desk,
    FOLLOW_UP.c.due_at,
    sqlite_where=FOLLOW_UP.c.told_at.is_(None),
    postgresql_where=FOLLOW_UP.c.told_at.is_(None),
)

# Places that were closed to the bot. Their cursors stay, so that what is missed can be read back
# should they open again.
GONE_PLACE = Table(
    "gone_place",
    METADATA,
    _desk(),
    Column("place", KEY, primary_key=True),
    Column("gone_at", Moment, nullable=False),
)

# The spaces that the bot was in, by what their keys begin with, and as whom. `missed_at`: since
# when its token is refused as it is when the bot was removed.
JOINED = Table(
    "joined",
    METADATA,
    _desk(),
    Column("space", KEY, primary_key=True),
    Column("account", KEY, nullable=False),
    Column("missed_at", Moment),
)

# What the bot may say in public, and what became of it. The wording is the registry's or the
# catalogue's: here stand ids alone. `about` is the message's key, `channel_key` its channel's.
OUTPUT = Table(
    "output",
    METADATA,
    _desk(),
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
# What members chose about being read, for as long as it is in force.
CONSENT = Table(
    "consent",
    METADATA,
    _desk(),
    Column("author", KEY, primary_key=True),
    Column("consent", KEY, nullable=False),
    Column("at", Moment, nullable=False),
)
# What owners set up by the dialog. `space` is "" for what holds for the whole desk. A value is an
# id, or the moderators' own words (the desk's name, the notice): never a member's (I4).
SETTING = Table(
    "setting",
    METADATA,
    _desk(),
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
    _desk(),
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
)
# Calendars that are read again by themselves. `sealed` is the address, which is a secret, and
# `sealed_why` names events that are no shifts: titles in a calendar may name a client.
CALENDAR = Table(
    "calendar",
    METADATA,
    _desk(),
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
    _desk(),
    Column("who", Account, primary_key=True),
    Column("since", Moment, nullable=False),
)
