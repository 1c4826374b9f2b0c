"""What only staff sees of a case."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from amparo.cases import texts
from amparo.cases.case import Who
from amparo.cases.lists_queries import load_of
from amparo.cases.models import CaseGrant, CaseRow
from amparo.cases.showing import Reader, Stored
from amparo.cases.views import CaseBuyerHistory, CaseNote, CaseSellerHistory, CaseStaffView
from amparo.kernel.actor import Actor
from amparo.kernel.money import Money

_WON = ("refunded", "part_refunded", "replaced", "repaired", "coupon", "confirmed")
_LATEST = 500


def staff_view(
    session: Session, actor: Actor, who: Who, stored: Stored, reader: Reader
) -> CaseStaffView:
    """The claim histories of both sides, notes, load and conflict: for staff alone."""
    row, language = stored.row, reader.language
    return CaseStaffView(
        buyer=_buyer(session, row),
        seller=_seller(session, row),
        alarm=texts.said("alarm.yes", language) if row.alarm else None,
        conflict=_conflict(actor, who, row, language),
        load=load_of(session, actor.person_id),
        notes=[
            CaseNote(one.id, one.at, stored.names.get(one.person_id, ""), one.text or "")
            for one in stored.entries
            if one.kind == "note" and one.person_id is not None
        ],
        policy_version=row.policy_version,
    )


def _conflict(actor: Actor, who: Who, row: CaseRow, language: str) -> str | None:
    if who.conflict:
        return texts.said("conflict.party", language)
    if row.state == "appeal" and row.decided_by == actor.person_id:
        return texts.said("conflict.decided", language)
    return None


def _buyer(session: Session, row: CaseRow) -> CaseBuyerHistory:
    cases, won = session.execute(
        select(func.count(), func.count().filter(CaseRow.outcome.in_(_WON))).where(
            CaseRow.buyer_ref == row.buyer_ref
        )
    ).one()
    granted = session.scalar(
        select(func.coalesce(func.sum(CaseGrant.amount), 0)).where(
            CaseGrant.buyer_ref == row.buyer_ref, CaseGrant.currency == row.currency
        )
    )
    return CaseBuyerHistory(
        id=row.buyer_id,
        name=row.buyer_name,
        cases=cases,
        won=won,
        granted=Money(int(granted or 0), row.currency),
    )


def _seller(session: Session, row: CaseRow) -> CaseSellerHistory | None:
    """Of the store's latest cases: a store with thousands is told apart by those."""
    if row.store_ref is None:
        return None
    latest = (
        select(CaseRow.outcome, CaseRow.closed_at, CaseRow.data["marks"].label("marks"))
        .where(CaseRow.store_ref == row.store_ref)
        .order_by(CaseRow.opened_at.desc(), CaseRow.id.desc())
        .limit(_LATEST)
        .subquery()
    )
    over = latest.c.closed_at.is_not(None)
    silent = func.count().filter(over, ~latest.c.marks.contains(["seller_answered"]))
    lost = func.count().filter(latest.c.outcome.in_(_WON))
    cases, lost_count, mute = session.execute(
        select(func.count(), lost, silent).select_from(latest)
    ).one()
    return CaseSellerHistory(row.store_ref, cases, lost_count, mute)
