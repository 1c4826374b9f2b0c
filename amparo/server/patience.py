"""How long we wait for somebody who has connected and does not say what they want.

uvicorn waits for ever, also for a request that comes a byte a minute; ten thousand of those would
take every file descriptor. A request's head has ``HEAD_S``; where too many have not sent theirs,
the one that has waited longest goes.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_S = 10.0
MOST_SILENT = 2000
"""Connections at once whose request has not come yet."""


class PatientProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with a deadline for the head of each request."""

    _deadline: asyncio.TimerHandle | None = None
    _silent: dict["PatientProtocol", None] = {}  # noqa: RUF012 - of all connections together

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._deadline is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._heard()
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        self._heard()
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        self._heard()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._silent[self] = None
        self._deadline = self.loop.call_later(HEAD_S, self._give_up)
        if len(self._silent) > MOST_SILENT:
            next(iter(self._silent))._give_up()

    def _heard(self) -> None:
        self._silent.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._heard()
        transport: Any = self.transport
        if transport is not None:
            transport.abort()
