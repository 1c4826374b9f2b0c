"""Which ways of contact fit a question, and which questions fit a page and an order. Pure.

The promise: whoever says that an answer did not help is offered a person, always, and is never
sent back to what did not help.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

BUILT = frozenset({"assistant", "chat", "email"})
"""Ways of contact whose module exists; the others are shown as not available here yet."""
CHANNELS = ("assistant", "chat", "email", "order", "store_form", "case")
_NEEDS_SIGN_IN = frozenset({"order", "store_form", "case"})
_NEEDS_ORDER = frozenset({"order", "case"})
SUGGESTIONS = 5
_JUST_DELIVERED = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question says about the ways of contact (content, not code).

    Only matters of payment and refund have a mailbox, and e-mail is offered only with one.
    """

    key: str
    topic: str
    channels: tuple[str, ...]
    mailbox: str | None = None
    case_reason: str | None = None


@dataclass(frozen=True, slots=True)
class ChatNow:
    """The team that would answer in the chat now.

    Attributes:
        language: the one its operators speak; None where there is no team at all.
        own_language: it is the reader's.
        own_opens_at: when the reader's own team opens again, if there is one and it is closed.
        opens_at: when this team opens, where it is closed.
        waiting: people in its queue.
    """

    language: str | None = None
    own_language: bool = False
    open: bool = False
    opens_at: datetime | None = None
    own_opens_at: datetime | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Situation:
    """Who asks, and when. ``from_assistant``: the assistant has answered already."""

    signed_in: bool
    order_chosen: bool
    chat: ChatNow
    mailboxes: Mapping[str, str] = field(default_factory=dict)
    built: frozenset[str] = BUILT
    from_assistant: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A way of contact. ``reason`` and ``expectation`` are codes of texts in ``contact_guide.*``.

    ``reason`` is None exactly where the channel is offered.
    """

    channel: str
    offered: bool
    reason: str | None
    expectation: str
    mailbox: str | None = None
    case_reason: str | None = None
    chat: ChatNow | None = None


def channels_for(asked: Asked, now: Situation) -> list[Channel]:
    """The ways that fit a question, offered ones first, best first; a person is always one."""
    names = [name for name in asked.channels if name != "email" or asked.mailbox]
    if now.from_assistant:
        names = [name for name in names if name != "assistant"]
    if "chat" not in names:
        names.append("chat")
    found = [_channel(name, asked, now) for name in names]
    return sorted(found, key=lambda channel: not channel.offered)


def _channel(name: str, asked: Asked, now: Situation) -> Channel:
    reason = _reason(name, asked, now)
    return Channel(
        channel=name,
        offered=reason is None,
        reason=reason,
        expectation=_chat_expectation(now.chat) if name == "chat" else name,
        mailbox=now.mailboxes.get(asked.mailbox or "") if name == "email" else None,
        case_reason=asked.case_reason if name == "case" else None,
        chat=now.chat if name == "chat" else None,
    )


def _reason(name: str, asked: Asked, now: Situation) -> str | None:
    if name == "chat":
        return None  # a person is always reachable, whatever else is missing
    if name not in now.built:
        return "not_built"
    if name == "email" and asked.mailbox not in now.mailboxes:
        return "no_mailbox"
    if name in _NEEDS_SIGN_IN and not now.signed_in:
        return "needs_sign_in"
    if name in _NEEDS_ORDER and not now.order_chosen:
        return "needs_order"
    return None


def _chat_expectation(chat: ChatNow) -> str:
    if chat.language is None:
        return "chat_no_team"
    if not chat.open:
        return "chat_closed" if chat.opens_at else "chat_closed_long"
    if chat.own_language:
        return "chat_open"
    return "chat_other_until" if chat.own_opens_at else "chat_other"


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the suggestions look at; ``problem`` as the marketplace names it."""

    state: str
    problem: str | None = None
    delivered_at: datetime | None = None


