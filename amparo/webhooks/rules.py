"""What is told to the outside, how it is signed, and how long it is tried.

Source of the form: Standard Webhooks 1.0.0, https://www.standardwebhooks.com
"""

import base64
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from amparo.cases import events as cases
from amparo.conversations import events as conversations
from amparo.kernel.clock import iso
from amparo.kernel.errors import Invalid
from amparo.storage.networks import Network, may_be_called
from amparo.storage.outbox import Outcome, Schedule
from amparo.storage.outgoing import OutgoingError, check_url
from amparo.storage.signing import PREFIX

SCHEDULE = Schedule(
    (
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
        timedelta(hours=14),
        timedelta(hours=20),
        timedelta(hours=24),
    )
)
"""The schedule that Standard Webhooks recommends: ten attempts in a little over three days."""

GONE = 410
_SECRET_BYTES = 32
_SAID_ALOUD = ("text", "answer", "notice")
"""Kinds of messages that all parties may see. A kind that is not listed is never told."""


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """An event as the outside hears of it.

    Attributes:
        kind: its name outside.
        fields: what of the event's data is told; anything else stays inside.
        concerns: whether this one is told at all.
    """

    kind: str
    fields: tuple[str, ...]
    concerns: Callable[[Mapping[str, Any]], bool] = lambda _: True


PUBLIC: Mapping[str, PublicEvent] = {
    conversations.OPENED: PublicEvent("conversation.opened", ()),
    conversations.MESSAGE_POSTED: PublicEvent(
        "conversation.message_posted",
        ("message_id", "party", "kind", "language"),
        lambda data: data.get("kind") in _SAID_ALOUD,
    ),
    conversations.STATE_CHANGED: PublicEvent(
        "conversation.state_changed", ("from", "to", "reason")
    ),
    "conversation_order_changed": PublicEvent("conversation.order_changed", ("order_ref",)),
}
"""Kind in the event log -> what is told. What people wrote is not: whoever may read a
conversation reads it through the API, and a log of deliveries is no second copy of it."""

ORDER_REQUESTS: Mapping[str, str] = {
    "cancel_order": "order.cancel_requested",
    "change_address": "order.address_change_requested",
    "confirm_receipt": "order.receipt_confirmed",
    "request_refund_status": "order.refund_status_requested",
    "contact_seller": "order.seller_message_sent",
    "upload_payment_proof": "order.payment_proof_sent",
}
"""Kind of a request about an order -> what is told. Kinds that are not listed stay inside."""

CASES: Mapping[str, PublicEvent] = {
    cases.CASE_OPENED: PublicEvent("case.opened", ()),
    cases.CASE_CHANGED: PublicEvent("case.changed", ("event", "from", "by")),
    cases.CASE_CLOSED: PublicEvent("case.closed", ("outcome",)),
    cases.CASE_ALARM: PublicEvent("case.alarm", ("what",)),
    cases.CASE_PAYOUT: PublicEvent("case.payout", ("blocked",)),
    cases.CASE_REFUND: PublicEvent("case.refund", ("key", "amount", "currency", "refund")),
    cases.CASE_REMEDY: PublicEvent("case.remedy", ("remedy", "amount", "currency", "key")),
}
"""Kind in the event log -> what is told of a case beside which one it is; never what people say."""
_CASE = (
    *("number", "order_ref", "position", "reason", "state", "stage", "version"),
    *("buyer_ref", "store_ref", "conversation"),
)

PUBLIC_KINDS = (
    *(event.kind for event in PUBLIC.values()),
    *ORDER_REQUESTS.values(),
    *(event.kind for event in CASES.values()),
)


def payload(
    kind: str, data: Mapping[str, Any], conversation: Mapping[str, Any], at: datetime
) -> dict[str, Any] | None:
    """What an endpoint is told of an event; None for what nobody outside hears of.

    Args:
        conversation: which one it is: id, channel, language, topic, order and buyer.
    """
    event = PUBLIC.get(kind)
    if event is None or not event.concerns(data):
        return None
    told = {field: data.get(field) for field in event.fields}
    return {
        "type": event.kind,
        "timestamp": iso(at),
        "data": {"conversation": dict(conversation), **told},
    }


def request_payload(data: Mapping[str, Any], at: datetime) -> dict[str, Any] | None:
    """What an endpoint is told of a request about an order; None for what stays inside.

    A new address or a message is not told: the receiver fetches it with its integration key, so
    that no log of deliveries holds it.
    """
    kind = ORDER_REQUESTS.get(str(data.get("kind")))
    if kind is None or data.get("state") != "asked":
        return None
    told = {key: data.get(key) for key in ("order_ref", "buyer_ref", "language", "conversation")}
    request = {"id": data.get("request"), "kind": data.get("kind"), **told}
    return {"type": kind, "timestamp": iso(at), "data": {"request": request}}


def case_payload(kind: str, data: Mapping[str, Any], at: datetime) -> dict[str, Any] | None:
    """What an endpoint is told of a case; None for what nobody outside hears of."""
    event = CASES.get(kind)
    if event is None:
        return None
    case = {"id": data.get("case"), **{name: data.get(name) for name in _CASE}}
    told = {name: data.get(name) for name in event.fields}
    return {"type": event.kind, "timestamp": iso(at), "data": {"case": case, **told}}


def body_of(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and sent: the same at every attempt."""
    return json.dumps(
        payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def new_secret() -> str:
    """A fresh signing secret, ``whsec_`` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def outcome_of(status: int) -> Outcome:
    """What an answer means: 2xx is received, 410 says never again, all else is tried again.

    A redirect is a failure: the address that was registered is the one that was checked.
    """
    if 200 <= status < 300:
        return Outcome("delivered", status=status)
    result: Outcome = Outcome("again", f"status {status}", status)
    return Outcome("dead", "gone", status) if status == GONE else result


def check_endpoint(url: str, kinds: Iterable[str], allowed: Iterable[Network]) -> tuple[str, ...]:
    """The kinds, each once, for an address that may be registered.

    Raises:
        Invalid: not an http or https address, one of a private network, or an unknown kind.
    """
    try:
        host = check_url(url).host
    except OutgoingError:
        raise Invalid("webhook_url_invalid") from None
    is_number = ":" in host or host.replace(".", "").isdigit()
    if is_number and not may_be_called(host, tuple(allowed)):
        raise Invalid("webhook_address_refused", address=host)
    chosen = tuple(dict.fromkeys(kinds))
    unknown = [kind for kind in chosen if kind not in PUBLIC_KINDS]
    if unknown or not chosen:
        given = ", ".join(unknown) or "-"
        raise Invalid("webhook_kind_unknown", given=given, known=", ".join(PUBLIC_KINDS))
    return chosen
