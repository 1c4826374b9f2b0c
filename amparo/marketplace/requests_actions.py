"""Verbs on requests about orders: made by a buyer, settled by the marketplace, once each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.guard.rules import check
from amparo.guard.verdict import Decision
from amparo.kernel.actor import SYSTEM, Actor
from amparo.kernel.errors import Conflict, Forbidden, NotFound, TooMany
from amparo.kernel.text import clean
from amparo.marketplace import requests_rules as rules
from amparo.marketplace.models import Order, OrderRequest
from amparo.marketplace.queries import order_for, order_id_for
from amparo.marketplace.requests_events import (
    ORDER_REQUEST_MADE,
    ORDER_REQUEST_OVERDUE,
    ORDER_REQUEST_SETTLED,
)
from amparo.marketplace.requests_queries import facts_for, request_for
from amparo.marketplace.requests_rules import Outcome, RequestKind
from amparo.marketplace.requests_views import RequestView, known_text
from amparo.storage.events import record
from amparo.storage.timers import clear_timer, set_timer

OVERDUE_TIMER = "order_request_overdue"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a buyer asks of an order; ``id`` is made by the panel and makes it repeatable."""

    id: UUID
    order_ref: str
    kind: RequestKind
    language: str
    conversation_id: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """A request that is stored; ``repeated``: it was before, and nothing was done now.

    Attributes:
        text: a message to the seller, as it may be shown: contact details are masked.
        files: ids of the pictures that belong to it.
    """

    request: RequestView
    repeated: bool
    text: str | None = None
    files: tuple[str, ...] = ()


def make_request(session: Session, actor: Actor, wish: Wish, now: datetime) -> Made:
    """Ask something of one's order. The same ``id`` again is the same request, for ever.

    Raises:
        NotFound: no such order, or somebody else's.
        Forbidden: only buyers ask.
        Invalid: the kind needs something that is missing or too long.
        Conflict: ``request_not_possible`` with the reason, or ``request_id_used``.
        TooMany: too many of this buyer's requests wait for an answer.
    """
    only_buyers(actor)
    order_id = order_id_for(session, actor, wish.order_ref)
    # One at a time for an order: what is possible is decided under this lock, and only once.
    session.execute(select(Order.id).where(Order.id == order_id).with_for_update(key_share=True))
    if known := session.get(OrderRequest, wish.id, populate_existing=True):
        return _again(session, actor, wish, known, order_id)
    data = _checked(wish)
    order = order_for(session, actor, wish.order_ref, now=now)
    facts = facts_for(session, actor, order)
    reason = rules.why_not(wish.kind, facts)
    if reason is not None:
        raise Conflict("request_not_possible", reason=reason, kind=wish.kind, order=order.ref)
    _not_too_many(session, actor)
    at_once = rules.answered_at_once(wish.kind, facts)
    known_now = known_text(wish.kind, order, facts, wish.language)
    _store(session, actor, wish, order_id, data, now, at_once=at_once, answer=known_now)
    request = request_for(session, actor, wish.id)
    record(session, ORDER_REQUEST_MADE, _told(request), now=now, subject=wish.id)
    if at_once:
        record(session, ORDER_REQUEST_SETTLED, _told(request), now=now, subject=wish.id)
    elif rules.goes_out(wish.kind):
        set_timer(session, OVERDUE_TIMER, wish.id, rules.overdue_at(now))
    files = tuple(data.get("files", ()))
    return Made(request, repeated=False, text=data.get("text"), files=files)


def _store(
    session: Session,
    actor: Actor,
    wish: Wish,
    order_id: UUID,
    data: dict[str, Any],
    now: datetime,
    *,
    at_once: bool,
    answer: str | None,
) -> None:
    stored = session.scalar(
        insert(OrderRequest)
        .values(
            id=wish.id,
            order_id=order_id,
            kind=wish.kind,
            state="done" if at_once else "asked",
            person_id=actor.person_id,
            conversation_id=wish.conversation_id,
            language=wish.language,
            data=data,
            made_at=now,
            settled_at=now if at_once else None,
            settled_by=SYSTEM.person_id if at_once else None,
            answer=answer,
        )
        .on_conflict_do_nothing()
        .returning(OrderRequest.id)
    )
    if stored is None:  # the id was used for another order at the same moment
        raise Conflict("request_id_used")


def only_buyers(actor: Actor) -> None:
    """Raises Forbidden for whoever does not buy; a visitor has no orders, and finds none."""
    if actor.role not in ("buyer", "visitor"):
        raise Forbidden()


