"""Reads of orders. ``order_for`` is the only door: missing and foreign look the same.

A buyer sees the own orders, a seller the part of an order that its stores sold, staff all of
them; nobody else sees any. Every read costs a fixed number of statements, however long the list.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound
from amparo.kernel.money import Money
from amparo.kernel.text import clean
from amparo.marketplace.models import Order, OrderLine, Parcel, Payment, Product, Store
from amparo.marketplace.rules import OrderFacts, order_problem
from amparo.marketplace.views import (
    LineView,
    OrderSummary,
    OrderView,
    ParcelView,
    PaymentView,
    ProductView,
    SnapshotView,
    StepView,
    StoreView,
)
from amparo.storage.pages import LIMIT, Page, decode_place, encode_cursor

__all__ = [
    "LineView",
    "OrderSummary",
    "OrderView",
    "missing_products",
    "missing_stores",
    "order_for",
    "order_id_for",
    "orders_for",
    "orders_of_buyer",
]

_LineRow = tuple[OrderLine, Store, Product]
# Imports write past the session's memory of rows, so every read looks at the table again.
_FRESH = {"populate_existing": True}


@dataclass(slots=True)
class _Parts:
    """The rows of one order that its reader may see."""

    lines: list[_LineRow] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    others: bool = False
    """Lines of other stores were left out."""


def order_for(session: Session, actor: Actor, ref: str, *, now: datetime) -> OrderView:
    """The order ``ref`` as ``actor`` may see it at ``now``.

    Raises:
        NotFound: no such order, or somebody else's.
    """
    order = _order(session, actor, ref)
    return _view(order, actor, _parts(session, actor, [order.id])[order.id], now)


def order_id_for(session: Session, actor: Actor, ref: str) -> UUID:
    """Our id of the order, where ``actor`` may see it: the cheap way to check a reference.

    Raises:
        NotFound: no such order, or somebody else's.
    """
    return _order(session, actor, ref).id


def orders_for(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    cursor: str | None = None,
    limit: int = 20,
) -> Page[OrderSummary]:
    """The orders that ``actor`` may see, newest first.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    return _page(session, actor, _visible(actor), now, cursor, limit)


def orders_of_buyer(
    session: Session,
    actor: Actor,
    buyer_ref: str,
    *,
    now: datetime,
    cursor: str | None = None,
    limit: int = 20,
) -> Page[OrderSummary]:
    """The orders of one buyer, newest first, for staff.

    Raises:
        NotFound: the actor is not staff.
        Invalid: the cursor is not one of ours.
    """
    if not actor.is_staff:
        raise NotFound()
    return _page(session, actor, Order.buyer_ref == buyer_ref, now, cursor, limit)


def missing_products(session: Session, refs: Collection[str]) -> set[str]:
    """Those of ``refs`` that name no product we know."""
    return _missing(session, Product.ref, refs)


def missing_stores(session: Session, refs: Collection[str]) -> set[str]:
    """Those of ``refs`` that name no store we know."""
    return _missing(session, Store.ref, refs)


def _missing(
    session: Session, column: InstrumentedAttribute[str], refs: Collection[str]
) -> set[str]:
    wanted = {clean(ref) for ref in refs}
    return wanted - set(session.scalars(select(column).where(column.in_(wanted))))


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.is_staff:
        return true()
    if actor.role == "buyer" and actor.ref:
        return Order.buyer_ref == actor.ref
    if actor.role == "seller" and actor.store_refs:
        sold = select(OrderLine.id).join(Store, Store.id == OrderLine.store_id)
        return exists(sold.where(OrderLine.order_id == Order.id, Store.ref.in_(actor.store_refs)))
    return false()


def _order(session: Session, actor: Actor, ref: str) -> Order:
    # Imports clean their refs; an unclean one is nobody's name, and PostgreSQL would refuse a NUL.
    query = select(Order).where(Order.ref == clean(ref), _visible(actor))
    order = session.scalar(query, execution_options=_FRESH)
    if order is None:
        raise NotFound()
    return order


def _page(
    session: Session,
    actor: Actor,
    which: ColumnElement[bool],
    now: datetime,
    cursor: str | None,
    limit: int,
) -> Page[OrderSummary]:
    limit = max(1, min(limit, LIMIT))
    query = select(Order).where(which).order_by(Order.placed_at.desc(), Order.id.desc())
    if cursor is not None:
        query = query.where(tuple_(Order.placed_at, Order.id) < decode_place(cursor))
    found = list(session.scalars(query.limit(limit + 1), execution_options=_FRESH))
    orders, more = found[:limit], len(found) > limit
    parts = _parts(session, actor, [order.id for order in orders])
    items = [_summary(order, actor, parts[order.id], now) for order in orders]
    after = encode_cursor(orders[-1].placed_at, orders[-1].id) if more else None
    return Page(items, after)


