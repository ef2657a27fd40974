"""Places that were closed to the bot."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "gone_place",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_gone_place_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "place", name=op.f("pk_gone_place")),
    )


def downgrade() -> None:
    op.drop_table("gone_place")
