"""Decisions about what a buyer may ask of an order: which kinds, when, and why not. Pure.

The kinds are the action keys of the help centre's inventory: one word for a thing everywhere.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from amparo.kernel.errors import Invalid
from amparo.kernel.text import clean, graphemes, is_blank
from amparo.marketplace.views import OrderView

RequestKind = Literal[
    "track_parcel",
    "cancel_order",
    "change_address",
    "request_refund_status",
    "confirm_receipt",
    "contact_seller",
    "upload_payment_proof",
    "open_dispute",
]
RequestState = Literal["asked", "done", "refused"]
Outcome = Literal["done", "refused"]
Reason = Literal[
    "already_asked",
    "already_dispatched",
    "already_delivered",
    "already_cancelled",
    "already_confirmed",
    "cannot_be_sent",
    "not_dispatched",
    "nothing_charged",
]
"""Why a kind is not possible now; each has a text in plain words."""

KINDS: tuple[RequestKind, ...] = get_args(RequestKind)
REASONS: tuple[Reason, ...] = get_args(Reason)
ANSWERED_HERE: frozenset[str] = frozenset({"track_parcel"})
"""Kinds that the imported data always answer; nobody is asked."""
IN_A_CONVERSATION: frozenset[str] = frozenset({"open_dispute", "upload_payment_proof"})
"""Kinds whose pictures or person need a conversation to be in."""
FOR_A_PERSON: frozenset[str] = frozenset({"open_dispute"})
"""Kinds that go to our own staff, not to the marketplace's servers."""
MARKETPLACE_REASONS: tuple[str, ...] = (
    "already_dispatched",
    "already_delivered",
    "already_cancelled",
    "seller_declined",
    "address_not_served",
    "too_late",
    "not_found",
    "other",
)
"""Codes of a refusal by the marketplace that we have words for; another one reads as ``other``."""
CASE_REASONS: tuple[str, ...] = (
    "payment_not_credited",
    "paid_unavailable",
    "page_removed",
    "not_as_described",
    "compensation",
    "warranty",
    "not_received",
    "withdrawal",
    "appeal",
    "other",
)
"""What a case can be about: the reasons of the inventory, a return without reason, an appeal."""
PATIENCE = timedelta(minutes=15)
"""After this time without an answer the buyer is told so and offered a person."""
OPEN_AT_ONCE = 20
"""Requests of one buyer that may wait for an answer at the same time."""
ADDRESS_LIMIT, MESSAGE_LIMIT, CASE_LIMIT, ANSWER_LIMIT = 400, 1000, 3000, 1000
"""Characters of a new address, a message to the seller, a case's story, an answer."""
WISHES: tuple[str, ...] = ("refund", "part_refund", "replacement", "delivery", "other")
FILES_LIMIT = 4
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at.

    Attributes:
        sent: a parcel has left, whatever the order's state says.
        charged: money was taken; ``refunding``/``refunded``: it is on its way back, or was.
        asked: kinds with an open request; ``done``: kinds that were done before.
    """

    state: str
    sent: bool = False
    charged: bool = False
    refunding: bool = False
    refunded: bool = False
    asked: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()


def facts_of(order: OrderView, asked: Collection[str], done: Collection[str]) -> Facts:
    """The facts of an order as its buyer sees it."""
    states = {payment.state for payment in order.payments}
    return Facts(
        state=order.state,
        sent=any(parcel.state != "preparing" for parcel in order.parcels),
        charged=any(payment.charged for payment in order.payments),
        refunding="refund_pending" in states,
        refunded="refunded" in states,
        asked=frozenset(asked),
        done=frozenset(done),
    )


def why_not(kind: RequestKind, facts: Facts) -> Reason | None:
    """Why the kind is not possible now; None where it is."""
    if kind in ANSWERED_HERE:
        return None
    if kind in facts.asked:
        return "already_asked"
    if kind in ("cancel_order", "change_address"):
        return _before_dispatch(kind, facts)
    if kind == "confirm_receipt":
        return _receipt(facts)
    if kind == "request_refund_status" and not (facts.charged or facts.refunding or facts.refunded):
        return "nothing_charged"
    return None


def _before_dispatch(kind: RequestKind, facts: Facts) -> Reason | None:
    if facts.state == "cancelled" or "cancel_order" in facts.done:
        return "already_cancelled"
    if facts.state == "delivered":
        return "already_delivered"
    if facts.state == "dispatched" or facts.sent:
        return "already_dispatched"
    if kind == "change_address" and facts.state == "unavailable":
        return "cannot_be_sent"
    return None


def _receipt(facts: Facts) -> Reason | None:
    if "confirm_receipt" in facts.done:
        return "already_confirmed"
    if facts.state == "cancelled":
        return "already_cancelled"
    if facts.state in ("dispatched", "delivered") or facts.sent:
        return None
    return "not_dispatched"


def answered_at_once(kind: RequestKind, facts: Facts) -> bool:
    """Whether the imported data answer it, so that nobody has to be asked.

    A refund that is on its way is told at once as well, and the marketplace is asked where it is.
    """
    if kind == "request_refund_status":
        return not facts.refunding
    return kind in ANSWERED_HERE


def goes_out(kind: str) -> bool:
    """Whether the marketplace's servers are asked, and so an answer can be missing."""
    return kind not in ANSWERED_HERE and kind not in FOR_A_PERSON


