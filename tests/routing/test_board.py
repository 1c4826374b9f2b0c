"""The rules of assignment against the simplest model there is: look at everybody, each time."""

import os
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from amparo.routing.assignment_rules import Board, Server, TeamRules, Waiting, may_serve

TEAMS = {
    "en": TeamRules("en", "en"),
    "ru": TeamRules("ru", "ru", overflow=("en",)),
    "money": TeamRules("money", "en", skill="payment", overflow=("en",)),
    "night": TeamRules("night", "es", open=False, overflow=("en",)),
    "shut": TeamRules("shut", "en", open=False),
}
QUEUES = [(team, language) for team in TEAMS for language in ("en", "ru")]
KEEP_S = 60.0
PEOPLE = [UUID(int=number) for number in range(1, 5)]


class Desk(RuleBasedStateMachine):
    """People come and go, operators too; the model is a list that is sorted each time."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.count = 0.0, 0
        self.board = Board(TEAMS.values())
        self.waiting: dict[UUID, Waiting] = {}
        self.servers: dict[UUID, Server] = {}
        self.has: dict[UUID, list[UUID]] = {}
        self.given: set[UUID] = set()

    @rule(
        queue=st.sampled_from(QUEUES),
        priority=st.sampled_from([1, 5]),
        here=st.booleans(),
        deferred=st.booleans(),
        last=st.sampled_from([None, *PEOPLE]),
    )
    def enters(
        self, queue: tuple[str, str], priority: int, here: bool, deferred: bool, last: UUID | None
    ) -> None:
        self.count += 1
        kept = self.now + KEEP_S if last else 0.0
        id = UUID(int=1000 + self.count)
        one = Waiting(id, queue, priority, self.now, self.count, here, deferred, last, kept)
        self.waiting[id] = one
        self.board.enter(one)
        self.settle()

    @precondition(lambda self: self.waiting)
    @rule(choice=st.integers(0, 99), comes=st.booleans())
    def returns_or_leaves(self, choice: int, comes: bool) -> None:
        id = sorted(self.waiting)[choice % len(self.waiting)]
        if comes:
            self.waiting[id] = replace(self.waiting[id], here=True)
            self.board.enter(self.waiting[id])
        else:
            del self.waiting[id]
            self.board.leave(id)
        self.settle()

    @rule(
        id=st.sampled_from(PEOPLE),
        capacity=st.integers(1, 3),
        languages=st.sampled_from([("en",), ("ru",), ("en", "ru"), ("es",)]),
        skills=st.sampled_from([(), ("payment",)]),
        teams=st.sampled_from([(), ("ru",), ("en", "money")]),
    )
    def serves(
        self,
        id: UUID,
        capacity: int,
        languages: tuple[str, ...],
        skills: tuple[str, ...],
        teams: tuple[str, ...],
    ) -> None:
        load = len(self.has.get(id, []))
        kinds = frozenset(languages), frozenset(skills), frozenset(teams)
        self.servers[id] = Server(id, capacity, load, *kinds)
        self.board.serve(Server(id, capacity, load, *kinds))
        self.settle()

    @precondition(lambda self: any(self.has.get(id) for id in self.servers))
    @rule(choice=st.integers(0, 99))
    def finishes(self, choice: int) -> None:
        busy = sorted(id for id in self.servers if self.has.get(id))
        id = busy[choice % len(busy)]
        self.has[id].pop()
        self.servers[id].load -= 1
        self.board.finish(id)
        self.settle()

    @precondition(lambda self: self.servers)
    @rule(choice=st.integers(0, 99))
    def goes(self, choice: int) -> None:
        id = sorted(self.servers)[choice % len(self.servers)]
        del self.servers[id]
        self.board.gone(id)
        self.settle()

    @rule(seconds=st.sampled_from([1.0, 30.0, 61.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.settle()

    def settle(self) -> None:
        """What the board gives must be what looking at everybody gives, in the same order."""
        for one in self.board.assign(self.now):
            expected = self.first()
            assert expected is not None
            assert one.waiting.id == expected.id, "somebody was passed over"
            server = self.servers[one.operator]
            fit = may_serve(server, one.waiting.queue, TEAMS)
            assert fit is not None
            assert one.translate is (fit in (1, 3))
            assert one.waiting.id not in self.given, "given twice"
            self.given.add(one.waiting.id)
            del self.waiting[one.waiting.id]
            server.load += 1
            self.has.setdefault(one.operator, []).append(one.waiting.id)
        assert self.first() is None, "somebody stays waiting beside a free operator"

    def first(self) -> Waiting | None:
        """The first in order of service whom somebody free may serve now."""
        free = [server for server in self.servers.values() if server.load < server.capacity]
        for one in sorted(self.waiting.values(), key=lambda one: one.key):
            if not (one.here or one.deferred) or self.is_kept(one):
                continue
            if any(may_serve(server, one.queue, TEAMS) is not None for server in free):
                return one
        return None

    def is_kept(self, one: Waiting) -> bool:
        if one.last_operator is None or self.now >= one.kept_until:
            return False
        server = self.servers.get(one.last_operator)
        if server is None or may_serve(server, one.queue, TEAMS) is None:
            return False
        return server.load >= server.capacity

    @invariant()
    def nobody_has_too_much(self) -> None:
        for server in self.servers.values():
            assert server.load <= max(server.capacity, len(self.has.get(server.id, [])))

    @invariant()
    def nobody_is_lost(self) -> None:
        assert len(self.board) == len(self.waiting)


def test_the_board_gives_what_looking_at_everybody_gives() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=int(os.environ.get("BOARD_EXAMPLES", "150")),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def waiting(number: int, **changes: object) -> Waiting:
    return replace(Waiting(UUID(int=number), ("en", "en"), 5, float(number), number), **changes)  # type: ignore[arg-type]


def server(number: int, **changes: object) -> Server:
    what: dict[str, object] = {"capacity": 1, "load": 0, "languages": frozenset({"en"})}
    return Server(UUID(int=number), **(what | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"languages": frozenset({"en", "ru"})}, {}),
        ({"capacity": 4, "load": 1}, {"capacity": 3, "load": 1}),
        ({"served": 5.0}, {"served": 9.0}),
        ({"teams": frozenset({"ru"}), "languages": frozenset({"ru"})}, {"served": 0.0}),
    ],
    ids=["speaks the language", "has more room", "waits longer for one", "is of the team"],
)
def test_who_is_chosen(better: dict[str, object], worse: dict[str, object]) -> None:
    for order in ((1, 2), (2, 1)):
        board = Board(TEAMS.values())
        board.serve(server(order[0], **better))
        board.serve(server(order[1], **worse))
        board.enter(waiting(9, queue=("ru", "ru")))
        assert [one.operator for one in board.assign(10.0)] == [UUID(int=order[0])]


def test_whoever_is_away_is_named_when_the_turn_comes_and_only_then() -> None:
    board = Board(TEAMS.values())
    board.enter(waiting(1, here=False))
    board.enter(waiting(2))
    assert (board.assign(3.0), board.passed) == ([], [])
    board.serve(server(1))
    assert [one.waiting.ordinal for one in board.assign(3.0)] == [2]
    assert [one.ordinal for one in board.passed] == [1]
