"""Tables of the marketplace's data: every row is known by the marketplace's own ``ref``.

People are named by the marketplace's ids (``buyer_ref``, store refs), never by our accounts: an
order may arrive long before its buyer first asks for help.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base, Json, JsonList


class Store(Base):
    """A store of the marketplace; its people carry its ref in their signed identity."""

    __tablename__ = "store"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    url: Mapped[str | None]
    attributes: Mapped[Json]
    content_hash: Mapped[bytes]
    imported_at: Mapped[datetime]


class Product(Base):
    """A listing as it is now; what a buyer ordered is in ``OrderLine.snapshot``.

    ``price_amount`` is in minor units of ``price_currency``. ``text`` is null where the marketplace
    gave none; ``text_known`` says whether that means "has no text" or "we were not told".
    ``store_id`` is null where several stores sell from one listing.
    """

    __tablename__ = "product"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    store_id: Mapped[UUID | None] = mapped_column(ForeignKey("store.id"), index=True)
    title: Mapped[str]
    text: Mapped[str | None]
    text_known: Mapped[bool]
    category: Mapped[str | None]
    price_amount: Mapped[int | None]
    price_currency: Mapped[str | None]
    photos: Mapped[int]
    image: Mapped[str | None]
    url: Mapped[str | None]
    attributes: Mapped[Json]
    removed_at: Mapped[datetime | None]
    content_hash: Mapped[bytes]
    imported_at: Mapped[datetime]


class Order(Base):
    """An order of one buyer with lines of one or more stores; amounts in minor units."""

    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_buyer_ref_placed_at_id", "buyer_ref", "placed_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    buyer_ref: Mapped[str]
    state: Mapped[str]
    placed_at: Mapped[datetime]
    currency: Mapped[str]
    total_amount: Mapped[int]
    shipping_amount: Mapped[int]
    ship_by: Mapped[datetime | None]
    deliver_by: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    attributes: Mapped[Json]
    content_hash: Mapped[bytes]
    imported_at: Mapped[datetime]


class OrderLine(Base):
    """One bought thing, with the listing **as it was when ordered**.

    ``snapshot`` is written once, by the import that first brings the line, and by nothing ever
    after: it is the evidence when the listing has been changed or removed.
    """

    __tablename__ = "order_line"
    __table_args__ = (UniqueConstraint("order_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    store_id: Mapped[UUID] = mapped_column(ForeignKey("store.id"), index=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"), index=True)
    quantity: Mapped[int]
    unit_amount: Mapped[int]
    warranty_until: Mapped[datetime | None]
    snapshot: Mapped[Json]


class Payment(Base):
    """One attempt to pay. ``charged`` = the buyer's money was taken, whatever the order says."""

    __tablename__ = "payment"
    __table_args__ = (UniqueConstraint("order_id", "ref"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    ref: Mapped[str]
    method: Mapped[str]
    amount: Mapped[int]
    state: Mapped[str]
    charged: Mapped[bool]
    at: Mapped[datetime]


class Parcel(Base):
    """One parcel with its steps (``[{"at": ISO 8601, "text": str}]``, oldest first).

    ``store_id`` is null where the marketplace does not say which store sent it.
    """

    __tablename__ = "parcel"
    __table_args__ = (UniqueConstraint("order_id", "ref"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    ref: Mapped[str]
    store_id: Mapped[UUID | None] = mapped_column(ForeignKey("store.id"))
    carrier: Mapped[str | None]
    tracking: Mapped[str | None]
    state: Mapped[str]
    dispatched_at: Mapped[datetime | None]
    estimated_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    steps: Mapped[JsonList]


class OrderRequest(Base):
    """What a buyer asked of an order, and what became of it.

    ``id`` is made by the buyer's panel and is the same for ever. ``data`` holds what the kind
    needs (a new address, a message); a private address is taken out when the matter is settled.
    ``answer`` is what the buyer was told beyond the plain words of the outcome.
    """

    __tablename__ = "order_request"
    __table_args__ = (
        Index(
            "uq_order_request_open",
            "order_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
        Index("ix_order_request_order", "order_id", "made_at"),
        Index("ix_order_request_person", "person_id", "state"),
        Index("ix_order_request_log", "made_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[str]
    state: Mapped[str]
    person_id: Mapped[UUID]
    conversation_id: Mapped[UUID | None]
    language: Mapped[str]
    data: Mapped[Json]
    made_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
    reason_code: Mapped[str | None]
    answer: Mapped[str | None]
