"""The transport of a live connection: WebSocket (RFC 6455) straight on the socket.

uvicorn hands the connection over when its HTTP request asks for an upgrade. Through ASGI each
frame costs two tasks, three queues and a dozen calls, and an idle connection as many objects; here
a frame is one call in each direction, and a connection is this object and its ``Connection``. The
hand-shake is left to the ``websockets`` library.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from random import random
from typing import TYPE_CHECKING, Any, Protocol, cast

from starlette.types import Scope
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.speedups import apply_mask

from amparo.server.live.protocol import GOING_AWAY

if TYPE_CHECKING:
    from amparo.server.live.connection import Connection
    from amparo.server.live.service import LiveService

MOST_BYTES = 256 * 1024
"""Largest message that a client may send."""
_MOST_UNKNOWN = 16 * 1024
"""The same, before we know who it is."""
PATH = "/api/v1/live"
_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0, 1, 2, 8, 9, 10
_WAITING_BYTES = 1024 * 1024
"""What may wait for a reader who is slow."""
_PAUSE_BYTES = 128 * 1024
_CLOSE_S = 5.0
PROTOCOL_ERROR, NO_TEXT, TOO_BIG = 1002, 1003, 1009


class Line(Protocol):
    """What a connection needs of its transport.

    Attributes:
        heard_at: when anything came from the other side, by the loop's clock (s).
    """

    heard_at: float

    def write(self, frame: bytes) -> bool:
        """Send a text frame; False where too much waits for this reader."""
        ...

    def close(self, code: int) -> None: ...
    async def drained(self) -> None:
        """Wait until the reader has taken what was written, but for a little."""
        ...

    def stop_reading(self) -> None: ...
    def go_on_reading(self) -> None: ...
    def ping(self) -> None: ...


class SocketLine(asyncio.Protocol):
    """A WebSocket on a transport of the loop."""

    __slots__ = (
        "_closing",
        "_connections",
        "_drain",
        "_handshake",
        "_needs",
        "_parts",
        "_rest",
        "_service",
        "_transport",
        "connection",
        "heard_at",
    )

    def __init__(self, service: "LiveService", connections: set[Any]) -> None:
        self._service, self._connections = service, connections
        self._transport = cast("asyncio.Transport", None)
        self._handshake: ServerProtocol | None = ServerProtocol(max_size=MOST_BYTES)
        self._rest: bytearray | None = None
        self._needs = 0
        self._parts: bytearray | None = None
        self._closing = False
        self._drain: asyncio.Future[None] | None = None
        self.connection: Connection | None = None
        self.heard_at = 0.0

    # what the loop and uvicorn call

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(_PAUSE_BYTES)
        self._connections.add(self)
        self.heard_at = self._service.time()

    def data_received(self, data: bytes) -> None:
        self.heard_at = self._service.time()
        if self._handshake is not None:
            self._shake(self._handshake, data)
            return
        if self._closing:
            return
        if self._rest:
            self._rest += data  # in place: a frame that comes byte by byte is not copied each time
            if len(self._rest) < self._needs:
                return
            data = bytes(self._rest)
        taken = self._frames(data)
        self._rest = bytearray(data[taken:]) if taken < len(data) else None

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._connections.discard(self)
        self._closing = True
        self.resume_writing()
        if self.connection is not None:
            connection, self.connection = self.connection, None
            connection.ended()

    def eof_received(self) -> bool:
        return False

    def pause_writing(self) -> None:
        self._drain = self._drain or asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        if self._drain is not None:
            drain, self._drain = self._drain, None
            if not drain.done():
                drain.set_result(None)

    def shutdown(self) -> None:
        """uvicorn ends: not everybody comes back in the same moment."""
        asyncio.get_running_loop().call_later(
            random() * self._service.farewell_s, self.close, GOING_AWAY
        )

    # what the connection calls

    def write(self, frame: bytes) -> bool:
        if self._closing:
            return True
        size = len(frame)
        if size < 126:
            head = b"\x81" + size.to_bytes(1, "big")
        elif size < 65536:
            head = b"\x81\x7e" + size.to_bytes(2, "big")
        else:
            head = b"\x81\x7f" + size.to_bytes(8, "big")
        self._transport.write(head + frame)
        return self._drain is None or self._transport.get_write_buffer_size() < _WAITING_BYTES

    def close(self, code: int) -> None:
        if self._closing:
            return
        self._closing = True
        if self._handshake is None:
            self._transport.write(b"\x88\x02" + code.to_bytes(2, "big"))
        self._transport.close()  # what was written goes out first, but not for ever:
        asyncio.get_running_loop().call_later(_CLOSE_S, self._transport.abort)

    async def drained(self) -> None:
        if self._drain is not None:
            await self._drain

    def stop_reading(self) -> None:
        if not self._closing:
            self._transport.pause_reading()

    def go_on_reading(self) -> None:
        if not self._closing:
            self._transport.resume_reading()

    def ping(self) -> None:
        if not self._closing:
            self._transport.write(b"\x89\x00")

    # the hand-shake

    def _shake(self, handshake: ServerProtocol, data: bytes) -> None:
        handshake.receive_data(data)
        for event in handshake.events_received():
            if isinstance(event, Request):
                self._answer(handshake, event)
                return
        if handshake.handshake_exc is not None:
            self._end_shake(handshake)

    def _answer(self, handshake: ServerProtocol, request: Request) -> None:
        path = request.path.partition("?")[0]
        scope = _scope(request, self._transport.get_extra_info("peername"))
        status = HTTPStatus.NOT_FOUND if path != PATH else self._service.admit(scope)
        if status is None:
            response = handshake.accept(request)
        else:
            response = handshake.reject(status, f"{status.phrase}\n")
        handshake.send_response(response)
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            if status is None:
                self._service.dismiss(scope)
            self._end_shake(handshake)
            return
        self._transport.write(b"".join(handshake.data_to_send()))
        self._handshake = None
        self.connection = self._service.open(self, scope)

    def _end_shake(self, handshake: ServerProtocol) -> None:
        self._transport.write(b"".join(handshake.data_to_send()))
        self._closing = True
        self._transport.close()

    # frames

    def _frames(self, data: bytes) -> int:
        """Take the whole frames; returns where the first that is not whole begins."""
        at, size = 0, len(data)
        self._needs = 2
        while size - at >= 2:
            first, length, start = data[at], data[at + 1] & 0x7F, at + 2
            if length >= 126:
                wide = 2 if length == 126 else 8
                if size - start < wide:
                    self._needs = 2 + wide
                    break
                length = int.from_bytes(data[start : start + wide], "big")
                start += wide
            fault = self._fault(first, data[at + 1], length)
            if fault:
                self._refuse(fault)
                return size
            end = start + 4 + length
            if size < end:
                self._needs = end - at
                break
            at = end
            self._frame(first, apply_mask(data[start + 4 : end], data[start : start + 4]))
            if self._closing:
                return size
        return at

    def _fault(self, first: int, second: int, length: int) -> int:
        """The close code for a frame that must not be; 0 where it may."""
        if first & 0x70 or not second & 0x80:
            return PROTOCOL_ERROR
        kind = first & 0x0F
        if kind >= _CLOSE:
            whole = bool(first & 0x80) and length <= 125 and kind <= _PONG
            return 0 if whole else PROTOCOL_ERROR
        known = self.connection is not None and self.connection.known
        if length + len(self._parts or b"") > (MOST_BYTES if known else _MOST_UNKNOWN):
            return TOO_BIG
        if kind == _CONTINUATION:
            return PROTOCOL_ERROR if self._parts is None else 0
        if kind != _TEXT:
            return NO_TEXT if kind == _BINARY else PROTOCOL_ERROR
        return PROTOCOL_ERROR if self._parts is not None else 0

    def _frame(self, first: int, payload: bytes) -> None:
        kind = first & 0x0F
        if kind == _PING:
            self._transport.write(b"\x8a" + len(payload).to_bytes(1, "big") + payload)
        elif kind == _CLOSE:
            code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1000
            self.close(code if 1000 <= code < 5000 and code not in (1004, 1005, 1006) else 1002)
        elif kind != _PONG:
            if not first & 0x80 or self._parts is not None:
                self._parts = self._parts or bytearray()
                self._parts += payload
                if not first & 0x80:
                    return
                payload, self._parts = bytes(self._parts), None
            if self.connection is not None:
                self.connection.heard(payload)

    def _refuse(self, code: int) -> None:
        if self.connection is not None:
            self.connection.refuse(code)
        else:
            self.close(code)


def _scope(request: Request, peer: object) -> Scope:
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in request.headers.raw_items()
    ]
    client = (str(peer[0]), int(peer[1])) if isinstance(peer, tuple) else None
    return {"type": "websocket", "path": request.path, "headers": headers, "client": client}


def protocol_of(service: "LiveService") -> Callable[..., asyncio.Protocol]:
    """What uvicorn makes for an upgraded connection."""

    def make(*, server_state: Any, **_: Any) -> asyncio.Protocol:
        return SocketLine(service, server_state.connections)

    return make
