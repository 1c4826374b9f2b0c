"""Which ways of contact fit a question. Pure.

The promise: whoever says that an answer did not help is offered a person, always, and is never
sent back to what did not help.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

BUILT = frozenset({"assistant", "chat", "email", "case"})
"""Ways of contact whose module exists; the others are shown as not available here yet."""
CHANNELS = ("assistant", "chat", "email", "order", "store_form", "case")
_NEEDS_SIGN_IN = frozenset({"order", "store_form", "case"})
_NEEDS_ORDER = frozenset({"order", "case"})


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
