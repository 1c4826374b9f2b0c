"""Made-up cases and people for the simulation: the same seed gives the same case. Pure."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from amparo.cases.case import Action, Case, Facts, Happening, Opening, Who
from amparo.cases.kinds import REASONS, Reason, Remedy, Role, Tracking
from amparo.cases.moment import buyer_wish, refundable, standing
from amparo.cases.reasons import (
    APPEAL_GROUNDS,
    EVIDENCE_TYPES,
    HOLD_CAUSES,
    REASON_ROWS,
    REFUND_METHODS,
    RETURN_CODES,
    RULES,
    decidable,
    has_amount,
    is_money,
)

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
_WEIGHTS: Mapping[str, float] = {
    "withdraw": 0.15,
    "add_evidence": 0.2,
    "seller_refund": 0.2,
    "hold": 0.03,
    "undo": 0.5,
    "edit_request": 0.3,
    "warned": 0,
    "release": 2,
    "other_method": 0.3,
}
"""How likely an action is among those that somebody may do; 1 where not named."""


@dataclass(frozen=True, slots=True)
class Person:
    """How somebody acts: with probability ``acts`` in each state, after about ``hours``."""

    who: Who
    acts: float
    hours: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """A case before it is opened.

    Attributes:
        script: what people really did, where the case is ``scripted``; what the policy does not
            let them do then is left out.
        warned: notices about an awaited return are delivered.
    """

    seed: int
    facts: Facts
    opening: Opening
    at: datetime
    people: tuple[Person, ...] = ()
    script: tuple[Happening, ...] = ()
    scripted: bool = False
    warned: bool = True
    weights: Mapping[str, float] = field(default_factory=lambda: _WEIGHTS)


def scenario(seed: int, silent: bool = False) -> Scenario:
    """A case that a buyer could open; ``silent``: nobody acts after the opening."""
    dice = random.Random(f"scenario {seed}")
    reason = dice.choice(REASONS)
    at = START + timedelta(minutes=dice.randrange(60 * 24 * 365 * 3))
    facts = _facts(dice, reason, at)
    opening = _opening(dice, seed, reason, facts, at)
    people = () if silent else _people(dice)
    return Scenario(seed, facts, opening, at, people, warned=dice.random() < 0.9)


def _facts(dice: random.Random, reason: Reason, at: datetime) -> Facts:
    total = dice.choice((500, 1990, 4999, 8900, 15000, 60000, 250000))
    unpaid = reason == "payment_not_credited"
    facts = Facts(
        currency=dice.choice(("EUR", "EUR", "EUR", "RUB", "BRL", "JPY")),
        country=dice.choice(("ES", "DE", "RU", "FR", "")),
        captured=dice.choice((0, total)) if unpaid else total + dice.choice((0, 0, 3000)),
        line_total=total,
        paid=not unpaid,
        seller=not unpaid,
        funds_held=reason != "warranty" and dice.random() < 0.8,
        grants=dice.choice((0, 0, 0, 1, 3)),
        risk=dice.random() < 0.1,
    )
    facts = replace(facts, grants_sum=facts.grants * 1500)
    day = timedelta(days=1)
    if reason in ("not_as_described", "compensation", "warranty", "cooling_off"):
        return replace(facts, shipped=True, tracking="delivered", delivered_at=at - 5 * day)
    if reason == "not_received":
        tracking: Tracking = dice.choice(("none", "moving", "delivered", "lost", "returned"))
        return replace(facts, shipped=True, tracking=tracking, deliver_by=at - 10 * day)
    if reason == "paid_unavailable":
        return replace(facts, cancelled=dice.random() < 0.5, ship_by=at - 5 * day)
    if reason == "page_removed":
        sent = dice.random() < 0.5
        return replace(facts, listing_removed_at=at - day, shipped=sent)
    return facts


def _opening(dice: random.Random, seed: int, reason: Reason, facts: Facts, at: datetime) -> Opening:
    remedy = dice.choice(REASON_ROWS[reason].remedies)
    most = refundable(facts)
    amount = dice.randint(1, most) if has_amount(remedy) else None
    return Opening(
        id=f"case-{seed}",
        reason=reason,
        remedy=remedy,
        amount=amount,
        contacted_at=at - timedelta(days=3),
        seller_refused=dice.random() < 0.1,
        text="-",
        fields=form(reason),
    )


def form(reason: Reason) -> dict[str, Any]:
    """Answers that fit the form of the reason."""
    answers: dict[str, Any] = {}
    for one in REASON_ROWS[reason].fields:
        fits: dict[str, Any] = {"date": "2026-01-01", "amount": 1, "number": 1, "check": True}
        fits["choice"] = one.choices[0] if one.choices else "-"
        answers[one.name] = fits.get(one.kind, "-")
    return answers


def _people(dice: random.Random) -> tuple[Person, ...]:
    def person(role: Role, id: str, acts: float, hours: float) -> Person:
        quick = dice.choice((0.3, 1, 1, 4))
        return Person(Who(role, id), dice.choice((0.0, 0.4, acts, 1.0)), hours * quick)

    return (
        person("buyer", "olga", 0.8, 30),
        person("seller", "wei", 0.7, 30),
        person("operator", "marta", 0.9, 24),
        person("operator", "lena", 0.9, 36),
        Person(Who("carrier"), 0.9, 96),
        Person(Who("outside"), 0.3, 400),
    )


def chosen(
    dice: random.Random, actions: tuple[Action, ...], weights: Mapping[str, float]
) -> Action | None:
    """One of the actions that somebody may do; None: nothing after all."""
    given = [weights.get(action.key, 1) for action in actions]
    if sum(given) <= 0:
        return None
    action = dice.choices(actions, given)[0]
    return action if dice.random() < weights.get(action.key, 1) else None


def filled(dice: random.Random, case: Case, action: Action, side: str) -> dict[str, Any]:
    """Answers that the action's fields accept."""
    most = refundable(case.known, case.outside)
    data: dict[str, Any] = {}
    if "remedy" in action.fields:
        data |= _wish(dice, case, action, most, side)
    elif "amount" in action.fields and action.key not in ("release", "settled"):
        data["amount"] = dice.randint(1, max(1, case.requested.amount or most))
        if action.key == "order_refund":
            data["amount"] = dice.randint(1, max(1, most))
    elif "amount" in action.fields and dice.random() < 0.5:
        data["amount"] = dice.randint(0, max(0, most))
    if "offer_version" in action.fields and action.key in ("accept_offer", "accept_proposal"):
        offer = standing(case, "seller" if action.key == "accept_offer" else "platform")
        data["offer_version"] = offer.version if offer else 0
    data |= {name: "-" for name in ("text", "reasons", "tracking") if name in action.fields}
    data |= {"photos": 1} if "photos" in action.fields else {}
    data |= _choices(dice, action)
    if "party" in action.fields:
        data["party"] = dice.choice(("buyer", "seller") if case.known.seller else ("buyer",))
    return data


