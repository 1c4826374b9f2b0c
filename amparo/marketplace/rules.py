"""Decisions about orders: the words for their states, and what is wrong with an order.

No session and no clock here: the facts and the time are given.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

OrderState = Literal[
    "unpaid", "paid", "processing", "dispatched", "delivered", "cancelled", "unavailable"
]
"""``unavailable``: paid, but the store cannot send it."""
PaymentState = Literal["pending", "captured", "failed", "refund_pending", "refunded"]
ParcelState = Literal["preparing", "in_transit", "delivered", "returned", "lost"]
OrderProblem = Literal[
    "refund_pending", "unpaid_charged", "late", "listing_removed", "under_warranty"
]
"""The one thing about an order that its buyer most probably asks about, gravest first."""

ORDER_STATES: tuple[OrderState, ...] = get_args(OrderState)
PROBLEMS: tuple[OrderProblem, ...] = get_args(OrderProblem)
ON_THE_WAY: frozenset[str] = frozenset({"paid", "processing", "dispatched"})
REMOVED_LISTING_MATTERS = timedelta(days=60)
"""How long after delivery a removed listing is still the likely reason to ask for help."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What ``order_problem`` needs to know of an order; all times aware.

    Attributes:
        charged: money was taken by at least one payment.
        refunding: at least one payment waits for its refund.
        removed: at least one bought listing is no longer on the marketplace.
        warranty_until: the longest warranty of its lines.
    """

    state: str
    deliver_by: datetime | None = None
    delivered_at: datetime | None = None
    charged: bool = False
    refunding: bool = False
    removed: bool = False
    warranty_until: datetime | None = None


def order_problem(order: OrderFacts, now: datetime) -> OrderProblem | None:
    """The gravest problem of the order at ``now``, or None.

    ``late``: the promised moment has passed and nothing was delivered.
    ``listing_removed``: only while the order is open or was delivered recently.
    ``under_warranty``: no fault in itself; delivered, and a warranty still runs.
    """
    if order.refunding:
        return "refund_pending"
    if order.state == "unpaid":
        return "unpaid_charged" if order.charged else None
    if order.state in ON_THE_WAY and order.deliver_by is not None and order.deliver_by < now:
        return "late"
    if order.removed and _removal_matters(order, now):
        return "listing_removed"
    if order.state == "delivered" and order.warranty_until and order.warranty_until > now:
        return "under_warranty"
    return None


def _removal_matters(order: OrderFacts, now: datetime) -> bool:
    if order.state != "delivered":
        return order.state in ON_THE_WAY
    return order.delivered_at is None or now - order.delivered_at <= REMOVED_LISTING_MATTERS
