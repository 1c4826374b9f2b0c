"""Requests about orders over HTTP: what is possible, and the marketplace's answers.

Asking itself happens in a conversation: ``conversations/requests_http.py``.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from amparo.kernel.ids import parse_id
from amparo.marketplace import requests_actions as actions
from amparo.marketplace import requests_queries as queries
from amparo.marketplace.requests_queries import Details
from amparo.marketplace.requests_rules import (
    ANSWER_LIMIT,
    CASE_REASONS,
    WISHES,
    Reason,
    RequestKind,
    RequestState,
)
from amparo.marketplace.requests_views import (
    RequestView,
    ask_text,
    case_label,
    outcome_text,
    reason_text,
)
from amparo.storage.http import CurrentActor, Language, Now, Unit
from amparo.storage.pages import LIMIT, Page

router = APIRouter(prefix="/api/v1", tags=["marketplace"])


class OrderRequestOut(BaseModel):
    """A request; ``text`` is what became of it, in the words of its buyer's language."""

    id: UUID
    kind: RequestKind
    state: RequestState
    order: str
    conversation: UUID | None
    made_at: datetime
    overdue_at: datetime | None
    settled_at: datetime | None
    reason_code: str | None
    text: str | None

    @classmethod
    def of(cls, request: RequestView) -> "OrderRequestOut":
        waits = request.state == "asked"
        return cls(
            id=request.id,
            kind=request.kind,
            state=request.state,
            order=request.order_ref,
            conversation=request.conversation_id,
            made_at=request.made_at,
            overdue_at=request.overdue_at,
            settled_at=request.settled_at,
            reason_code=request.reason_code,
            text=request.answer if waits else outcome_text(request),
        )


class PossibleRequest(BaseModel):
    """A kind; where it is not possible now, ``reason`` says why in plain words.

    ``ask`` is the question to the buyer before it is done; null where nothing is changed by it.
    """

    kind: RequestKind
    possible: bool
    reason_code: Reason | None
    reason: str | None
    ask: str | None


class CaseChoice(BaseModel):
    key: str
    label: str


class CaseForm(BaseModel):
    """What can be chosen when a case is opened."""

    reasons: list[CaseChoice]
    wishes: list[CaseChoice]


class OrderRequestsOut(BaseModel):
    """What can be asked of an order now, and what was asked, the latest first."""

    possible: list[PossibleRequest]
    requests: list[OrderRequestOut]
    case: CaseForm


class OrderRequestDetails(BaseModel):
    """A request for the marketplace's server, with what the buyer sent along."""

    id: UUID
    kind: RequestKind
    state: RequestState
    order: str
    buyer: str
    language: str
    made_at: datetime
    settled_at: datetime | None
    data: dict[str, Any]

    @classmethod
    def of(cls, view: RequestView, data: dict[str, Any]) -> "OrderRequestDetails":
        return cls(
            id=view.id,
            kind=view.kind,
            state=view.state,
            order=view.order_ref,
            buyer=view.buyer_ref,
            language=view.language,
            made_at=view.made_at,
            settled_at=view.settled_at,
            data=data,
        )


class OrderRequestAnswer(BaseModel):
    """The marketplace's answer; ``text`` is shown to the buyer as it is."""

    outcome: Literal["done", "refused"]
    reason_code: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]{0,59}$")
    text: str | None = Field(default=None, max_length=ANSWER_LIMIT)


# An order number may hold a slash; this stands before the route of the order itself.
@router.get("/orders/{ref:path}/requests", operation_id="list_order_requests")
def list_order_requests(
    ref: str, session: Unit, actor: CurrentActor, now: Now, language: Language
) -> OrderRequestsOut:
    """What the buyer can ask of this order now, and what was asked before."""
    found = queries.requests_for(session, actor, ref, now=now)
    return OrderRequestsOut(
        possible=[
            PossibleRequest(
                kind=one.kind,
                possible=one.reason is None,
                reason_code=one.reason,
                reason=reason_text(one.reason, language) if one.reason else None,
                ask=ask_text(one.kind, found.order.ref, language),
            )
            for one in found.possible
        ],
        requests=[OrderRequestOut.of(request) for request in found.requests],
        case=CaseForm(
            reasons=[
                CaseChoice(key=k, label=case_label("reason", k, language)) for k in CASE_REASONS
            ],
            wishes=[CaseChoice(key=k, label=case_label("wish", k, language)) for k in WISHES],
        ),
    )


@router.get("/import/order-requests", operation_id="list_requests_to_answer")
def list_requests_to_answer(
    session: Unit,
    actor: CurrentActor,
    state: RequestState = "asked",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT)] = 50,
) -> Page[OrderRequestDetails]:
    """What waits for the marketplace's answer, the oldest first; without what was sent along."""
    page = queries.requests_page(session, actor, [state], cursor=cursor, limit=limit)
    return Page([OrderRequestDetails.of(view, {}) for view in page.items], page.next)


@router.get("/import/order-requests/{request_id}", operation_id="get_request_to_answer")
def get_request_to_answer(
    request_id: str, session: Unit, actor: CurrentActor
) -> OrderRequestDetails:
    """One request with what the buyer sent along; an address only until it is answered."""
    return _details(queries.details_for(session, actor, parse_id(request_id)))


@router.put("/import/order-requests/{request_id}", operation_id="answer_order_request")
def answer_order_request(
    request_id: str, answer: OrderRequestAnswer, session: Unit, actor: CurrentActor, now: Now
) -> OrderRequestDetails:
    """Done or refused; the same answer again changes nothing, another one is a conflict."""
    view = actions.settle_request(
        session,
        actor,
        parse_id(request_id),
        answer.outcome,
        now,
        reason_code=answer.reason_code,
        answer=answer.text,
    )
    return OrderRequestDetails.of(view, {})


def _details(found: Details) -> OrderRequestDetails:
    return OrderRequestDetails.of(found.view, found.data)
