"""The message path."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversation", sa.Column("answer_id", sa.Uuid(), nullable=True))
    op.add_column("conversation", sa.Column("answer_seq", sa.BigInteger(), nullable=True))
    op.add_column("conversation", sa.Column("answer_by", sa.Uuid(), nullable=True))