def _choices(dice: random.Random, action: Action) -> dict[str, Any]:
    one = {
        "rule": RULES,
        "grounds": APPEAL_GROUNDS,
        "cause": HOLD_CAUSES,
        "method": REFUND_METHODS,
    }
    some = {"types": EVIDENCE_TYPES, "codes": RETURN_CODES, "channels": ("panel", "mail")}
    found: dict[str, Any] = {
        name: dice.choice(choices) for name, choices in one.items() if name in action.fields
    }
    found |= {name: [dice.choice(all)] for name, all in some.items() if name in action.fields}
    return found


def _wish(dice: random.Random, case: Case, action: Action, most: int, side: str) -> dict[str, Any]:
    remedies: tuple[Remedy, ...] = decidable(case.reason)
    if side == "buyer":
        remedies = REASON_ROWS[case.reason].remedies
    elif buyer_wish(case).remedy != "coupon":
        remedies = tuple(one for one in remedies if one != "coupon")
    offer = standing(case, "seller")
    if action.key == "improve" and offer is not None:
        floor = offer.wish.amount or 0
        if most < floor or offer.wish.remedy not in remedies:
            return {"remedy": "refund"}
        return {"remedy": offer.wish.remedy, "amount": dice.randint(floor, max(floor, most))}
    if most == 0:
        remedies = tuple(one for one in remedies if not has_amount(one)) or ("refund",)
    remedy = dice.choice(remedies)
    data: dict[str, Any] = {"remedy": remedy}
    if has_amount(remedy) or (is_money(remedy) and dice.random() < 0.3 and most):
        data["amount"] = dice.randint(1, most)
    return data
