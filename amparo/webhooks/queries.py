"""Reads of endpoints and the log of deliveries: for administrators only."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, NotFound
from amparo.storage.outbox import State
from amparo.storage.pages import Page, decode_place, encode_cursor
from amparo.webhooks.models import WebhookDelivery, WebhookEndpoint


def only_administrators(actor: Actor) -> None:
    """Raises Forbidden for everybody else."""
    if not actor.is_administrator:
        raise Forbidden()


def endpoints_for(session: Session, actor: Actor) -> Sequence[WebhookEndpoint]:
    """All endpoints, the oldest first. Raises Forbidden."""
    only_administrators(actor)
    order = (WebhookEndpoint.created_at, WebhookEndpoint.id)
    return session.scalars(select(WebhookEndpoint).order_by(*order)).all()


def endpoint_for(session: Session, actor: Actor, id: UUID) -> WebhookEndpoint:
    """One endpoint, locked for a change. Raises Forbidden, NotFound."""
    only_administrators(actor)
    endpoint = session.get(WebhookEndpoint, id, with_for_update=True)
    if endpoint is None:
        raise NotFound()
    return endpoint


def delivery_for(session: Session, actor: Actor, id: UUID) -> WebhookDelivery:
    """One delivery, locked for a change. Raises Forbidden, NotFound."""
    only_administrators(actor)
    delivery = session.get(WebhookDelivery, id, with_for_update=True)
    if delivery is None:
        raise NotFound()
    return delivery


def deliveries_for(
    session: Session,
    actor: Actor,
    *,
    state: State | None = None,
    endpoint: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[WebhookDelivery]:
    """The log, the latest first. Raises Forbidden, and Invalid for a foreign cursor."""
    only_administrators(actor)
    query = select(WebhookDelivery)
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    if endpoint is not None:
        query = query.where(WebhookDelivery.endpoint_id == endpoint)
    if cursor:
        place = tuple_(WebhookDelivery.created_at, WebhookDelivery.id)
        query = query.where(place < tuple_(*decode_place(cursor)))
    query = query.order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc())
    rows = session.scalars(query.limit(limit + 1)).all()
    if len(rows) <= limit:
        return Page(list(rows))
    return Page(list(rows[:limit]), encode_cursor(rows[limit - 1].created_at, rows[limit - 1].id))
