"""The first tables: desks, decisions with their alerts, deliveries, cursors and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "desk",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk")),
    )
    _alert()
    _decision()
    _delivery()
    _cursor()
    _ledger()


def downgrade() -> None:
    for table in ("ledger", "cursor", "delivery", "decision", "alert", "desk"):
        op.drop_table(table)


def _desk(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    name = op.f(f"fk_{table}_desk_desk")
    return (
        sa.Column("desk", KEY, nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=name),
    )


def _alert() -> None:
    op.create_table(
        "alert",
        *_desk("alert"),
        sa.Column("key", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "key", name=op.f("pk_alert")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_alert_open",
        "alert",
        ["desk", "last_at"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _decision() -> None:
    op.create_table(
        "decision",
        *_desk("decision"),
        sa.Column("key", KEY, nullable=False),
        sa.Column("platform", KEY, nullable=False),
        sa.Column("space", KEY, nullable=False),
        sa.Column("channel", KEY, nullable=False),
        sa.Column("thread", KEY, nullable=True),
        sa.Column("place", KEY, nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.Column("message", KEY, nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("ruleset", KEY, nullable=False),
        sa.Column("model", KEY, nullable=False),
        sa.Column("policy", KEY, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("alert", KEY, nullable=True),
        sa.PrimaryKeyConstraint("desk", "key", name=op.f("pk_decision")),
        sa.ForeignKeyConstraint(
            ["desk", "alert"],
            ["alert.desk", "alert.key"],
            name=op.f("fk_decision_desk_alert_alert"),
            initially="DEFERRED",
            deferrable=True,
        ),
    )
    op.create_index(op.f("ix_decision_desk_alert"), "decision", ["desk", "alert"])
    op.create_index(op.f("ix_decision_desk_sent_at_key"), "decision", ["desk", "sent_at", "key"])


def _delivery() -> None:
    op.create_table(
        "delivery",
        *_desk("delivery"),
        sa.Column("key", KEY, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("external_id", KEY, nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("desk", "key", name=op.f("pk_delivery")),
    )
    is_pending = sa.text("state = 'pending'")
    op.create_index(
        "ix_delivery_pending",
        "delivery",
        ["due_at", "key"],
        sqlite_where=is_pending,
        postgresql_where=is_pending,
    )
    op.create_index(op.f("ix_delivery_desk_state"), "delivery", ["desk", "state"])


def _cursor() -> None:
    op.create_table(
        "cursor",
        *_desk("cursor"),
        sa.Column("place", KEY, nullable=False),
        sa.Column("first", KEY, nullable=False),
        sa.Column("last", KEY, nullable=False),
        sa.PrimaryKeyConstraint("desk", "place", "first", name=op.f("pk_cursor")),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        *_desk("ledger"),
        sa.Column("place", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", KEY, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "place", "day", "count", name=op.f("pk_ledger")),
    )
