"""``python -m bench.chat --pairs 50 --window 8 --seconds 10``: messages a second, whole road.

Each pair is a buyer and an operator in one conversation, both following it over live sockets.
The buyer keeps ``window`` messages under way; a message counts when the *other* side has it,
which is after it was stored. With ``--rate N`` the load is fixed instead: N messages a second are
offered over all pairs whether or not the server keeps up, and a message's time runs from the
moment at which it should have been sent.

Real sessions, authorization, guard and durable commits; only the limits on how fast one person
may write are lifted. The server and its PostgreSQL run on processor 0, the clients on processor 1.
``--peer ejabberd|prosody|synapse`` first drives that server in the same way (see ``bench/peers``)
and then both at 80 % of the peer's most: ``rate_ratio`` is ours over the peer's (more is better),
``p99_ratio`` ours over the peer's at that load (less is better). ``--limit`` measures what one
core and this disk allow at all (see ``bench/limit``).

``server_cpu_us``: processor time of the server for one message, its PostgreSQL left out (that is
told on stderr).
"""

import argparse
import os
from collections.abc import Sequence

import psutil
import uvloop

from bench import limit
from bench.common import mercadia, progress, result
from bench.load import Measured, offered, windowed
from bench.ours import amparo_pairs, conversations
from bench.peers import NAMES, PeerFigures, measured
from tests.journeys.people import Person
from tests.servers import Server
from tests.storage.clusters import processes

_SERVER_CPU, _CLIENT_CPU = 0, 1


async def measure(
    server: Server,
    marta: Person,
    chats: Sequence[tuple[Person, str]],
    given: argparse.Namespace,
    peer: PeerFigures | None,
) -> tuple[Measured, Measured | None, list[float]]:
    """Run all pairs at once; what was seen, the same at the peer's load, and the processor time
    of a message (us) of the server and of its PostgreSQL."""
    pairs = await amparo_pairs(marta, chats)
    before = cpu_seconds(server)  # connecting is not what is measured here
    if given.rate:
        seen = await offered(pairs, given.rate, given.seconds)
    else:
        seen = await windowed(pairs, given.window, given.seconds)
    spent = [b - a for a, b in zip(before, cpu_seconds(server), strict=True)]
    sent = sum(pair.sent for pair in pairs)
    even = await offered(pairs, peer.offered, given.seconds) if peer else None
    for pair in pairs:
        pair.close()
    return seen, even, [seconds * 1e6 / sent for seconds in spent]


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
    parser.add_argument("--peer", choices=NAMES, help="a peer to drive in the same run")
    parser.add_argument("--limit", action="store_true", help="measure the physical limit too")
    given = parser.parse_args()
    peer = measured(given.peer, given.pairs, given.window, given.seconds) if given.peer else None
    most = limit.measured(given.pairs, given.window, given.seconds) if given.limit else None
    os.sched_setaffinity(0, {_SERVER_CPU})  # what is started inherits it
    with mercadia() as server:
        os.sched_setaffinity(0, {_CLIENT_CPU})
        marta, chats = conversations(server, given.pairs)
        progress(f"{given.pairs} conversations stand; measuring for {given.seconds} s")
        seen, even, (own, database) = uvloop.run(measure(server, marta, chats, given, peer))
        rss = psutil.Process(server.pid).memory_info().rss
    seen.must_hold("amparo")
    progress(f"processor time of a message: server {own:.0f} us, PostgreSQL {database:.0f} us")
    figures: dict[str, object] = {
        "rate": round(seen.rate),
        "p50_ms": round(seen.percentile_ms(50), 1),
        "p99_ms": round(seen.percentile_ms(99), 1),
        "server_cpu_us": round(own),
        "rss_mb": round(rss / 2**20, 1),
        "pairs": given.pairs,
        "window": given.window,
    }
    if peer is not None and even is not None:
        p99_ms = even.must_hold("amparo at the peer's load").percentile_ms(99)
        figures |= peer.figures(seen.rate, p99_ms)
    if most is not None:
        figures |= {
            "limit_rate": round(most.rate),
            "limit_ratio": round(seen.rate / most.rate, 3),
            "limit_language": most.language,
        }
    result(figures)


if __name__ == "__main__":
    main()
