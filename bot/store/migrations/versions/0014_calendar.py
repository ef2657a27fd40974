"""Calendars that are read again by themselves, and the shifts that each brought."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("host", KEY, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", KEY, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("obstacle", KEY),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), nullable=False),
        sa.Column("unused", sa.Integer(), nullable=False),
        sa.Column("sealed_why", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shifts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_calendar_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_calendar")),
    )


def downgrade() -> None:
    op.drop_table("calendar")
