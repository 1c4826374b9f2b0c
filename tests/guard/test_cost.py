"""Promise 7, everything is bounded: the guard's cost grows with the text, not faster (S13)."""

import gc
import math
import time
from collections.abc import Iterator

import pytest

from amparo.guard import check

SIZE = 2_000
HOSTILE = [
    "a",
    "a.",
    "@",
    "a@",
    "a@b.",
    "a@b.com",
    "a@b.com ",
    "http://",
    "http://a/",
    "https://mercadia.example/",
    "mercadia.example.",
    "mercadia.example@",
    "[.]",
    "[ ",
    "www.",
    "com.",
    "-_.",
    "ａ．ｃｏｍ",
    "\u200b",
    "e\u0301",
    "你",
    "foo.com ",
]


ROUNDS = 5
"""Of each attempt; a busy machine only ever adds time, so the least of all rounds counts."""
ATTEMPTS = 4


def _seconds(text: str) -> float:
    best = math.inf
    for _ in range(ROUNDS):
        begin = time.process_time()
        check(text, party_from="buyer", party_to="seller", own_domains=("mercadia.example",))
        best = min(best, time.process_time() - begin)
    return best


def _exponent(sizes: list[int], times: list[float]) -> float:
    xs = [math.log(size) for size in sizes]
    ys = [math.log(max(seconds, 1e-5)) for seconds in times]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / sum(
        (x - middle_x) ** 2 for x in xs
    )


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    """What the collector walks through belongs to the whole process, not to the text."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_text_costs_about_twice(piece: str) -> None:
    sizes = [SIZE, 2 * SIZE, 4 * SIZE, 8 * SIZE]
    times = [math.inf] * len(sizes)
    for _ in range(ATTEMPTS):
        measured = [_seconds((piece * size)[:size]) for size in sizes]
        times = [min(pair) for pair in zip(times, measured, strict=True)]
        if _exponent(sizes, times) <= 1.3:
            return
    pytest.fail(f"{piece!r} grows with exponent {_exponent(sizes, times):.2f}: {times}")
