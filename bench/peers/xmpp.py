"""Two people on an XMPP server over bare TCP, by hand: as cheap as a client can be."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from bench.load import BODY, nobody

HOST = "bench.local"
SECRET = "secret"
_HEAD = (
    f"<?xml version='1.0'?><stream:stream to='{HOST}' version='1.0' xmlns='jabber:client'"
    " xmlns:stream='http://etherx.jabber.org/streams'>"
).encode()
_BIND = (
    b"<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
    b"<resource>bench</resource></bind></iq>"
)
_END = b"</message>"
_MESSAGE = re.compile(rb"<message\b([^>]*)>")
_ID = re.compile(rb"\bid=['\"]m(\d+)['\"]")


class Stream(asyncio.Protocol):
    """One signed-in connection; ``heard`` gets the attributes of each message."""

    def __init__(self) -> None:
        self.heard: Callable[[bytes], None] = lambda _: None
        self._buffer = b""
        self._wanted: tuple[bytes, asyncio.Future[None]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._wanted is not None and not self._wanted[1].done():
            self._wanted[1].set_exception(ConnectionError(f"{exc}: {self._buffer[-300:]!r}"))
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._wanted is not None:
            answer, came = self._wanted
            if answer in self._buffer and not came.done():
                came.set_result(None)
            return
        end = self._buffer.rfind(_END)
        if end < 0:
            return
        whole, self._buffer = self._buffer[:end], self._buffer[end + len(_END) :]
        for found in _MESSAGE.finditer(whole):
            self.heard(found[1])

    def send(self, text: bytes) -> None:
        """Write; into a lost connection it goes nowhere."""
        if self._transport is not None:
            self._transport.write(text)

    def close(self) -> None:
        """End it without a farewell."""
        if self._transport is not None:
            self._transport.abort()

    async def sign_in(self, name: str) -> None:
        """Until the server has heard that somebody is here."""
        secret = b64encode(f"\0{name}\0{SECRET}".encode())
        await self._ask(_HEAD, b"</stream:features>")
        plain = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>"
        await self._ask(plain % secret, b"<success")
        await self._ask(_HEAD, b"</stream:features>")
        await self._ask(_BIND, b"</iq>")
        await self._ask(b"<presence/>", b"<presence")
        self._wanted, self._buffer = None, b""

    async def _ask(self, text: bytes, answer: bytes) -> None:
        came: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer, self._wanted = b"", (answer, came)
        self.send(text)
        async with asyncio.timeout(60):
            await came


@dataclass
class XmppPair:
    """As :class:`bench.load.Pair` wants it."""

    writer: Stream
    reader: Stream
    to: str
    sent: int = 0

    def __post_init__(self) -> None:
        self.arrived: Callable[[int], None] = nobody
        self.refused: Callable[[int, float | None], None] = nobody
        self._text = (
            f"<message to='{self.to}@{HOST}/bench' type='chat' id='m%d'>"
            f"<body>{BODY.format('%d')}</body></message>"
        )
        self.reader.heard, self.writer.heard = self._read, self._told

    def send(self, number: int) -> None:
        """Write the message; its number is its id."""
        self.writer.send((self._text % (number, number)).encode())

    def _read(self, about: bytes) -> None:
        if (found := _ID.search(about)) is not None:
            self.arrived(int(found[1]))

    def _told(self, about: bytes) -> None:
        if b"error" in about and (found := _ID.search(about)) is not None:
            self.refused(int(found[1]), None)

    def close(self) -> None:
        """End both connections."""
        self.writer.close()
        self.reader.close()


def people(pairs: int) -> list[str]:
    """The names that the server must know: a0, b0, a1, ..."""
    return [f"{side}{number}" for number in range(pairs) for side in "ab"]


async def xmpp_pairs(port: int, pairs: int) -> list[XmppPair]:
    """Everybody signed in."""
    streams = {}
    loop = asyncio.get_running_loop()
    for name in people(pairs):
        _, stream = await loop.create_connection(Stream, "127.0.0.1", port)
        await stream.sign_in(name)
        streams[name] = stream
    return [
        XmppPair(streams[f"a{number}"], streams[f"b{number}"], f"b{number}")
        for number in range(pairs)
    ]
