"""Amparo as a bench sees it: a buyer and an operator of each conversation on live sockets."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_hex

from bench.load import BODY, nobody
from bench.wire import Wire, ready
from tests.journeys.people import Person, buyer, new_chat, request_id, staff
from tests.servers import Server

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


async def known(person: Person, chat: str | None = None, url: str | None = None) -> Wire:
    """A live connection of somebody, caught up with ``chat``.

    Args:
        url: where to connect, when that is not the server itself (a proxy).
    """
    return await ready(url or person.server.url, cookie_of(person), person.session, chat)


def cookie_of(person: Person) -> dict[str, str]:
    """What a live connection needs of a person's headers."""
    return {name: value for name, value in person.headers.items() if name == "Cookie"}


@dataclass
class AmparoPair:
    """A buyer who writes and an operator who reads, as :class:`bench.load.Pair` wants them.

    Attributes:
        acked: messages that the writer was told are durable.
    """

    chat: str
    writer: Wire
    reader: Wire
    sent: int = 0
    acked: int = 0

    def __post_init__(self) -> None:
        self.arrived: Callable[[int], None] = nobody
        self.refused: Callable[[int, float | None], None] = nobody
        mark = token_hex(10)
        self._id = f"{mark[:8]}-{mark[8:12]}-4{mark[12:15]}-8{mark[15:18]}-"
        self._mark = f'"{self._id}'.encode()
        self._head = (
            f'{{"type":"post","conversation":"{self.chat}","client_id":"{self._id}%012x",'
            f'"body":"{BODY.format("%d")}"}}'
        )
        self.writer.heard, self.reader.heard = self._told, self._read

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


async def amparo_pairs(marta: Person, chats: Sequence[tuple[Person, str]]) -> list[AmparoPair]:
    """Both sides of each conversation, connected and caught up."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(person: Person, chat: str) -> AmparoPair:
        async with gate:
            return AmparoPair(chat, await known(person, chat), await known(marta, chat))

    return list(await asyncio.gather(*(one(person, chat) for person, chat in chats)))
