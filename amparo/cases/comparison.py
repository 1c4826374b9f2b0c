"""Two policies beside each other: the same cases lived under both. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from amparo.cases.moment import refundable
from amparo.cases.policy import Policy
from amparo.cases.simulation import Life, Outcome
from amparo.cases.synthetic import Scenario
from amparo.kernel.errors import Problem

NOT_OPENED = "not_opened"
Loser = Literal["buyer", "seller", "platform"]


@dataclass(slots=True)
class Ledger:
    """What one policy made of the cases. ``refunded`` in minor units by currency."""

    outcomes: Counter[str] = field(default_factory=Counter)
    days: list[float] = field(default_factory=list)
    refunded: Counter[str] = field(default_factory=Counter)
    reviewed: int = 0

    def at(self, share: float) -> float:
        """The days within which that share of the closed cases ended."""
        days = sorted(self.days)
        return round(days[min(len(days) - 1, int(len(days) * share))], 1) if days else 0.0


@dataclass(slots=True)
class Comparison:
    """Both ledgers and who would be worse off.

    ``worse``: cases in which the buyer gets less, the seller pays more, or a person of the platform
    has to look who did not have to; ``lost``: how much, by party and currency.
    ``slower``: cases that end more than a day later.
    """

    old: Ledger = field(default_factory=Ledger)
    new: Ledger = field(default_factory=Ledger)
    cases: int = 0
    changed: int = 0
    slower: int = 0
    worse: Counter[Loser] = field(default_factory=Counter)
    lost: Counter[tuple[Loser, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Life:
    outcome: str
    value: int
    paid: int
    days: float
    reviewed: bool


def compare(old: Policy, new: Policy, scenarios: Iterable[Scenario]) -> Comparison:
    """Live every case under the old policy and under the new one."""
    result = Comparison()
    for scenario in scenarios:
        before = _lived(scenario, old, result.old)
        after = _lived(scenario, new, result.new)
        result.cases += 1
        result.changed += (before.outcome, before.paid) != (after.outcome, after.paid)
        result.slower += after.days > before.days + 1
        currency = scenario.facts.currency
        _worse(result, "buyer", before.value - after.value, currency)
        _worse(result, "seller", after.paid - before.paid, currency)
        result.worse["platform"] += after.reviewed and not before.reviewed
    return result


def _worse(result: Comparison, party: Loser, loss: int, currency: str) -> None:
    if loss > 0:
        result.worse[party] += 1
        result.lost[party, currency] += loss


def _lived(scenario: Scenario, policy: Policy, ledger: Ledger) -> _Life:
    try:
        lived = Life(scenario, policy).run()
    except Problem:
        ledger.outcomes[NOT_OPENED] += 1
        return _Life(NOT_OPENED, 0, 0, 0.0, False)
    outcome = lived.case.outcome or "open"
    ledger.outcomes[outcome] += 1
    ledger.refunded[scenario.facts.currency] += lived.paid
    reviewed = any(row.to_state == "review" for row in lived.transitions)
    ledger.reviewed += reviewed
    if lived.case.closed_at is not None:
        ledger.days.append(lived.days)
    return _Life(outcome, _value(scenario, lived), lived.paid, lived.days, reviewed)


def _value(scenario: Scenario, lived: Outcome) -> int:
    """What the buyer has in the end: money, or goods for all that could be paid back."""
    if lived.case.outcome in ("replaced", "repaired"):
        return refundable(scenario.facts)
    return lived.paid + lived.case.outside
