"""``python -m bench.chat --pairs 50 --window 8 --seconds 10``: messages a second, whole road.

Each pair is a buyer and an operator in one conversation, both following it over live sockets.
The buyer keeps ``window`` messages under way; a message counts when the *other* side has it,
which is after it was stored. With ``--rate N`` the load is fixed instead: N messages a second are
offered over all pairs whether or not the server keeps up, and a message's time runs from the
moment at which it should have been sent.

Real sessions, authorization, guard and durable commits; only the limits on how fast one person
may write are lifted. The server and its PostgreSQL run on processor 0, the clients on processor 1.
``server_cpu_us``: processor time of the server for one message, its PostgreSQL left out (that is
told on stderr).
"""

import argparse
import os
from collections.abc import Sequence

import psutil
import uvloop

from bench.common import mercadia, progress, result
from bench.load import Measured, offered, windowed
from bench.ours import amparo_pairs, conversations
from tests.journeys.people import Person
from tests.servers import Server
from tests.storage.clusters import processes

_SERVER_CPU, _CLIENT_CPU = 0, 1


async def measure(
    marta: Person, chats: Sequence[tuple[Person, str]], given: argparse.Namespace
) -> tuple[Measured, int]:
    """Run all pairs at once; returns what was seen, and how many messages were sent in all."""
    pairs = await amparo_pairs(marta, chats)
    if given.rate:
        seen = await offered(pairs, given.rate, given.seconds)
    else:
        seen = await windowed(pairs, given.window, given.seconds)
    for pair in pairs:
        pair.close()
    return seen, sum(pair.sent for pair in pairs)


def cpu_seconds(server: Server) -> tuple[float, float]:
    """Processor time of the server so far, and of its PostgreSQL."""
    own = psutil.Process(server.pid).cpu_times()
    spent = [psutil.Process(pid).cpu_times() for pid in processes(server.data)]
    return own.user + own.system, sum(one.user + one.system for one in spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--window", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rate", type=float, help="messages a second to offer instead of windows")
    given = parser.parse_args()
    os.sched_setaffinity(0, {_SERVER_CPU})  # what is started inherits it
    with mercadia() as server:
        os.sched_setaffinity(0, {_CLIENT_CPU})
        marta, chats = conversations(server, given.pairs)
        progress(f"{given.pairs} conversations stand; measuring for {given.seconds} s")
        before = cpu_seconds(server)
        seen, sent = uvloop.run(measure(marta, chats, given))
        after = cpu_seconds(server)
        rss = psutil.Process(server.pid).memory_info().rss
    seen.must_hold("amparo")
    own, database = ((b - a) * 1e6 / sent for a, b in zip(before, after, strict=True))
    progress(f"processor time of a message: server {own:.0f} us, PostgreSQL {database:.0f} us")
    result(
        {
            "rate": round(seen.rate),
            "p50_ms": round(seen.percentile_ms(50), 1),
            "p99_ms": round(seen.percentile_ms(99), 1),
            "server_cpu_us": round(own),
            "rss_mb": round(rss / 2**20, 1),
            "pairs": given.pairs,
            "window": given.window,
        }
    )


if __name__ == "__main__":
    main()
