"""What lives only for a moment, between processes: who is writing, who is looking.

Nothing of it is stored. Where this process is the only one nothing leaves it; else what was said
within ``GATHER_S`` goes out together, and what is too much is dropped: it is said again soon.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import msgspec
import structlog

log = structlog.get_logger(__name__)
Handler = Callable[[dict[str, Any]], None]
"""Called on the loop with what was said; it must not block."""
GATHER_S = 0.05
_PER_SECOND = 1000
_WAITING = 500
_PAYLOAD_BYTES = 7000  # PostgreSQL allows 8,000


class Carrier(Protocol):
    """Takes bytes to the other processes; what is lost is lost."""

    async def send(self, payload: bytes) -> None: ...


class EphemeralBus:
    """Says and hears; everything runs on the loop but :meth:`heard`'s caller."""

    def __init__(self, node: str, carrier: Carrier) -> None:
        self._node, self._carrier = node, carrier
        self._handlers: dict[str, Handler] = {}
        self._waiting: deque[bytes] = deque(maxlen=_WAITING)
        self._flushing: asyncio.Task[None] | None = None
        self.alone = True
        """No other process is there: nothing is sent."""

    def on(self, kind: str, handler: Handler) -> None:
        """Who takes what was said under a kind, here or in another process."""
        self._handlers[kind] = handler

    def broadcast(self, kind: str, payload: dict[str, Any]) -> None:
        """Say it here at once, and to the other processes soon.

        Raises:
            KeyError: nobody takes this kind (a mistake of ours).
        """
        self._handlers[kind](payload)
        if self.alone:
            return
        item = msgspec.json.encode([kind, payload])
        if len(item) <= _PAYLOAD_BYTES - 200:
            self._waiting.append(item)
        if self._flushing is None:
            self._flushing = asyncio.get_running_loop().create_task(self._flush())

    def heard(self, payload: bytes | str) -> None:
        """What another process said (our own words come back too and are passed over)."""
        try:
            node, items = msgspec.json.decode(payload)
            if node == self._node:
                return
            for kind, said in items:
                if handler := self._handlers.get(kind):
                    handler(said)
        except (msgspec.MsgspecError, ValueError, TypeError, KeyError):
            log.warning("ephemeral_not_understood")

    async def _flush(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(GATHER_S)
                await self._send_some(int(_PER_SECOND * GATHER_S))
        except Exception:
            log.exception("ephemeral_not_sent")
            self._waiting.clear()
        finally:
            self._flushing = None

    async def _send_some(self, most: int) -> None:
        head = b"[" + msgspec.json.encode(self._node) + b",["
        while self._waiting and most > 0:
            items: list[bytes] = []
            size = len(head) + 2
            while self._waiting and most > 0 and size + len(self._waiting[0]) < _PAYLOAD_BYTES:
                item = self._waiting.popleft()
                items.append(item)
                size += len(item) + 1
                most -= 1
            await self._carrier.send(head + b",".join(items) + b"]]")