def implied(kind: str, order_state: str) -> tuple[Outcome, str | None] | None:
    """What an imported state of the order says about an open request, where it says anything.

    A marketplace that only imports its orders has answered with that, too.
    """
    if kind == "cancel_order" and order_state == "cancelled":
        return "done", None
    if kind == "confirm_receipt" and order_state == "delivered":
        return "done", None
    if kind in ("cancel_order", "change_address"):
        if order_state in ("dispatched", "delivered"):
            return "refused", f"already_{order_state}"
        if order_state == "cancelled":
            return "refused", "already_cancelled"
    return None


def checked_data(kind: RequestKind, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the kind needs to be told, cleaned and within its limits; the rest is dropped.

    Raises:
        Invalid: something is missing, too long or not one of the choices.
    """
    if kind == "change_address":
        return {"address": _text(data, "address", ADDRESS_LIMIT)}
    if kind == "contact_seller":
        return {"text": _text(data, "text", MESSAGE_LIMIT)}
    if kind == "upload_payment_proof":
        return {"files": _files(data)}
    if kind == "open_dispute":
        return {
            "reason": _choice(data, "reason", CASE_REASONS),
            "wish": _choice(data, "wish", WISHES),
            "text": _text(data, "text", CASE_LIMIT),
        }
    return {}


def kept_after(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What stays of the data when the matter is settled: a private address does not."""
    return {} if kind == "change_address" else dict(data)


def _text(data: Mapping[str, Any], field: str, limit: int) -> str:
    value = data.get(field)
    text = clean(value) if isinstance(value, str) else ""
    if is_blank(text):
        raise Invalid("request_incomplete", field=field)
    if len(text) > limit * 10 or graphemes(text) > limit:
        raise Invalid("request_text_too_long", field=field, limit=limit)
    return text


def _choice(data: Mapping[str, Any], field: str, choices: Collection[str]) -> str:
    value = data.get(field)
    if not isinstance(value, str) or value not in choices:
        raise Invalid("request_incomplete", field=field)
    return value


def _files(data: Mapping[str, Any]) -> list[str]:
    given = data.get("files")
    files = given if isinstance(given, list) else []
    if not files or not all(isinstance(one, str) and _UUID.fullmatch(one) for one in files):
        raise Invalid("request_incomplete", field="files")
    if len(files) > FILES_LIMIT:
        raise Invalid("request_too_many_files", limit=FILES_LIMIT)
    return list(dict.fromkeys(files))


def shown_reason(code: str | None) -> str:
    """The code under which a refusal is told."""
    return code if code in MARKETPLACE_REASONS else "other"


def overdue_at(made_at: datetime) -> datetime:
    """When the silence of a marketplace is told to the buyer."""
    return made_at + PATIENCE
