"""Hostile sockets: each is told what was wrong, and nobody else notices."""

import json
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from amparo.kernel.ids import new_id
from amparo.storage.embedded import EmbeddedPostgres
from tests.journeys.conftest import started
from tests.journeys.people import Person, buyer, new_chat
from tests.servers import Server
from tests.sockets import Live

MALFORMED, NOT_SIGNED_IN, PROTOCOL_ERROR, TOO_BIG = 4400, 4401, 1002, 1009


@pytest.fixture(scope="module")
def server(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with ExitStack() as stack:
        yield started(postgres, tmp_path_factory.mktemp("hostile"), stack, {})


@pytest.fixture
def ana(server: Server) -> Person:
    return buyer(server, f"Ana-{uuid4().hex[:8]}")


def alive(live: Live) -> None:
    """It is answered."""
    live.send({"type": "ping"})
    live.until(lambda: live.frames[-1]["type"] == "pong", "a pong")


def told(live: Live) -> str:
    """The last problem's code."""
    return str(live.problems[-1]["code"])


@pytest.mark.parametrize("text", ["{", '{"type":"shout"}', '{"type":"post"}', "[" * 50_000])
def test_what_is_no_frame_is_named_before_the_end(ana: Person, text: str) -> None:
    good, bad = ana.live(), ana.live()
    bad.connection.send(text)
    assert bad.closed() == MALFORMED
    assert told(bad) == "frame_malformed"
    assert bad.problems[-1]["params"]["reason"]
    alive(good)
    good.close()


def test_what_is_too_large_is_named_before_the_end(ana: Person) -> None:
    good, bad = ana.live(), ana.live()
    assert bad._socket is not None
    bad._socket.sendall(struct.pack(">BBQ", 0x81, 0xFF, 300_000) + _MASK)  # is announced
    assert bad.closed() == TOO_BIG
    assert told(bad) == "frame_too_large"
    alive(good)
    good.close()


_MASK = b"\0\0\0\0"
_HUGE = struct.pack(">BBQ", 0x81, 0xFF, 2**62) + _MASK


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x81\x05hello", PROTOCOL_ERROR),  # not masked
        (b"\xc1\x80" + _MASK, PROTOCOL_ERROR),  # a reserved bit
        (b"\x83\x80" + _MASK, PROTOCOL_ERROR),  # a kind that is none
        (b"\x80\x80" + _MASK, PROTOCOL_ERROR),  # goes on with nothing
        (b"\x09\x80" + _MASK, PROTOCOL_ERROR),  # a ping in pieces
        (b"\x89\xfe\x00\x80" + _MASK, PROTOCOL_ERROR),  # a ping too long
        (b"\x01\x80" + _MASK + b"\x81\x80" + _MASK, PROTOCOL_ERROR),  # a text within a text
        (b"\x82\x80" + _MASK, 1003),
        (_HUGE, TOO_BIG),
        (b"\x88\x80" + _MASK, 1000),
    ],
)
def test_bytes_that_are_no_websocket(ana: Person, data: bytes, code: int) -> None:
    live = ana.live()
    assert live._socket is not None
    live._socket.sendall(data)
    assert live.closed() == code


def test_pieces_make_a_whole_and_pings_come_between(ana: Person) -> None:
    live = ana.live()
    assert live._socket is not None
    text = json.dumps({"type": "ping"}).encode()
    frames = b"\x01\x81" + _MASK + text[:1] + b"\x89\x82" + _MASK + b"hi"
    frames += b"\x80" + bytes([0x80 | len(text) - 1]) + _MASK + text[1:]
    for byte in frames:  # and however slowly they come
        live._socket.sendall(bytes([byte]))
    live.until(lambda: live.frames[-1]["type"] == "pong", "a pong")
    live.close()


def test_foreign_and_used_ids(server: Server, ana: Person) -> None:
    mine, olga = ana.live(), buyer(server, "Olga")
    chat, hers = new_chat(mine), new_chat(olga.live())
    for conversation in (hers, str(new_id())):
        assert mine.refused(conversation, "Let me in")["code"] == "not_found"
    name = str(uuid4())
    mine.say(chat, "Hello", client_id=name)
    assert mine.refused(chat, "Good-bye", client_id=name)["code"] == "client_id_used"
    alive(mine)
    mine.close()


def test_who_never_speaks_is_shown_the_door_and_disturbs_nobody(
    server: Server, ana: Person
) -> None:
    address = urlsplit(server.url)
    silent = []
    for _ in range(200):
        one = socket.create_connection((address.hostname, address.port), 30)
        one.settimeout(60)
        silent.append(one)
    for one in silent[::2]:
        one.sendall(b"GET /api/v1/live HT")  # and nothing more
    unknown = [Live(server.url) for _ in range(20)]
    for live in unknown:
        live.connected()
    good = ana.live()
    chat = new_chat(good)
    good.say(chat, "I am not disturbed")
    assert {live.closed(60) for live in unknown} == {NOT_SIGNED_IN}
    for one in silent:
        with suppress(ConnectionResetError):
            assert one.recv(1) == b""
        one.close()
    alive(good)
    good.close()
