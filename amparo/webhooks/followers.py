"""Turns events into deliveries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.accounts.queries import people_for
from amparo.conversations.queries import conversation_for
from amparo.kernel.actor import SYSTEM
from amparo.kernel.errors import NotFound
from amparo.kernel.ids import derived_id
from amparo.marketplace.requests_events import ORDER_REQUEST_MADE
from amparo.storage.events import LoggedEvent
from amparo.storage.outbox import HINT
from amparo.storage.session import hint
from amparo.webhooks import rules
from amparo.webhooks.models import WebhookDelivery, WebhookEndpoint


class Webhooks:
    """Follower: one delivery for each event and each endpoint that wants its kind."""

    name = "webhooks"
    kinds = frozenset(rules.PUBLIC) | frozenset(rules.CASES) | {ORDER_REQUEST_MADE}

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        endpoints = session.scalars(
            select(WebhookEndpoint).where(WebhookEndpoint.disabled_at.is_(None))
        ).all()
        if not endpoints:
            return
        known: dict[UUID, dict[str, Any] | None] = {}
        rows = [row for event in events for row in self._rows(session, event, endpoints, known)]
        times = {"created_at": now, "next_at": now}
        if rows:
            session.execute(
                insert(WebhookDelivery).on_conflict_do_nothing(), [row | times for row in rows]
            )
            hint(session, HINT)

    def _rows(
        self,
        session: Session,
        event: LoggedEvent,
        endpoints: Sequence[WebhookEndpoint],
        known: dict[UUID, dict[str, Any] | None],
    ) -> list[dict[str, Any]]:
        if event.kind == ORDER_REQUEST_MADE:
            return _rows_of(event, rules.request_payload(event.data, event.at), endpoints)
        if event.kind in rules.CASES:
            return _rows_of(event, rules.case_payload(event.kind, event.data, event.at), endpoints)
        public = rules.PUBLIC[event.kind]
        # An endpoint hears of what happens from its registration on, also when we lag behind.
        wanting = [e for e in endpoints if public.kind in e.kinds and e.created_at <= event.at]
        if not wanting or event.subject is None:
            return []
        if event.subject not in known:
            known[event.subject] = _picture(session, event.subject)
        conversation = known[event.subject]
        if conversation is None:
            return []
        payload = rules.payload(event.kind, event.data, conversation, event.at)
        return [] if payload is None else [_row(event, one, payload) for one in wanting]


def _rows_of(
    event: LoggedEvent, payload: dict[str, Any] | None, endpoints: Sequence[WebhookEndpoint]
) -> list[dict[str, Any]]:
    """What happens to an order's request or to a case says all that is told itself."""
    if payload is None:
        return []
    return [
        _row(event, one, payload)
        for one in endpoints
        if payload["type"] in one.kinds and one.created_at <= event.at
    ]


def _row(event: LoggedEvent, endpoint: WebhookEndpoint, payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": derived_id("webhook", endpoint.id, event.id),
        "lane": str(endpoint.id),
        "state": "pending",
        "attempts": 0,
        "endpoint_id": endpoint.id,
        "event_id": event.id,
        "kind": payload["type"],
        "payload": payload,
    }


def _picture(session: Session, id: UUID) -> dict[str, Any] | None:
    """Which conversation it is, in words that the marketplace knows."""
    try:
        conversation = conversation_for(session, SYSTEM, id)
    except NotFound:
        return None
    buyer = people_for(session, SYSTEM, [conversation.buyer_id]).get(conversation.buyer_id)
    return {
        "id": str(id),
        "channel": conversation.channel,
        "site": conversation.site_key,
        "language": conversation.language,
        "topic": conversation.topic,
        "question": conversation.question,
        "order_ref": conversation.order_ref,
        "buyer_ref": buyer.ref if buyer else None,
    }