def _parts(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, _Parts]:
    """Lines, parcels and payments of the orders: three statements, two for a seller."""
    parts: dict[UUID, _Parts] = defaultdict(_Parts)
    if not ids:
        return parts
    lines = (
        select(OrderLine, Store, Product)
        .join(Store, Store.id == OrderLine.store_id)
        .join(Product, Product.id == OrderLine.product_id)
        .where(OrderLine.order_id.in_(ids))
        .order_by(OrderLine.order_id, OrderLine.position)
    )
    for line, store, product in session.execute(lines, execution_options=_FRESH):
        if actor.role != "seller" or store.ref in actor.store_refs:
            parts[line.order_id].lines.append((line, store, product))
        else:
            parts[line.order_id].others = True
    parcels = select(Parcel).where(Parcel.order_id.in_(ids)).order_by(Parcel.ref)
    for parcel in session.scalars(parcels, execution_options=_FRESH):
        if _sees_parcel(actor, parcel, parts[parcel.order_id]):
            parts[parcel.order_id].parcels.append(parcel)
    if actor.role != "seller":  # how a buyer pays is no seller's business
        payments = (
            select(Payment).where(Payment.order_id.in_(ids)).order_by(Payment.at, Payment.ref)
        )
        for payment in session.scalars(payments, execution_options=_FRESH):
            parts[payment.order_id].payments.append(payment)
    return parts


def _sees_parcel(actor: Actor, parcel: Parcel, parts: _Parts) -> bool:
    if actor.role != "seller":
        return True
    if parcel.store_id is None:
        return not parts.others
    return any(row[0].store_id == parcel.store_id for row in parts.lines)


def _facts(order: Order, parts: _Parts) -> OrderFacts:
    warranties = [row[0].warranty_until for row in parts.lines if row[0].warranty_until]
    return OrderFacts(
        state=order.state,
        deliver_by=order.deliver_by,
        delivered_at=order.delivered_at,
        charged=any(payment.charged for payment in parts.payments),
        refunding=any(payment.state == "refund_pending" for payment in parts.payments),
        removed=any(row[2].removed_at is not None for row in parts.lines),
        warranty_until=max(warranties, default=None),
    )


def _total(order: Order, actor: Actor, parts: _Parts) -> Money:
    if actor.role != "seller":
        return Money(order.total_amount, order.currency)
    own = sum(row[0].quantity * row[0].unit_amount for row in parts.lines)
    return Money(own, order.currency)


def _common(order: Order, actor: Actor, parts: _Parts, now: datetime) -> dict[str, Any]:
    first: dict[str, Any] = parts.lines[0][0].snapshot if parts.lines else {}
    return {
        "ref": order.ref,
        "placed_at": order.placed_at,
        "state": order.state,
        "problem": order_problem(_facts(order, parts), now),
        "total": _total(order, actor, parts),
        "title": first.get("title", order.ref),
        "deliver_by": order.deliver_by,
        "delivered_at": order.delivered_at,
        "image": first.get("image"),
    }


def _summary(order: Order, actor: Actor, parts: _Parts, now: datetime) -> OrderSummary:
    return OrderSummary(lines=len(parts.lines), **_common(order, actor, parts, now))


def _view(order: Order, actor: Actor, parts: _Parts, now: datetime) -> OrderView:
    return OrderView(
        **_common(order, actor, parts, now),
        lines=[_line(row, order.currency) for row in parts.lines],
        payments=[_payment(row, order.currency) for row in parts.payments],
        parcels=[_parcel(row) for row in parts.parcels],
        ship_by=order.ship_by,
    )


def _line(row: _LineRow, currency: str) -> LineView:
    line, store, product = row
    snapshot = dict(line.snapshot)
    price = Money(**snapshot.pop("price"))
    shown = SnapshotView(price=price, **snapshot)
    return LineView(
        position=line.position,
        quantity=line.quantity,
        unit_price=Money(line.unit_amount, currency),
        store=StoreView(store.ref, store.name),
        product=ProductView(product.ref, product.title, product.removed_at, product.url),
        snapshot=shown,
        warranty_until=line.warranty_until,
    )


def _payment(row: Payment, currency: str) -> PaymentView:
    return PaymentView(
        method=row.method,
        amount=Money(row.amount, currency),
        state=row.state,  # type: ignore[arg-type]
        at=row.at,
        charged=row.charged,
    )


def _parcel(row: Parcel) -> ParcelView:
    return ParcelView(
        carrier=row.carrier,
        tracking=row.tracking,
        state=row.state,  # type: ignore[arg-type]
        dispatched_at=row.dispatched_at,
        delivered_at=row.delivered_at,
        estimated_at=row.estimated_at,
        steps=[StepView(datetime.fromisoformat(s["at"]), s["text"]) for s in row.steps],
    )
