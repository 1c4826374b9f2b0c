"""A request as somebody may see it, and in plain words in the language of its buyer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from babel.dates import format_date

from amparo.kernel.languages import FALLBACK, PSEUDO
from amparo.kernel.texts import has, text
from amparo.marketplace.requests_rules import Facts, RequestKind, RequestState, shown_reason
from amparo.marketplace.views import OrderView, ParcelView

_STEPS = 3


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as its buyer and the staff see it: never the data that were sent with it.

    Attributes:
        overdue_at: when the buyer was told that no answer has come yet.
    """

    id: UUID
    kind: RequestKind
    state: RequestState
    order_ref: str
    buyer_ref: str
    person_id: UUID
    conversation_id: UUID | None
    language: str
    made_at: datetime
    overdue_at: datetime | None
    settled_at: datetime | None
    reason_code: str | None
    answer: str | None


def said(kind: str, order_ref: str, language: str) -> str:
    """What the buyer asked, as the buyer's own short message."""
    return text(language, f"marketplace.request.{kind}.said", order=order_ref)


def ask_text(kind: str, order_ref: str, language: str) -> str | None:
    """What is asked before it is done; None for what only looks something up."""
    key = f"marketplace.request.{kind}.ask"
    return text(language, key, order=order_ref) if has(key) else None


def reason_text(code: str, language: str) -> str:
    """Why it is not possible, as a sentence."""
    return text(language, f"marketplace.request.reason.{code}")


def outcome_text(request: RequestView) -> str:
    """What became of it: done or refused, with the marketplace's own words at the end."""
    language, order = request.language, request.order_ref
    words = []
    if request.state == "refused":
        words.append(text(language, f"marketplace.request.{request.kind}.refused", order=order))
        code = shown_reason(request.reason_code)
        if code != "other":
            words.append(text(language, f"marketplace.request.refusal.{code}"))
    elif has(f"marketplace.request.{request.kind}.done"):
        words.append(text(language, f"marketplace.request.{request.kind}.done", order=order))
    if request.answer:
        words.append(request.answer)
    return "\n".join(words)


def handed_over_text(request: RequestView, form: Mapping[str, str]) -> str:
    """A case as it goes to a person: that it does, and the form with everything in it."""
    language = request.language
    told = {
        "reason": case_label("reason", form["reason"], language),
        "wish": case_label("wish", form["wish"], language),
        "text": form["text"],
    }
    return "\n\n".join(
        (
            text(language, "marketplace.request.with_person", order=request.order_ref),
            text(language, "marketplace.request.case.form", **told),
        )
    )


def case_label(field: str, key: str, language: str) -> str:
    """A reason or a wish of the case's form, in words."""
    return text(language, f"marketplace.request.case.{field}.{key}")


def overdue_text(request: RequestView) -> str:
    """That no answer has come yet, and what can be done."""
    return text(request.language, "marketplace.request.overdue", order=request.order_ref)


def known_text(kind: str, order: OrderView, facts: Facts, language: str) -> str | None:
    """What the imported data say at once; None for a kind that they do not answer."""
    if kind == "track_parcel":
        return "\n".join(_parcels(order, language))
    if kind == "request_refund_status":
        return _refund(order, facts, language)
    return None


def _refund(order: OrderView, facts: Facts, language: str) -> str:
    if facts.refunding:
        state, shown = "refunding", ("refund_pending",)
    elif facts.refunded:
        state, shown = "refunded", ("refunded",)
    else:
        return text(language, "marketplace.request.refund.none", order=order.ref)
    amounts = [p.amount.format(_plain(language)) for p in order.payments if p.state in shown]
    told = {"order": order.ref, "amount": " + ".join(amounts)}
    return text(language, f"marketplace.request.refund.{state}", **told)


def _parcels(order: OrderView, language: str) -> list[str]:
    if not order.parcels:
        return [_without_parcel(order, language)]
    lines: list[str] = []
    for parcel in order.parcels:
        lines += _parcel(order, parcel, language)
    return lines


def _parcel(order: OrderView, parcel: ParcelView, language: str) -> list[str]:
    key = f"marketplace.request.parcel.{parcel.state}"
    lines = [text(language, key, order=order.ref)]
    name = " · ".join(part for part in (parcel.carrier, parcel.tracking) if part)
    if name:
        lines.append(name)
    expected = parcel.estimated_at or order.deliver_by
    if parcel.delivered_at is not None:
        lines.append(
            _dated("marketplace.request.parcel.delivered_on", parcel.delivered_at, language)
        )
    elif expected is not None:
        lines.append(_dated("marketplace.request.parcel.expected", expected, language))
    latest = list(reversed(parcel.steps))[:_STEPS]
    return lines + [f"{_day(step.at, language)}: {step.text}" for step in latest]


def _without_parcel(order: OrderView, language: str) -> str:
    key = f"marketplace.request.no_parcel.{order.state}"
    sentence = text(language, key, order=order.ref)
    waits = order.state in ("paid", "processing") and order.ship_by is not None
    if waits and order.ship_by is not None:
        return sentence + " " + _dated("marketplace.request.ship_by", order.ship_by, language)
    return sentence


def _dated(key: str, moment: datetime, language: str) -> str:
    return text(language, key, day=_day(moment, language))


def _day(moment: datetime, language: str) -> str:
    return str(format_date(moment.date(), "long", locale=_plain(language).replace("-", "_")))


def _plain(language: str) -> str:
    return FALLBACK if language == PSEUDO else language
