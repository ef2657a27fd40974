"""When a question was answered in the chat, and by which message."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("decision", sa.Column("answered_at", MOMENT, nullable=True))
    op.add_column("decision", sa.Column("answered_by", KEY, nullable=True))
    is_unanswered = sa.text("priority = 3 AND answered_at IS NULL")
    op.create_index(
        "ix_decision_unanswered",
        "decision",
        ["desk", "sent_at"],
        sqlite_where=is_unanswered,
        postgresql_where=is_unanswered,
    )


def downgrade() -> None:
    op.drop_index("ix_decision_unanswered", "decision")
    op.drop_column("decision", "answered_by")
    op.drop_column("decision", "answered_at")