def settle_request(
    session: Session,
    actor: Actor,
    id: UUID,
    outcome: Outcome,
    now: datetime,
    *,
    reason_code: str | None = None,
    answer: str | None = None,
) -> RequestView:
    """The marketplace's answer. The same answer again changes nothing; the first one holds.

    Raises:
        Forbidden: the actor is not the marketplace's server, nor the program itself.
        NotFound: no such request.
        Conflict: ``request_settled``: another answer was given before.
    """
    if actor.role not in ("integration", "system"):
        raise Forbidden()
    row = session.scalar(
        select(OrderRequest)
        .where(OrderRequest.id == id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None or (actor.role == "integration" and not rules.goes_out(row.kind)):
        raise NotFound()
    if row.state != "asked":
        if row.state != outcome:
            raise Conflict("request_settled", outcome=row.state)
        return request_for(session, actor, id)
    row.state, row.settled_at, row.settled_by = outcome, now, actor.person_id
    row.reason_code = reason_code if outcome == "refused" else None
    row.answer = clean(answer)[: rules.ANSWER_LIMIT] or None if answer else None
    row.data = rules.kept_after(row.kind, row.data)
    session.flush()
    clear_timer(session, OVERDUE_TIMER, id)
    request = request_for(session, actor, id)
    record(session, ORDER_REQUEST_SETTLED, _told(request), now=now, subject=id)
    return request


def settle_by_import(session: Session, order_id: UUID, order_state: str, now: datetime) -> None:
    """Settle what the order's imported state has answered by itself."""
    open_ones = session.execute(
        select(OrderRequest.id, OrderRequest.kind)
        .where(OrderRequest.order_id == order_id, OrderRequest.state == "asked")
        .order_by(OrderRequest.id)
    ).all()
    for id, kind in open_ones:
        meant = rules.implied(kind, order_state)
        if meant is None:
            continue
        try:
            settle_request(session, SYSTEM, id, meant[0], now, reason_code=meant[1])
        except Conflict:
            continue  # the marketplace's own answer came first, and holds


def settle_cases(session: Session, conversation_id: UUID, now: datetime) -> None:
    """The person who was given the case has settled it, with the conversation it was told in."""
    ids = session.scalars(
        select(OrderRequest.id)
        .where(
            OrderRequest.conversation_id == conversation_id,
            OrderRequest.kind.in_(rules.FOR_A_PERSON),
            OrderRequest.state == "asked",
        )
        .order_by(OrderRequest.id)
    ).all()
    for id in ids:
        settle_request(session, SYSTEM, id, "done", now)


def tell_overdue(session: Session, id: UUID, _: dict[str, Any], now: datetime) -> None:
    """Timer: no answer has come; the buyer is told, and whoever follows the events."""
    row = session.scalar(select(OrderRequest).where(OrderRequest.id == id).with_for_update())
    if row is None or row.state != "asked" or row.overdue_at is not None:
        return
    row.overdue_at = now
    session.flush()
    record(
        session, ORDER_REQUEST_OVERDUE, _told(request_for(session, SYSTEM, id)), now=now, subject=id
    )


def _again(session: Session, actor: Actor, wish: Wish, known: OrderRequest, order_id: UUID) -> Made:
    same = (known.person_id, known.order_id, known.kind) == (actor.person_id, order_id, wish.kind)
    if not same:
        raise Conflict("request_id_used")
    return Made(request_for(session, actor, wish.id), repeated=True, text=known.data.get("text"))


def _checked(wish: Wish) -> dict[str, Any]:
    data = rules.checked_data(wish.kind, wish.data)
    if wish.kind == "contact_seller":
        verdict = check(data["text"], party_from="buyer", party_to="seller")
        if verdict.decision is Decision.MASK:
            data["text"] = verdict.masked_text
    return data


def _not_too_many(session: Session, actor: Actor) -> None:
    waiting = session.scalar(
        select(func.count()).where(
            OrderRequest.person_id == actor.person_id, OrderRequest.state == "asked"
        )
    )
    if (waiting or 0) >= rules.OPEN_AT_ONCE:
        raise TooMany("requests_too_many", retry_after=3600, limit=rules.OPEN_AT_ONCE)


def _told(request: RequestView) -> dict[str, Any]:
    """What the log says: who, what, about which order, and how it ended; nothing private."""
    conversation = request.conversation_id
    return {
        "request": str(request.id),
        "kind": request.kind,
        "state": request.state,
        "reason_code": request.reason_code,
        "order_ref": request.order_ref,
        "buyer_ref": request.buyer_ref,
        "by": str(request.person_id),
        "conversation": None if conversation is None else str(conversation),
        "language": request.language,
    }
