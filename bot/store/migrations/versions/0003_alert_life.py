"""The life of an alert: its plan, its holder, when it moves by itself; copies of cards; audit."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NO = sa.text("false")


def upgrade() -> None:
    for column in _alert_columns():
        op.add_column("alert", column)
    op.drop_index("ix_alert_open", "alert")
    _index("ix_alert_open", "alert", ["desk", "last_at"], "state != 'closed'")
    _index("ix_alert_due", "alert", ["desk", "due_at", "key"], "due_at IS NOT NULL")
    _index("ix_alert_stale", "alert", ["desk", "key"], "stale")
    op.add_column("delivery", sa.Column("alert", KEY))
    zero = sa.text("0")
    op.add_column("delivery", sa.Column("version", sa.Integer, nullable=False, server_default=zero))
    op.add_column("delivery", sa.Column("edits", KEY))
    _index("ix_delivery_desk_alert", "delivery", ["desk", "alert"], "alert IS NOT NULL")
    _index("ix_delivery_external", "delivery", ["desk", "external_id"], "alert IS NOT NULL")
    _audit()


def downgrade() -> None:
    op.drop_table("audit")
    for name in ("ix_delivery_external", "ix_delivery_desk_alert"):
        op.drop_index(name, "delivery")
    for name in ("ix_alert_stale", "ix_alert_due", "ix_alert_open"):
        op.drop_index(name, "alert")
    for name in ("edits", "version", "alert"):
        op.drop_column("delivery", name)
    for column in _alert_columns():
        op.drop_column("alert", column.name)
    _index("ix_alert_open", "alert", ["desk", "last_at"], "state = 'open'")


def _alert_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("plan", sa.Text()),
        sa.Column("holder", sa.Text()),
        sa.Column("step", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("due_at", MOMENT),
        sa.Column("acknowledged_at", MOMENT),
        sa.Column("outcome", KEY),
        sa.Column("told", sa.Text()),
        sa.Column("unreached", sa.Text()),
        sa.Column("unattended", sa.Boolean(), nullable=False, server_default=NO),
        sa.Column("deed", sa.Text()),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("1")),
        sa.Column("stale", sa.Boolean(), nullable=False, server_default=NO),
    ]


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("alert", KEY, nullable=True),
        sa.Column("what", KEY, nullable=False),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("whom", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_audit_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_desk_alert_at", "audit", ["desk", "alert", "at"])
