"""What routing does when something happens in a conversation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.conversations.events import MESSAGE_POSTED, STATE_CHANGED
from amparo.routing.actions import leave_queue, reopen
from amparo.storage.events import LoggedEvent


class QueueKeeper:
    """A buyer who writes into a resolved conversation waits again; a place is forgotten when
    its conversation has been answered or has ended."""

    name = "routing.queue_keeper"
    kinds = frozenset({MESSAGE_POSTED, STATE_CHANGED})

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        for event in events:
            conversation = UUID(event.data["conversation"])
            if event.kind == STATE_CHANGED:
                if event.data["to"] == "resolved":
                    leave_queue(session, conversation)
            elif event.data["party"] == "buyer" and event.data["state"] == "resolved":
                reopen(session, conversation, now)
            elif event.data["party"] == "staff" and event.data["kind"] == "text":
                leave_queue(session, conversation)
