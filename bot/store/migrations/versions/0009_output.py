"""What the bot may say in public."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("stage IN ('suggested', 'proposed', 'approved')")
TWO_PEOPLE = (
    "kind <> 'note' OR stage NOT IN ('approved', 'posted')"
    " OR (proposed_by IS NOT NULL AND approved_by IS NOT NULL AND proposed_by <> approved_by)"
)


def upgrade() -> None:
    op.create_table(
        "output",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("about", KEY, nullable=False),
        sa.Column("channel_key", KEY, nullable=False),
        sa.Column("message", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("subjects", sa.Text(), nullable=False),
        sa.Column("edition", KEY, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("stage", KEY, nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("external_id", KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(TWO_PEOPLE, name=op.f("ck_output_two_people")),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_output_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "id", name=op.f("pk_output")),
    )
    op.create_index(
        "ix_output_open", "output", ["desk", "made_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index(op.f("ix_output_desk_about"), "output", ["desk", "about"])
    for column in ("channel_key", "author"):
        name = op.f(f"ix_output_desk_{column}_approved_at")
        op.create_index(name, "output", ["desk", column, "approved_at"])
    op.create_index(op.f("ix_output_desk_stage_made_at"), "output", ["desk", "stage", "made_at"])


def downgrade() -> None:
    op.drop_table("output")
