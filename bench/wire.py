"""The lightest live client: WebSocket frames by hand, so that it is not what is measured.

Frames to the server are masked with the key 0, which is legal and costs nothing.
"""

import asyncio
import json
import os
import struct
from base64 import b64encode
from collections.abc import Callable
from typing import Any, cast

_MASKED, _TEXT, _CLOSE, _PING, _PONG = 0x80, 0x81, 0x88, 0x89, 0x8A


class Wire(asyncio.Protocol):
    """One connection; ``heard`` gets each text frame as bytes, ``lost`` the code of its end."""

    def __init__(self, host: str, headers: dict[str, str]) -> None:
        self._request = _handshake(host, headers)
        self._buffer = bytearray()
        self._open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._upgraded = False
        self._transport: asyncio.Transport | None = None
        self.heard: Callable[[bytes], None] = lambda _: None
        self.lost: Callable[[int], None] = lambda _: None
        self.closed: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass of it
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._open.cancelled():
            return
        if not self._upgraded:
            head, end, _ = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self._open.set_exception(ConnectionError(bytes(head[:80])))
                return
            del self._buffer[: len(head) + 4]
            self._upgraded = True
            self._open.set_result(None)
        self._frames()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._open.done():
            self._open.set_exception(exc or ConnectionError("closed"))
        self.closed = self.closed or 1006
        self._transport = None
        self.lost(self.closed)

    def _frames(self) -> None:
        buffer, at, size = self._buffer, 0, len(self._buffer)
        while size - at >= 2:
            kind, length, start = buffer[at], buffer[at + 1] & 0x7F, at + 2
            if length == 126:
                if size - start < 2:
                    break
                length, start = struct.unpack_from(">H", buffer, start)[0], start + 2
            elif length == 127:
                if size - start < 8:
                    break
                length, start = struct.unpack_from(">Q", buffer, start)[0], start + 8
            if size - start < length:
                break
            at = start + length
            if kind == _TEXT:
                self.heard(bytes(buffer[start:at]))
            elif kind == _PING:
                self._send(_PONG, bytes(buffer[start:at]))
            elif kind == _CLOSE:
                self.closed = struct.unpack_from(">H", buffer, start)[0] if length else 1005
                self.close()
        del buffer[:at]

    def send(self, text: bytes) -> None:
        """Send a text frame; into a connection that is lost it goes nowhere."""
        self._send(_TEXT, text)

    def _send(self, kind: int, data: bytes) -> None:
        if self._transport is None:
            return
        size = len(data)
        if size < 126:
            head = struct.pack(">BB", kind, _MASKED | size)
        elif size < 65536:
            head = struct.pack(">BBH", kind, _MASKED | 126, size)
        else:
            head = struct.pack(">BBQ", kind, _MASKED | 127, size)
        self._transport.write(head + b"\0\0\0\0" + data)

    def close(self) -> None:
        """End it without ceremony."""
        if self._transport is not None:
            self._transport.abort()

    @property
    def port(self) -> int:
        """Our own port; 0 once the connection is lost."""
        return int(self._transport.get_extra_info("sockname")[1]) if self._transport else 0

    async def known(self, session: dict[str, Any]) -> None:
        """Wait for the end of the hand-shake, and prove who it is."""
        async with asyncio.timeout(60):
            await self._open
        proof = {"type": "auth", "token": session.get("token"), "csrf": session.get("csrf")}
        await self.answered(proof, b'"ready"')

    async def answered(self, frame: dict[str, Any], answer: bytes) -> None:
        """Send a frame and wait for its answer; nothing else is heard meanwhile."""
        found: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def heard(text: bytes) -> None:
            if answer in text[:40] and not found.done():
                found.set_result(None)

        def lost(code: int) -> None:
            if not found.done():
                found.set_exception(ConnectionError(f"closed with {code}"))

        self.heard, self.lost = heard, lost
        self.send(json.dumps(frame).encode())
        async with asyncio.timeout(60):
            await found
        self.heard, self.lost = lambda _: None, lambda _: None


async def ready(
    url: str, headers: dict[str, str], session: dict[str, Any], chat: str | None
) -> Wire:
    """A live connection that proved who it is and, with ``chat``, has caught up with it.

    Raises:
        OSError, TimeoutError: there is no connection, or it ended.
    """
    wire = await dialled(url, headers)
    try:
        await wire.known(session)
        if chat is not None:
            subscribe = {"type": "subscribe", "conversation": chat, "after": 0}
            await wire.answered(subscribe, b'"caught_up"')
    except BaseException:
        wire.close()
        raise
    return wire


async def dialled(url: str, headers: dict[str, str]) -> Wire:
    """A connection whose hand-shake is under way."""
    host, port = url.removeprefix("http://").split(":")
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(
        lambda: Wire(f"{host}:{port}", headers), "127.0.0.1", int(port)
    )
    return wire


def _handshake(host: str, headers: dict[str, str]) -> bytes:
    key = b64encode(os.urandom(16)).decode()
    lines = [
        "GET /api/v1/live HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
