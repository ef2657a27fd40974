"""What owners set up by the dialog."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "setting",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("space", KEY, nullable=False),
        sa.Column("choosing", KEY, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_setting_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "space", "choosing", name=op.f("pk_setting")),
    )


def downgrade() -> None:
    op.drop_table("setting")
