"""Verbs on endpoints and deliveries, and the two halves of sending that touch the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict
from amparo.storage.events import record
from amparo.storage.networks import Network
from amparo.storage.outbox import Outcome, send_again
from amparo.webhooks import events, rules
from amparo.webhooks.models import WebhookDelivery, WebhookEndpoint
from amparo.webhooks.queries import delivery_for, endpoint_for, only_administrators


@dataclass(frozen=True, slots=True)
class Call:
    """All that sending one delivery needs."""

    id: UUID
    url: str
    secret: str
    body: bytes


def register_endpoint(
    session: Session,
    actor: Actor,
    *,
    id: UUID,
    url: str,
    kinds: Sequence[str],
    allowed_networks: Sequence[Network],
    now: datetime,
) -> WebhookEndpoint:
    """Send events of ``kinds`` to ``url`` from now on; the same ``id`` again is the same endpoint.

    Raises:
        Forbidden: the actor is no administrator.
        Invalid: the address or a kind cannot be used.
        Conflict: the id names another endpoint.
    """
    only_administrators(actor)
    chosen = list(rules.check_endpoint(url, kinds, allowed_networks))
    known = session.get(WebhookEndpoint, id)
    if known is not None:
        if (known.url, known.kinds) != (url, chosen):
            raise Conflict("webhook_id_used")
        return known
    endpoint = WebhookEndpoint(
        id=id, url=url, secret=rules.new_secret(), kinds=chosen, created_at=now
    )
    session.add(endpoint)
    _note(session, events.ENDPOINT_REGISTERED, endpoint, actor, now)
    return endpoint


def enable_endpoint(session: Session, actor: Actor, id: UUID, now: datetime) -> WebhookEndpoint:
    """Send to it again; what died meanwhile can be replayed. Raises Forbidden, NotFound."""
    endpoint = endpoint_for(session, actor, id)
    if endpoint.disabled_at is not None:
        endpoint.disabled_at = endpoint.disabled_reason = None
        _note(session, events.ENDPOINT_ENABLED, endpoint, actor, now)
    return endpoint


def disable_endpoint(session: Session, actor: Actor, id: UUID, now: datetime) -> WebhookEndpoint:
    """Send nothing more to it. Raises Forbidden, NotFound."""
    endpoint = endpoint_for(session, actor, id)
    if endpoint.disabled_at is None:
        endpoint.disabled_at, endpoint.disabled_reason = now, "administrator"
        _note(session, events.ENDPOINT_DISABLED, endpoint, actor, now)
    return endpoint


def replay_delivery(
    session: Session, actor: Actor, id: UUID, *, replay_id: UUID, now: datetime
) -> WebhookDelivery:
    """Send a delivery again from the beginning, under its old ``webhook-id``.

    The same ``replay_id`` again changes nothing, nor does a replay of what is still on its way.

    Raises:
        Forbidden, NotFound.
        Conflict: its endpoint is disabled.
    """
    delivery = delivery_for(session, actor, id)
    if delivery.replay_id == replay_id or delivery.state == "pending":
        return delivery
    endpoint = session.get_one(WebhookEndpoint, delivery.endpoint_id)
    if endpoint.disabled_at is not None:
        raise Conflict("webhook_endpoint_disabled")
    delivery.replay_id = replay_id
    send_again(session, delivery, now)
    data = {"delivery": str(id), "by": str(actor.person_id)}
    record(session, events.DELIVERY_REPLAYED, data, now=now, subject=endpoint.id)
    return delivery


def prepare(session: Session, delivery: WebhookDelivery) -> Call | Outcome:
    """What to send where; dead at once where the endpoint wants nothing any more."""
    endpoint = session.get_one(WebhookEndpoint, delivery.endpoint_id)
    if endpoint.disabled_at is not None:
        return Outcome("dead", "endpoint disabled")
    return Call(delivery.id, endpoint.url, endpoint.secret, rules.body_of(delivery.payload))


def settled(session: Session, delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    """Note the answer; an endpoint that says it is gone hears nothing more."""
    delivery.last_status = outcome.status
    if outcome.status != rules.GONE:
        return
    endpoint = session.get_one(WebhookEndpoint, delivery.endpoint_id, with_for_update=True)
    if endpoint.disabled_at is None:
        endpoint.disabled_at, endpoint.disabled_reason = now, "gone"
        _note(session, events.ENDPOINT_DISABLED, endpoint, None, now)


def _note(
    session: Session, kind: str, endpoint: WebhookEndpoint, actor: Actor | None, now: datetime
) -> None:
    by = None if actor is None else str(actor.person_id)
    data = {"by": by, "url": endpoint.url, "reason": endpoint.disabled_reason}
    record(session, kind, data, now=now, subject=endpoint.id)
