"""Orders of Ana and Olga in every state that somebody asks about, told from one moment."""

from datetime import datetime, timedelta
from typing import Any

from demo.catalogue import BY_REF

Item = dict[str, Any]
_SHIPPING = 390
HANDED_OVER = frozenset({"M-1010"})
"""Orders that the carrier has collected, though nobody has told Amparo yet."""


def orders(base: datetime) -> list[Item]:
    """All orders, as the import interface takes them; ``base`` is when the demo began."""
    return [*_of_ana(base), *_of_olga(base), *_with_cases(base)]


def first_ref_and_age() -> tuple[str, timedelta]:
    """An order by which the moment the demo began can be found again."""
    return "M-1001", timedelta(days=2)


def _of_ana(base: datetime) -> list[Item]:
    def ago(**span: float) -> datetime:
        return base - timedelta(**span)

    return [
        _order("M-1001", "buyer-ana", "unpaid", ago(days=2), [("headphones", 1)],
               payment=("failed", True)),
        _order("M-1002", "buyer-ana", "dispatched", ago(days=12), [("backpack", 1)],
               deliver_by=ago(days=4),
               parcel=_parcel("Correo Sur", "CS 4810 2277", ago(days=10), None, ago(days=4), [
                   (ago(days=10), "Handed over by the store"),
                   (ago(days=9), "Sorting centre, Zaragoza"),
                   (ago(days=6), "Delayed: held at the sorting centre"),
               ])),
        _order("M-1003", "buyer-ana", "dispatched", ago(days=3), [("teapot", 1), ("mug", 2)],
               deliver_by=base + timedelta(days=3),
               parcel=_parcel("Correo Sur", "CS 4810 9031", ago(days=1), None,
                              base + timedelta(days=2), [
                   (ago(days=1), "Handed over by the store"),
                   (ago(hours=9), "On its way to your city"),
               ])),
        _order("M-1004", "buyer-ana", "delivered", ago(days=5), [("arc-lamp", 1)],
               deliver_by=base + timedelta(days=1), delivered_at=ago(minutes=40),
               parcel=_parcel("Rápido", "RP 77120", ago(days=3), ago(minutes=40), ago(hours=2), [
                   (ago(days=3), "Handed over by the store"),
                   (ago(hours=5), "Out for delivery"),
                   (ago(minutes=40), "Delivered"),
               ])),
        _order("M-1005", "buyer-ana", "delivered", ago(days=16), [("speaker", 1)],
               deliver_by=ago(days=8), delivered_at=ago(days=9),
               parcel=_parcel("Rápido", "RP 76004", ago(days=13), ago(days=9), ago(days=8), [])),
        _order("M-1006", "buyer-ana", "delivered", ago(days=206), [("field-watch", 1)],
               deliver_by=ago(days=198), delivered_at=ago(days=200)),
        _order("M-1007", "buyer-ana", "cancelled", ago(days=8), [("umbrella", 1)],
               payment=("refund_pending", True)),
        _order("M-1008", "buyer-ana", "delivered", ago(days=120), [("blanket", 1)],
               deliver_by=ago(days=112), delivered_at=ago(days=115)),
        _order("M-1009", "buyer-ana", "processing", ago(days=4), [("notebook", 2)],
               deliver_by=base + timedelta(days=5)),
        _order("M-1010", "buyer-ana", "processing", ago(days=4, hours=2), [("plant-pot", 1)],
               deliver_by=base + timedelta(days=4)),
    ]  # fmt: skip


