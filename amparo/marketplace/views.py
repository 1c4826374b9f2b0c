"""An order as somebody may see it: plain data that every edge can show.

The same shapes answer HTTP, the desk, the guide and the assistant; they hold no session.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amparo.kernel.money import Money
from amparo.marketplace.rules import OrderProblem, OrderState, ParcelState, PaymentState


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSummary:
    """An order in one row. ``title`` is the first line's; ``lines`` says how many there are."""

    ref: str
    placed_at: datetime
    state: OrderState
    problem: OrderProblem | None
    total: Money
    title: str
    lines: int
    deliver_by: datetime | None
    delivered_at: datetime | None
    image: str | None


@dataclass(frozen=True, slots=True)
class StoreView:
    """A store, as far as a buyer sees it."""

    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class ProductView:
    """The listing as it is **now**: ``removed_at`` says since when it is gone."""

    ref: str
    title: str
    removed_at: datetime | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotView:
    """The listing **as it was when ordered**; ``text_known`` false: nobody told us its text."""

    title: str
    text: str | None
    text_known: bool
    attributes: dict[str, Any]
    price: Money
    photos: int
    category: str | None
    image: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line of an order."""

    position: int
    quantity: int
    unit_price: Money
    store: StoreView
    product: ProductView
    snapshot: SnapshotView
    warranty_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    """One attempt to pay; ``charged``: the buyer's money was taken."""

    method: str
    amount: Money
    state: PaymentState
    at: datetime
    charged: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """One scan of a parcel."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelView:
    """One parcel and where it has been, oldest step first."""

    carrier: str | None
    tracking: str | None
    state: ParcelState
    dispatched_at: datetime | None
    delivered_at: datetime | None
    estimated_at: datetime | None
    steps: list[StepView]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order with everything its reader may see: a seller sees only its stores' part."""

    ref: str
    placed_at: datetime
    state: OrderState
    problem: OrderProblem | None
    total: Money
    title: str
    lines: list[LineView]
    deliver_by: datetime | None
    delivered_at: datetime | None
    image: str | None
    payments: list[PaymentView]
    parcels: list[ParcelView]
    ship_by: datetime | None
