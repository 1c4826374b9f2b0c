"""``python -m bench.soak --minutes 20``: hours in small, and nothing grows.

So many sockets, half of them buyers and half operators, say a steady 20 messages a second; each
second one connection is lost and comes back, for what leaks usually leaks there. Resident memory
and descriptors of the server (its PostgreSQL left out) are sampled; growth is the median of the
last tenth over the median of the first tenth after the warm-up (a fifth of the time, at most two
minutes). At the end every client's copy must be the server's log.

Controls: connections that are opened and kept, as a leak would, must show as growth of
descriptors, and the measured memory with a slope of 3 % laid on it must show as growth of memory.
"""

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psutil
import uvloop

from bench.client import Client, chatter, judged, running, seen, settled
from bench.common import mercadia, progress, result
from bench.ours import conversations, known
from tests.servers import Server

ALLOWED_PCT = 2.0
_KEPT = 40
_SLOPE = 0.03


@dataclass(frozen=True)
class Sample:
    """The server at one moment."""

    at: float
    rss: float
    descriptors: float


def sampled(server: Server) -> Sample:
    """Memory (bytes) and descriptors of the server and its own children now."""
    family = [psutil.Process(server.pid)]
    family += [one for one in family[0].children(recursive=True) if one.name() != "postgres"]
    rss = sum(one.memory_info().rss for one in family)
    return Sample(time.perf_counter(), rss, sum(one.num_fds() for one in family))


def growth(values: Sequence[float]) -> tuple[float, float]:
    """The median of the first and of the last tenth."""
    tenth = max(3, len(values) // 10)
    return statistics.median(values[:tenth]), statistics.median(values[-tenth:])


def growth_pct(values: Sequence[float]) -> float:
    """By how much the last tenth is above the first, in per cent."""
    first, last = growth(values)
    return (last / first - 1) * 100


async def churn(clients: Sequence[Client], rate: float, chance: random.Random) -> None:
    """Connections get lost and come back, until cancelled."""
    while rate:
        await asyncio.sleep(1 / rate)
        chance.choice(clients).drop()


async def watch(server: Server, samples: list[Sample], every: float) -> None:
    """Sample until cancelled."""
    while True:
        samples.append(sampled(server))
        await asyncio.sleep(every)


async def measure(server: Server, given: argparse.Namespace) -> dict[str, Any]:
    """The figures of one run on a running, filled server."""
    chance, seconds = random.Random(given.seed), given.minutes * 60
    marta, chats = await asyncio.to_thread(conversations, server, given.sockets // 2)
    clients = [Client(who, chat, server.url) for person, chat in chats for who in (person, marta)]
    samples: list[Sample] = []
    warm = min(120.0, seconds / 5)
    async with running(clients):
        progress(f"{len(clients)} sockets are open; {warm:.0f} s of warm-up")
        work = [
            asyncio.create_task(chatter(clients, given.rate, chance)),
            asyncio.create_task(churn(clients, given.churn, chance)),
        ]
        await asyncio.sleep(warm)
        watching = asyncio.create_task(watch(server, samples, max(0.2, min(5.0, seconds / 100))))
        for part in range(10):
            await asyncio.sleep((seconds - warm) / 10)
            one = samples[-1]
            progress(f"{part + 1}/10: {one.rss / 2**20:.1f} MB, {one.descriptors:.0f} descriptors")
        for task in (*work, watching):
            task.cancel()
        await settled(clients)
        logs = await seen(clients)
        leak = await _leaking(server, marta)
    figures = judged(clients, logs)
    rss = [one.rss for one in samples]
    first, last = growth([one.descriptors for one in samples])
    slope = [value * (1 + _SLOPE * n / len(rss)) for n, value in enumerate(rss)]
    return {
        "sockets": len(clients),
        "rss_growth_pct": round(growth_pct(rss), 2),
        "rss_mb": round(rss[-1] / 2**20, 1),
        "fd_growth": round(last - first),
        "messages": sum(len(client.acked) for client in clients),
        "reconnects": sum(len(client.resumes) - 1 for client in clients),
        **figures,
        "control_caught": leak >= _KEPT and growth_pct(slope) > growth_pct(rss) + ALLOWED_PCT,
    }


async def _leaking(server: Server, marta: Any) -> float:
    """The control: connections that stay; how many descriptors more the samples show."""
    before = [sampled(server).descriptors for _ in range(3)]
    kept = [await known(marta) for _ in range(_KEPT)]
    after = [sampled(server).descriptors for _ in range(3)]
    for wire in kept:
        wire.close()
    first, last = growth(before + after)
    return last - first


def kept(figures: dict[str, Any]) -> bool:
    """Nothing grew, nothing was lost, and growth would have been seen."""
    wrong = [figures[name] for name in ("lost", "doubled", "reordered", "gaps")]
    return bool(
        not any(wrong)
        and figures["messages"] > 0
        and figures["rss_growth_pct"] <= ALLOWED_PCT
        and figures["fd_growth"] <= max(2, figures["sockets"] * ALLOWED_PCT / 100)
        and figures["control_caught"]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--rate", type=float, default=20, help="messages a second, of all")
    parser.add_argument("--churn", type=float, default=1, help="connections lost a second")
    parser.add_argument("--seed", type=int, default=20260414)
    given = parser.parse_args()
    with mercadia() as server:
        figures = uvloop.run(measure(server, given))
    result(figures)
    sys.exit(0 if kept(figures) else 1)


if __name__ == "__main__":
    main()
