"""``python -m bench.reconnect --clients 500``: everybody on a bad line, and nothing goes wrong.

A proxy of our own on loopback (``bench/chaos.py``) cuts connections at random bytes, resets,
stalls and doubles them, leaves them half open, and takes the whole line down again and again.
Buyers and an operator write and read through it. In the end every client's copy of its stream
must be the server's log: nothing lost, doubled, out of order or left out.

``resume_p99_ms``: from the moment at which the line is back (or, where only this connection was
hit, at which the client knows it) until the client has caught up; a time counts from its last
interruption.

Two kinds of controls on the same line must be caught: clients that come back one number too late,
and clients that send again under a fresh ``client_id``.
"""

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import uvloop

from bench.chaos import Chaos
from bench.client import Client, chatter, judged, running, seen, settled
from bench.common import mercadia, progress, result
from bench.ours import conversations
from tests.journeys.people import Person
from tests.servers import Server

CONTROLS = 4
"""Of each kind."""
_DOWN_S, _UP_S = 1.0, 6.0
_CONTROL_RATE = 8.0
_UNDER_WAY_S = 0.004


async def weather(line: Chaos, seconds: float, downs: list[float], fresh: Sequence[Client]) -> None:
    """The line goes down every few seconds, for a moment; at the end it is good.

    The controls that double have something under way whenever it does.
    """
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        await asyncio.sleep(min(_UP_S, left))
        for client in fresh:
            client.write()
            await asyncio.sleep(_UNDER_WAY_S)
        line.go_down()
        await asyncio.sleep(_DOWN_S)
        line.come_up()
        downs.append(line.up_since)
        progress(f"the line is up again; so far: {dict(line.struck)}")
    line.calm = True


def both(
    chats: Sequence[tuple[Person, str]], marta: Person, line: Chaos, **kind: Any
) -> list[Client]:
    """A buyer and the operator of each conversation."""
    return [
        Client(who, chat, line.url, line=line, **kind)
        for buyer, chat in chats
        for who in (buyer, marta)
    ]


def resumed_ms(clients: Sequence[Client], downs: Sequence[float]) -> float:
    """The 99th percentile of coming back, first arrivals left out."""
    took = []
    for client in clients:
        for began, ended in client.resumes[1:]:
            up = max((down for down in downs if began < down <= ended), default=began)
            took.append(ended - max(began, up))
    return statistics.quantiles(took, n=100)[98] * 1000 if len(took) > 1 else 0.0


async def measure(
    server: Server, clients: int, seconds: float, rate: float, seed: int
) -> tuple[dict[str, object], Counter[str]]:
    """The figures, and what the controls showed."""
    chance = random.Random(seed)
    marta, chats = await asyncio.to_thread(conversations, server, clients // 2 + 2 * CONTROLS)
    line = Chaos(server.port, chance)
    await line.start()
    late, fresh, rest = chats[:CONTROLS], chats[CONTROLS : 2 * CONTROLS], chats[2 * CONTROLS :]
    good = both(rest, marta, line)
    careless = both(late, marta, line, careless=True)
    again = both(fresh, marta, line, fresh=True)
    downs: list[float] = []
    progress(f"{len(good)} clients and {len(careless + again)} controls for {seconds:.0f} s")
    try:
        async with running(good + careless + again):
            progress("everybody is here; the line turns bad")
            line.turn_bad()
            writing = [
                asyncio.create_task(chatter(good, rate, chance)),
                asyncio.create_task(chatter(careless, _CONTROL_RATE, chance)),
                asyncio.create_task(chatter(again, _CONTROL_RATE, chance)),
            ]
            await weather(line, seconds, downs, again)
            for task in writing:
                task.cancel()
            await settled(good)
            everybody = [(group, await seen(group)) for group in (good, careless, again)]
    finally:
        await line.stop()
    figures, left_out, doubled = (judged(group, logs) for group, logs in everybody)
    progress(f"controls: {left_out['lost']} left out, {doubled['doubled']} doubled")
    return {
        "clients": len(good),
        "cuts": line.struck.total(),
        "messages": sum(len(client.acked) for client in good),
        "resumes": sum(len(client.resumes) - 1 for client in good),
        **figures,
        "resume_p99_ms": round(resumed_ms(good, downs)),
        "control_caught": left_out["lost"] > 0 and doubled["doubled"] > 0,
    }, line.struck


def kept(figures: dict[str, Any]) -> bool:
    """Nothing went wrong, and it would have been seen."""
    wrong = [figures[name] for name in ("lost", "doubled", "reordered", "gaps")]
    return not any(wrong) and figures["control_caught"] and figures["messages"] > 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--rate", type=float, default=100, help="messages a second, of all")
    parser.add_argument("--seed", type=int, default=20260414)
    parser.add_argument("--resume-s", type=float, default=2, help="the longest p99 allowed")
    given = parser.parse_args()
    with mercadia() as server:
        work = measure(server, given.clients, given.seconds, given.rate, given.seed)
        figures, struck = uvloop.run(work)
    progress(f"what happened to connections: {dict(struck)}")
    result(figures)
    slow = float(str(figures["resume_p99_ms"])) > given.resume_s * 1000
    sys.exit(0 if kept(figures) and not slow else 1)


if __name__ == "__main__":
    main()
