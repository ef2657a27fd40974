"""Which spaces the bot was in, so that one is noticed that it had to leave while it was away."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "joined",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("space", KEY, nullable=False),
        sa.Column("account", KEY, nullable=False),
        sa.Column("missed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_joined_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "space", name=op.f("pk_joined")),
    )


def downgrade() -> None:
    op.drop_table("joined")
