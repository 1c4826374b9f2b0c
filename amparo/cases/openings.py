"""When a case can be opened, and why not: the names in ``reasons.ReasonRow.opens_when``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from amparo.cases.case import Facts, Opening
from amparo.cases.checks import missing
from amparo.cases.kinds import Reason
from amparo.cases.policy import Terms
from amparo.cases.reasons import REASON_ROWS, FormField

_TEXT_LIMIT = 3000


@dataclass(frozen=True, slots=True)
class Ask:
    """What the conditions look at."""

    facts: Facts
    contacted_at: datetime | None
    seller_refused: bool
    terms: Terms
    now: datetime


Answer = bool | datetime
"""Yes, no, or "not before"."""


def _from(ask: Ask, moment: datetime) -> Answer:
    return True if ask.now >= moment else moment


def _late_dispatch(ask: Ask) -> Answer:
    if ask.facts.cancelled:
        return True
    if ask.facts.ship_by is None:
        return False
    return _from(ask, ask.terms.after("not_shipped", ask.facts.ship_by))


def _delivered(ask: Ask) -> Answer:
    return ask.facts.delivered_at is not None or ask.facts.tracking == "delivered"


def _in_window(ask: Ask) -> Answer:
    start = ask.facts.delivered_at or ask.facts.deliver_by
    return start is None or ask.now < ask.terms.after("window", start)


def _in_guarantee(ask: Ask) -> Answer:
    if ask.facts.warranty_until is not None:
        return ask.now < ask.facts.warranty_until
    return _in_window(ask)


def _contacted(ask: Ask) -> Answer:
    if ask.seller_refused or ask.facts.risk:
        return True
    if ask.contacted_at is None:
        return False
    return _from(ask, ask.terms.after("contact_first", ask.contacted_at))


def _overdue_or_lost(ask: Ask) -> Answer:
    if ask.facts.tracking in ("lost", "returned"):
        return True
    last = ask.facts.deliver_by or ask.facts.delivered_at
    return False if last is None else _from(ask, ask.terms.after("late", last))


def _cooling_off(ask: Ask) -> Answer:
    start = ask.facts.delivered_at
    return start is None or ask.now < ask.terms.after("cooling_off", start)


CONDITIONS: Mapping[str, Callable[[Ask], Answer]] = {
    "attempted": lambda ask: ask.facts.attempted,
    "not_paid": lambda ask: not ask.facts.paid,
    "captured": lambda ask: ask.facts.captured > 0,
    "not_shipped": lambda ask: not ask.facts.shipped and ask.facts.delivered_at is None,
    "cancelled_or_late": _late_dispatch,
    "delivered": _delivered,
    "in_window": _in_window,
    "in_guarantee": _in_guarantee,
    "seller_known": lambda ask: ask.facts.seller,
    "contacted": _contacted,
    "listing_removed": lambda ask: ask.facts.listing_removed_at is not None,
    "overdue_or_lost": _overdue_or_lost,
    "cooling_off_window": _cooling_off,
}


def why_not(reason: Reason, ask: Ask) -> tuple[str | None, datetime | None]:
    """The first condition that fails, and from when on it will hold, where that is known."""
    for name in REASON_ROWS[reason].opens_when:
        answer = CONDITIONS[name](ask)
        if answer is not True:
            return name, answer if isinstance(answer, datetime) else None
    return None, None


def check_form(opening: Opening) -> None:
    """The words and fields of the form.

    Raises:
        Invalid: ``case_field_missing`` with the field's name.
    """
    right = REASON_ROWS[opening.reason].start == "right"
    if (not opening.text.strip() and not right) or len(opening.text) > _TEXT_LIMIT * 4:
        raise missing("text")
    for field in REASON_ROWS[opening.reason].fields:
        value = opening.fields.get(field.name)
        if value in (None, "", False):
            if field.required:
                raise missing(field.name)
        elif not _fits(field, value):
            raise missing(field.name)


def _fits(field: FormField, value: Any) -> bool:
    if field.kind == "check":
        return value is True
    if field.kind in ("amount", "number"):
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if not isinstance(value, str) or len(value) > (field.max or _TEXT_LIMIT):
        return False
    if field.kind == "choice":
        return value in field.choices
    if field.kind == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
    return bool(value.strip())
