"""A batch of an import, before it meets the database: reading its items and making its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from amparo.kernel.errors import Invalid
from amparo.kernel.ids import new_id
from amparo.kernel.text import clean
from amparo.marketplace.items import (
    BATCH_LIMIT,
    ItemT,
    LineItem,
    OrderItem,
    ProductItem,
    Refused,
    StoreItem,
    content_hash,
    read_item,
    snapshot_of,
)


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Why an item was refused; ``index`` counts the items of the call from 0.

    ``detail`` is for the developer who sent it, in English, like the code.
    """

    index: int
    ref: str | None
    code: str
    detail: str


@dataclass(slots=True)
class ImportResult:
    """What an import did, counted in items."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[ImportProblem] = field(default_factory=list)

    def refuse(self, index: int, ref: str | None, code: str, detail: str) -> None:
        """Report one item."""
        self.errors.append(ImportProblem(index, ref, code, detail))

    def count(self, sent: int, written: Mapping[str, "Written"]) -> None:
        """Count ``sent`` items of which ``written`` really changed something."""
        created = sum(1 for row in written.values() if row.created)
        self.created += created
        self.updated += len(written) - created
        self.unchanged += sent - len(written)


@dataclass(frozen=True, slots=True)
class Written:
    """A row that an upsert made or changed."""

    id: UUID
    created: bool


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order that we have already, and as which product each of its lines was ordered."""

    id: UUID
    hash: bytes
    state: str
    lines: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A listing as we know it now."""

    id: UUID
    store_id: UUID | None
    listing: dict[str, Any]


def read_items(
    kind: type[ItemT], items: Sequence[object], result: ImportResult
) -> dict[int, ItemT]:
    """The good items by their index; the others become errors of ``result``.

    Raises:
        Invalid: more than ``BATCH_LIMIT`` items.
    """
    if len(items) > BATCH_LIMIT:
        raise Invalid("import_too_many", limit=BATCH_LIMIT)
    good: dict[int, ItemT] = {}
    seen: set[str] = set()
    for index, raw in enumerate(items):
        try:
            item = read_item(kind, raw)
        except Refused as error:
            result.refuse(index, _shown_ref(raw), error.code, error.detail)
            continue
        if item.ref in seen:
            result.refuse(index, item.ref, "repeated", "the same ref stands earlier in this call")
            continue
        seen.add(item.ref)
        good[index] = item
    return good


def _shown_ref(raw: object) -> str | None:
    ref = raw.get("ref") if isinstance(raw, Mapping) else getattr(raw, "ref", None)
    return clean(ref[:120]) if isinstance(ref, str) else None


def order_fault(
    item: OrderItem,
    known: KnownOrder | None,
    products: Mapping[str, KnownProduct],
    stores: Mapping[str, UUID],
) -> tuple[str, str] | None:
    """Why the order cannot go in, as (code, detail), or None.

    A line never becomes another product: its snapshot would be evidence of something else.
    """
    for line in item.lines:
        if line.product not in products:
            return "unknown_product", f"lines.{line.position}.product: {line.product}"
        before = known.lines.get(line.position) if known else None
        if before is not None and before != line.product:
            return "line_changed", f"lines.{line.position}: was ordered as product {before}"
        if line.store is not None and line.store not in stores:
            return "unknown_store", f"lines.{line.position}.store: {line.store}"
        if line.store is None and products[line.product].store_id is None:
            return "missing", f"lines.{line.position}.store: neither line nor product names one"
    for parcel in item.parcels:
        if parcel.store is not None and parcel.store not in stores:
            return "unknown_store", f"parcels.{parcel.ref}.store: {parcel.store}"
    return None


def store_row(item: StoreItem, now: datetime) -> dict[str, Any]:
    """The row of a store."""
    return item.model_dump() | _known(item, now)


def product_row(item: ProductItem, store_id: UUID | None, now: datetime) -> dict[str, Any]:
    """The row of a listing."""
    return {
        **item.model_dump(exclude={"store", "price"}),
        "text_known": item.text is not None or item.text_known,
        "store_id": store_id,
        "price_amount": item.price.amount if item.price else None,
        "price_currency": item.price.currency if item.price else None,
        **_known(item, now),
    }


def order_row(item: OrderItem, now: datetime) -> dict[str, Any]:
    """The row of an order, without its parts."""
    return {
        "buyer_ref": item.buyer,
        "state": item.state,
        "placed_at": item.placed_at,
        "currency": item.currency,
        "total_amount": item.total_amount(),
        "shipping_amount": item.shipping,
        "ship_by": item.ship_by,
        "deliver_by": item.deliver_by,
        "delivered_at": item.delivered(),
        "attributes": item.attributes,
        **_known(item, now),
    }


def line_row(
    line: LineItem,
    currency: str,
    order_id: UUID,
    product: KnownProduct,
    stores: Mapping[str, UUID],
) -> dict[str, Any]:
    """The row of a line, with the snapshot it gets if it is new."""
    given = line.snapshot.model_dump(mode="json") if line.snapshot else product.listing
    return {
        "id": new_id(),
        "order_id": order_id,
        "position": line.position,
        "store_id": stores[line.store] if line.store else product.store_id,
        "product_id": product.id,
        "quantity": line.quantity,
        "unit_amount": line.unit_price,
        "warranty_until": line.warranty_until,
        "snapshot": snapshot_of(given, line.unit_price, currency),
    }


def payment_rows(item: OrderItem, order_id: UUID) -> list[dict[str, Any]]:
    """The rows of an order's payments."""
    return [
        {"id": new_id(), "order_id": order_id, **payment.model_dump()} for payment in item.payments
    ]


def parcel_rows(
    item: OrderItem, order_id: UUID, stores: Mapping[str, UUID]
) -> list[dict[str, Any]]:
    """The rows of an order's parcels, steps oldest first."""
    rows = []
    for parcel in item.parcels:
        steps = sorted(parcel.steps, key=lambda step: step.at)
        row = parcel.model_dump(exclude={"store", "steps"})
        row["steps"] = [{"at": step.at.isoformat(), "text": step.text} for step in steps]
        row["store_id"] = stores[parcel.store] if parcel.store else None
        rows.append({"id": new_id(), "order_id": order_id, **row})
    return rows


def _known(item: StoreItem | ProductItem | OrderItem, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "ref": item.ref,
        "content_hash": content_hash(item),
        "imported_at": now,
    }
