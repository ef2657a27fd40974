"""What the auditor found."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "finding",
        sa.Column("desk", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("failing", KEY, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name=op.f("fk_finding_desk_desk")),
        sa.PrimaryKeyConstraint("desk", "key", name=op.f("pk_finding")),
    )


def downgrade() -> None:
    op.drop_table("finding")
