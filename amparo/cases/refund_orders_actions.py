"""Orders to give money back, as the transaction of a case's step writes them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.cases.about import about
from amparo.cases.events import CASE_REFUND
from amparo.cases.models import CaseRow, RefundCall, RefundOrder
from amparo.kernel.ids import new_id
from amparo.storage.events import record
from amparo.storage.outbox import HINT
from amparo.storage.session import hint


def place_refund(session: Session, row: CaseRow, key: str, amount: int, now: datetime) -> None:
    """The case's refund is to be paid: a new order, or the same one told once more.

    The provider hears of it after the commit.
    """
    made = session.scalar(
        insert(RefundOrder)
        .values(
            key=key,
            case_id=row.id,
            order_id=row.order_id,
            line_id=row.line_id,
            order_ref=row.order_ref,
            amount=amount,
            currency=row.currency,
            state="pending",
            tries=0,
            created_at=now,
            changed_at=now,
        )
        .on_conflict_do_nothing()
        .returning(RefundOrder.key)
    )
    order = session.get_one(RefundOrder, key, populate_existing=True)
    if (order.case_id, order.amount, order.currency) != (row.id, amount, row.currency):
        raise ValueError(f"refund {key} is another one")
    if made is not None:
        tell_refund(session, row, order, now)
    if order.state != "paid":
        _call(session, key, "pay", now)


def ask_about_refund(session: Session, key: str, now: datetime) -> None:
    """The provider is asked, after the commit, how a refund stands."""
    _call(session, key, "ask", now)


def _call(session: Session, key: str, kind: str, now: datetime) -> None:
    """A new errand; an older one that waits for its next attempt is replaced by it. One that is
    being run is left alone: both know to ask first."""
    waiting = (
        select(RefundCall.id)
        .where(RefundCall.key == key, RefundCall.state == "pending", RefundCall.lease.is_(None))
        .with_for_update(skip_locked=True)
    )
    session.execute(
        update(RefundCall)
        .where(RefundCall.id.in_(waiting))
        .values(state="dead", finished_at=now, last_error="replaced")
    )
    session.add(
        RefundCall(
            id=new_id(),
            lane="refunds",
            state="pending",
            attempts=0,
            next_at=now,
            created_at=now,
            key=key,
            kind=kind,
        )
    )
    hint(session, HINT)


def tell_refund(session: Session, row: CaseRow, order: RefundOrder, now: datetime) -> None:
    """The log hears how the refund stands."""
    told = {
        "key": order.key,
        "amount": order.amount,
        "currency": order.currency,
        "refund": order.state,
    }
    record(session, CASE_REFUND, about(row) | told, now=now, subject=row.id)


def refund_of(session: Session, case_id: UUID) -> RefundOrder | None:
    """The case's refund order, fresh; None where no money was ordered."""
    return session.scalar(
        select(RefundOrder).where(RefundOrder.case_id == case_id),
        execution_options={"populate_existing": True},
    )
