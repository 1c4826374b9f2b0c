"""Administration of webhooks over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from amparo.kernel.ids import parse_id
from amparo.storage.http import CurrentActor, Now, RequestId, Settings, Unit
from amparo.storage.outbox import State
from amparo.storage.pages import LIMIT, Page
from amparo.webhooks import actions, queries, rules
from amparo.webhooks.models import WebhookDelivery, WebhookEndpoint

router = APIRouter(prefix="/api/v1/admin/webhooks", tags=["webhooks"])


class NewEndpoint(BaseModel):
    """Where to send which kinds of events; ``id`` makes the request repeatable."""

    id: UUID | None = None
    url: str = Field(max_length=2048)
    kinds: list[str] = Field(
        default=list(rules.PUBLIC_KINDS), max_length=50, examples=[list(rules.PUBLIC_KINDS)]
    )


class EndpointOut(BaseModel):
    """An endpoint as the list shows it, without its secret."""

    id: UUID
    url: str
    kinds: list[str]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None


class RegisteredEndpoint(EndpointOut):
    """With the secret by which the receiver checks our signature."""

    secret: str


class DeliveryOut(BaseModel):
    """One line of the log; ``id`` is the ``webhook-id`` that the receiver saw."""

    id: UUID
    endpoint: UUID
    event: UUID
    kind: str
    state: State
    attempts: int
    next_at: datetime | None
    last_status: int | None
    last_error: str | None
    created_at: datetime
    finished_at: datetime | None


class Replay(BaseModel):
    """``id`` makes the request repeatable: the same one replays once."""

    id: UUID | None = None


@router.post("/endpoints", status_code=201)
def register_webhook_endpoint(
    body: NewEndpoint,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    settings: Settings,
    request_id: RequestId,
) -> RegisteredEndpoint:
    """Send events to an address from now on."""
    endpoint = actions.register_endpoint(
        session,
        actor,
        id=body.id or request_id,
        url=body.url,
        kinds=body.kinds,
        allowed_networks=settings.webhook_allowed_networks,
        now=now,
    )
    return RegisteredEndpoint(**_endpoint(endpoint).model_dump(), secret=endpoint.secret)


@router.get("/endpoints")
def list_webhook_endpoints(session: Unit, actor: CurrentActor) -> list[EndpointOut]:
    """All addresses that events are sent to."""
    return [_endpoint(endpoint) for endpoint in queries.endpoints_for(session, actor)]


@router.post("/endpoints/{endpoint_id}/disable")
def disable_webhook_endpoint(
    endpoint_id: str, session: Unit, actor: CurrentActor, now: Now
) -> EndpointOut:
    """Send nothing more to it; what waits for it is given up and can be replayed."""
    return _endpoint(actions.disable_endpoint(session, actor, parse_id(endpoint_id), now))


@router.post("/endpoints/{endpoint_id}/enable")
def enable_webhook_endpoint(
    endpoint_id: str, session: Unit, actor: CurrentActor, now: Now
) -> EndpointOut:
    """Send to it again."""
    return _endpoint(actions.enable_endpoint(session, actor, parse_id(endpoint_id), now))


@router.get("/deliveries")
def list_webhook_deliveries(
    session: Unit,
    actor: CurrentActor,
    state: State | None = None,
    endpoint: UUID | None = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT)] = 50,
) -> Page[DeliveryOut]:
    """The log of deliveries, the latest first."""
    page = queries.deliveries_for(
        session, actor, state=state, endpoint=endpoint, cursor=cursor, limit=limit
    )
    return Page([_delivery(row) for row in page.items], page.next)


@router.post("/deliveries/{delivery_id}/replay")
def replay_webhook_delivery(
    delivery_id: str,
    body: Replay,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    request_id: RequestId,
) -> DeliveryOut:
    """Send it again, under the same ``webhook-id``."""
    delivery = actions.replay_delivery(
        session, actor, parse_id(delivery_id), replay_id=body.id or request_id, now=now
    )
    return _delivery(delivery)


def _endpoint(row: WebhookEndpoint) -> EndpointOut:
    return EndpointOut(
        id=row.id,
        url=row.url,
        kinds=row.kinds,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        disabled_reason=row.disabled_reason,
    )


def _delivery(row: WebhookDelivery) -> DeliveryOut:
    return DeliveryOut(
        id=row.id,
        endpoint=row.endpoint_id,
        event=row.event_id,
        kind=row.kind,
        state=row.state,  # type: ignore[arg-type]  # the column holds nothing else
        attempts=row.attempts,
        next_at=row.next_at if row.state == "pending" else None,
        last_status=row.last_status,
        last_error=row.last_error,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
