"""What a row of Olist's files means in our words. No files and no database here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from amparo.marketplace.intake import Item, amount
from amparo.marketplace.local_time import end_of_day, in_zone, parse_local

STATES = {
    "created": "unpaid",
    "approved": "paid",
    "invoiced": "processing",
    "processing": "processing",
    "shipped": "dispatched",
    "delivered": "delivered",
    "canceled": "cancelled",
    "unavailable": "unavailable",
}
_PAID = frozenset({"paid", "processing", "dispatched", "delivered"})
COLUMNS = {
    "customers": ("customer_id", "customer_unique_id"),
    "order_items": (
        *("order_id", "order_item_id", "product_id", "seller_id"),
        *("shipping_limit_date", "price", "freight_value"),
    ),
    "order_payments": ("order_id", "payment_sequential", "payment_type", "payment_value"),
    "sellers": ("seller_id", "seller_city", "seller_state"),
    "products": ("product_id", "product_category_name", "product_photos_qty"),
    "orders": (
        *("order_id", "customer_id", "order_status", "order_purchase_timestamp"),
        *("order_approved_at", "order_delivered_carrier_date", "order_delivered_customer_date"),
        "order_estimated_delivery_date",
    ),
}
_MEASURES = {
    "weight_g": "product_weight_g",
    "length_cm": "product_length_cm",
    "height_cm": "product_height_cm",
    "width_cm": "product_width_cm",
    "title_length": "product_name_lenght",  # spelled so in the files
    "text_length": "product_description_lenght",
}
Values = Mapping[str, str]


class Reader:
    """Reads rows of one installation: its zone and its currency.

    Every method raises ValueError, with the column, where a value cannot be read; ``notes``
    collects what is worth telling of the row that was read last.
    """

    def __init__(self, zone: ZoneInfo, currency: str, words: Mapping[str, str]) -> None:
        self._zone, self._currency, self._words = zone, currency, words
        self.notes: list[str] = []

    def store(self, row: Values) -> Item:
        """A seller, who has no name in the files: the city and the beginning of the id."""
        ref = _needed(row, "seller_id")
        city = row["seller_city"].title() or "Store"
        attributes = {"city": row["seller_city"], "state": row["seller_state"]}
        return {"ref": ref, "name": f"{city} {ref[:6]}", "attributes": attributes}

    def product(self, row: Values) -> Item:
        """A product, which has no words in the files: its category and measures."""
        ref = _needed(row, "product_id")
        raw = row["product_category_name"]
        category = self._words.get(raw, raw).replace("_", " ") or None
        measures = {
            name: value
            for name, column in _MEASURES.items()
            if (value := _whole(row, column)) is not None
        }
        return {
            "ref": ref,
            "title": f"{(category or 'product').capitalize()} {ref[:8]}",
            "text": None,
            "text_known": False,
            "category": category,
            "photos": _whole(row, "product_photos_qty") or 0,
            "attributes": measures,
        }

    def line(self, row: Values) -> tuple[Any, ...]:
        """An order item as a row of the scratch table, without its file's line."""
        ship_by = self.time(row, "shipping_limit_date")
        return (
            _whole(row, "order_item_id") or 1,
            _needed(row, "product_id"),
            _needed(row, "seller_id"),
            ship_by.isoformat() if ship_by else None,
            self._amount(row, "price"),
            self._amount(row, "freight_value"),
        )

    def payment(self, row: Values) -> tuple[Any, ...]:
        """A payment as a row of the scratch table, without its file's line."""
        return (
            _needed(row, "payment_sequential"),
            row["payment_type"] or "unknown",
            self._amount(row, "payment_value"),
        )

    def order(
        self, row: Values, buyer: str, lines: list[tuple[Any, ...]], paid: list[tuple[Any, ...]]
    ) -> Item:
        """An order with its parts; ``lines`` and ``paid`` come from the scratch table."""
        if row["order_status"] not in STATES:
            raise ValueError(f"order_status: “{row['order_status'][:40]}” is not known")
        state = STATES[row["order_status"]]
        placed_at = self.time(row, "order_purchase_timestamp")
        if placed_at is None:
            raise ValueError("order_purchase_timestamp: empty")
        approved_at = self.time(row, "order_approved_at")
        dispatched_at = self.time(row, "order_delivered_carrier_date")
        delivered_at = self.time(row, "order_delivered_customer_date")
        deliver_by = self.day(row, "order_estimated_delivery_date")
        captured = approved_at is not None or state in _PAID
        return {
            "ref": _needed(row, "order_id"),
            "buyer": buyer,
            "state": state,
            "placed_at": placed_at,
            "currency": self._currency,
            "shipping": sum(line[5] for line in lines),
            "ship_by": max((line[3] for line in lines if line[3]), default=None),
            "deliver_by": deliver_by,
            "delivered_at": delivered_at,
            "lines": [
                {"position": place, "product": product, "store": store, "unit_price": price}
                for place, product, store, _, price, _ in lines
            ],
            "payments": [
                {
                    "ref": ref,
                    "method": method,
                    "amount": value,
                    "state": "captured" if captured else "pending",
                    "at": approved_at or placed_at,
                }
                for ref, method, value in paid
            ],
            "parcels": _parcels(dispatched_at, delivered_at, deliver_by),
        }

    def time(self, row: Values, column: str) -> datetime | None:
        """A moment, from the clock on the wall; None where the value is empty."""
        if not row[column]:
            return None
        moment, note = in_zone(self._wall(row, column), self._zone)
        if note:
            self.notes.append(f"{column}: {note}")
        return moment

    def day(self, row: Values, column: str) -> datetime | None:
        """The end of a promised day; None where the value is empty."""
        return end_of_day(self._wall(row, column), self._zone) if row[column] else None

    def _wall(self, row: Values, column: str) -> datetime:
        try:
            return parse_local(row[column])
        except ValueError:
            text = row[column][:40]
            raise ValueError(f"{column}: “{text}” is not a time like 7/24/2018 20:41") from None

    def _amount(self, row: Values, column: str) -> int:
        try:
            return amount(row[column], self._currency)
        except ValueError as error:
            raise ValueError(f"{column}: {error}") from None


def _parcels(
    dispatched_at: datetime | None, delivered_at: datetime | None, estimated_at: datetime | None
) -> list[Item]:
    if dispatched_at is None and delivered_at is None:
        return []
    return [
        {
            "ref": "1",
            "state": "in_transit" if delivered_at is None else "delivered",
            "dispatched_at": dispatched_at,
            "estimated_at": estimated_at,
            "delivered_at": delivered_at,
        }
    ]


def _needed(row: Values, column: str) -> str:
    if not row[column]:
        raise ValueError(f"{column}: empty")
    return row[column]


def _whole(row: Values, column: str) -> int | None:
    text = row.get(column, "").removesuffix(".0")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError(f"{column}: “{text[:40]}” is not a whole number")
    return int(text)
