"""What must hold in every life of a case (``docs/cases.md``), looked at after every step. Pure."""

from collections.abc import Mapping
from datetime import timedelta

from amparo.cases import rules
from amparo.cases.case import Case, Facts, Happening, Step, Transition, Who
from amparo.cases.kinds import ROLES
from amparo.cases.policy import Policy
from amparo.cases.table import EVENTS, INSTANT
from amparo.kernel.errors import Problem

SABOTAGES: tuple[str, ...] = ("forgotten_keys", "lost_deadline", "forgotten_field", "lost_row")
"""Faults that a run with them must report: a check that finds nothing proves nothing."""

_FREE: tuple[str, ...] = (
    *("believed_fixed", "replaced", "repaired", "return_not_sent", "coupon"),
    *("nothing_to_refund", "settled_outside", "no_remedy", "refused"),
)
"""Ends without money that something else than the buyer's silence brought about."""


class Watch:
    """Collects what was broken, by the names of the invariants."""

    def __init__(self, policy: Policy) -> None:
        self.violations: list[str] = []
        self._policy = policy
        self._keys: set[str] = set()
        self._buyer_acted = False
        self._blocked = False

    def found(self, what: str) -> None:
        """Note a violation."""
        self.violations.append(what)

    def person_acted(self, before: Case, happening: Happening) -> None:
        """Somebody acted: noted for "silence alone", and the second pair of eyes is checked."""
        self._buyer_acted |= happening.who.role == "buyer"
        decided = before.decision
        judged = before.state == "appeal" and happening.event in ("uphold", "change")
        if judged and decided is not None and decided.by == happening.who.id:
            self.found("same_operator")

    def step(self, before: Case | None, step: Step, facts: Facts, paid: Mapping[str, int]) -> None:
        """After each step."""
        case = step.case
        self._rows(before, step)
        self._deadlines(before, case)
        for effect in step.effects:
            if effect.kind == "refund":
                self._keys.add(effect.data["key"])
                if effect.data["amount"] + case.outside > rules.refundable(facts):
                    self.found("more_than_paid")
            self._blocked = (self._blocked or effect.kind == "payout_block") and (
                effect.kind != "payout_release"
            )
        if len(self._keys) > 1:
            self.found("second_key")
        if self._blocked != (case.closed_at is None):
            self.found("payout")
        self._money(case, facts, paid)

    def _rows(self, before: Case | None, step: Step) -> None:
        no = before.no if before else 0
        state = before.state if before else None
        for row in step.transitions:
            no += 1
            if row.no != no or row.from_state != state:
                self.found("audit_row")
            state = row.to_state
        if step.case.no != no or step.case.state != state:
            self.found("audit_row")

    def _deadlines(self, before: Case | None, case: Case) -> None:
        if case.state in INSTANT:
            self.found("instant")
        if (case.closed_at is None) != bool(case.deadlines):
            self.found("no_deadline")
        if before is None or before.state != case.state:
            return
        now = {one.event: one.due_at for one in case.deadlines}
        for one in before.deadlines:
            if now.get(one.event, one.due_at) < one.due_at:
                self.found("earlier")

    def _money(self, case: Case, facts: Facts, paid: Mapping[str, int]) -> None:
        ours, refund = sum(paid.values()), case.refund
        if refund is not None and refund.key not in paid and refund.state != "failed":
            ours += refund.amount  # on its way
        if ours > rules.refundable(facts):
            self.found("more_than_paid")

    def end(
        self,
        case: Case,
        rows: list[Transition],
        facts: Facts,
        paid: Mapping[str, int],
        alarms: int,
    ) -> None:
        """After the life."""
        try:
            if rules.replay(rows, lambda _: self._policy) != case:
                self.found("replay")
        except rules.ReplayError:
            self.found("replay")
        if case.closed_at is None:
            if not alarms:
                self.found("open_without_alarm")
            return
        self._closed(case, facts)
        self._silence(case, paid)
        self._negotiation(case, rows)

    def _closed(self, case: Case, facts: Facts) -> None:
        assert case.closed_at is not None
        if rules.fire(case, case.closed_at + timedelta(days=999), facts, self._policy):
            self.found("fired_after_the_end")
        for event in EVENTS[:: max(1, len(EVENTS) // 6)]:
            for role in ROLES:
                who = Happening(event, Who(role, role), case.closed_at)
                try:
                    rules.apply(case, who, facts, self._policy)
                    self.found("accepted_after_the_end")
                except Problem:
                    pass

    def _silence(self, case: Case, paid: Mapping[str, int]) -> None:
        """A silent buyer loses nothing by silence; an undelivered warning closes nothing."""
        if case.outcome == "return_not_sent":
            channels = {channel for notice in case.warned for channel in notice}
            notices, needed = self._policy.at(case.country, case.reason).warnings()
            if len(case.warned) < notices or len(channels) < needed:
                self.found("closed_unwarned")
        if not self._buyer_acted and not sum(paid.values()) and case.outcome not in _FREE:
            self.found(f"silence_cost {case.outcome}")

    def _negotiation(self, case: Case, rows: list[Transition]) -> None:
        limit = self._policy.at(case.country, case.reason).after("negotiation", case.opened_at)
        talking = ("wait_seller", "wait_buyer")
        paused = any(row.to_state in ("on_hold", "withdrawing") for row in rows)
        for row in rows:
            late = row.at > limit + timedelta(hours=2) and row.from_state in talking
            if late and not paused and "check_over" not in (one.event for one in rows):
                self.found("long_negotiation")
