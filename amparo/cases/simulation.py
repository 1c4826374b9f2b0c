"""Whole lives of cases on simulated time, with a payment provider, restarts and checks. Pure.

The same scenario under two policies is lived by the same people: what somebody does, and after how
many hours, depends on the seed, the state and how often the case was in it, not on the policy.
"""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from amparo.cases import rules, synthetic
from amparo.cases.case import Action, Case, Deadline, Facts, Happening, Step, Transition, Who
from amparo.cases.policy import Policy
from amparo.cases.simulation_checks import Watch
from amparo.cases.synthetic import Person, Scenario
from amparo.kernel.errors import Problem

Mode = Literal["ok", "flaky", "never"]
_PROVIDER = Who("provider")
_PATIENCE = timedelta(days=14)
"""How long an unpaid case is watched after its first alarm."""
_MOST_STEPS = 400


@dataclass(slots=True)
class Provider:
    """A payment provider that remembers keys, and may be slow, silent, late, double or failing."""

    mode: Mode
    dice: random.Random
    forgets_keys: bool = False
    paid: Counter[str] = field(default_factory=Counter)
    answers: list[tuple[datetime, str]] = field(default_factory=list)

    def refund(self, key: str, amount: int, at: datetime) -> None:
        """Asked to pay; what it answers comes later, if at all."""
        if self.mode == "never":
            return
        how = "ok" if self.mode == "ok" else self.dice.choice(("ok", "failed", "silent", "late"))
        if how != "failed" and (key not in self.paid or self.forgets_keys):
            self.paid[key] += amount
        hours = timedelta(hours=self.dice.randint(1, 40))
        known = "provider_ok" if key in self.paid else "provider_failed"
        if how == "late":
            hours *= 12
        if how != "silent":
            self.answers.append((at + hours, known))
            if self.mode == "flaky" and self.dice.random() < 0.3:
                self.answers.append((at + hours, known))  # the same answer twice

    def ask(self, key: str, at: datetime) -> None:
        """Asked what became of it."""
        if self.mode == "never" or (self.mode == "flaky" and self.dice.random() < 0.5):
            return
        known = "provider_ok" if key in self.paid else "provider_failed"
        self.answers.append((at + timedelta(hours=1), known))

    def next(self, upto: datetime) -> tuple[datetime, str] | None:
        """The next answer, if one comes before ``upto``."""
        self.answers.sort()
        return self.answers.pop(0) if self.answers and self.answers[0][0] < upto else None


@dataclass(slots=True)
class Outcome:
    """How a life went."""

    case: Case
    days: float
    steps: int
    paid: int
    alarms: int
    violations: list[str]
    transitions: list[Transition]


