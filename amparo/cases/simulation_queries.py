"""A new policy tried on cases before it is switched on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from amparo.cases import texts
from amparo.cases.comparison import Comparison, Ledger, Loser, compare
from amparo.cases.past_queries import past_scenarios
from amparo.cases.policies_queries import policy_now
from amparo.cases.policy import Policy
from amparo.cases.policy_views import PolicyLosers, PolicyOutcome, PolicyResult, PolicySimulation
from amparo.cases.synthetic import scenario
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden
from amparo.kernel.money import Money

MOST = 500
"""Cases that are lived while somebody waits; the command takes as many as one likes."""
FEWEST = 50
"""Fewer past cases than this say too little: made-up ones are taken instead."""
_PARTIES: tuple[Loser, ...] = ("buyer", "seller", "platform")


def simulated(
    session: Session, actor: Actor, document: Mapping[str, Any], now: datetime, language: str
) -> PolicySimulation:
    """The same cases under the policy in force and under ``document``; nothing is changed.

    Raises:
        Forbidden: the actor is no administrator.
        Invalid: ``policy_unreadable``.
    """
    if not actor.is_administrator:
        raise Forbidden()
    new, old = Policy.of(document), policy_now(session, now)
    scenarios = list(past_scenarios(session, MOST))
    synthetic = len(scenarios) < FEWEST
    if synthetic:
        scenarios = [scenario(seed) for seed in range(MOST)]
    found = compare(old, new, scenarios)
    return PolicySimulation(
        cases=found.cases,
        synthetic=synthetic,
        changed=found.changed,
        old=_result(found.old, language),
        new=_result(found.new, language),
        worse=[_losers(found, party) for party in _PARTIES],
    )


def _result(ledger: Ledger, language: str) -> PolicyResult:
    return PolicyResult(
        outcomes=[
            PolicyOutcome(code, texts.outcome(code, language), cases)
            for code, cases in ledger.outcomes.most_common()
        ],
        median_days=ledger.at(0.5),
        p95_days=ledger.at(0.95),
        refunded=[Money(amount, currency) for currency, amount in sorted(ledger.refunded.items())],
    )


def _losers(found: Comparison, party: Loser) -> PolicyLosers:
    """With the currency in which most was lost; several cannot be added up."""
    lost = {currency: amount for (who, currency), amount in found.lost.items() if who == party}
    most = max(lost, key=lambda currency: lost[currency], default=None)
    amount = Money(lost[most], most) if most is not None else None
    return PolicyLosers(party=party, cases=found.worse[party], amount=amount)
