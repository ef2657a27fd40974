"""What may have been sent without a receipt, and when it is looked for."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

NONE = sa.text("0")
IS_SOUGHT = sa.text("sought_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("sought_at", sa.DateTime(timezone=True)))
    op.add_column("delivery", sa.Column("looks", sa.Integer, nullable=False, server_default=NONE))
    op.create_index(
        "ix_delivery_sought",
        "delivery",
        ["sought_at", "key"],
        sqlite_where=IS_SOUGHT,
        postgresql_where=IS_SOUGHT,
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_sought", "delivery")
    op.drop_column("delivery", "looks")
    op.drop_column("delivery", "sought_at")