_BY_PROBLEM: Mapping[str, tuple[str, ...]] = {
    "late": ("orders_late", "orders_tracking_stuck", "orders_track_parcel"),
    "unpaid_charged": ("payment_charged_order_unpaid", "payment_pending", "payment_declined"),
    "listing_removed": ("orders_page_removed", "orders_not_shipped"),
    "under_warranty": ("returns_warranty_claim", "returns_warranty_seller_refuses"),
    "refund_pending": ("returns_refund_when", "returns_refund_not_arrived"),
}
_BY_STATE: Mapping[str, tuple[str, ...]] = {
    "unpaid": ("payment_declined", "payment_pending", "payment_methods"),
    "paid": ("orders_not_shipped", "orders_cancel", "orders_change_address"),
    "processing": ("orders_not_shipped", "orders_cancel", "orders_change_address"),
    "dispatched": ("orders_track_parcel", "orders_tracking_stuck", "orders_customs"),
    "delivered": ("returns_not_as_described", "returns_change_of_mind", "payment_invoice"),
    "cancelled": ("returns_refund_when", "coupons_after_refund"),
    "unavailable": ("returns_paid_unavailable", "returns_refund_when"),
}
_JUST_ARRIVED = (
    "returns_not_as_described",
    "returns_broken_on_arrival",
    "orders_delivered_not_received",
    "orders_confirm_receipt",
)
_BY_PAGE: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("checkout", "payment", "cart", "basket"), ("payment_methods", "payment_is_it_safe")),
    (("coupon", "promo", "sale"), ("coupons_how_to_use", "coupons_not_applied")),
    (("return", "refund", "dispute"), ("returns_how_to_open_dispute", "returns_refund_when")),
    (("profile", "account", "settings"), ("profile_change_contact", "profile_forgot_password")),
    (("store", "seller"), ("rules_contact_seller", "rules_seller_no_reply")),
    (("product", "item"), ("orders_ask_product", "rules_buyer_protection", "payment_methods")),
    (("order",), ("orders_find_my_orders", "orders_track_parcel", "orders_cancel")),
)
POPULAR = (
    "orders_track_parcel",
    "returns_not_as_described",
    "returns_refund_when",
    "payment_methods",
    "rules_talk_to_person",
)


def suggested(
    page: str | None, order: OrderFacts | None, orders: Sequence[OrderFacts], now: datetime
) -> list[str]:
    """Keys of the questions to suggest, most probable first, at most five.

    The order in view says most, then what is wrong with any other order, then the page, then
    what everybody asks.
    """
    keys: list[str] = []
    if order is not None:
        keys += _about(order, now)
    worried = [other for other in orders if other.problem not in (None, "under_warranty")]
    for other in worried[:2]:
        keys += _BY_PROBLEM[other.problem or ""][:1] if other.problem in _BY_PROBLEM else ()
    keys += _about_page(page)
    if order is None:
        for other in orders:
            if _just_delivered(other, now):
                keys += _JUST_ARRIVED[:1]
            elif other.problem == "under_warranty":
                keys += _BY_PROBLEM["under_warranty"][:1]
    return list(dict.fromkeys((*keys, *POPULAR)))[:SUGGESTIONS]


def _about(order: OrderFacts, now: datetime) -> tuple[str, ...]:
    first = _BY_PROBLEM.get(order.problem or "", ())
    if _just_delivered(order, now):
        return (*first[:1], *_JUST_ARRIVED)
    return (*first, *_BY_STATE.get(order.state, ()))


def _just_delivered(order: OrderFacts, now: datetime) -> bool:
    delivered = order.delivered_at
    return delivered is not None and timedelta() <= now - delivered <= _JUST_DELIVERED


def _about_page(page: str | None) -> tuple[str, ...]:
    path = (page or "").casefold()
    return next((keys for words, keys in _BY_PAGE if any(word in path for word in words)), ())
