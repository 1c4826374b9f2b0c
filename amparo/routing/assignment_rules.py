"""Who gets whom: a board of those who wait and those who serve. Pure: the time is given.

The board is kept up to date by small events (somebody enters, an operator has capacity again) and
each event costs the logarithm of what waits; nothing is scanned. What it promises:

- within a (team, language) queue whoever is first by (priority, time of entry, ordinal) is served
  first, and only somebody who is away, or is kept for the operator who knows them, is passed over;
- an operator is never given more than their capacity, and nobody is given twice;
- nobody who could be served stays waiting beside a free operator.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from uuid import UUID

Queue = tuple[str, str]
"""A team and the language that the buyers in the queue speak."""
Key = tuple[int, float, int]
"""Order of service: priority, time of entry (s), ordinal."""


@dataclass(frozen=True, slots=True)
class TeamRules:
    """What assignment must know of a team.

    Attributes:
        overflow: the teams that may serve its queues at this moment beside itself.
    """

    key: str
    language: str
    open: bool = True
    skill: str | None = None
    overflow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits.

    Attributes:
        entered: time of entry (s).
        here: would see an answer now; else the place is kept and the next one is served.
        deferred: served in turn whether here or not.
        last_operator: who served this buyer last.
        kept_until: before this time (s) only that operator is given it, if they are serving.
    """

    id: UUID
    queue: Queue
    priority: int
    entered: float
    ordinal: int
    here: bool = True
    deferred: bool = False
    last_operator: UUID | None = None
    kept_until: float = 0.0

    @property
    def key(self) -> Key:
        return (self.priority, self.entered, self.ordinal)


@dataclass(slots=True)
class Server:
    """An operator who is here and gets conversations by themselves.

    Attributes:
        load: conversations they have that take capacity.
        teams: empty means every team of their languages.
        served: when they were given somebody last (s).
    """

    id: UUID
    capacity: int
    load: int
    languages: frozenset[str]
    skills: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    served: float = 0.0

    @property
    def free(self) -> bool:
        return self.load < self.capacity


@dataclass(frozen=True, slots=True)
class Given:
    """One assignment; ``translate``: the operator does not speak the buyer's language."""

    waiting: Waiting
    operator: UUID
    translate: bool


def may_serve(server: Server, queue: Queue, teams: dict[str, TeamRules]) -> int | None:
    """How well an operator fits a queue: smaller is better, None is not at all.

    0: own team and the buyer's language; +1: with translation; +2: helping another team.
    """
    team = teams.get(queue[0])
    if team is None or (team.skill is not None and team.skill not in server.skills):
        return None
    speaks = queue[1] in server.languages
    if team.open and _is_of(server, team):
        return 0 if speaks else 1 if team.language in server.languages else None
    for key in team.overflow:
        helper = teams.get(key)
        if helper is not None and helper.open and _is_of(server, helper):
            if speaks:
                return 2
            if helper.language in server.languages:
                return 3
    return None


def _is_of(server: Server, team: TeamRules) -> bool:
    return team.key in server.teams if server.teams else team.language in server.languages


