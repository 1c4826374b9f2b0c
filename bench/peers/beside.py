"""The same load on a peer: its most, and its latency at 80 % of that."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil
import uvloop

from bench.common import progress
from bench.load import Measured, Pair, offered, windowed
from bench.peers.ejabberd import Ejabberd
from bench.peers.prosody import Prosody
from bench.peers.running import Daemon, PeerDatabase, core, database, folder
from bench.peers.synapse import Synapse

SHARE = 0.8
"""Of the peer's most: the load at which latencies are compared."""
_SERVER_CPU, _CLIENT_CPU = 0, 1
_PATIENCE_S = 120.0


class PairToClose(Pair, Protocol):
    """A pair of a peer."""

    def close(self) -> None: ...


class Peer(Protocol):
    """Somebody else's server.

    Attributes:
        ordered: whether messages of one person that are under way at once keep their order.
    """

    name: str
    ordered: bool
    database: PeerDatabase
    daemon: Daemon

    def __init__(self, folder: Path, database: PeerDatabase) -> None: ...
    def start(self, pairs: int, /) -> None: ...
    async def pairs(self, number: int) -> Sequence[PairToClose]: ...
    def stored(self) -> int: ...


_PEERS: dict[str, type[Ejabberd] | type[Prosody] | type[Synapse]] = {
    "ejabberd": Ejabberd,
    "prosody": Prosody,
    "synapse": Synapse,
}
NAMES = tuple(_PEERS)


@dataclass(frozen=True)
class PeerFigures:
    """What a peer did.

    Attributes:
        rate: messages a second, window full.
        offered: 80 % of that, the load for the next figure.
        p99_ms: latency at that load.
    """

    rate: float
    offered: float
    p99_ms: float

    def figures(self, rate: float, p99_ms: float) -> dict[str, object]:
        """Ours beside it.

        Args:
            rate: our messages a second, window full.
            p99_ms: our latency at the load that was offered to the peer.
        """
        return {
            "peer_rate": round(self.rate, 1),
            "offered_rate": round(self.offered, 1),
            "offered_p99_ms": round(p99_ms, 2),
            "peer_p99_ms": round(self.p99_ms, 2),
            "rate_ratio": round(rate / self.rate, 2),
            "p99_ratio": round(p99_ms / self.p99_ms, 3),
        }


def measured(name: str, pairs: int, window: int, seconds: float) -> PeerFigures:
    """Start a peer on core 0, drive it from core 1, end it.

    Raises:
        SystemExit: 2 where it is not there and cannot be installed; with a text where the run
            must not be reported.
    """
    kind = _PEERS[name]
    kind.needed()
    with ExitStack() as stack:
        core(_SERVER_CPU)
        own = stack.enter_context(database())
        peer: Peer = kind(stack.enter_context(folder()), own)
        stack.callback(peer.daemon.stop)
        peer.start(pairs)
        core(_CLIENT_CPU)
        progress(f"{name} runs as {peer.daemon.pid}")
        return uvloop.run(_driven(peer, pairs, window, seconds))


async def _driven(peer: Peer, number: int, window: int, seconds: float) -> PeerFigures:
    pairs = await peer.pairs(number)
    progress(f"{number} pairs stand at {peer.name}; measuring")
    before = peer.daemon.cpu_seconds(), peer.database.cpu_seconds(), time.perf_counter()
    most = await windowed(pairs, window, seconds, patience=_PATIENCE_S)
    _spent(peer, before, sum(pair.sent for pair in pairs))
    _hold(peer, most, "window full")
    rate = most.rate * SHARE
    even = await offered(pairs, rate, seconds, patience=_PATIENCE_S)
    _hold(peer, even, f"{rate:.0f} messages/s offered")
    sent = sum(pair.sent for pair in pairs)
    for pair in pairs:
        pair.close()
    if (stored := peer.stored()) < sent:
        raise SystemExit(f"{peer.name} has {stored} of {sent} messages in its database")
    return PeerFigures(most.rate, rate, even.percentile_ms(99))


def _hold(peer: Peer, run: Measured, what: str) -> None:
    if not peer.ordered:
        run.disordered = 0
    run.must_hold(f"{peer.name}, {what}")


def _spent(peer: Peer, before: tuple[float, float, float], sent: int) -> None:
    own = (peer.daemon.cpu_seconds() - before[0]) / sent * 1e6
    base = (peer.database.cpu_seconds() - before[1]) / sent * 1e6
    resident = psutil.Process(peer.daemon.pid).memory_info().rss / 2**20
    progress(
        f"{peer.name}: {own:.0f} us of processor a message, PostgreSQL {base:.0f}, "
        f"{resident:.0f} MB resident"
    )
