"""``python -m bench.overload``: five times what the server can do, and it stays upright.

First its most, then the latency at 80 % of that (``normal``). With full windows messages come in
lumps, which is cheaper than as many that come evenly; where 80 % of that is refused, what was
taken of it is the most. Then ``--times`` its most at a fixed rate. What it cannot take it must
refuse with 429 or 503 and the seconds after which to ask again (``without_retry_after`` counts
refusals that do not say), what it accepts must come within twice the normal p99 and not get lost,
and a moment later all is as before:
``recovery_s`` counts until a second at the normal load is served within twice the normal p99 and
without refusals.

The control is a server (a few lines in this file) that queues everything: it must fail.
"""

import argparse
import asyncio
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import uvloop

from bench.common import mercadia, progress, result
from bench.load import BUSIEST, Pair, nobody, offered, windowed
from bench.ours import amparo_pairs, conversations
from tests.journeys.people import Person

WORST_RATIO, BACK_S = 2.0, 10.0
_NORMAL = 0.8
_GIVE_UP_S = 60.0
_SERVER_CPU, _CLIENT_CPU = 0, 1


class Queueing:
    """The control: takes everything and works it off at its own pace.

    Attributes:
        pace: messages a second.
    """

    def __init__(self, pace: float) -> None:
        self.arrived: Callable[[int], None] = nobody
        self.refused: Callable[[int, float | None], None] = nobody
        self.sent = 0
        self._pace, self._waiting = pace, deque[int]()

    def send(self, number: int) -> None:
        """Queue it."""
        self._waiting.append(number)

    async def work(self) -> None:
        """Serve until cancelled."""
        began, done = time.perf_counter(), 0
        while True:
            await asyncio.sleep(0.001)
            due = int((time.perf_counter() - began) * self._pace)
            if not self._waiting:
                began, done = time.perf_counter(), 0
            while self._waiting and done < due:
                self.arrived(self._waiting.popleft())
                done += 1


async def judge(
    pairs: Sequence[Pair], window: int, seconds: float, times: float, name: str
) -> dict[str, Any]:
    """Its most, its normal, five times its most, and how soon it is itself again."""
    most = (await windowed(pairs, window, seconds)).must_hold(f"{name}, window full")
    load, normal_ms = await _normal(pairs, most.rate * _NORMAL, seconds, name)
    much = load / _NORMAL * times
    over = time.perf_counter() + seconds
    storm = await offered(pairs, much, seconds, settle=0, patience=_GIVE_UP_S)
    progress(
        f"{name}, {much:.0f}/s offered: {len(storm.latencies)} accepted, "
        f"{len(storm.refusals)} refused, {storm.missing} without an answer, generator at "
        f"{storm.cpu_share:.0%} of its core"
    )
    if storm.cpu_share > BUSIEST:
        raise SystemExit("the generator was too busy to offer that; take a smaller --times")
    recovery = await _recovered(pairs, load, normal_ms, over)
    p99_ms = storm.percentile_ms(99) if len(storm.latencies) > 1 else float("inf")
    return {
        "rate": round(most.rate),
        "normal_rate": round(load),
        "offered": round(much),
        "accepted": len(storm.latencies),
        "refused": len(storm.refusals),
        "without_retry_after": sum(one is None for one in storm.refusals),
        "lost": storm.missing,
        "disordered": storm.disordered,
        "accepted_p99_ms": round(p99_ms, 1),
        "normal_p99_ms": round(normal_ms, 1),
        "p99_ratio": round(p99_ms / normal_ms, 2),
        "recovery_s": round(recovery, 1),
    }


async def _normal(
    pairs: Sequence[Pair], load: float, seconds: float, name: str
) -> tuple[float, float]:
    """A load that comes evenly and is served without refusals, and its p99 (ms)."""
    while (seen := await offered(pairs, load, seconds)).refusals:
        progress(f"{name}, {load:.0f}/s: {len(seen.refusals)} refused, {seen.rate:.0f}/s served")
        load = seen.rate * _NORMAL
    return load, seen.must_hold(f"{name}, {load:.0f}/s").percentile_ms(99)


async def _recovered(pairs: Sequence[Pair], load: float, normal_ms: float, over: float) -> float:
    """Seconds from ``over`` until a second of the normal load is served normally."""
    while (began := time.perf_counter()) - over < _GIVE_UP_S:
        one = await offered(pairs, load, 1.0, settle=0)
        good = not one.refusals and not one.missing and len(one.latencies) > 1
        if good and one.percentile_ms(99) <= normal_ms * WORST_RATIO:
            return began - over
    return _GIVE_UP_S


def kept(figures: dict[str, Any]) -> bool:
    """Whether it stayed upright."""
    return bool(
        figures["refused"] > 0
        and figures["without_retry_after"] == figures["lost"] == 0
        and figures["p99_ratio"] <= WORST_RATIO
        and figures["recovery_s"] <= BACK_S
    )


async def control(times: float) -> bool:
    """Whether a server that queues everything is found out."""
    server = Queueing(400)
    working = asyncio.create_task(server.work())
    figures = await judge([server], 8, 2, times, "control")
    working.cancel()
    return not kept(figures)


async def measure(
    marta: Person, chats: Sequence[tuple[Person, str]], given: argparse.Namespace
) -> dict[str, Any]:
    """The figures, the control's verdict with them."""
    pairs = await amparo_pairs(marta, chats)
    figures = await judge(pairs, given.window, given.seconds, given.times, "amparo")
    for pair in pairs:
        pair.close()
    return figures | {"control_caught": await control(given.times)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--window", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10, help="of each part")
    parser.add_argument("--times", type=float, default=5, help="times the most that it can do")
    given = parser.parse_args()
    os.sched_setaffinity(0, {_SERVER_CPU})  # what is started inherits it
    with mercadia() as server:
        os.sched_setaffinity(0, {_CLIENT_CPU})
        marta, chats = conversations(server, given.pairs)
        figures = uvloop.run(measure(marta, chats, given))
    result(figures)
    sys.exit(0 if kept(figures) and figures["control_caught"] else 1)


if __name__ == "__main__":
    main()
