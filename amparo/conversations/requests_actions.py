"""Asking something of an order inside a conversation: the request and the words for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.conversations.actions import post_messages
from amparo.conversations.queries import conversation_for
from amparo.conversations.rules import Draft, Opening
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, Problem
from amparo.marketplace.requests_actions import Made, Wish, make_request, only_buyers
from amparo.marketplace.requests_rules import IN_A_CONVERSATION
from amparo.marketplace.requests_views import RequestView, said

CASE = "open_dispute"


@dataclass(frozen=True, slots=True)
class Asking:
    """A wish, and the conversation it is said in; ``opening`` where it begins with it."""

    wish: Wish
    opening: Opening | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def ask(session: Session, actor: Actor, asking: Asking, now: datetime) -> Made:
    """Make the request and say so in the conversation, both or neither.

    The message has the request's id as its ``client_id``: sent again, it stands there once.

    Raises:
        NotFound: the order or the conversation is not the actor's.
        Problem: the request is not possible, or the conversation takes no messages any more.
    """
    only_buyers(actor)
    wish = asking.wish
    if wish.conversation_id is not None and asking.opening is None:
        conversation_for(session, actor, wish.conversation_id)
    elif wish.kind in IN_A_CONVERSATION and wish.conversation_id is None:
        raise Invalid("request_invalid", fields=[{"field": "conversation", "rule": "missing"}])
    made = make_request(session, actor, wish, now)
    if made.repeated or wish.conversation_id is None:
        return made
    draft = Draft(
        actor,
        wish.conversation_id,
        wish.id,
        said(wish.kind, wish.order_ref, wish.language),
        language=wish.language,
        extra={"request": mark(made.request) | _shown(made)} | dict(asking.extra),
        opening=asking.opening,
        files=tuple(UUID(id) for id in made.files),
    )
    outcome = post_messages(session, [draft], now)[0]
    if isinstance(outcome, Problem):
        raise outcome
    return made


def mark(request: RequestView) -> dict[str, Any]:
    """How a message says which request it belongs to, and how far that is."""
    return {
        "id": str(request.id),
        "kind": request.kind,
        "order": request.order_ref,
        "state": request.state,
        "reason_code": request.reason_code,
    }


def about_request(data: Mapping[str, Any]) -> bool:
    """Whether a message's event is about a request: nobody has to answer such a message."""
    return "request" in data.get("extra", {})


def _shown(made: Made) -> dict[str, Any]:
    """A message to the seller is shown as the seller gets it; an address never is."""
    if made.request.kind == "contact_seller" and made.text:
        return {"text": made.text}
    return {}
