"""What commands keep: linked accounts, codes, changes of the rota, remarks and follow-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0005"  # databases of 0005 are there already
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("audit", sa.Column("command", KEY))
    _table(
        "linked_account",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("who", KEY, nullable=False),
        sa.Column("linked_at", MOMENT, nullable=False),
        key="account",
    )
    _table(
        "link_code",
        sa.Column("digest", KEY, nullable=False),
        sa.Column("who", KEY, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        key="digest",
    )
    _duty()
    _cases()


def downgrade() -> None:
    op.drop_index("ix_follow_up_due", "follow_up")
    op.drop_index("ix_remark_erase", "remark")
    op.drop_index("ix_remark_desk_alert", "remark")
    for name in ("follow_up", "remark", "duty_swap", "duty_override"):
        op.drop_table(name)
    op.drop_table("link_code")
    op.drop_table("linked_account")
    op.drop_column("audit", "command")


def _duty() -> None:
    _table(
        "duty_override",
        sa.Column("id", KEY, nullable=False),
        sa.Column("who", KEY, nullable=False),
        sa.Column("change", KEY, nullable=False),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("end_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("instead_of", KEY, nullable=False),
    )
    _table(
        "duty_swap",
        sa.Column("id", KEY, nullable=False),
        sa.Column("shift", KEY, nullable=False),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("other_shift", KEY, nullable=False),
        sa.Column("other_start_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("whom", KEY, nullable=False),
        sa.Column("agreed_at", MOMENT),
    )


def _cases() -> None:
    _table(
        "remark",
        sa.Column("id", KEY, nullable=False),
        sa.Column("alert", KEY, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("code", KEY, nullable=False),
        sa.Column("sealed", sa.Text()),
        sa.Column("erase_at", MOMENT),
    )
    op.create_index("ix_remark_desk_alert", "remark", ["desk", "alert"])
    _index("ix_remark_erase", "remark", ["desk", "erase_at"], "erase_at IS NOT NULL")
    _table(
        "follow_up",
        sa.Column("id", KEY, nullable=False),
        sa.Column("alert", KEY, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT),
    )
    _index("ix_follow_up_due", "follow_up", ["desk", "due_at"], "told_at IS NULL")


def _table(name: str, *columns: sa.Column[object], key: str = "id") -> None:
    op.create_table(
        name,
        sa.Column("desk", KEY, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f(f"fk_{name}_desk_desk")),
        sa.PrimaryKeyConstraint("desk", key, name=op.f(f"pk_{name}")),
    )


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
