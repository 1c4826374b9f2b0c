"""A case that things happen to, one line each, for the examples of the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from amparo.cases import rules, synthetic
from amparo.cases.case import Case, Facts, Happening, Opening, Step, Who
from amparo.cases.kinds import Reason, Remedy
from amparo.cases.policy import Policy, load_shipped

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
OLGA, WEI = Who("buyer", "olga"), Who("seller", "wei")
MARTA, LENA, TEO = Who("operator", "marta"), Who("operator", "lena"), Who("supervisor", "teo")
CARRIER, PROVIDER, OUTSIDE = Who("carrier"), Who("provider"), Who("outside")
SENT = Facts(
    currency="EUR",
    country="ES",
    captured=10_000,
    line_total=8000,
    shipped=True,
    tracking="delivered",
    delivered_at=NOW - 5 * DAY,
)
LATE = replace(SENT, tracking="none", delivered_at=None, deliver_by=NOW - 8 * DAY)
UNSENT = replace(
    SENT, shipped=False, tracking="none", delivered_at=None, cancelled=True, ship_by=NOW - 9 * DAY
)
OFFER: dict[str, Any] = {"remedy": "part_refund", "amount": 1000}
RULE: dict[str, Any] = {"rule": "fair_share", "reasons": "Because."}


class Told:
    """A case that things happen to, one line each."""

    def __init__(
        self,
        reason: Reason = "not_as_described",
        remedy: Remedy = "part_refund",
        amount: int | None = 3000,
        facts: Facts = SENT,
        policy: Policy | None = None,
        **opening: Any,
    ) -> None:
        self.facts, self.policy, self.now = facts, policy or load_shipped(), NOW
        asked = Opening(
            "c", reason, remedy, amount, NOW - 3 * DAY, text="-", fields=synthetic.form(reason)
        )
        step = rules.open_case(replace(asked, **opening), facts, self.policy, NOW, OLGA)
        self.effects = list(step.effects)
        self.case: Case = step.case

    def do(self, event: str, who: Who, **data: Any) -> "Told":
        given = {"text": "-", **data}
        return self._took(
            rules.apply(self.case, Happening(event, who, self.now, given), self.facts, self.policy)
        )

    def days(self, days: float) -> "Told":
        self.now += days * DAY
        return self

    def due(self, event: str) -> "Told":
        """Let time go by until that deadline fires; no other one may come before."""
        deadline = rules.next_due(self.case)
        assert deadline is not None
        assert deadline.event == event
        self.now = deadline.due_at
        step = rules.fire(self.case, self.now, self.facts, self.policy)
        assert step is not None
        return self._took(step)

    def _took(self, step: Step) -> "Told":
        self.case = step.case
        self.effects += step.effects
        return self

    @property
    def state(self) -> str:
        return self.case.state

    def refunds(self) -> list[int]:
        return [one.data["amount"] for one in self.effects if one.kind == "refund"]

    def may(self, who: Who) -> set[str]:
        return {one.key for one in rules.available_actions(self.case, who, self.now, self.policy)}


def review() -> Told:
    return Told().do("refuse", WEI).do("escalate", OLGA)


def decided(amount: int = 1000) -> Told:
    return review().do("decide", MARTA, remedy="part_refund", amount=amount, **RULE)


def returning() -> Told:
    """The goods are to go back."""
    return Told(remedy="return_refund", amount=None).do("accept_request", WEI)


def refunding() -> Told:
    return Told().do("accept_request", WEI)
