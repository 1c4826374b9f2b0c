"""The routes of cases for staff and for the marketplace's server."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from amparo.cases import (
    lists_queries,
    payout_queries,
    policies_actions,
    policies_queries,
    refunds_actions,
    simulation_queries,
)
from amparo.cases.list_views import DeskCasePage
from amparo.cases.lists_queries import DeskAsked
from amparo.cases.payout_queries import PayoutHold
from amparo.cases.policy_views import CasePolicyOut, PolicySimulation, PolicyVersion
from amparo.kernel.errors import Forbidden
from amparo.storage.http import CurrentActor, Language, Now, Unit
from amparo.storage.pages import LIMIT

router = APIRouter(prefix="/api/v1", tags=["cases"])


class PolicyDocument(BaseModel):
    """A policy, complete, as the shipped one is written."""

    document: dict[str, Any]


class RefundAnswer(BaseModel):
    """What became of a refund order; ``ref`` is the provider's own number of it."""

    state: Literal["paid", "failed", "pending"]
    ref: str | None = Field(default=None, max_length=200)


class RefundOrderOut(BaseModel):
    """A refund order as we know it; ``amount`` in minor units."""

    key: str
    state: Literal["pending", "unknown", "paid", "failed"]
    amount: int
    currency: str


@router.get("/desk/cases", operation_id="list_desk_cases")
def list_desk_cases(
    session: Unit,
    actor: CurrentActor,
    language: Language,
    list: Literal["due", "mine", "unassigned", "appeals", "alarms", "all", "closed"] = "due",
    order_by: Literal["due", "amount", "newest"] = "due",
    reason: Annotated[str | None, Query(max_length=40, pattern=r"^[a-z_]*$")] = None,
    stage: Literal["check", "negotiation", "mediation", "decided", "fulfilment", "closed"]
    | None = None,
    buyer: Annotated[str | None, Query(max_length=200)] = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT)] = 50,
) -> DeskCasePage:
    """A work list; ``due`` holds what waits for the platform."""
    asked = DeskAsked(list, order_by, reason, stage, buyer, q, cursor, limit)
    return lists_queries.desk_cases(session, actor, asked, language)


@router.get("/cases/policy", operation_id="get_case_policy")
def get_case_policy(session: Unit, actor: CurrentActor, now: Now) -> CasePolicyOut:
    """The policy in force, for staff."""
    if not actor.is_staff:
        raise Forbidden()
    return _policy(session, now)


@router.put("/admin/cases/policy", operation_id="put_case_policy")
def put_case_policy(
    policy: PolicyDocument, session: Unit, actor: CurrentActor, now: Now
) -> CasePolicyOut:
    """A new version of the policy; cases that are open keep the one they were opened under."""
    policies_actions.switch_policy(session, actor, policy.document, now)
    return _policy(session, now)


@router.post("/admin/cases/policy/simulate", operation_id="simulate_case_policy")
def simulate_case_policy(
    policy: PolicyDocument,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
) -> PolicySimulation:
    """What a policy would have made of cases, beside the one in force; nothing is changed."""
    return simulation_queries.simulated(session, actor, policy.document, now, language)


@router.post("/import/refunds/{key}", operation_id="answer_refund")
def answer_refund(
    key: str, answer: RefundAnswer, session: Unit, actor: CurrentActor, now: Now
) -> RefundOrderOut:
    """The payment provider's late answer; the same again changes nothing."""
    order = refunds_actions.settle_refund(session, actor, key, answer.state, answer.ref, now)
    return RefundOrderOut.model_validate(order, from_attributes=True)


@router.get("/import/payout-holds", operation_id="get_payout_holds")
def get_payout_holds(
    order: Annotated[str, Query(max_length=200)], session: Unit, actor: CurrentActor
) -> list[PayoutHold]:
    """For which lines of an order its stores must not be paid now."""
    return payout_queries.payout_holds(session, actor, order)


def _policy(session: Session, now: datetime) -> CasePolicyOut:
    policy = policies_queries.policy_now(session, now)
    known = [
        PolicyVersion(one.version, one.active_from) for one in policies_queries.policies(session)
    ]
    since = next((one.active_from for one in known if one.version == policy.version), now)
    return CasePolicyOut(
        version=policy.version,
        active_from=since,
        document=dict(policy.document),
        versions=known or [PolicyVersion(policy.version, now)],
    )
