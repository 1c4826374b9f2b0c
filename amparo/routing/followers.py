"""What routing does when something happens in a conversation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.conversations.events import JOINED, MESSAGE_POSTED, STATE_CHANGED
from amparo.conversations.requests_actions import CASE, about_request
from amparo.kernel.actor import SYSTEM
from amparo.marketplace.requests_events import ORDER_REQUEST_MADE
from amparo.routing.actions import belongs_to, hand_over, reopen
from amparo.routing.assignment_actions import assign_waiting, give_back_unanswered, watch_quiet
from amparo.routing.events import OPERATOR_CHANGED, QUEUE_STIRRED
from amparo.routing.snooze_actions import wake
from amparo.storage.events import LoggedEvent


class QueueKeeper:
    """A buyer who writes into a resolved conversation waits again, and wakes a snoozed one; a
    visitor's place becomes that of the buyer who turned out to be the visitor."""

    name = "routing.queue_keeper"
    kinds = frozenset({MESSAGE_POSTED, JOINED})

    def wants(self, event: LoggedEvent) -> bool:
        """Of messages, answers and what a buyer writes where nobody is answering."""
        if event.kind == JOINED or event.data["party"] != "buyer":
            return True
        return event.data["state"] in ("resolved", "snoozed") or _is_answer(event)

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        for event in events:
            conversation = UUID(event.data["conversation"])
            if event.kind == JOINED:
                belongs_to(session, conversation, UUID(event.data["buyer"]["id"]))
            elif _is_taken_up(event.data):
                reopen(session, conversation, now)
            elif event.data["party"] == "buyer" and event.data["state"] == "snoozed":
                wake(session, SYSTEM, conversation, now)
        answered = (UUID(event.data["conversation"]) for event in events if _is_answer(event))
        watch_quiet(session, answered, now)


class Assigner:
    """Something happened that may let somebody be served: whoever waits is given to whoever is
    free. This follower has one position, so one node does it at a time; it is right with more."""

    name = "routing.assigner"
    kinds = frozenset({STATE_CHANGED, OPERATOR_CHANGED, QUEUE_STIRRED})

    def handle(
        self,
        session: Session,
        events: Sequence[LoggedEvent],  # noqa: ARG002 - whatever it was, the look is the same
        now: datetime,
    ) -> None:
        assign_waiting(session, now)


class ShiftEnds:
    """What an operator who went off has not answered goes back to its place."""

    name = "routing.shift_ends"
    kinds = frozenset({OPERATOR_CHANGED})

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        gone = {event.data["operator"] for event in events if event.data["state"] == "off"}
        for operator in sorted(gone):
            give_back_unanswered(session, UUID(operator), now)


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


def _is_answer(event: LoggedEvent) -> bool:
    """Staff wrote to a buyer in a conversation that somebody has."""
    data = event.data
    return (
        event.kind == MESSAGE_POSTED
        and (data["party"], data["state"]) == ("staff", "assigned")
        and data["kind"] != "note"
    )
