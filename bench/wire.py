"""The lightest live client: WebSocket frames by hand, so that the generator is not what we measure.

Frames to the server are masked with the key 0, which is legal and costs nothing.
"""

import asyncio
import os
import struct
from base64 import b64encode
from collections.abc import Callable, Mapping

_MASKED, _TEXT, _CLOSE, _PING, _PONG = 0x80, 0x81, 0x88, 0x89, 0x8A
_OPEN_S = 60.0


class Wire(asyncio.Protocol):
    """One connection.

    Attributes:
        hear: called with each text frame.
        lost: called once with the close code when it has ended; None without one.
    """

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._buffer = bytearray()
        self._open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._upgraded = False
        self._transport: asyncio.Transport | None = None
        self._code: int | None = None
        self.hear: Callable[[bytes], None] = lambda _: None
        self.lost: Callable[[int | None], None] = lambda _: None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._upgraded and not self._answered():
            return
        self._frames()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._open.done():
            self._open.set_exception(exc or ConnectionResetError("closed in the hand-shake"))
        self.lost(self._code)

    def _answered(self) -> bool:
        head, end, _ = self._buffer.partition(b"\r\n\r\n")
        if not end or self._open.done():
            return False
        if not head.startswith(b"HTTP/1.1 101"):
            self._open.set_exception(ConnectionRefusedError(bytes(head[:80]).decode("latin-1")))
            return False
        del self._buffer[: len(head) + 4]
        self._upgraded = True
        self._open.set_result(None)
        return True

    def _frames(self) -> None:
        buffer, at, size = self._buffer, 0, len(self._buffer)
        while size - at >= 2:
            kind, length, start = buffer[at], buffer[at + 1] & 0x7F, at + 2
            if length >= 126:
                wide = 2 if length == 126 else 8
                if size - start < wide:
                    break
                length = int.from_bytes(buffer[start : start + wide], "big")
                start += wide
            if size - start < length:
                break
            at = start + length
            if kind == _TEXT:
                self.hear(bytes(buffer[start:at]))
            elif kind == _PING:
                self._frame(_PONG, bytes(buffer[start:at]))
            elif kind == _CLOSE and length >= 2:
                self._code = int.from_bytes(buffer[start : start + 2], "big")
        del buffer[:at]

    def send(self, text: bytes) -> None:
        """Send a text frame."""
        self._frame(_TEXT, text)

    def raw(self, data: bytes) -> None:
        """Send bytes as they are: what no client should."""
        if self._transport is not None:
            self._transport.write(data)

    def _frame(self, kind: int, data: bytes) -> None:
        size = len(data)
        if size < 126:
            head = struct.pack(">BB", kind, _MASKED | size)
        elif size < 65536:
            head = struct.pack(">BBH", kind, _MASKED | 126, size)
        else:
            head = struct.pack(">BBQ", kind, _MASKED | 127, size)
        self.raw(head + b"\0\0\0\0" + data)

    def close(self) -> None:
        """End it without ceremony."""
        if self._transport is not None:
            self._transport.abort()

    async def upgraded(self) -> None:
        """Wait for the end of the hand-shake."""
        async with asyncio.timeout(_OPEN_S):
            await self._open


async def opened(host: str, port: int, path: str, headers: Mapping[str, str]) -> Wire:
    """A connection whose hand-shake is done; nobody is signed in yet.

    Raises:
        OSError, TimeoutError: no connection.
    """
    request = _handshake(f"{host}:{port}", path, headers)
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(request), host, port)
    try:
        await wire.upgraded()
    except BaseException:
        wire.close()
        raise
    return wire


def _handshake(host: str, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
