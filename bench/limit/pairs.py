"""Two ends of the limit's line protocol, as the load of every bench wants them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from bench.load import BODY, nobody

_ID = "0190b7a4-5d7e-7cc0-8000-000000000000"


class _Lines(asyncio.Protocol):
    def __init__(self, introduction: bytes) -> None:
        self.heard: Callable[[bytes], None] = nobody
        self.known: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self._introduction, self._rest = introduction, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._introduction)

    def data_received(self, data: bytes) -> None:
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            if line:
                self.heard(line)
            elif not self.known.done():
                self.known.set_result(None)


@dataclass
class LinePair:
    """As :class:`bench.load.Pair` wants it."""

    writer: _Lines
    reader: _Lines
    sent: int = 0

    def __post_init__(self) -> None:
        self.arrived: Callable[[int], None] = nobody
        self.refused: Callable[[int, float | None], None] = nobody
        self.reader.heard = lambda line: self.arrived(int(line.split(b" ", 1)[0]))

    def send(self, number: int) -> None:
        """Write the message."""
        assert self.writer.transport is not None
        self.writer.transport.write(f"{number} {_ID} {_ID} {BODY.format(number)}\n".encode())

    def close(self) -> None:
        """End both connections."""
        for end in (self.writer, self.reader):
            if end.transport is not None:
                end.transport.abort()


async def line_pairs(port: int, pairs: int) -> list[LinePair]:
    """So many pairs, known to the server."""
    loop = asyncio.get_running_loop()

    async def one(kind: str, pair: int) -> _Lines:
        introduction = f"{kind} {pair}\n".encode()
        _, end = await loop.create_connection(lambda: _Lines(introduction), "127.0.0.1", port)
        await end.known
        return end

    return [LinePair(await one("W", pair), await one("R", pair)) for pair in range(pairs)]
