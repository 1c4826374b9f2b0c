"""Reads of requests about orders: behind the same door as the order itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, NotFound
from amparo.marketplace.models import Order, OrderRequest
from amparo.marketplace.queries import order_for, order_id_for
from amparo.marketplace.requests_rules import (
    KINDS,
    Facts,
    Reason,
    RequestKind,
    RequestState,
    facts_of,
    why_not,
)
from amparo.marketplace.requests_views import RequestView
from amparo.marketplace.views import OrderView
from amparo.storage.pages import LIMIT, Page, decode_place, encode_cursor

_FRESH = {"populate_existing": True}
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Possible:
    """A kind, and why it is not possible now."""

    kind: RequestKind
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class OrderRequests:
    """What can be asked of an order, and what was."""

    order: OrderView
    possible: list[Possible]
    requests: list[RequestView]


def requests_for(session: Session, actor: Actor, ref: str, *, now: datetime) -> OrderRequests:
    """What the buyer can ask of the order now, and what was asked, the latest first.

    Raises:
        NotFound: no such order, or it is not the actor's to see.
        Forbidden: a seller; what a buyer asks is between buyer and marketplace.
    """
    if actor.role == "seller":
        raise Forbidden()
    order = order_for(session, actor, ref, now=now)
    facts = facts_for(session, actor, order)
    rows = session.execute(_views().where(Order.ref == order.ref).limit(_SHOWN)).all()
    return OrderRequests(
        order=order,
        possible=[Possible(kind, why_not(kind, facts)) for kind in KINDS],
        requests=[_view(*row) for row in rows],
    )


def facts_for(session: Session, actor: Actor, order: OrderView) -> Facts:
    """What the rules look at, under whatever lock the caller holds."""
    order_id = order_id_for(session, actor, order.ref)
    rows = session.execute(
        select(OrderRequest.kind, OrderRequest.state).where(
            OrderRequest.order_id == order_id, OrderRequest.state.in_(("asked", "done"))
        )
    ).all()
    return facts_of(
        order,
        asked={kind for kind, state in rows if state == "asked"},
        done={kind for kind, state in rows if state == "done"},
    )


def request_for(session: Session, actor: Actor, id: UUID) -> RequestView:
    """One request: its buyer's own, anybody's for staff and the marketplace's server.

    Raises:
        NotFound: no such request, or somebody else's.
    """
    row = session.execute(
        _views().where(OrderRequest.id == id), execution_options=_FRESH
    ).one_or_none()
    if row is None or not _may_see(actor, row[0]):
        raise NotFound()
    return _view(*row)


def requests_of_conversation(
    session: Session, actor: Actor, conversation_id: UUID, order_ref: str | None
) -> list[RequestView]:
    """What was asked in a conversation or about its order, for staff; the latest first."""
    if not actor.is_staff:
        raise NotFound()
    here = OrderRequest.conversation_id == conversation_id
    which = here if order_ref is None else here | (Order.ref == order_ref)
    return [_view(*row) for row in session.execute(_views().where(which).limit(_SHOWN))]


@dataclass(frozen=True, slots=True)
class Details:
    """A request with what was sent along, for the marketplace's own server."""

    view: RequestView
    data: dict[str, Any]


def details_for(session: Session, actor: Actor, id: UUID) -> Details:
    """A request with its data; an address only until the matter is settled.

    Raises:
        Forbidden: the actor is not the marketplace's server.
        NotFound: no such request.
    """
    _integration_only(actor)
    view = request_for(session, actor, id)
    data = session.scalars(select(OrderRequest.data).where(OrderRequest.id == id)).one()
    return Details(view, data)


def form_of(session: Session, actor: Actor, id: UUID) -> dict[str, str]:
    """The filled form of a case, for staff.

    Raises:
        NotFound: the actor is not staff, or there is no such request.
    """
    if not actor.is_staff:
        raise NotFound()
    data = session.scalar(select(OrderRequest.data).where(OrderRequest.id == id))
    if data is None:
        raise NotFound()
    return {field: str(value) for field, value in data.items()}


def requests_page(
    session: Session,
    actor: Actor,
    states: Collection[RequestState],
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[RequestView]:
    """All requests in some states, the oldest first: for a marketplace that was away.

    Raises:
        Forbidden: the actor is not the marketplace's server.
        Invalid: the cursor is not one of ours.
    """
    _integration_only(actor)
    limit = max(1, min(limit, LIMIT))
    query = (
        _views()
        .order_by(None)
        .where(OrderRequest.state.in_(states))
        .order_by(OrderRequest.made_at, OrderRequest.id)
    )
    if cursor is not None:
        place = tuple_(OrderRequest.made_at, OrderRequest.id)
        query = query.where(place > decode_place(cursor))
    rows = session.execute(query.limit(limit + 1)).all()
    found: Sequence[RequestView] = [_view(*row) for row in rows[:limit]]
    last = encode_cursor(found[-1].made_at, found[-1].id) if len(rows) > limit else None
    return Page(list(found), last)


def _views() -> Select[OrderRequest, str, str]:
    return (
        select(OrderRequest, Order.ref, Order.buyer_ref)
        .join(Order, Order.id == OrderRequest.order_id)
        .order_by(OrderRequest.made_at.desc(), OrderRequest.id.desc())
    )


def _may_see(actor: Actor, row: OrderRequest) -> bool:
    return actor.is_staff or actor.role == "integration" or row.person_id == actor.person_id


def _integration_only(actor: Actor) -> None:
    if actor.role != "integration":
        raise Forbidden()


def _view(row: OrderRequest, order_ref: str, buyer_ref: str) -> RequestView:
    return RequestView(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type]  # the column holds nothing else
        state=row.state,  # type: ignore[arg-type]
        order_ref=order_ref,
        buyer_ref=buyer_ref,
        person_id=row.person_id,
        conversation_id=row.conversation_id,
        language=row.language,
        made_at=row.made_at,
        overdue_at=row.overdue_at,
        settled_at=row.settled_at,
        reason_code=row.reason_code,
        answer=row.answer,
    )