class Board:
    """Those who wait and those who serve, and what follows from it."""

    def __init__(self, teams: Iterable[TeamRules]) -> None:
        self._teams = {team.key: team for team in teams}
        self._waiting: dict[UUID, Waiting] = {}
        self._ready: dict[Queue, list[tuple[Key, UUID]]] = {}
        self._kept: dict[UUID, list[tuple[Key, UUID]]] = {}
        self._kept_until: list[tuple[float, UUID]] = []
        self._servers: dict[UUID, Server] = {}
        self._free: dict[UUID, Server] = {}
        self._fits: dict[tuple[UUID, Queue], int | None] = {}
        self.passed: list[Waiting] = []
        """Those whose turn came while they were away, in order; whoever reads it empties it."""

    def __len__(self) -> int:
        return len(self._waiting)

    # what happens

    def enter(self, waiting: Waiting) -> None:
        """Somebody waits, or is here again."""
        self._waiting[waiting.id] = waiting
        heappush(self._ready.setdefault(waiting.queue, []), (waiting.key, waiting.id))

    def leave(self, id: UUID) -> None:
        """Somebody does not wait any more; unknown is no error."""
        self._waiting.pop(id, None)

    def serve(self, server: Server) -> None:
        """An operator is here, or has changed."""
        self._servers[server.id] = server
        self._fits = {key: fit for key, fit in self._fits.items() if key[0] != server.id}
        self._note(server)

    def finish(self, operator: UUID) -> None:
        """A conversation of the operator takes no capacity any more."""
        server = self._servers[operator]
        server.load -= 1
        self._note(server)

    def gone(self, operator: UUID) -> None:
        """An operator is not here any more; what was kept for them is anybody's."""
        self._servers.pop(operator, None)
        self._free.pop(operator, None)
        for _, id in self._kept.pop(operator, []):
            self._back(id)

    # what follows

    def assign(self, now: float) -> list[Given]:
        """Everything that can be given now, in order of service."""
        self._release_kept(now)
        given = []
        while self._free and (best := self._best(now)) is not None:
            waiting, server, fit = best
            del self._waiting[waiting.id]
            server.load += 1
            server.served = now
            self._note(server)
            given.append(Given(waiting, server.id, translate=bool(fit % 2)))
        return given

    def order_for(self, server: Server) -> Iterator[Waiting]:
        """All that this operator may serve, in order of service, away or kept or not."""
        fitting = (
            one
            for one in self._waiting.values()
            if may_serve(server, one.queue, self._teams) is not None
        )
        return iter(sorted(fitting, key=lambda one: one.key))

    def _best(self, now: float) -> tuple[Waiting, Server, int] | None:
        """The first in order of service for whom somebody is free."""
        heads = []
        for queue in list(self._ready):
            head = self._head(queue, now)
            if head is not None:
                heads.append(head)
        for operator in self._free:
            known = self._kept_head(operator)
            if known is not None:
                heads.append(known)
        for waiting in sorted(heads, key=lambda one: one.key):
            found = self._server_for(waiting)
            if found is not None:
                return waiting, *found
        return None

    def _server_for(self, waiting: Waiting) -> tuple[Server, int] | None:
        best: tuple[tuple[object, ...], Server, int] | None = None
        for server in self._free.values():
            fit = self._fit(server, waiting.queue)
            if fit is None:
                continue
            known = server.id != waiting.last_operator
            rank = (known, fit, server.load / server.capacity, server.served, server.id)
            if best is None or rank < best[0]:
                best = (rank, server, fit)
        return None if best is None else best[1:]

    def _head(self, queue: Queue, now: float) -> Waiting | None:
        """The first of a queue who can be served by anybody; others are put aside on the way."""
        heap = self._ready[queue]
        while heap:
            key, id = heap[0]
            waiting = self._waiting.get(id)
            if waiting is None or waiting.key != key:
                heappop(heap)
            elif not (waiting.here or waiting.deferred):
                if not self._reached(queue):
                    return None
                heappop(heap)
                self.passed.append(waiting)
            elif self._is_kept(waiting, now):
                heappop(heap)
                assert waiting.last_operator is not None
                heappush(self._kept.setdefault(waiting.last_operator, []), (key, id))
                heappush(self._kept_until, (waiting.kept_until, id))
            else:
                return waiting
        del self._ready[queue]
        return None

    def _reached(self, queue: Queue) -> bool:
        """Whether anybody free could serve the queue: only then it is anybody's turn."""
        return any(self._fit(server, queue) is not None for server in self._free.values())

    def _is_kept(self, waiting: Waiting, now: float) -> bool:
        operator = waiting.last_operator
        if operator is None or now >= waiting.kept_until or operator in self._free:
            return False
        server = self._servers.get(operator)
        return server is not None and self._fit(server, waiting.queue) is not None

    def _kept_head(self, operator: UUID) -> Waiting | None:
        heap = self._kept.get(operator, [])
        while heap:
            waiting = self._waiting.get(heap[0][1])
            if waiting is not None and waiting.key == heap[0][0]:
                return waiting
            heappop(heap)
        self._kept.pop(operator, None)
        return None

    def _release_kept(self, now: float) -> None:
        while self._kept_until and self._kept_until[0][0] <= now:
            self._back(heappop(self._kept_until)[1])

    def _back(self, id: UUID) -> None:
        waiting = self._waiting.get(id)
        if waiting is not None:
            self.enter(waiting)

    def _fit(self, server: Server, queue: Queue) -> int | None:
        key = (server.id, queue)
        if key not in self._fits:
            self._fits[key] = may_serve(server, queue, self._teams)
        return self._fits[key]

    def _note(self, server: Server) -> None:
        if server.free:
            self._free[server.id] = server
        else:
            self._free.pop(server.id, None)
