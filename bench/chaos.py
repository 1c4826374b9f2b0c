"""A bad line: a proxy on loopback that does to connections what networks do.

Each connection gets a fate when it comes: it is *cut* after a random number of bytes, *reset*,
*stalled* for a while, left *half open* (nothing passes any more and nobody is told), or its
client's bytes reach the server *twice*, over a second connection whose answers are thrown away.
And the whole line can be down: everything is cut and nothing gets through.
"""

import asyncio
import math
import random
import socket
import struct
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from typing import cast

FATES = {"clean": 1, "cut": 3, "reset": 2, "stall": 2, "half open": 2, "twin": 2}
"""How often each comes."""
_RESET = struct.pack("ii", 1, 0)


class _End(asyncio.Protocol):
    """One side of a connection through the proxy."""

    def __init__(self, link: "_Link", *, client: bool, heard: bool = True) -> None:
        self.link, self.client, self.heard = link, client, heard
        self.transport: asyncio.Transport | None = None
        self._before: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        for data in self._before:
            self.transport.write(data)
        self._before.clear()
        if self.client:
            self.link.begin()

    def data_received(self, data: bytes) -> None:
        if self.heard:
            self.link.passed(data, up=self.client)

    def connection_lost(self, _: Exception | None) -> None:
        self.transport = None
        if self.heard:
            self.link.lost(client=self.client)

    def write(self, data: bytes) -> None:
        """Send it, as soon as there is a connection."""
        if self.transport is not None:
            self.transport.write(data)
        else:
            self._before.append(data)

    def end(self, *, hard: bool = False) -> None:
        """End it, with a reset when ``hard``."""
        if self.transport is not None:
            found = self.transport.get_extra_info("socket")
            if hard and found is not None:
                with suppress(OSError):
                    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.transport.abort()


class _Link:
    """One client's connection, and what becomes of it."""

    def __init__(self, proxy: "Chaos") -> None:
        self.proxy = proxy
        self.fate, self.left, self.pause = proxy.fate()
        self.near = _End(self, client=True)
        self.far = _End(self, client=False)
        self.twin = _End(self, client=False, heard=False) if self.fate == "twin" else None
        self.silent, self.port = False, 0
        self._stalled: list[tuple[bytes, bool]] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """The client is here: reach for the server."""
        assert self.near.transport is not None
        self.port = self.near.transport.get_extra_info("peername")[1]
        if self.proxy.down:
            self.trouble(time.perf_counter())
            self.near.end(hard=True)
            return
        self.proxy.links.add(self)
        self._do(self._reach(self.far))
        if self.twin is not None:
            self.proxy.struck["twin"] += 1
            self._do(self._reach(self.twin))

    async def _reach(self, end: _End) -> None:
        try:
            await self.proxy.to_server(end)
        except OSError:
            self.near.end()
        if self.near.transport is None:
            end.end()

    def passed(self, data: bytes, *, up: bool) -> None:
        """Bytes came from one side."""
        if self.silent:
            return
        if self._stalled is not None:
            self._stalled.append((data, up))
            return
        struck = self.left <= len(data) and self.fate not in ("clean", "twin")
        if struck:
            self._hand(data[: self.left], up=up)
            self._strike(data[self.left :], up=up)
        else:
            self.left -= len(data)
            self._hand(data, up=up)

    def _hand(self, data: bytes, *, up: bool) -> None:
        if not data:
            return
        (self.far if up else self.near).write(data)
        if up and self.twin is not None:
            self.twin.write(data)

    def _strike(self, rest: bytes, *, up: bool) -> None:
        self.proxy.struck[self.fate] += 1
        match self.fate:
            case "cut" | "reset":
                self.trouble(time.perf_counter())
                self.end(hard=self.fate == "reset")
            case "half open":
                self.trouble(math.inf)
                self.silent = True
            case "stall":
                self.trouble(time.perf_counter() + self.pause)
                self._stalled = [(rest, up)]
                self._do(self._resume())

    def trouble(self, until: float) -> None:
        """Remember how long the line was bad for this client."""
        self.proxy.troubles[self.port] = until

    async def _resume(self) -> None:
        await asyncio.sleep(self.pause)
        waiting, self._stalled, self.fate = self._stalled or [], None, "clean"
        for data, up in waiting:
            self._hand(data, up=up)

    def lost(self, *, client: bool) -> None:
        """One side ended: so does the other, unless nobody is to be told."""
        if client or not self.silent:
            self.end()

    def end(self, *, hard: bool = False) -> None:
        """End all of it."""
        self.proxy.links.discard(self)
        for end in (self.near, self.far, self.twin):
            if end is not None:
                end.end(hard=hard)

    def _do(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Chaos:
    """The proxy.

    Attributes:
        struck: how often each fate came true; ``down``: cuts by the whole line going down.
        up_since: when the line came back last (``perf_counter``, s).
        calm: new connections are left alone, as in the beginning.
    """

    def __init__(self, server_port: int, chance: random.Random, mean_bytes: float = 4000) -> None:
        self.links: set[_Link] = set()
        self.struck: Counter[str] = Counter()
        self.troubles: dict[int, float] = {}
        self.down, self.calm = False, True
        self.up_since = 0.0
        self.port = 0
        self._server_port, self._chance, self._mean = server_port, chance, mean_bytes
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Take connections on a port of its own."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Link(self).near, "127.0.0.1", 0, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"http://localhost:{self.port}"

    def fate(self) -> tuple[str, int, float]:
        """What a new connection has before it: its fate, after how many bytes, for how long."""
        kind = self._chance.choices(list(FATES), list(FATES.values()))[0]
        after = 1 + int(self._chance.expovariate(1 / self._mean))
        return ("clean" if self.calm else kind), after, self._chance.uniform(0.2, 1.5)

    def turn_bad(self) -> None:
        """From here on connections have a fate, those too that stand already."""
        self.calm = False
        for link in self.links:
            link.fate, link.left, link.pause = self.fate()

    def bad_until(self, port: int) -> float:
        """When the line stopped troubling the connection from that port; 0 for never."""
        return self.troubles.get(port, 0.0)

    async def to_server(self, end: _End) -> None:
        """A connection to the server."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: end, "127.0.0.1", self._server_port)

    def go_down(self) -> None:
        """Cut everything and let nothing through."""
        self.down = True
        for link in list(self.links):
            self.struck["down"] += 1
            link.trouble(time.perf_counter())
            link.end(hard=True)

    def come_up(self) -> None:
        """Let it through again."""
        self.down, self.up_since = False, time.perf_counter()

    async def stop(self) -> None:
        """End everything."""
        self.go_down()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
