"""``python -m bench.chat --pairs 50 --window 8 --seconds 10``: messages a second, whole road.

Each pair is a buyer and an operator in one conversation, both following it over live sockets.
The buyer keeps ``window`` messages under way; a message counts when the *other* side has it,
which is after it was stored. Real sessions, authorization, guard and durable commits; only the
limits on how fast one person may write are lifted. The server and its PostgreSQL run on
processor 0, the clients on processor 1.
"""

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psutil
import uvloop
from websockets.asyncio.client import ClientConnection, connect

from bench.common import mercadia, progress, result
from tests.journeys.people import Person, buyer, new_chat, request_id, staff
from tests.servers import Server
from tests.storage.clusters import processes

_SERVER_CPU, _CLIENT_CPU = 0, 1


@dataclass
class Pair:
    """A buyer who writes and an operator who reads."""

    chat: str
    writer: ClientConnection
    reader: ClientConnection
    sent: dict[str, float] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    refused: int = 0

    async def run(self, window: int, until: float) -> None:
        """Keep the window full until then, and let what is under way arrive."""
        room = asyncio.Semaphore(window)
        tasks = [
            asyncio.create_task(self._write(room, until)),
            asyncio.create_task(self._hear_acks()),
            asyncio.create_task(self._read(room)),
        ]
        await tasks[0]
        async with asyncio.timeout(20):
            for _ in range(window):
                await room.acquire()
        for task in tasks:
            task.cancel()

    async def _write(self, room: asyncio.Semaphore, until: float) -> None:
        while True:
            await room.acquire()
            if time.perf_counter() >= until:
                room.release()
                return
            client_id = str(uuid4())
            body = f"message {len(self.sent)} of some length, as people write them in a chat"
            frame = {"type": "post", "conversation": self.chat, "client_id": client_id}
            text = json.dumps(frame | {"body": body})
            self.sent[client_id] = time.perf_counter()
            await self.writer.send(text)

    async def _hear_acks(self) -> None:
        async for text in self.writer:
            if text.startswith('{"type":"problem"'):  # type: ignore[arg-type]
                self.refused += 1

    async def _read(self, room: asyncio.Semaphore) -> None:
        async for text in self.reader:
            data = json.loads(text).get("data", {})
            began = self.sent.get(data.get("client_id", ""))
            if began is not None:
                self.latencies.append(time.perf_counter() - began)
                room.release()


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


async def connected(person: Person, chat: str) -> ClientConnection:
    """A live connection that has caught up with a conversation."""
    cookie = {name: value for name, value in person.headers.items() if name == "Cookie"}
    address = person.server.url.replace("http", "ws", 1) + "/api/v1/live"
    socket = await connect(address, additional_headers=cookie, compression=None, proxy=None)
    token, csrf = person.session.get("token"), person.session.get("csrf")
    await _exchange(socket, {"type": "auth", "token": token, "csrf": csrf}, "ready")
    await _exchange(socket, {"type": "subscribe", "conversation": chat, "after": 0}, "caught_up")
    return socket


async def _exchange(socket: ClientConnection, frame: dict[str, Any], answer: str) -> None:
    await socket.send(json.dumps(frame))
    async with asyncio.timeout(30):
        while json.loads(await socket.recv())["type"] != answer:
            pass


async def measure(
    marta: Person, chats: Sequence[tuple[Person, str]], window: int, seconds: float
) -> list[Pair]:
    """Run all pairs at once."""
    pairs = [
        Pair(chat, await connected(person, chat), await connected(marta, chat))
        for person, chat in chats
    ]
    until = time.perf_counter() + seconds
    await asyncio.gather(*(pair.run(window, until) for pair in pairs))
    for pair in pairs:
        await pair.writer.close()
        await pair.reader.close()
    return pairs


def cpu_seconds(server: Server) -> tuple[float, float]:
    """Processor time of the server so far, and of its PostgreSQL."""
    own = psutil.Process(server.pid).cpu_times()
    spent = [psutil.Process(pid).cpu_times() for pid in processes(server.data)]
    return own.user + own.system, sum(one.user + one.system for one in spent)


def figures_of(pairs: Sequence[Pair], seconds: float, spent: float) -> dict[str, object]:
    """The figures of one run."""
    latencies = sorted(one for pair in pairs for one in pair.latencies)
    hundredths = statistics.quantiles(latencies, n=100)
    return {
        "messages_per_s": round(len(latencies) / seconds),
        "p50_ms": round(hundredths[49] * 1000, 1),
        "p99_ms": round(hundredths[98] * 1000, 1),
        "server_cpu_us_per_message": round(spent / len(latencies) * 1e6),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--window", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    os.sched_setaffinity(0, {_SERVER_CPU})  # what is started inherits it
    with mercadia() as server:
        os.sched_setaffinity(0, {_CLIENT_CPU})
        marta, chats = conversations(server, given.pairs)
        progress(f"{given.pairs} conversations stand; measuring for {given.seconds} s")
        before = cpu_seconds(server)
        began = time.perf_counter()
        pairs = uvloop.run(measure(marta, chats, given.window, given.seconds))
        took = time.perf_counter() - began
        after = cpu_seconds(server)
        refused = sum(pair.refused for pair in pairs)
        if refused:
            raise SystemExit(f"{refused} messages were refused")
        server_s, database_s = (b - a for a, b in zip(before, after, strict=True))
        progress(f"took {took:.1f} s; CPU: server {server_s:.1f} s, PostgreSQL {database_s:.1f} s")
    result(
        {"pairs": given.pairs, "window": given.window} | figures_of(pairs, given.seconds, server_s)
    )


if __name__ == "__main__":
    main()
