"""A small marketplace for the invariants: one order, two lines, several cases, a payment provider.

It knows nothing of the machine but ``rules``: money is counted here a second time.
"""

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from amparo.cases import rules, synthetic
from amparo.cases.case import Action, Case, Facts, Happening, Opening, Step, Transition, Who
from amparo.cases.kinds import Reason
from amparo.cases.moment import refundable
from amparo.cases.policy import Policy, load_shipped
from amparo.cases.reasons import REASON_ROWS, has_amount

START = datetime(2028, 2, 27, 22, 30, tzinfo=UTC)  # a leap day is near
WHO: dict[str, Who] = {
    "olga": Who("buyer", "olga"),
    "wei": Who("seller", "wei"),
    "marta": Who("operator", "marta"),
    "lena": Who("operator", "lena"),
    "conflicted": Who("operator", "wei's sister", conflict=True),
    "supervisor": Who("supervisor", "teo"),
    "carrier": Who("carrier"),
    "outside": Who("outside"),
    "system": Who("system"),
}
DAY = timedelta(days=1)


class World:
    """An order with its cases. ``lines``: what each line cost with its share of the shipping."""

    def __init__(self, captured: int = 9000, lines: tuple[int, ...] = (6000, 3000)) -> None:
        self.captured, self.lines = captured, lines
        self.policy: Policy = load_shipped()
        self.now = START
        self.cases: dict[str, Case] = {}
        self.line_of: dict[str, int] = {}
        self.rows: dict[str, list[Transition]] = {}
        self.fired: list[tuple[str, str, datetime]] = []
        self.keys: dict[str, str] = {}
        self.pending: dict[str, int] = {}
        self.paid: Counter[str] = Counter()
        self.blocked: set[str] = set()
        self.early: dict[tuple[str, int, str], datetime] = {}
        self.tracking = "delivered"

    # -- what is known ----------------------------------------------------------------------------

    def facts(self, line: int, mine: str | None = None) -> Facts:
        """The facts for a case of the line: other cases' refunds, sent or paid, are elsewhere."""
        others = {id: self._money(id) for id in self.cases if id != mine}
        return Facts(
            currency="EUR",
            country="ES",
            captured=self.captured,
            elsewhere_order=sum(others.values()),
            elsewhere_line=sum(sum_ for id, sum_ in others.items() if self.line_of[id] == line),
            line_total=self.lines[line],
            shipped=True,
            tracking=self.tracking,  # type: ignore[arg-type]
            delivered_at=START - 3 * DAY,
            deliver_by=START - 8 * DAY,
            listing_removed_at=START - DAY,
        )

    def _money(self, id: str) -> int:
        refund = self.cases[id].refund
        ours = refund.amount if refund is not None else 0  # failed ones may be tried again
        return ours + self.cases[id].outside

    # -- what happens -----------------------------------------------------------------------------

    def open(self, reason: Reason, line: int, seed: int) -> str | None:
        """Open a case, unless the line has an open one of the family."""
        family = rules.family_of(reason)
        for id, case in self.cases.items():
            if case.closed_at is None and case.family == family and self.line_of[id] == line:
                return id
        dice = random.Random(seed)
        facts = self.facts(line)
        remedy = dice.choice(REASON_ROWS[reason].remedies)
        most = refundable(facts)
        if (
            most == 0
            or not rules.openable(reason, facts, START - 9 * DAY, self.policy, self.now)[0]
        ):
            return None
        amount = dice.randint(1, most) if has_amount(remedy) else None
        id = f"case-{len(self.cases)}"
        opening = Opening(
            id, reason, remedy, amount, START - 9 * DAY, text="-", fields=synthetic.form(reason)
        )
        self.line_of[id] = line
        self.rows[id] = []
        self._take(id, rules.open_case(opening, facts, self.policy, self.now, WHO["olga"]))
        return id

    def actions(self, id: str, who: Who) -> tuple[Action, ...]:
        """What ``who`` may do now, as the marketplace knows it now."""
        return rules.available_actions(self._informed(id), who, self.now, self.policy)

    def _informed(self, id: str) -> Case:
        return replace(self.cases[id], known=self.facts(self.line_of[id], id))

    def act(self, id: str, who: Who, action: Action, seed: int) -> None:
        """Do one of the listed actions; it must be accepted."""
        data = synthetic.filled(random.Random(seed), self._informed(id), action, who.role)
        self.do(id, Happening(action.key, who, self.now, data))

    def do(self, id: str, happening: Happening) -> None:
        """Something happens to a case."""
        facts = self.facts(self.line_of[id], id)
        self._take(id, rules.apply(self.cases[id], happening, facts, self.policy))

    def wait(self, length: timedelta) -> None:
        """Time goes by; what is due fires in the order of its time."""
        self.now += length
        while True:
            due = [
                (deadline.due_at, id)
                for id, case in self.cases.items()
                if (deadline := rules.next_due(case)) and deadline.due_at <= self.now
            ]
            if not due:
                return
            at, id = min(due)
            case, facts = self.cases[id], self.facts(self.line_of[id], id)
            assert rules.fire(case, at - timedelta(microseconds=1), facts, self.policy) is None
            step = rules.fire(case, self.now, facts, self.policy)
            assert step is not None
            deadline = rules.next_due(case)
            assert deadline is not None
            self.fired.append((id, deadline.event, deadline.due_at))
            self._take(id, step)

    def provider(self, id: str, event: str) -> None:
        """The provider answers; an answer that the case no longer waits for changes nothing."""
        refund = self.cases[id].refund
        if refund is None or refund.key not in self.pending:
            return
        if refund.key in self.paid:
            event = "provider_ok"
        elif event == "provider_ok":
            self.paid[refund.key] = self.pending[refund.key]
        if Action(event) in self.actions(id, Who("provider")):
            self.do(id, Happening(event, Who("provider"), self.now))

    def restart(self) -> None:
        """Everything is stored and loaded."""
        for id, case in self.cases.items():
            self.cases[id] = Case.of(json.loads(json.dumps(case.data())))
            assert self.cases[id] == case

    def settle(self) -> None:
        """All people are silent from now on, and the provider works."""
        for _ in range(400):
            open_cases = [case for case in self.cases.values() if case.closed_at is None]
            if not open_cases:
                return
            for case in open_cases:
                self.provider(case.id, "provider_ok")
            due = [
                one.due_at for case in open_cases if (one := rules.next_due(self.cases[case.id]))
            ]
            if due:
                self.wait(max(min(due) - self.now, timedelta()))
        raise AssertionError([case.state for case in self.cases.values()])

    def _take(self, id: str, step: Step) -> None:
        before = self.cases.get(id)
        assert before is None or before.closed_at is None, "a closed case accepted something"
        no = before.no if before else 0
        assert [row.no for row in step.transitions] == list(range(no + 1, step.case.no + 1))
        self.cases[id] = step.case
        self.rows[id] += step.transitions
        for effect in step.effects:
            if effect.kind == "refund":
                self._sent(id, effect.data["key"], effect.data["amount"])
            elif effect.kind == "payout_block":
                self.blocked.add(id)
            elif effect.kind == "payout_release":
                self.blocked.discard(id)

    def _sent(self, id: str, key: str, amount: int) -> None:
        assert self.keys.setdefault(id, key) == key, "a second key"
        assert self.pending.setdefault(key, amount) == amount, "another amount under the same key"
        assert amount > 0
        case = self.cases[id]
        told = sum(one.outside for one in self.cases.values())
        sent = sum(self.pending.values())
        assert sent + told <= max(self.captured, told), "more than was paid"
        assert amount + case.outside <= self.lines[self.line_of[id]]
