"""The same live connections through ASGI: for servers other than ours, and for tests of routes."""

import asyncio
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

if TYPE_CHECKING:
    from amparo.server.live.service import LiveService

_MOST_WAITING = 1000


class AsgiLine:
    """A line over an ASGI socket."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._outbox: asyncio.Queue[bytes | int] = asyncio.Queue()
        self.heard_at = float("inf")  # its server looks after dead connections

    def write(self, frame: bytes) -> bool:
        self._outbox.put_nowait(frame)
        return self._outbox.qsize() < _MOST_WAITING

    def close(self, code: int) -> None:
        self._outbox.put_nowait(code)

    async def drained(self) -> None:
        while self._outbox.qsize() > _MOST_WAITING // 2:
            await asyncio.sleep(0.01)

    def stop_reading(self) -> None:
        """Its server reads when it is asked."""

    def go_on_reading(self) -> None:
        """Its server reads when it is asked."""

    def ping(self) -> None:
        """Its server does."""

    async def pump(self) -> None:
        """Send what waits, until the end."""
        while isinstance(item := await self._outbox.get(), bytes):
            await self._socket.send_text(item.decode())
        if self._socket.application_state is WebSocketState.CONNECTED:
            await self._socket.close(item)


async def serve(service: "LiveService", socket: WebSocket) -> None:
    """One socket, from its hand-shake to its end."""
    if service.admit(socket.scope) is not None:
        await socket.close()
        return
    await socket.accept()
    line = AsgiLine(socket)
    connection = service.open(line, socket.scope)

    async def read() -> None:
        try:
            while True:
                connection.heard((await socket.receive_text()).encode())
        except (WebSocketDisconnect, RuntimeError, KeyError):
            return

    tasks = [asyncio.create_task(line.pump()), asyncio.create_task(read())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        gone = connection.ended()
        if gone is not None:
            await asyncio.shield(gone)