class Life:
    """One case from opening to end.

    Args:
        restart: how likely the case is stored and loaded between two steps.
        sabotage: a fault that the checks must find (``simulation_checks.SABOTAGES``).
    """

    def __init__(
        self,
        scenario: Scenario,
        policy: Policy,
        provider: Mode = "ok",
        restart: float = 0.0,
        sabotage: str | None = None,
    ) -> None:
        self.scenario, self.policy, self.restart = scenario, policy, restart
        self.dice = random.Random(f"life {scenario.seed}")
        self.provider = Provider(provider, random.Random(f"provider {scenario.seed}"))
        self.provider.forgets_keys = sabotage == "forgotten_keys"
        self.sabotage = sabotage
        self.slow = timedelta()  # how much later than due timers are processed, at least
        self.facts: Facts = scenario.facts
        self.watch = Watch(policy)
        self.now = scenario.at
        self.alarms = 0
        self.first_alarm: datetime | None = None
        self.visits: Counter[str] = Counter()
        self.script = list(scenario.script)
        self.transitions: list[Transition] = []
        buyer = Who("buyer", "olga")
        opened = rules.open_case(scenario.opening, self.facts, policy, self.now, buyer)
        self.case: Case = opened.case
        self._take(None, opened)

    def run(self) -> Outcome:
        """Live until closed, or until an unpaid case has been watched long enough."""
        steps = 0
        while self.case.closed_at is None and steps < _MOST_STEPS and not self._given_up():
            steps += 1
            self._once()
        if self.sabotage == "lost_row":
            del self.transitions[len(self.transitions) // 2]
        self.watch.end(self.case, self.transitions, self.facts, self.provider.paid, self.alarms)
        if steps >= _MOST_STEPS:
            self.watch.found("endless")
        ended = self.case.closed_at or self.now
        days = (ended - self.case.opened_at) / timedelta(days=1)
        paid = sum(self.provider.paid.values())
        return Outcome(
            self.case,
            days,
            self.case.no,
            paid,
            self.alarms,
            self.watch.violations,
            self.transitions,
        )

    def _given_up(self) -> bool:
        return self.first_alarm is not None and self.now > self.first_alarm + _PATIENCE

    def _once(self) -> None:
        self._reload()
        due = rules.next_due(self.case)
        if due is None:
            self.watch.found("no_deadline")
            self.script, self.first_alarm = [], self.first_alarm or self.now - 2 * _PATIENCE
            return
        planned = self._planned(due)
        answer = self.provider.next(min(due.due_at, planned.at if planned else due.due_at))
        if answer is not None:
            self._provider_says(*answer)
        elif planned is not None:
            self._act(planned)
        else:
            self._fire(due)

    def _reload(self) -> None:
        if self.dice.random() < self.restart:
            stored = json.loads(json.dumps(self.case.data()))
            if self.sabotage == "forgotten_field":
                stored.pop("deadlines", None)
            loaded = Case.of(stored)
            if loaded != self.case:
                self.watch.found("restart")
            self.case = loaded

    # -- people ---------------------------------------------------------------------------------

    def _planned(self, due: Deadline) -> Happening | None:
        """The first thing that a person does before the deadline; None: everybody is silent."""
        if self.scenario.scripted:
            return self._next_of_script(due)
        plans = [self._plan(person, due) for person in self.scenario.people]
        plans.append(self._warning(due))
        return min((one for one in plans if one is not None), key=lambda one: one.at, default=None)

    def _next_of_script(self, due: Deadline) -> Happening | None:
        while self.script and self.script[0].at < due.due_at:
            happening = self.script.pop(0)
            who, at = happening.who, max(happening.at, self.now)
            actions = rules.available_actions(self.case, who, at, self.policy)
            if any(action.key == happening.event for action in actions):
                return Happening(happening.event, who, at, happening.data)
        return None

    def _plan(self, person: Person, due: Deadline) -> Happening | None:
        case = self.case
        seed = f"{self.scenario.seed} {case.state} {self.visits[case.state]} {person.who.id}"
        dice = random.Random(seed + person.who.role)
        if dice.random() >= person.acts:
            return None
        at = max(self.now, case.entered_at + timedelta(hours=dice.expovariate(1 / person.hours)))
        if at >= due.due_at:
            return None
        actions = rules.available_actions(case, person.who, at, self.policy)
        action = synthetic.chosen(dice, actions, self.scenario.weights) if actions else None
        if action is None:
            return None
        data = synthetic.filled(dice, case, action, person.who.role)
        return Happening(action.key, person.who, at, data)

    def _warning(self, due: Deadline) -> Happening | None:
        """The notices about an awaited return are delivered, where this world delivers them."""
        if self.case.state != "return_ship" or not self.scenario.warned:
            return None
        for reminder in rules.reminders_due(self.case, self.now, due.due_at - timedelta(minutes=1)):
            if len(self.case.warned) < 2:
                who = Who("system")
                return Happening("warned", who, reminder.at, {"channels": list(reminder.channels)})
        return None

    def _act(self, happening: Happening) -> None:
        self.now = max(self.now, happening.at)
        self.visits[self.case.state] += 1
        before = self.case
        try:
            step = rules.apply(before, happening, self.facts, self.policy)
        except Problem as problem:
            if not self.scenario.scripted:  # what was done then may be too much now
                self.watch.found(f"listed_but_refused {happening.event} {problem.code}")
            return
        self.watch.person_acted(before, happening)
        self._take(before, step)

    # -- deadlines and the provider ---------------------------------------------------------------

    def _fire(self, due: Deadline) -> None:
        early = due.due_at - timedelta(microseconds=1)
        if early >= due.set_at and rules.fire(self.case, early, self.facts, self.policy):
            self.watch.found("early")
        late = self.slow + timedelta(minutes=self.dice.randint(0, 90))
        self.now = max(self.now, due.due_at + late)
        self.visits[self.case.state] += 1
        step = rules.fire(self.case, self.now, self.facts, self.policy)
        if step is None:
            self.watch.found("not_fired")
            self.now = due.due_at + timedelta(days=1)
            return
        self._take(self.case, step)

    def _provider_says(self, at: datetime, event: str) -> None:
        self.now = max(self.now, at)
        listed = rules.available_actions(self.case, _PROVIDER, self.now, self.policy)
        if Action(event) in listed:
            said = Happening(event, _PROVIDER, self.now)
            self._take(self.case, rules.apply(self.case, said, self.facts, self.policy))

    def _take(self, before: Case | None, step: Step) -> None:
        self.case = step.case
        if self.sabotage == "lost_deadline" and self.case.state == "review":
            self.case = Case.of({**self.case.data(), "deadlines": []})
        self.transitions += step.transitions
        self.watch.step(before, step, self.facts, self.provider.paid)
        for effect in step.effects:
            if effect.kind == "refund":
                self.provider.refund(effect.data["key"], effect.data["amount"], self.now)
            elif effect.kind == "ask_provider":
                self.provider.ask(effect.data["key"], self.now)
            elif effect.kind == "alarm" and effect.data["what"] == "refund_not_paid":
                self.alarms += 1
                self.first_alarm = self.first_alarm or self.now