def _of_olga(base: datetime) -> list[Item]:
    def ago(**span: float) -> datetime:
        return base - timedelta(**span)

    return [
        _order("M-2001", "buyer-olga", "processing", ago(days=14), [("keyboard", 1)],
               deliver_by=ago(days=2)),
        _order("M-2002", "buyer-olga", "delivered", ago(days=9),
               [("plant-pot", 2), ("notebook", 1)],
               deliver_by=base, delivered_at=ago(days=1)),
        _order("M-2003", "buyer-olga", "processing", ago(days=1), [("arc-lamp", 1), ("mug", 4)],
               deliver_by=base + timedelta(days=6)),
        _order("M-2004", "buyer-olga", "unpaid", ago(hours=5), [("blanket", 1)],
               payment=("pending", False)),
        _order("M-2005", "buyer-olga", "unavailable", ago(days=4), [("bike-light", 1)],
               deliver_by=base + timedelta(days=2)),
        _order("M-2006", "buyer-olga", "delivered", ago(days=300), [("headphones", 1)],
               deliver_by=ago(days=290), delivered_at=ago(days=292)),
    ]  # fmt: skip


def _with_cases(base: datetime) -> list[Item]:
    """Orders about which there are cases already (``demo/cases.py``), of Wei's things."""

    def came(ref: str, buyer: str, product: str, days: float) -> Item:
        at = base - timedelta(days=days)
        parcel = _parcel(
            "Rápido",
            f"RP 60{ref[-3:]}",
            at - timedelta(days=3),
            at,
            at,
            [
                (at - timedelta(days=3), "Handed over by the store"),
                (at, "Delivered"),
            ],
        )
        return _order(
            ref,
            buyer,
            "delivered",
            at - timedelta(days=6),
            [(product, 1)],
            deliver_by=at + timedelta(days=2),
            delivered_at=at,
            parcel=parcel,
        )

    return [
        came("M-3101", "buyer-ana", "keyboard", 16),
        came("M-3102", "buyer-ana", "headphones", 150),
        came("M-3103", "buyer-ana", "arc-lamp", 40),
        came("M-3104", "buyer-ana", "headphones", 18),
        came("M-3201", "buyer-olga", "arc-lamp", 19),
        came("M-3202", "buyer-olga", "field-watch", 30),
        came("M-3203", "buyer-olga", "keyboard", 33),
    ]  # fmt: skip


def _order(
    ref: str,
    buyer: str,
    state: str,
    placed_at: datetime,
    bought: list[tuple[str, int]],
    *,
    payment: tuple[str, bool] = ("captured", True),
    deliver_by: datetime | None = None,
    delivered_at: datetime | None = None,
    parcel: Item | None = None,
) -> Item:
    lines = [
        _line(place, product, quantity, delivered_at)
        for place, (product, quantity) in enumerate(bought, start=1)
    ]
    total = _SHIPPING + sum(line["quantity"] * line["unit_price"] for line in lines)
    paid = {
        "ref": "1",
        "method": "card",
        "amount": total,
        "state": payment[0],
        "charged": payment[1],
        "at": placed_at + timedelta(minutes=1),
    }
    return {
        "ref": ref,
        "buyer": buyer,
        "state": state,
        "placed_at": placed_at,
        "currency": "EUR",
        "shipping": _SHIPPING,
        "total": total,
        "ship_by": placed_at + timedelta(days=3),
        "deliver_by": deliver_by,
        "delivered_at": delivered_at,
        "lines": lines,
        "payments": [paid],
        "parcels": [parcel] if parcel else [],
    }


def _line(place: int, ref: str, quantity: int, delivered_at: datetime | None) -> Item:
    product = BY_REF[ref]
    warranty = None
    if delivered_at is not None and product.warranty_years:
        warranty = delivered_at + timedelta(days=365 * product.warranty_years)
    return {
        "position": place,
        "product": ref,
        "quantity": quantity,
        "unit_price": product.price,
        "warranty_until": warranty,
    }


def _parcel(
    carrier: str,
    tracking: str,
    dispatched_at: datetime,
    delivered_at: datetime | None,
    estimated_at: datetime,
    steps: list[tuple[datetime, str]],
) -> Item:
    return {
        "ref": "1",
        "carrier": carrier,
        "tracking": tracking,
        "state": "delivered" if delivered_at else "in_transit",
        "dispatched_at": dispatched_at,
        "estimated_at": estimated_at,
        "delivered_at": delivered_at,
        "steps": [{"at": at, "text": text} for at, text in steps],
    }
