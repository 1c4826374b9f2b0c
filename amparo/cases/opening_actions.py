"""Opening a case: once for a line and family, however often and from wherever it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from amparo.cases import rules
from amparo.cases.case import Case, Opening, Step, Who
from amparo.cases.facts_queries import Subject, facts_for, subject_of
from amparo.cases.forms import as_reason, as_remedy, check_bounds, check_evidence
from amparo.cases.models import CaseRow
from amparo.cases.new_actions import insert_row, new_number
from amparo.cases.policies_queries import policy_now
from amparo.cases.reasons import REASON_ROWS
from amparo.cases.steps_actions import Said, store
from amparo.conversations.queries import conversation_for
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Forbidden, Invalid
from amparo.marketplace.protection_queries import contact_with_seller, hold_order
from amparo.marketplace.queries import order_id_for


@dataclass(frozen=True, slots=True)
class Ask:
    """What a buyer fills in; ``id`` is made by the panel and becomes the case's.

    Attributes:
        line: the position in the order; None for all of it.
        amount: minor units of the order's currency; None leaves it to the remedy.
        contacted_at: when the seller was written to outside of our sight, as the buyer says.
    """

    id: UUID
    order_ref: str
    reason: str
    remedy: str
    line: int | None = None
    amount: int | None = None
    text: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[UUID, ...] = ()
    conversation_id: UUID | None = None
    contacted_at: datetime | None = None
    contacted_way: str | None = None
    language: str = "en"


def open_case(session: Session, actor: Actor, ask: Ask, now: datetime) -> tuple[CaseRow, bool]:
    """Open a case; True where there was one already: under this id, or on this line and family.

    Raises:
        NotFound: no such order or line, or somebody else's.
        Forbidden: the actor buys nothing.
        Conflict: ``case_not_possible`` (``why``), ``case_too_early`` (``not_before``).
        Invalid: ``case_amount_too_high`` (``max``), a field that is missing or too long.
    """
    if actor.role not in ("buyer", "visitor"):
        raise Forbidden()
    order_id = order_id_for(session, actor, ask.order_ref)
    if ask.conversation_id is not None:
        conversation_for(session, actor, ask.conversation_id)
    # One at a time for an order: what exists and what is possible is decided under this lock.
    hold_order(session, order_id)
    if known := _under_id(session, actor, ask, order_id):
        return known, True
    subject = _subject(session, order_id, ask)
    family = REASON_ROWS[as_reason(ask.reason)].family
    if known := _open_about(session, subject, family):
        return known, True
    check_bounds({**ask.fields, "text": ask.text})
    step = _decide(session, actor, ask, subject, now)
    check_evidence(as_reason(ask.reason), len(ask.files))
    row = _new_row(session, actor, ask, subject, step.case, now)
    fields = dict(ask.fields)
    if ask.contacted_at is not None or ask.contacted_way:
        fields["contacted_way"] = ask.contacted_way or "other"
    said = Said(actor, "opening", ask.text, fields, ask.files, ask.language)
    store(session, row, step, now, said)
    return row, False


def contacted_at(
    session: Session, order_id: UUID, claimed: datetime | None, now: datetime
) -> tuple[datetime | None, bool]:
    """When the seller was first written to, and whether it refused: what went through us counts
    before what the buyer says of other ways."""
    seen = contact_with_seller(session, order_id)
    times = [at for at in (seen.at if seen else None, claimed) if at is not None and at <= now]
    return min(times, default=None), seen is not None and seen.refused


def _under_id(session: Session, actor: Actor, ask: Ask, order_id: UUID) -> CaseRow | None:
    row = session.get(CaseRow, ask.id, populate_existing=True)
    if row is not None and (row.order_id, row.buyer_ref) != (order_id, actor.ref):
        raise Conflict("request_id_used")
    return row


def _open_about(session: Session, subject: Subject, family: str) -> CaseRow | None:
    """The open case of the family on the line; one about the whole order is about each line."""
    order = CaseRow.order_id == subject.order.id
    about = (
        order
        if subject.line is None
        else or_(CaseRow.about_id == subject.line.id, CaseRow.about_id == subject.order.id)
    )
    return session.scalar(
        select(CaseRow)
        .where(order, about, CaseRow.family == family, CaseRow.closed_at.is_(None))
        .order_by(CaseRow.opened_at)
        .limit(1),
        execution_options={"populate_existing": True},
    )


def _subject(session: Session, order_id: UUID, ask: Ask) -> Subject:
    """The line that a reason is about, or the order.

    Raises:
        NotFound: no such line.
        Invalid: ``case_line_needed``: the reason is about one of several.
    """
    whole = subject_of(session, order_id, None)
    if not REASON_ROWS[as_reason(ask.reason)].per_line:
        return whole
    if ask.line is not None:
        return Subject(whole.order, whole.order.line(ask.line))
    if len(whole.order.lines) != 1:
        raise Invalid("case_line_needed")
    return Subject(whole.order, whole.order.lines[0])


def _decide(session: Session, actor: Actor, ask: Ask, subject: Subject, now: datetime) -> Step:
    policy = policy_now(session, now)
    reason = as_reason(ask.reason)
    facts = facts_for(session, subject, case_id=None, grants_since=now - timedelta(days=90))
    days = policy.at(facts.country, reason).limit("grants_days")
    facts = facts_for(session, subject, case_id=None, grants_since=now - timedelta(days=days))
    contacted, refused = contacted_at(session, subject.order.id, ask.contacted_at, now)
    opening = Opening(
        id=str(ask.id),
        reason=reason,
        remedy=as_remedy(ask.remedy),
        amount=ask.amount,
        contacted_at=contacted,
        seller_refused=refused,
        text=ask.text,
        fields=ask.fields,
    )
    return rules.open_case(opening, facts, policy, now, Who("buyer", str(actor.person_id)))


def _new_row(
    session: Session, actor: Actor, ask: Ask, subject: Subject, case: Case, now: datetime
) -> CaseRow:
    order, line, store_line = subject.order, subject.line, subject.store
    first = line or order.lines[0]
    values = {
        "number": new_number(session, ask.id),
        "order_id": order.id,
        "line_id": line.id if line else None,
        "about_id": subject.about_id,
        "order_ref": order.ref,
        "position": line.position if line else None,
        "title": str(first.snapshot.get("title", order.ref)),
        "image": first.snapshot.get("image"),
        "buyer_ref": order.buyer_ref,
        "buyer_id": actor.person_id,
        "buyer_name": actor.name or None,
        "store_ref": store_line.store_ref if store_line else None,
        "store_id": store_line.store_id if store_line else None,
        "store_name": store_line.store_name if store_line else None,
        "parent_id": None,
        "conversation_id": ask.conversation_id,
    }
    return insert_row(session, ask.id, values, case, now)
