"""What the protection of a purchase rests on: amounts, dates and parcels of one order, complete.

For the program's own decisions, not for readers: nothing is left out for anybody, so the caller
has asked ``order_for`` who may see what.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.kernel.errors import NotFound
from amparo.marketplace.models import (
    Order,
    OrderLine,
    OrderRequest,
    Parcel,
    Payment,
    Product,
    Store,
)

_FRESH = {"populate_existing": True}
_TAKEN = ("captured", "refund_pending", "refunded")
_GIVEN_BACK = ("refund_pending", "refunded")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedLine:
    """A line with what it is worth.

    Attributes:
        total: price times quantity and its share of the order's shipping, in minor units; the
            shares of all lines add up to the shipping exactly.
        snapshot: the listing as it was when ordered.
        removed_at: since when the listing is gone.
    """

    id: UUID
    position: int
    store_id: UUID
    store_ref: str
    store_name: str
    quantity: int
    total: int
    warranty_until: datetime | None
    removed_at: datetime | None
    snapshot: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProtectedParcel:
    """A parcel; no store: the marketplace did not say whose."""

    store_id: UUID | None
    state: str
    tracking: str | None
    dispatched_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedOrder:
    """An order with all that its protection asks for.

    Attributes:
        attempted: somebody tried to pay.
        captured: what was taken from the buyer in all; ``given_back``: what the marketplace's own
            payments say was or is being returned. Minor units.
        attributes: what the marketplace says beyond that, e.g. ``country``.
    """

    id: UUID
    ref: str
    buyer_ref: str
    state: str
    currency: str
    placed_at: datetime
    ship_by: datetime | None
    deliver_by: datetime | None
    delivered_at: datetime | None
    attempted: bool
    captured: int
    given_back: int
    attributes: dict[str, Any]
    lines: tuple[ProtectedLine, ...]
    parcels: tuple[ProtectedParcel, ...]

    def line(self, position: int) -> ProtectedLine:
        """The line at a position. Raises NotFound where there is none."""
        for line in self.lines:
            if line.position == position:
                return line
        raise NotFound()


def hold_order(session: Session, order_id: UUID) -> None:
    """Lock the order until the transaction ends: its money is decided by one at a time.

    Raises:
        NotFound: no such order.
    """
    held = select(Order.id).where(Order.id == order_id).with_for_update(key_share=True)
    if session.scalar(held) is None:
        raise NotFound()


def protected_order(session: Session, order_id: UUID) -> ProtectedOrder:
    """The order as it is now; four statements.

    Raises:
        NotFound: no such order.
    """
    order = session.get(Order, order_id, populate_existing=True)
    if order is None:
        raise NotFound()
    payments = session.scalars(
        select(Payment).where(Payment.order_id == order_id), execution_options=_FRESH
    ).all()
    parcels = session.scalars(
        select(Parcel).where(Parcel.order_id == order_id).order_by(Parcel.ref),
        execution_options=_FRESH,
    )
    taken = [row.amount for row in payments if row.charged or row.state in _TAKEN]
    return ProtectedOrder(
        id=order.id,
        ref=order.ref,
        buyer_ref=order.buyer_ref,
        state=order.state,
        currency=order.currency,
        placed_at=order.placed_at,
        ship_by=order.ship_by,
        deliver_by=order.deliver_by,
        delivered_at=order.delivered_at,
        attempted=bool(payments),
        captured=sum(taken),
        given_back=sum(row.amount for row in payments if row.state in _GIVEN_BACK),
        attributes=dict(order.attributes),
        lines=_lines(session, order),
        parcels=tuple(
            ProtectedParcel(
                row.store_id, row.state, row.tracking, row.dispatched_at, row.delivered_at
            )
            for row in parcels
        ),
    )


@dataclass(frozen=True, slots=True)
class SellerContact:
    """When the buyer first wrote to the seller about the order, and whether the answer was no."""

    at: datetime
    refused: bool


def contact_with_seller(session: Session, order_id: UUID) -> SellerContact | None:
    """The first message to the seller that went through us; None where there was none."""
    rows = session.execute(
        select(OrderRequest.made_at, OrderRequest.state)
        .where(OrderRequest.order_id == order_id, OrderRequest.kind == "contact_seller")
        .order_by(OrderRequest.made_at)
    ).all()
    if not rows:
        return None
    return SellerContact(rows[0].made_at, any(row.state == "refused" for row in rows))


def _lines(session: Session, order: Order) -> tuple[ProtectedLine, ...]:
    rows = session.execute(
        select(OrderLine, Store, Product)
        .join(Store, Store.id == OrderLine.store_id)
        .join(Product, Product.id == OrderLine.product_id)
        .where(OrderLine.order_id == order.id)
        .order_by(OrderLine.position),
        execution_options=_FRESH,
    ).all()
    worth = [row[0].quantity * row[0].unit_amount for row in rows]
    shares = shared_out(order.shipping_amount, worth)
    return tuple(
        ProtectedLine(
            id=line.id,
            position=line.position,
            store_id=store.id,
            store_ref=store.ref,
            store_name=store.name,
            quantity=line.quantity,
            total=own + share,
            warranty_until=line.warranty_until,
            removed_at=product.removed_at,
            snapshot=dict(line.snapshot),
        )
        for (line, store, product), own, share in zip(rows, worth, shares, strict=True)
    )


def shared_out(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount in parts by weight that add up to it exactly; equal parts where nothing weighs."""
    if not weights:
        return []
    weighed = list(weights) if sum(weights) else [1] * len(weights)
    whole = sum(weighed)
    parts = [amount * weight // whole for weight in weighed]
    for place in sorted(range(len(parts)), key=lambda i: (-(amount * weighed[i] % whole), i)):
        if sum(parts) == amount:
            break
        parts[place] += 1
    return parts
