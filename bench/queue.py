"""The queue in simulated time: the real rules of assignment and of waits, against Erlang's formula.

One team, one language, operators with room for one conversation each; buyers come as a Poisson
stream and conversations last exponentially long (M/M/c). ``mean_wait_s`` is the mean over *all*
buyers, those served at once included, as in ``erlang_c_s``; ``ratio`` is one by the other.

The ranges are judged over those who have to wait at all, and only those: somebody who finds an
operator free is served at once, is told no range, and counts neither as a hit nor in a median.
(The first buyers who wait before there is any history are told "not known yet" and left out, too.)
``range_hit`` is the share of waits inside the range that was told at entry; ``range_width_ratio``
is the median width of those ranges by the median of those waits.

``skipped`` counts buyers who were served after somebody who came later, or never; ``double``
counts buyers who were served twice. Run: ``python -m bench.queue --rho 0.85 --servers 10
--customers 1000000 --seed 1``.
"""

import argparse
import math
import random
import time
from array import array
from dataclasses import dataclass, field
from heapq import heappop, heappush
from statistics import median
from uuid import UUID

from amparo.routing.assignment_rules import Board, Given, Server, TeamRules, Waiting
from amparo.routing.wait_rules import Waited, WaitModel, WaitRange
from bench.common import progress, result

HANDLING_S = 300.0
QUEUE = ("support-en", "en")


def erlang_c_s(rho: float, servers: int, handling_s: float = HANDLING_S) -> float:
    """The mean wait of M/M/c, those served at once included (Erlang 1917)."""
    offered = rho * servers
    blocked = 1.0  # Erlang B, by its recursion
    for count in range(1, servers + 1):
        blocked = offered * blocked / (count + offered * blocked)
    waits = blocked / (1 - rho * (1 - blocked))
    return waits * handling_s / (servers * (1 - rho))


@dataclass
class Simulation:
    """A day of any length."""

    servers: int
    rho: float
    seed: int
    handling_s: float = HANDLING_S
    now: float = 0.0
    waits: "array[float]" = field(default_factory=lambda: array("d"))
    widths: "array[float]" = field(default_factory=lambda: array("d"))
    waited: "array[float]" = field(default_factory=lambda: array("d"))
    hits: int = 0
    double: int = 0
    overtaken: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._board = Board([TeamRules(*QUEUE)])
        for number in range(self.servers):
            self._board.serve(Server(UUID(int=number), 1, 0, frozenset({"en"})))
        self._ends: list[tuple[float, UUID]] = []
        self._model = WaitModel()
        self._told: dict[UUID, tuple[int, WaitRange | None]] = {}
        self._served: set[int] = set()
        self._next = 0

    def run(self, customers: int) -> None:
        """Let that many come, and serve them all."""
        gap = self.handling_s / (self.rho * self.servers)
        came = 0
        coming = self._random.expovariate(1 / gap)
        while came < customers or self._ends:
            if came < customers and (not self._ends or coming < self._ends[0][0]):
                self.now = coming
                self._comes(came)
                came += 1
                coming += self._random.expovariate(1 / gap)
            else:
                self.now, operator = heappop(self._ends)
                self._board.finish(operator)
                self._given(self._board.assign(self.now))

    def _comes(self, number: int) -> None:
        id = UUID(int=number)
        self._board.enter(Waiting(id, QUEUE, 5, self.now, number))
        given = self._board.assign(self.now)
        if not given:
            position = len(self._board)
            self._told[id] = position, self._model.range(position, self.servers)
        self._given(given)

    def _given(self, given: list[Given]) -> None:
        for one in given:
            number, wait = one.waiting.id.int, self.now - one.waiting.entered
            self.double += number in self._served or number < self._next
            self.overtaken += number > self._next
            self._served.add(number)
            while self._next in self._served:
                self._served.discard(self._next)
                self._next += 1
            self.waits.append(wait)
            self._learn(one.waiting.id, wait)
            end = self.now + self._random.expovariate(1 / self.handling_s)
            heappush(self._ends, (end, one.operator))

    def _learn(self, id: UUID, wait: float) -> None:
        told = self._told.pop(id, None)
        if told is None:
            return
        position, range = told
        self._model.learn(Waited(position, self.servers, range, wait))
        if range is not None:
            self.waited.append(wait)
            self.widths.append(range.high - range.low)
            self.hits += range.holds(wait)


def figures(simulation: Simulation, customers: int) -> dict[str, object]:
    """What the bench prints."""
    mean = math.fsum(simulation.waits) / max(1, len(simulation.waits))
    formula = erlang_c_s(simulation.rho, simulation.servers, simulation.handling_s)
    told = len(simulation.waited)
    usual = median(simulation.waited) if told else 0.0
    unserved = customers - len(simulation.waits) + simulation.double
    return {
        "mean_wait_s": round(mean, 3),
        "erlang_c_s": round(formula, 3),
        "ratio": round(mean / formula, 4),
        "range_hit": round(simulation.hits / told, 4) if told else None,
        "range_width_ratio": round(median(simulation.widths) / usual, 4) if usual else None,
        "skipped": simulation.overtaken + unserved,
        "double": simulation.double,
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rho", type=float, default=0.85, help="load of the operators, below 1")
    arguments.add_argument("--servers", type=int, default=10, help="operators")
    arguments.add_argument("--customers", type=int, default=1_000_000, help="buyers who come")
    arguments.add_argument("--seed", type=int, default=1, help="of all that is random")
    chosen = arguments.parse_args()
    simulation = Simulation(chosen.servers, chosen.rho, chosen.seed)
    began = time.perf_counter()
    simulation.run(chosen.customers)
    progress(f"{time.perf_counter() - began:.1f} s for {chosen.customers} buyers")
    result(figures(simulation, chosen.customers))


if __name__ == "__main__":
    main()
