"""What members chose about being read."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("author", KEY, nullable=False),
        sa.Column("consent", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_consent_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "author", name=op.f("pk_consent")),
    )


def downgrade() -> None:
    op.drop_table("consent")
