"""The invariants of docs/cases.md, on the pure machine: any people, any order of events, restarts.

Controls: each assertion here was seen to fail with the line of the machine that it guards taken
out (docs/decisions/0015-cases.md tells how).
"""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from amparo.cases import rules
from amparo.cases.case import Happening
from amparo.cases.kinds import REASONS, Reason
from amparo.cases.table import EVENTS, INSTANT
from amparo.kernel.errors import Problem
from tests.cases.worlds import WHO, World

SEEDS = st.integers(0, 10_000)
PICK = st.integers(0, 1000)


class Cases(RuleBasedStateMachine):
    """Several cases of one order, lived by arbitrary people."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @initialize(
        captured=st.sampled_from((9000, 7000, 120_000)),
        tracking=st.sampled_from(("none", "moving", "delivered", "lost")),
        reason=st.sampled_from(REASONS),
        seed=SEEDS,
    )
    def first(self, captured: int, tracking: str, reason: Reason, seed: int) -> None:
        lines = (captured * 2 // 3, captured // 3)
        self.world = World(captured, lines)
        self.world.tracking = tracking
        self.world.open(reason, 0, seed)

    @rule(reason=st.sampled_from(REASONS), line=st.integers(0, 1), seed=SEEDS)
    def open(self, reason: Reason, line: int, seed: int) -> None:
        self.world.open(reason, line, seed)

    @precondition(lambda self: self.world.cases)
    @rule(pick=PICK, who=st.sampled_from(sorted(WHO)), which=PICK, seed=SEEDS)
    def act(self, pick: int, who: str, which: int, seed: int) -> None:
        id = self._case(pick)
        actions = self.world.actions(id, WHO[who])
        assert not (who == "conflicted" and actions), "no operator judges his own case"
        if actions:
            action = actions[which % len(actions)]
            decision = self.world.cases[id].decision
            if action.key in ("uphold", "change") and decision is not None:
                assert decision.by != WHO[who].id, "who decided judges the appeal"
            self.world.act(id, WHO[who], action, seed)

    @precondition(lambda self: self.world.cases)
    @rule(pick=PICK, who=st.sampled_from(sorted(WHO)), event=st.sampled_from(EVENTS))
    def try_what_is_not_listed(self, pick: int, who: str, event: str) -> None:
        id = self._case(pick)
        if event in {action.key for action in self.world.actions(id, WHO[who])}:
            return
        facts = self.world.facts(self.world.line_of[id], id)
        with pytest.raises(Problem):
            rules.apply(
                self.world.cases[id],
                Happening(event, WHO[who], self.world.now),
                facts,
                self.world.policy,
            )

    @rule(hours=st.integers(1, 24 * 12))
    def wait(self, hours: int) -> None:
        self.world.wait(timedelta(hours=hours))

    @precondition(lambda self: self.world.cases)
    @rule(pick=PICK, event=st.sampled_from(("provider_ok", "provider_failed")))
    def provider(self, pick: int, event: str) -> None:
        self.world.provider(self._case(pick), event)

    @rule()
    def restart(self) -> None:
        self.world.restart()

    def _case(self, pick: int) -> str:
        return sorted(self.world.cases)[pick % len(self.world.cases)]

    @invariant()
    def never_more_money_than_was_paid(self) -> None:
        world = self.world
        sent = {id: world.pending.get(f"refund-{id}", 0) for id in world.cases}
        assert sum(sent.values()) <= world.captured
        for line, total in enumerate(world.lines):
            of_line = sum(sent[id] for id in sent if world.line_of[id] == line)
            assert of_line <= total

    @invariant()
    def one_open_case_of_a_family_on_a_line(self) -> None:
        world = self.world
        heads = [
            (world.line_of[id], case.family)
            for id, case in world.cases.items()
            if case.closed_at is None
        ]
        assert len(heads) == len(set(heads))

    @invariant()
    def what_is_open_has_a_deadline_and_the_payout_is_blocked(self) -> None:
        for id, case in self.world.cases.items():
            assert case.state not in INSTANT
            assert (case.closed_at is None) == bool(case.deadlines)
            assert (case.closed_at is None) == (id in self.world.blocked)
            assert all(one.due_at >= one.set_at for one in case.deadlines)

    @invariant()
    def deadlines_never_move_to_an_earlier_time(self) -> None:
        for id, case in self.world.cases.items():
            for one in case.deadlines:
                place = (id, self._stay(id), one.event)
                assert one.due_at >= self.world.early.get(place, one.due_at)
                self.world.early[place] = one.due_at

    def _stay(self, id: str) -> int:
        """The number of the transition with which the case came into its state."""
        rows = self.world.rows[id]
        return max(row.no for row in rows if row.from_state != row.to_state)

    @invariant()
    def an_unsent_return_closes_only_after_two_warnings(self) -> None:
        for case in self.world.cases.values():
            if case.outcome == "return_not_sent":
                assert len(case.warned) >= 2
                assert len({channel for notice in case.warned for channel in notice}) >= 2

    def teardown(self) -> None:
        world = self.world
        world.settle()
        for id, case in world.cases.items():
            assert rules.replay(world.rows[id], lambda _: world.policy) == case
            assert [row.at for row in world.rows[id]] == sorted(row.at for row in world.rows[id])
        assert sum(world.paid.values()) <= world.captured
        once = [(id, event, due) for id, event, due in world.fired]
        assert len(once) == len(set(once)), "a deadline fired twice"


TestCases = Cases.TestCase
TestCases.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
