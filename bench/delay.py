"""A line that is only slow: a proxy on loopback that hands bytes on a fixed time later."""

import asyncio
import threading
from typing import cast

import uvloop


class _End(asyncio.Protocol):
    """One side; what comes here leaves at the other one, later."""

    def __init__(self, line: "Delay", other: "_End | None" = None) -> None:
        self.line, self.other = line, other
        self.transport: asyncio.Transport | None = None
        self.held: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        if self.other is None:
            asyncio.get_running_loop().create_task(self.line.reach(self))

    def data_received(self, data: bytes) -> None:
        asyncio.get_running_loop().call_later(self.line.one_way_s, self._hand, data)

    def connection_lost(self, _: Exception | None) -> None:
        self.transport = None
        asyncio.get_running_loop().call_later(self.line.one_way_s, self._end)

    def _hand(self, data: bytes) -> None:
        other = self.other
        from_server = self in self.line.servers
        if other is None or other.transport is None or (from_server and self.line.holding):
            self.held.append(data)
        else:
            other.transport.write(data)

    def release(self) -> None:
        """Hand on what was held, all at once."""
        if self.other is not None and self.other.transport is not None and self.held:
            self.other.transport.write(b"".join(self.held))
            self.held.clear()

    def _end(self) -> None:
        self.line.servers.discard(self)
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()


class Delay:
    """The proxy, on a thread of its own.

    Attributes:
        one_way_s: what is added in each direction.
        port: where clients connect.
    """

    def __init__(self, server_port: int, one_way_s: float) -> None:
        self.one_way_s, self.port, self.holding = one_way_s, 0, False
        self.servers: set[_End] = set()
        self._server_port = server_port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._up, self._stop = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: uvloop.run(self._serve()), daemon=True)

    def __enter__(self) -> "Delay":
        self._thread.start()
        assert self._up.wait(10), "the proxy did not start"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def hold(self) -> None:
        """Keep back what the server sends."""
        self.holding = True

    def release(self) -> None:
        """Hand it on, all of it at once."""

        def now() -> None:
            self.holding = False
            for end in self.servers:
                end.release()

        assert self._loop is not None
        self._loop.call_soon_threadsafe(now)

    async def reach(self, near: _End) -> None:
        """The server's side of a new connection."""
        loop = asyncio.get_running_loop()
        far = _End(self, near)
        near.other = far
        self.servers.add(far)
        try:
            await loop.create_connection(lambda: far, "127.0.0.1", self._server_port)
        except OSError:
            if near.transport is not None:
                near.transport.abort()
            return
        near.release()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await self._loop.create_server(lambda: _End(self), "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        await self._stop.wait()
        server.close()
