"""The positions of what was counted last in each place."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "tail",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first", KEY, nullable=False),
        sa.Column("after", KEY, nullable=False),
        sa.Column("positions", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_tail_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "place", "at", "first", name=op.f("pk_tail")),
    )


def downgrade() -> None:
    op.drop_table("tail")
