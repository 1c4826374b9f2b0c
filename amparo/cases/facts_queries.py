"""What the rules may know of an order when something happens to a case about it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from amparo.cases.case import Facts, Tracking
from amparo.cases.models import CaseGrant, CaseRow, RefundOrder
from amparo.marketplace.protection_queries import (
    ProtectedLine,
    ProtectedOrder,
    ProtectedParcel,
    protected_order,
)

_SENT = ("dispatched", "delivered")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case is about: an order as it is now, and the line, or None for all of it."""

    order: ProtectedOrder
    line: ProtectedLine | None

    @property
    def about_id(self) -> UUID:
        """The line's id, or the order's."""
        return self.line.id if self.line else self.order.id

    @property
    def store(self) -> ProtectedLine | None:
        """A line of the one store that is concerned; None where there are several."""
        if self.line is not None:
            return self.line
        stores = {line.store_id for line in self.order.lines}
        return self.order.lines[0] if len(stores) == 1 else None


def subject_of(session: Session, order_id: UUID, line_id: UUID | None) -> Subject:
    """The order and the line of a case, by our ids.

    Raises:
        NotFound: no such order.
    """
    order = protected_order(session, order_id)
    return Subject(order, next((line for line in order.lines if line.id == line_id), None))


def facts_for(
    session: Session, subject: Subject, *, case_id: UUID | None, grants_since: datetime
) -> Facts:
    """The facts for one case, or for one that is about to be opened.

    Whoever decides about money holds the order's lock (``hold_order``).

    Args:
        case_id: the case; its own refund is not counted as one elsewhere.
        grants_since: from when on automatic decisions count against the buyer's cap.
    """
    order, line = subject.order, subject.line
    elsewhere = _refunded_elsewhere(session, order, case_id)
    grants, grants_sum = _grants(session, order, grants_since)
    parcels = _parcels_of(subject)
    return Facts(
        currency=order.currency,
        country=_country(order),
        captured=order.captured,
        elsewhere_order=elsewhere.order,
        elsewhere_line=elsewhere.lines.get(line.id, 0) if line else elsewhere.order,
        line_total=line.total if line else sum(one.total for one in order.lines),
        paid=order.state != "unpaid",
        attempted=order.attempted,
        seller=subject.store is not None,
        cancelled=order.state in ("cancelled", "unavailable"),
        shipped=_shipped(order, parcels),
        tracking=_tracking(parcels),
        delivered_at=_delivered_at(order, parcels),
        deliver_by=order.deliver_by,
        ship_by=order.ship_by,
        listing_removed_at=_removed_at(subject),
        warranty_until=_warranty_until(subject),
        funds_held=order.attributes.get("paid_out") is not True,
        grants=grants,
        grants_sum=grants_sum,
        risk=order.attributes.get("risk") is True,
    )


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    order: int
    lines: dict[UUID, int]


def _refunded_elsewhere(
    session: Session, order: ProtectedOrder, case_id: UUID | None
) -> _Elsewhere:
    """Refunds of other cases, and what was paid back outside.

    One that failed counts as long as its case is open: it will be tried again. What the order's
    payments say was given back includes what we had paid, so only what is beyond that is outside.
    """
    counts = or_(RefundOrder.state != "failed", CaseRow.closed_at.is_(None))
    refunds = session.execute(
        select(RefundOrder.case_id, RefundOrder.line_id, RefundOrder.amount, RefundOrder.state)
        .join(CaseRow, CaseRow.id == RefundOrder.case_id)
        .where(RefundOrder.order_id == order.id, counts)
    ).all()
    told = session.execute(
        select(CaseRow.id, CaseRow.data["outside"].as_integer()).where(
            CaseRow.order_id == order.id, CaseRow.data["outside"].as_integer() > 0
        )
    ).all()
    paid = sum(row.amount for row in refunds if row.state == "paid")
    own_outside = sum(amount for id, amount in told if id == case_id)
    outside = max(order.given_back - paid, sum(amount for _, amount in told)) - own_outside
    lines: dict[UUID, int] = {}
    for row in refunds:
        if row.case_id != case_id and row.line_id is not None:
            lines[row.line_id] = lines.get(row.line_id, 0) + row.amount
    others = sum(row.amount for row in refunds if row.case_id != case_id)
    return _Elsewhere(others + max(0, outside), lines)


def _grants(session: Session, order: ProtectedOrder, since: datetime) -> tuple[int, int]:
    count, amount = session.execute(
        select(
            func.count(),
            func.coalesce(
                func.sum(CaseGrant.amount).filter(CaseGrant.currency == order.currency), 0
            ),
        ).where(CaseGrant.buyer_ref == order.buyer_ref, CaseGrant.at >= since)
    ).one()
    return int(count), int(amount)


def _country(order: ProtectedOrder) -> str:
    country = order.attributes.get("country")
    return country.upper() if isinstance(country, str) and len(country) == 2 else ""


def _parcels_of(subject: Subject) -> list[ProtectedParcel]:
    """The parcels in which it may be: those of its store, and those of nobody in particular."""
    store = subject.line.store_id if subject.line else None
    return [
        parcel
        for parcel in subject.order.parcels
        if store is None or parcel.store_id in (None, store)
    ]


def _shipped(order: ProtectedOrder, parcels: list[ProtectedParcel]) -> bool:
    if parcels:
        return any(one.dispatched_at is not None or one.state != "preparing" for one in parcels)
    return order.state in _SENT


def _tracking(parcels: list[ProtectedParcel]) -> Tracking:
    """What the parcels say together: one that is lost or comes back outweighs the others."""
    states = {parcel.state for parcel in parcels}
    if "lost" in states:
        return "lost"
    if "returned" in states:
        return "returned"
    if states == {"delivered"}:
        return "delivered"
    return "moving" if states & {"in_transit", "delivered"} else "none"


def _delivered_at(order: ProtectedOrder, parcels: list[ProtectedParcel]) -> datetime | None:
    times = [one.delivered_at for one in parcels if one.delivered_at is not None]
    if parcels and len(times) == len(parcels):
        return max(times)
    return order.delivered_at


def _removed_at(subject: Subject) -> datetime | None:
    lines = [subject.line] if subject.line else subject.order.lines
    return min((line.removed_at for line in lines if line.removed_at), default=None)


def _warranty_until(subject: Subject) -> datetime | None:
    lines = [subject.line] if subject.line else subject.order.lines
    return max((line.warranty_until for line in lines if line.warranty_until), default=None)
