"""What an import may say: the items of the import interface, checked one by one.

The same items come from the HTTP interface and from the CSV files: one road, several gates.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from amparo.kernel.text import clean
from amparo.marketplace.rules import OrderState, ParcelState, PaymentState

BATCH_LIMIT = 500
"""Items in one call; one call is one transaction."""
_ATTRIBUTES_LIMIT = 20_000
_AMOUNT_LIMIT = 10**15


def _not_blank(text: str) -> str:
    cleaned = clean(text)
    if not cleaned:
        raise ValueError("empty")
    return cleaned


def _one_line(text: str) -> str:
    return " ".join(_not_blank(text).split())


def _in_utc(moment: datetime) -> datetime:
    if not 1970 <= moment.year <= 2200:
        raise ValueError("not between 1970 and 2200")
    return moment.astimezone(UTC)


def _web_address(text: str) -> str:
    address = clean(text)
    if not address.startswith(("https://", "http://")) or any(map(str.isspace, address)):
        raise ValueError("not a web address")
    return address


def _small(value: dict[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = _clean_json(value)
    if len(json.dumps(cleaned, ensure_ascii=False)) > _ATTRIBUTES_LIMIT:
        raise ValueError("too large")
    return cleaned


def _clean_json(value: Any) -> Any:
    """PostgreSQL stores no NUL and no lone surrogate, not even inside JSON."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): _clean_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean_json(item) for item in value]
    return value


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Ref = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_one_line)]
Line = Annotated[str, Field(max_length=1000), AfterValidator(_one_line)]
Word = Annotated[str, Field(max_length=120), AfterValidator(_one_line)]
LongText = Annotated[str, Field(max_length=100_000), AfterValidator(clean)]
WebAddress = Annotated[str, Field(max_length=2000), AfterValidator(_web_address)]
Attributes = Annotated[dict[str, Any], AfterValidator(_small)]
Amount = Annotated[int, Field(ge=0, le=_AMOUNT_LIMIT, strict=True)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Position = Annotated[int, Field(ge=1, le=10_000)]


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Price(_Item):
    """An amount in minor units of an ISO 4217 currency."""

    amount: Amount
    currency: Currency


class StoreItem(_Item):
    """A store, known by its ``ref``."""

    ref: Ref
    name: Line
    url: WebAddress | None = None
    attributes: Attributes = Field(default_factory=dict)


class Listing(_Item):
    """What a listing shows.

    ``text_known`` matters only without a text: true = it has none, false = nobody told us.
    """

    title: Line
    text: LongText | None = None
    text_known: bool = False
    category: Line | None = None
    photos: int = Field(default=0, ge=0, le=1000)
    image: WebAddress | None = None
    url: WebAddress | None = None
    attributes: Attributes = Field(default_factory=dict)


class ProductItem(Listing):
    """A listing as it is now; ``removed_at`` once it is gone.

    ``store`` is left out where several stores sell from one listing.
    """

    ref: Ref
    store: Ref | None = None
    price: Price | None = None
    removed_at: Moment | None = None


class LineItem(_Item):
    """One line of an order; ``unit_price`` in minor units of the order's currency.

    ``snapshot`` is the listing as it was when ordered; without one, the listing as we know it at
    the first import of the line is taken. ``store`` defaults to the product's.
    """

    position: Position
    product: Ref
    store: Ref | None = None
    quantity: int = Field(default=1, ge=0, le=1_000_000)
    unit_price: Amount
    warranty_until: Moment | None = None
    snapshot: Listing | None = None


class PaymentItem(_Item):
    """One attempt to pay; ``charged`` defaults to what the state says of the buyer's money."""

    ref: Ref
    method: Word
    amount: Amount
    state: PaymentState
    charged: bool = False
    at: Moment

    @model_validator(mode="before")
    @classmethod
    def _charged_by_state(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("charged") is None:
            return {**data, "charged": data.get("state") in ("captured", "refund_pending")}
        return data


class Step(_Item):
    """One scan of a parcel."""

    at: Moment
    text: Line


class ParcelItem(_Item):
    """One parcel; ``store`` where the marketplace knows which store sent it."""

    ref: Ref
    store: Ref | None = None
    carrier: Word | None = None
    tracking: Word | None = None
    state: ParcelState
    dispatched_at: Moment | None = None
    estimated_at: Moment | None = None
    delivered_at: Moment | None = None
    steps: list[Step] = Field(default_factory=list, max_length=500)


class OrderItem(_Item):
    """An order. An import adds and updates; lines, payments and parcels left out stay."""

    ref: Ref
    buyer: Ref
    state: OrderState
    placed_at: Moment
    currency: Currency
    total: Amount | None = None
    shipping: Amount = 0
    ship_by: Moment | None = None
    deliver_by: Moment | None = None
    delivered_at: Moment | None = None
    lines: list[LineItem] = Field(default_factory=list, max_length=500)
    payments: list[PaymentItem] = Field(default_factory=list, max_length=100)
    parcels: list[ParcelItem] = Field(default_factory=list, max_length=100)
    attributes: Attributes = Field(default_factory=dict)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for rows in (
            [line.position for line in self.lines],
            [payment.ref for payment in self.payments],
            [parcel.ref for parcel in self.parcels],
        ):
            if len(set(rows)) != len(rows):
                raise ValueError("the same line, payment or parcel stands here twice")
        return self

    def total_amount(self) -> int:
        """In minor units: as told, else the lines and the shipping."""
        if self.total is not None:
            return self.total
        return self.shipping + sum(line.quantity * line.unit_price for line in self.lines)

    def delivered(self) -> datetime | None:
        """When the whole order was delivered: as told, else with its last parcel."""
        if self.delivered_at is not None or self.state != "delivered":
            return self.delivered_at
        times = [parcel.delivered_at for parcel in self.parcels]
        return max((time for time in times if time is not None), default=None)


AnyItem = StoreItem | ProductItem | OrderItem
ItemT = TypeVar("ItemT", StoreItem, ProductItem, OrderItem)


class Refused(Exception):
    """An item that breaks a rule.

    Args:
        code: ``missing``, ``unreadable``, ``unknown_field`` or ``inconsistent``.
        detail: which field and why, for the developer who reads the report (English).
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def read_item(kind: type[ItemT], raw: object) -> ItemT:
    """Read one item.

    Raises:
        Refused: it breaks a rule; the first reason is given.
    """
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    except RecursionError:
        raise Refused("unreadable", "nested too deeply") from None
    field = clean(".".join(str(part)[:60] for part in first["loc"]))
    codes = {"missing": "missing", "extra_forbidden": "unknown_field"}
    if not field:
        codes["value_error"] = "inconsistent"
    code = codes.get(first["type"], "unreadable")
    raise Refused(code, f"{field}: {first['msg']}" if field else first["msg"])


def content_hash(item: AnyItem) -> bytes:
    """The same for the same content: an import of what is known already changes nothing.

    Snapshots are left out (the first one wins, so another one is no change), and so is the order
    in which lines, payments and parcels are told.
    """
    data = item.model_dump(mode="json")
    for line in data.get("lines", ()):
        del line["snapshot"]
    for name, key in (("lines", "position"), ("payments", "ref"), ("parcels", "ref")):
        if isinstance(data.get(name), list):
            data[name].sort(key=lambda row, key=key: row[key])
    packed = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(packed.encode(), digest_size=16).digest()


def snapshot_of(listing: Mapping[str, Any], unit_price: int, currency: str) -> dict[str, Any]:
    """The snapshot of a line: what the listing showed, and the price that was paid."""
    known = listing.get("text") is not None or bool(listing.get("text_known"))
    return {
        "title": listing["title"],
        "text": listing.get("text"),
        "text_known": known,
        "category": listing.get("category"),
        "photos": listing.get("photos") or 0,
        "image": listing.get("image"),
        "url": listing.get("url"),
        "attributes": dict(listing.get("attributes") or {}),
        "price": {"amount": unit_price, "currency": currency},
    }
