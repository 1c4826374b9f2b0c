"""What guards, checks and deeds look at, and the amounts that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from amparo.cases.case import Case, Effect, Facts, Offer, Side, Who, Wish
from amparo.cases.kinds import Remedy
from amparo.cases.policy import Terms
from amparo.cases.reasons import goes_back_first, is_money


@dataclass(slots=True)
class Moment:
    """A case, who acts on it, when, and what they sent; ``data`` None: only asked whether."""

    case: Case
    who: Who
    at: datetime
    facts: Facts
    terms: Terms
    data: Mapping[str, Any] | None = None
    effects: list[Effect] = field(default_factory=list)
    wish: Wish | None = None
    """What ``checks`` read from ``data``."""

    @property
    def side(self) -> Side:
        """On which side the actor stands."""
        if self.who.role == "buyer":
            return "buyer"
        return "seller" if self.who.role == "seller" else "platform"

    @property
    def sent(self) -> Mapping[str, Any]:
        """What the actor sent; empty where nothing was."""
        return self.data or {}

    def change(self, **values: Any) -> None:
        """Replace values of the case."""
        self.case = replace(self.case, **values)

    def add(self, name: str, by: int = 1) -> int:
        """Count something; returns how often it was done now."""
        value = self.case.count(name) + by
        self.change(counts={**self.case.counts, name: value})
        return value

    def mark(self, *names: str) -> None:
        """Note what is true from now on."""
        new = tuple(name for name in names if name not in self.case.marks)
        if new:
            self.change(marks=(*self.case.marks, *new))

    def clock(self, name: str) -> None:
        """Start a named clock, unless it runs."""
        if name not in self.case.clocks:
            self.change(clocks={**self.case.clocks, name: self.at})

    def effect(self, kind: str, **data: Any) -> None:
        """Say what the world has to do."""
        self.effects.append(Effect(kind, data))


def refundable(facts: Facts, outside: int = 0) -> int:
    """The most that may be paid back now: of the order and of the line, in minor units."""
    of_order = facts.captured - facts.elsewhere_order
    of_line = facts.line_total - facts.elsewhere_line
    return max(0, min(of_order, of_line) - outside)


def left(moment: Moment) -> int:
    """``refundable`` for the case of the moment."""
    return refundable(moment.facts, moment.case.outside)


def worth(moment: Moment, wish: Wish) -> int:
    """What the wish costs at most, in money: goods count as all that could be paid back."""
    if wish.remedy in ("none", "credit_order", "continue_order"):
        return 0
    most = left(moment)
    if wish.amount is None or not (is_money(wish.remedy) or wish.remedy == "coupon"):
        return most
    return wish.amount if wish.remedy == "coupon" else min(wish.amount, most)


def make_wish(remedy: Remedy, amount: int | None, version: int) -> Wish:
    """A wish with the return that belongs to its remedy."""
    kept = amount if is_money(remedy) or remedy == "coupon" else None
    return Wish(remedy, kept, version, goes_back_first(remedy))


def full_refund(moment: Moment) -> Wish:
    """All that can be paid back now."""
    return make_wish("refund", left(moment), moment.case.count("wishes"))


def standing(case: Case, by: Side) -> Offer | None:
    """The offer (platform: proposal) of that side that may be accepted now."""
    gone = case.count(f"dropped_{by}")
    for offer in reversed(case.offers):
        if offer.by == by and offer.version > gone:
            return offer
    return None


def buyer_wish(case: Case) -> Wish:
    """What the buyer wants now: the latest counter-offer or edited request."""
    counter = standing(case, "buyer")
    if counter is not None and counter.version > case.requested.version:
        return counter.wish
    return case.requested
