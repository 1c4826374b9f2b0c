"""The desk: tags, macros, views, snooze, clocks, mentions, search of messages."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
