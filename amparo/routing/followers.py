"""What routing does when something happens in a conversation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.conversations.events import JOINED, MESSAGE_POSTED
from amparo.routing.actions import belongs_to, reopen
from amparo.storage.events import LoggedEvent


class QueueKeeper:
    """A buyer who writes into a resolved conversation waits again; a visitor's place becomes that
    of the buyer who turned out to be the visitor."""

    name = "routing.queue_keeper"
    kinds = frozenset({MESSAGE_POSTED, JOINED})

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        for event in events:
            conversation = UUID(event.data["conversation"])
            if event.kind == JOINED:
                belongs_to(session, conversation, UUID(event.data["buyer"]["id"]))
            elif event.data["party"] == "buyer" and event.data["state"] == "resolved":
                reopen(session, conversation, now)
