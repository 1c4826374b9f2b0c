"""What routing does when something happens in a conversation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.conversations.events import JOINED, MESSAGE_POSTED
from amparo.conversations.requests_actions import CASE, about_request
from amparo.marketplace.requests_events import ORDER_REQUEST_MADE
from amparo.routing.actions import belongs_to, hand_over, reopen
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
            elif _is_taken_up(event.data):
                reopen(session, conversation, now)


class CaseHandOver:
    """A case that a buyer opened waits for a person, with the filled form in the conversation."""

    name = "routing.case_hand_over"
    kinds = frozenset({ORDER_REQUEST_MADE})

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        for event in events:
            conversation = event.data["conversation"]
            if event.data["kind"] == CASE and conversation is not None:
                hand_over(session, UUID(conversation), now)


def _is_taken_up(data: dict[str, Any]) -> bool:
    """A quick fix in a resolved conversation needs nobody; anything else that is written does."""
    return data["party"] == "buyer" and data["state"] == "resolved" and not about_request(data)
