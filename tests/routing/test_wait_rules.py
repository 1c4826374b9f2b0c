"""Ranges of waits: honest, useful, and silent where nothing is known."""

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.routing import wait_rules
from amparo.routing.assignment_rules import Waiting
from amparo.routing.wait_rules import ENOUGH, Waited, WaitModel, WaitRange, fullest, shortest
from bench.queue import Simulation, erlang_c_s, figures

_sorted = st.lists(st.floats(0, 1e6), min_size=1, max_size=60).map(sorted)


def some(count: int, seed: int = 1, slots: int = 4) -> list[Waited]:
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        place = chance.randint(1, 12)
        found.append(Waited(place, slots, None, chance.gammavariate(place, 300 / slots)))
    return found


def test_without_history_nothing_is_said() -> None:
    model = WaitModel(some(ENOUGH - 1))
    assert model.range(3, 4) is None
    model.learn(some(1)[0])
    assert model.range(3, 4) is not None
    assert model.range(3, 0) is None  # nobody is there to serve


@given(seen=_sorted, share=st.floats(0.01, 1))
def test_the_shortest_piece_holds_its_share(seen: list[float], share: float) -> None:
    low, high = shortest(seen, share)
    assert sum(low <= one <= high for one in seen) >= share * len(seen) - 1e-9


@given(seen=_sorted, width=st.floats(0.01, 1e6))
def test_the_fullest_piece_is_as_wide_as_allowed(seen: list[float], width: float) -> None:
    low, high = fullest(seen, width)
    inside = sum(low <= one < high for one in seen)
    assert high - low == pytest.approx(width)
    assert inside == max(sum(one <= other < one + width for other in seen) for one in seen)


@given(place=st.integers(1, 500), slots=st.integers(1, 50), seed=st.integers(0, 5))
def test_a_range_is_one(place: int, slots: int, seed: int) -> None:
    found = WaitModel(some(200, seed)).range(place, slots)
    assert found is not None
    assert 0 <= found.low < found.high < math.inf
    assert 0 <= found.low_s <= found.low
    assert found.high_s >= found.high


def test_twice_the_operators_wait_half_as_long() -> None:
    model = WaitModel(some(500))
    few, many = model.range(6, 4), model.range(6, 8)
    assert few is not None
    assert many is not None
    assert many.high == pytest.approx(few.high / 2)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait_rules, "REMEMBERED", 100)
    model = WaitModel()
    model._recent = type(model._recent)(maxlen=100)
    for wait in some(1000):
        model.learn(wait)
    assert len(model._recent) == 100
    assert all(len(one.seen) <= 1000 for one in model._buckets.values())
    kept = sum(wait.actual * wait.slots for wait in model._recent)
    assert model._work == pytest.approx(kept)


def test_ranges_that_miss_grow_wider() -> None:
    """Whatever the reason is, too many misses are made up for."""
    waits = some(600)
    honest = WaitModel(waits)
    missed = WaitModel([Waited(w.position, w.slots, WaitRange(0, 0), w.actual) for w in waits])
    a, b = honest.range(11, 4), missed.range(11, 4)
    assert a is not None
    assert b is not None
    assert b.high - b.low > a.high - a.low


@pytest.mark.parametrize(
    ("rho", "servers", "expected"), [(0.5, 1, 300.0), (0.85, 10, 105.972), (0.9, 2, 1278.947)]
)
def test_erlang_s_formula(rho: float, servers: int, expected: float) -> None:
    """M/M/1: rho / (mu (1 - rho)); M/M/2: rho^2 / (mu (1 - rho^2)); the third by tables."""
    assert erlang_c_s(rho, servers) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("rho", "servers"), [(0.85, 10), (0.7, 3)])
def test_the_real_rules_wait_as_long_as_theory_says(rho: float, servers: int) -> None:
    """A sample's mean differs from the formula by chance; four standard errors are allowed.

    Waits of neighbours are alike, so the error comes from means of long batches (the method of
    batch means, Law and Carson 1979), and not from the scatter of single waits.
    """
    customers, batches = 40_000, 20
    simulation = Simulation(servers, rho, 7)
    simulation.run(customers)
    size = customers // batches
    means = [math.fsum(simulation.waits[n * size : (n + 1) * size]) / size for n in range(batches)]
    mean = sum(means) / batches
    error = math.sqrt(sum((one - mean) ** 2 for one in means) / (batches - 1) / batches)
    assert abs(mean - erlang_c_s(rho, servers)) <= 4 * error
    found = figures(simulation, customers)
    assert (found["skipped"], found["double"]) == (0, 0)
    assert 0.8 <= float(str(found["range_hit"])) <= 0.9


def test_one_who_is_passed_over_is_counted() -> None:
    """The control: rules that serve the last first must show it."""
    simulation = Simulation(1, 0.9, 3)
    board = simulation._board
    enter = board.enter

    def last_first(waiting: Waiting) -> None:
        enter(replace(waiting, priority=-waiting.ordinal))

    board.enter = last_first  # type: ignore[method-assign]
    simulation.run(2000)
    assert int(str(figures(simulation, 2000)["skipped"])) > 100
