"""Promise 7, everything is bounded: the guard's cost grows with the text, not faster (S13)."""

import math
import time

import pytest

from amparo.guard import check

SIZE = 4_000
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


def _seconds(text: str) -> float:
    best = math.inf
    for _ in range(5):
        begin = time.process_time()
        check(text, party_from="buyer", party_to="seller", own_domains=("mercadia.example",))
        best = min(best, time.process_time() - begin)
    return best


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_text_costs_about_twice(piece: str) -> None:
    sizes = [SIZE, 2 * SIZE, 4 * SIZE, 8 * SIZE]
    times = [_seconds((piece * size)[:size]) for size in sizes]
    xs = [math.log(size) for size in sizes]
    ys = [math.log(max(seconds, 1e-5)) for seconds in times]
    middle_x, middle_y = sum(xs) / 4, sum(ys) / 4
    exponent = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / sum(
        (x - middle_x) ** 2 for x in xs
    )
    assert exponent <= 1.3, f"{piece!r}: {times}"
