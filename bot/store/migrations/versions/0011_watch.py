"""The watch list that moderators set, and where what was posted stands."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NO = sa.text("false")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("position", KEY, nullable=True))
    op.add_column("delivery", sa.Column("link", sa.Text(), nullable=True))
    op.add_column("alert", sa.Column("shadow", sa.Boolean(), nullable=False, server_default=NO))
    op.create_table(
        "watch",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("mode", KEY, nullable=False),
        sa.Column("answers", sa.Boolean(), nullable=True),
        sa.Column("stage", KEY, nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("begins", KEY, nullable=False),
        sa.Column("notice", KEY, nullable=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_watch_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "place", name=op.f("pk_watch")),
    )


def downgrade() -> None:
    op.drop_table("watch")
    op.drop_column("alert", "shadow")
    op.drop_column("delivery", "link")
    op.drop_column("delivery", "position")
