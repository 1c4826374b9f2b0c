"""``python -m bench.idle --connections 5000``: what a live connection costs while nothing happens.

Real sockets, each of which has proved who it is and follows a conversation.
``kb_per_connection``: growth of the server's resident memory, PostgreSQL left out;
``idle_cpu_pct``: share of a core that the server takes while all are silent.
"""

import argparse
import asyncio
import resource
import time

import psutil
import uvloop

from bench.common import mercadia, progress, result
from bench.ours import conversations, known
from bench.wire import Wire
from tests.journeys.people import Person
from tests.servers import Server

_AT_ONCE = 20
_PEOPLE = 20


async def opened(chats: list[tuple[Person, str]], connections: int) -> list[Wire]:
    """So many connections, spread over a few people."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> Wire:
        async with gate:
            person, chat = chats[number % len(chats)]
            return await known(person, chat)

    return list(await asyncio.gather(*(one(number) for number in range(connections))))


async def measure(
    server: Server, chats: list[tuple[Person, str]], connections: int, seconds: float
) -> tuple[float, float]:
    """kB a connection, and per cent of a core while nothing happens."""
    process = psutil.Process(server.pid)
    warm = await opened(chats, 100)  # what is made once is not a connection's
    await asyncio.sleep(2)
    before = process.memory_info().rss
    wires = await opened(chats, connections)
    await asyncio.sleep(5)
    grown = process.memory_info().rss - before
    progress(f"{connections} connections took {grown / 2**20:.1f} MB; now silence")
    spent, began = process.cpu_times(), time.perf_counter()
    await asyncio.sleep(seconds)
    after, took = process.cpu_times(), time.perf_counter() - began
    cpu = (after.user + after.system - spent.user - spent.system) / took * 100
    lost = sum(wire.closed is not None for wire in wires)
    if lost:
        raise SystemExit(f"{lost} connections were lost")
    for wire in (*warm, *wires):
        wire.close()
    return grown / 1024 / connections, cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=40, help="of silence")
    given = parser.parse_args()
    files = given.connections * 2 + 1000
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(files, hard), hard))
    with mercadia() as server:
        _, chats = conversations(server, _PEOPLE)
        kilobytes, cpu = uvloop.run(measure(server, chats, given.connections, given.seconds))
    result(
        {
            "connections": given.connections,
            "kb_per_connection": round(kilobytes, 1),
            "idle_cpu_pct": round(cpu, 2),
        }
    )


if __name__ == "__main__":
    main()
