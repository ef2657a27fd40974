"""Which deliveries wait because their destination asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NO = sa.text("false")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("asked", sa.Boolean(), nullable=False, server_default=NO))


def downgrade() -> None:
    op.drop_column("delivery", "asked")
