"""Amparo as a bench sees it: a buyer and an operator of each conversation on live sockets."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

import msgspec

from bench.load import BODY
from bench.wire import Wire, opened
from tests.journeys.people import Person, buyer, new_chat, request_id, staff
from tests.servers import Server

Frame = dict[str, Any]
_RETRY = re.compile(rb'"retry_after":\s*([0-9.]+)')
_AT_ONCE = 25


def conversations(server: Server, pairs: int) -> tuple[Person, list[tuple[Person, str]]]:
    """Buyers with an answered conversation each, and the operator of all of them."""
    marta = staff(server)
    found = []
    for number in range(pairs):
        person = buyer(server, f"Buyer{number}", "en")
        live = person.live()
        chat = new_chat(live)
        person.do(f"/conversations/{chat}/person", id=request_id())
        marta.do(f"/desk/conversations/{chat}/take")
        live.close()
        found.append((person, chat))
    return marta, found


async def known(person: Person, url: str | None = None) -> Wire:
    """A live connection of somebody, who has proved who it is.

    Args:
        url: where to connect, when that is not the server itself (a proxy).

    Raises:
        OSError, TimeoutError: no connection.
    """
    address = urlsplit(url or person.server.url)
    cookie = {name: value for name, value in person.headers.items() if name == "Cookie"}
    wire = await opened(address.hostname or "localhost", address.port or 80, "/api/v1/live", cookie)
    who = {"token": person.session.get("token"), "csrf": person.session.get("csrf")}
    await _answered(wire, {"type": "auth"} | who, b'"ready"')
    return wire


async def follow(wire: Wire, chat: str) -> None:
    """Subscribe, and wait until everything so far has come."""
    ask = {"type": "subscribe", "conversation": chat, "after": 0}
    await _answered(wire, ask, b'"caught_up"')


async def _answered(wire: Wire, frame: Frame, answer: bytes) -> None:
    came: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def hear(text: bytes) -> None:
        if answer in text[:20] and not came.done():
            came.set_result(None)

    def lost(code: int | None) -> None:
        if not came.done():
            came.set_exception(ConnectionResetError(f"closed with {code}"))

    wire.hear, wire.lost = hear, lost
    wire.send(msgspec.json.encode(frame))
    async with asyncio.timeout(30):
        await came


@dataclass
class AmparoPair:
    """A buyer who writes and an operator who reads, as :class:`bench.load.Pair` wants them.

    Attributes:
        acked: messages that the writer was told are durable.
    """

    chat: str
    writer: Wire
    reader: Wire
    arrived: Callable[[int], None] = field(default=lambda _: None)
    refused: Callable[[int, float | None], None] = field(default=lambda _, __: None)
    sent: int = 0
    acked: int = 0

    def __post_init__(self) -> None:
        mark = token_hex(10)
        self._id = f"{mark[:8]}-{mark[8:12]}-4{mark[12:15]}-8{mark[15:18]}-"
        self._mark = f'"{self._id}'.encode()
        self._head = (
            f'{{"type":"post","conversation":"{self.chat}","client_id":"{self._id}%012x",'
            f'"body":"{BODY.format("%d")}"}}'
        )
        self.writer.hear, self.reader.hear = self._told, self._read

    def send(self, number: int) -> None:
        """Write the message; its number is the end of its ``client_id``."""
        self.writer.send((self._head % (number, number)).encode())

    def _number(self, frame: bytes) -> int | None:
        at = frame.find(self._mark)
        if at < 0:
            return None
        at += len(self._mark)
        return int(frame[at : at + 12], 16)

    def _read(self, frame: bytes) -> None:
        number = self._number(frame)
        if number is not None:
            self.arrived(number)

    def _told(self, frame: bytes) -> None:
        kind = frame[:20]
        if b'"ack"' in kind:
            self.acked += 1
        elif b'"problem"' in kind:
            number = self._number(frame)
            if number is not None:
                found = _RETRY.search(frame)
                self.refused(number, float(found[1]) if found else None)

    def close(self) -> None:
        """End both connections."""
        self.writer.close()
        self.reader.close()


async def amparo_pairs(
    marta: Person, chats: Sequence[tuple[Person, str]], url: str | None = None
) -> list[AmparoPair]:
    """Both sides of each conversation, connected and caught up."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(person: Person, chat: str) -> AmparoPair:
        async with gate:
            writer, reader = await known(person, url), await known(marta, url)
            await asyncio.gather(follow(writer, chat), follow(reader, chat))
            return AmparoPair(chat, writer, reader)

    return list(await asyncio.gather(*(one(person, chat) for person, chat in chats)))
