"""Which questions to offer on this page, for this order, after what was said before. Pure.

What is offered when stands in one table, ``suggestions.toml``; here are the conditions that it
names and the way it is read.
"""

import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

SUGGESTIONS = 5
JUST_DELIVERED = timedelta(days=3)
TODAY = timedelta(hours=24)
LATELY = timedelta(days=7)
"""How long an answer that was given is not offered first again."""
SEVERAL = 2
STATES = ("unpaid", "paid", "processing", "dispatched", "delivered", "cancelled", "unavailable")
PROBLEMS = ("late", "unpaid_charged", "listing_removed", "under_warranty", "refund_pending")
TOPICS = ("orders", "profile", "coupons", "returns", "payment", "rules")


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the suggestions look at; ``problem`` as the marketplace names it."""

    state: str
    problem: str | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that this person was given; ``helped`` is None where nothing was said of it."""

    question: str
    at: datetime
    helped: bool | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What this person was told lately, and the topic of the conversation that is still open."""

    told: tuple[Told, ...] = ()
    talking_about: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything that the conditions may look at.

    Attributes:
        order: the one in view.
        others: the buyer's other orders.
    """

    now: datetime
    page: str | None = None
    order: OrderFacts | None = None
    others: Sequence[OrderFacts] = ()
    history: History = field(default_factory=History)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``priority`` higher comes first."""

    when: tuple[str, ...]
    offer: tuple[str, ...]
    priority: int


@dataclass(frozen=True, slots=True)
class Offered:
    """A question to offer, and the row that brought it up.

    Attributes:
        again: it was answered lately, so it stands behind all others.
    """

    question: str
    row: Row
    again: bool = False


def offered(moment: Moment) -> list[Offered]:
    """Everything that fits, best first; what was answered lately comes last."""
    fitting = [row for row in table() if all(CONDITIONS[name](moment) for name in row.when)]
    said = {told.question for told in _lately(moment)}
    first: dict[str, Row] = {}
    for row in fitting:
        for question in row.offer:
            first.setdefault(question, row)
    found = [Offered(question, row, question in said) for question, row in first.items()]
    return sorted(found, key=lambda one: one.again)


def suggested(moment: Moment, known: Collection[str] | None = None) -> list[str]:
    """Keys of the questions to suggest, most probable first, at most five.

    ``known``: the questions that exist; one that was taken away is not offered.
    """
    keys = [one.question for one in offered(moment)]
    return [key for key in keys if known is None or key in known][:SUGGESTIONS]


@cache
def table() -> tuple[Row, ...]:
    """The rows of the table, highest priority first.

    Raises:
        KeyError: a row names a condition that does not exist: a fault of the build.
    """
    rows = [Row(tuple(row["when"]), tuple(row["offer"]), row["priority"]) for row in _file()["row"]]
    for row in rows:
        for name in row.when:
            CONDITIONS[name]
    return tuple(sorted(rows, key=lambda row: -row.priority))


def page_words() -> Mapping[str, tuple[str, ...]]:
    """Kind of page -> words in its address, in the order in which they are looked for."""
    return {name: tuple(words) for name, words in _file()["page"].items()}


def page_of(address: str | None) -> str | None:
    """The kind of the page at ``address``, by the table's words; None for any other."""
    path = (address or "").casefold()
    for name, words in page_words().items():
        if any(word in path for word in words):
            return name
    return None


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "suggestions.toml").read_text("utf-8"))


def _lately(moment: Moment) -> list[Told]:
    return [told for told in moment.history.told if timedelta() <= moment.now - told.at <= LATELY]


def _not_helped_lately(moment: Moment) -> bool:
    """The last word on any answer was that it did not help."""
    said = [told for told in _lately(moment) if told.helped is not None]
    return bool(said) and not max(said, key=lambda told: told.at).helped


def _age(order: OrderFacts, now: datetime) -> timedelta | None:
    return now - order.delivered_at if order.delivered_at is not None else None


def _delivered(order: OrderFacts | None, now: datetime, least: timedelta, most: timedelta) -> bool:
    age = _age(order, now) if order is not None else None
    return age is not None and least <= age < most


def _page(name: str, moment: Moment) -> bool:
    return page_of(moment.page) == name


def _state(name: str, moment: Moment) -> bool:
    return moment.order is not None and moment.order.state == name


def _problem(name: str, moment: Moment) -> bool:
    return moment.order is not None and moment.order.problem == name


def _another(name: str, moment: Moment) -> bool:
    return any(order.problem == name for order in moment.others)


def _talking(topic: str, moment: Moment) -> bool:
    return moment.history.talking_about == topic


CONDITIONS: Mapping[str, Callable[[Moment], bool]] = {
    "always": lambda _: True,
    "not_helped_lately": _not_helped_lately,
    "no_order_in_view": lambda m: m.order is None,
    **{f"order_{name}": partial(_problem, name) for name in PROBLEMS},
    **{f"order_{name}": partial(_state, name) for name in STATES},
    "order_delivered_today": lambda m: _delivered(m.order, m.now, timedelta(), TODAY),
    "order_delivered_lately": lambda m: _delivered(m.order, m.now, TODAY, JUST_DELIVERED),
    **{f"another_{name}": partial(_another, name) for name in PROBLEMS},
    "another_delivered_lately": lambda m: any(
        _delivered(order, m.now, timedelta(), JUST_DELIVERED) for order in m.others
    ),
    "several_late": lambda m: sum(one.problem == "late" for one in m.others) >= SEVERAL,
    **{f"talking_about_{topic}": partial(_talking, topic) for topic in TOPICS},
    **{
        f"page_{name}": partial(_page, name)
        for name in ("checkout", "coupons", "returns", "profile", "store", "product", "orders")
    },
}
"""Name in the table -> whether it holds. Each has its words in the module's texts (``when.``)."""
