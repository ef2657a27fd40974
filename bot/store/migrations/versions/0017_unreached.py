"""Who of the desk takes no direct messages."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "unreached",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_unreached_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "who", name=op.f("pk_unreached")),
    )


def downgrade() -> None:
    op.drop_table("unreached")
