"""What a watched channel was told of who is read, and what its notice shows."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
EMPTY = sa.text("''")
COLUMNS = ("drawn", "told", "telling", "opens")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("watch", sa.Column(name, KEY, nullable=False, server_default=EMPTY))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("watch", name)
