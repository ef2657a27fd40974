"""What calls for a person: decisions, alerts and their cases, what is sent, and who did what."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    and_,
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
    Account,
    Json,
    Moment,
    Words,
)
from bot.store.schema.base import CLOSED, METADATA, P3, PENDING, SENT, desk_column

ALERT = Table(
    "alert",
    METADATA,
    desk_column(),
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
    desk_column(),
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
    desk_column(),
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
    desk_column(),
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
    desk_column(),
    Column("alert", KEY, primary_key=True),
    Column("who", Account, primary_key=True),
    Column("fate", KEY, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("told", Boolean, nullable=False, server_default=text("false")),
)
Index("ix_page_desk_at", PAGE.c.desk, PAGE.c.at)
UNTOLD = and_(PAGE.c.fate != SENT, text("NOT told"))
Index("ix_page_untold", PAGE.c.desk, PAGE.c.at, sqlite_where=UNTOLD, postgresql_where=UNTOLD)
FINDING = Table(
    "finding",
    METADATA,
    desk_column(),
    Column("key", KEY, primary_key=True),
    Column("failing", KEY, nullable=False),
    Column("subject", KEY, nullable=False),
    Column("detail", Words, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("gone_at", Moment),
)
# What practitioners note. `sealed` is encrypted, only where a desk allows it, and erased in time.
REMARK = Table(
    "remark",
    METADATA,
    desk_column(),
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
    desk_column(),
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
