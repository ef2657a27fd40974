"""The budget: pages sent and held back; drills; the order of what goes to one destination."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NO = sa.text("false")


def upgrade() -> None:
    op.add_column("alert", sa.Column("drill", sa.Boolean(), nullable=False, server_default=NO))
    _index("ix_alert_drill", "alert", ["desk", "opened_at"], "drill")
    op.add_column("delivery", sa.Column("destination", KEY))
    op.add_column("delivery", sa.Column("first_due_at", MOMENT))
    op.drop_index("ix_delivery_pending", "delivery")
    pending = ["due_at", "first_due_at", "key"]
    _index("ix_delivery_pending", "delivery", pending, "state = 'pending'")
    columns = ["destination", "first_due_at", "key"]
    _index("ix_delivery_destination", "delivery", columns, "state = 'pending'")
    op.create_table(
        "page",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("alert", KEY, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("fate", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False, server_default=NO),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_page_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "alert", "who", "fate", name=op.f("pk_page")),
    )
    op.create_index("ix_page_desk_at", "page", ["desk", "at"])
    _index("ix_page_untold", "page", ["desk", "at"], "fate != 'sent' AND NOT told")


def downgrade() -> None:
    op.drop_table("page")
    op.drop_index("ix_delivery_destination", "delivery")
    op.drop_index("ix_delivery_pending", "delivery")
    _index("ix_delivery_pending", "delivery", ["due_at", "key"], "state = 'pending'")
    for name in ("first_due_at", "destination"):
        op.drop_column("delivery", name)
    op.drop_index("ix_alert_drill", "alert")
    op.drop_column("alert", "drill")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
