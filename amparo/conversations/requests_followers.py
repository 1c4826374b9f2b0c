"""Tells the buyer, in the conversation, what became of a request about an order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from amparo.conversations.actions import post_messages
from amparo.conversations.events import STATE_CHANGED
from amparo.conversations.found_queries import with_merged
from amparo.conversations.requests_actions import CASE, mark
from amparo.conversations.rules import Draft
from amparo.kernel.actor import SYSTEM
from amparo.kernel.errors import NotFound, Problem
from amparo.kernel.ids import derived_id
from amparo.marketplace.requests_actions import settle_cases
from amparo.marketplace.requests_events import (
    ORDER_REQUEST_MADE,
    ORDER_REQUEST_OVERDUE,
    ORDER_REQUEST_SETTLED,
)
from amparo.marketplace.requests_queries import form_of, request_for
from amparo.marketplace.requests_views import (
    RequestView,
    handed_over_text,
    outcome_text,
    overdue_text,
)
from amparo.storage.events import LoggedEvent

log = structlog.get_logger(__name__)


class RequestNotices:
    """Follower: asked, overdue, done or refused -> a notice on the one road of messages."""

    name = "conversations.request_notices"
    kinds = frozenset({ORDER_REQUEST_MADE, ORDER_REQUEST_SETTLED, ORDER_REQUEST_OVERDUE})

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        """One notice for each event; the ids make a repeat harmless."""
        concerned = [event for event in events if event.data["conversation"]]
        concerned.sort(key=lambda event: str(event.data["conversation"]))  # one order of locks
        drafts = [draft for event in concerned if (draft := _draft(session, event))]
        for draft, outcome in zip(drafts, post_messages(session, drafts, now), strict=True):
            if isinstance(outcome, Problem):
                conversation = str(draft.conversation_id)
                log.warning("notice_refused", conversation=conversation, code=outcome.code)


class CaseEnds:
    """Follower: a case that a person was given ends with its conversation."""

    name = "conversations.case_ends"
    kinds = frozenset({STATE_CHANGED})

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        """Settle the cases of conversations that were resolved, and of those that went on in
        them; one that goes on elsewhere is not settled by that."""
        for event in events:
            if event.data["to"] == "resolved" and event.data["reason"] != "merged":
                for id in with_merged(session, UUID(event.data["conversation"])):
                    settle_cases(session, id, now)


def _draft(session: Session, event: LoggedEvent) -> Draft | None:
    try:
        request = request_for(session, SYSTEM, UUID(event.data["request"]))
    except NotFound:
        return None
    told = _told(session, event.kind, request)
    if told is None:
        return None
    body, extra = told
    return Draft(
        SYSTEM,
        UUID(event.data["conversation"]),
        derived_id("order_request", request.id, event.kind),
        body,
        kind="notice",
        language=request.language,
        extra={"request": mark(request) | extra},
    )


def _told(session: Session, kind: str, request: RequestView) -> tuple[str, dict[str, Any]] | None:
    """What is said of an event, in words and for programs; None where there is nothing to say."""
    if kind == ORDER_REQUEST_SETTLED and request.kind != CASE:  # there the conversation says it
        return outcome_text(request), {}
    if kind == ORDER_REQUEST_OVERDUE:
        late = request.state == "asked"  # else the answer has come meanwhile
        return (overdue_text(request), {"overdue": True}) if late else None
    if kind == ORDER_REQUEST_MADE and request.kind == CASE:
        form = form_of(session, SYSTEM, request.id)
        return handed_over_text(request, form), {"form": form}
    # What the data said at once; a request that is settled already has its own event.
    known = request.answer if request.state == "asked" else None
    return None if known is None else (known, {})
