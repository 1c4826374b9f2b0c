"""A front end that survives a bad line, and what it must have seen in the end.

It resumes each stream after its last number, sends again what was not acknowledged under the same
``client_id``, and gives up a connection that has been silent for too long.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol
from uuid import uuid4

import msgspec

from bench.ours import cookie_of
from bench.wire import Wire, dialled
from tests.journeys.people import Person

Json = dict[str, Any]
_OPEN_S, _LONGEST_S, _SILENT_S, _PING_S = 5.0, 40.0, 3.0, 1.0
_AT_ONCE = 25
_RETRY_S = (0.02, 0.1)
_decode = msgspec.json.Decoder().decode


def batched(clients: Sequence["Client"], size: int) -> list[Sequence["Client"]]:
    """So many at a time."""
    return [clients[begin : begin + size] for begin in range(0, len(clients), size)]


class Line(Protocol):
    """What a client's connections go through."""

    def bad_until(self, port: int) -> float:
        """When the line stopped troubling a connection (``perf_counter``, s; 0 never, infinite
        where it never stopped)."""


@dataclass
class Client:
    """One person in one conversation.

    Attributes:
        careless: a control: it comes back one number too late.
        fresh: a control: it sends again under a fresh ``client_id``.
        line: what it goes through, so that trouble on the line is not counted as slowness.
        events: its copy of its stream.
        written: the ``client_id`` of each message, in the order of writing.
        resumes: when each coming back began and ended (``perf_counter``, s).
    """

    person: Person
    chat: str
    url: str
    careless: bool = False
    fresh: bool = False
    line: Line | None = None
    events: list[Json] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    acked: dict[str, int] = field(default_factory=dict)
    unacked: dict[str, Json] = field(default_factory=dict)
    gaps: int = 0
    doubled: int = 0
    refused: int = 0
    resumes: list[tuple[float, float]] = field(default_factory=list)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _wire: Wire | None = None
    _port: int = 0
    _heard_at: float = 0.0
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _caught_up: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def last(self) -> int:
        """The last number it has."""
        return self.events[-1]["seq"] if self.events else 0

    def write(self) -> None:
        """Say something; it goes out at once or when the line is back."""
        client_id, number = str(uuid4()), len(self.written) + 1
        self.written.append(client_id)
        frame = {"type": "post", "conversation": self.chat, "client_id": client_id}
        self.unacked[client_id] = frame | {"body": f"message {number}"}
        if self.ready.is_set():
            self._send(self.unacked[client_id])

    def drop(self) -> None:
        """Lose the connection."""
        if self._wire is not None:
            self._wire.close()

    async def run(self) -> None:
        """Be connected until cancelled."""
        try:
            while True:
                began = time.perf_counter()
                # each failure is given more time than the one before: a server that is slow for
                # so many must not be asked by all of them again and again
                patience = _OPEN_S
                while not await self._connected(patience):
                    began = self._since(began)
                    patience = min(patience * 1.5, _LONGEST_S)
                    await asyncio.sleep(random.uniform(*_RETRY_S))
                self.resumes.append((self._since(began), time.perf_counter()))
                await self._stay()
                self.ready.clear()
        finally:
            self.drop()

    def _since(self, began: float) -> float:
        """From when on the line let this attempt be."""
        bad = self.line.bad_until(self._port) if self.line else 0.0
        return max(began, min(bad, time.perf_counter()))

    async def _connected(self, patience: float) -> bool:
        self._port = 0
        try:
            async with asyncio.timeout(patience):
                wire = self._wire = await dialled(self.url, cookie_of(self.person))
                self._port = wire.port
                await wire.known(self.person.session)
                self._ended.clear()
                self._caught_up.clear()
                wire.heard, wire.lost = self._hear, lambda _: self._end()
                after = self.last + (1 if self.careless and self.events else 0)
                self._send({"type": "subscribe", "conversation": self.chat, "after": after})
                waiting = {
                    asyncio.ensure_future(one.wait()) for one in (self._caught_up, self._ended)
                }
                try:
                    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for one in waiting:
                        one.cancel()
        except (OSError, TimeoutError):
            self.drop()
            return False
        if self._ended.is_set():
            return False
        self._again()
        self.ready.set()
        return True

    def _again(self) -> None:
        """Send what was not acknowledged, in its order."""
        if self.fresh:
            self.unacked = {
                one["client_id"]: one
                for one in (old | {"client_id": str(uuid4())} for old in self.unacked.values())
            }
        for frame in self.unacked.values():
            self._send(frame)

    async def _stay(self) -> None:
        """Until the connection ends, or has been silent for too long."""
        self._heard_at = time.perf_counter()
        while not self._ended.is_set():
            try:
                async with asyncio.timeout(_PING_S):
                    await self._ended.wait()
            except TimeoutError:
                silent = time.perf_counter() - self._heard_at
                if silent > _SILENT_S:
                    self.drop()
                    return
                self._send({"type": "ping"})

    def _end(self) -> None:
        self._ended.set()
        self.ready.clear()

    def _send(self, frame: Json) -> None:
        if self._wire is not None:
            self._wire.send(msgspec.json.encode(frame))

    def _hear(self, text: bytes) -> None:
        self._heard_at = time.perf_counter()
        frame = _decode(text)
        match frame["type"]:
            case "event":
                self._take(frame)
            case "caught_up":
                self._caught_up.set()
            case "ack":
                self.acked[frame["client_id"]] = frame["seq"]
                self.unacked.pop(frame["client_id"], None)
            case "problem":
                self.refused += 1
                self.drop()

    def _take(self, frame: Json) -> None:
        if frame["seq"] <= self.last:
            self.doubled += 1
            return
        if self.events and frame["seq"] != self.last + 1:
            self.gaps += 1
        self.events.append({key: frame[key] for key in ("seq", "kind", "data")})


def logs_of(clients: Sequence[Client]) -> list[list[Json]]:
    """Each client's stream as the server gives it now."""
    return [
        [
            {key: event[key] for key in ("seq", "kind", "data")}
            for event in client.person.stream(client.chat)
        ]
        for client in clients
    ]


def judged(clients: Sequence[Client], logs: Sequence[Sequence[Json]]) -> dict[str, int]:
    """Every client's view against the server's log."""
    found = Counter(lost=0, doubled=0, reordered=0, gaps=0)
    for client, log in zip(clients, logs, strict=True):
        told = {json.dumps(event, sort_keys=True) for event in client.events}
        found["lost"] += sum(json.dumps(event, sort_keys=True) not in told for event in log)
        found["gaps"] += client.gaps + sum(
            later["seq"] != earlier["seq"] + 1 for earlier, later in pairwise(log)
        )
        found["doubled"] += client.doubled
        found.update(_of_own(client, log))
    return dict(found)


def _of_own(client: Client, log: Sequence[Json]) -> dict[str, int]:
    """What became of its own messages."""
    own = [
        event["data"]
        for event in log
        if event["kind"] == "message"
        and event["data"]["author"]["id"] == client.person.id
        and event["data"]["body"].startswith("message ")
    ]
    stored = {data["client_id"] for data in own}
    numbers = [int(data["body"].split()[1]) for data in own]
    return {
        "lost": sum(client_id not in stored for client_id in client.acked),
        "doubled": len(numbers) - len(set(numbers)),
        "reordered": sum(later < earlier for earlier, later in pairwise(numbers)),
    }


async def settled(clients: Sequence[Client], patience: float = 60.0) -> None:
    """Everybody is back and everything is acknowledged.

    Raises:
        TimeoutError: not in time.
    """
    async with asyncio.timeout(patience):
        while any(client.unacked or not client.ready.is_set() for client in clients):
            await asyncio.sleep(0.05)


async def seen(clients: Sequence[Client], patience: float = 10.0) -> list[list[Json]]:
    """The logs, after everybody had time to get what stands in them."""
    logs = await asyncio.to_thread(logs_of, clients)
    deadline = time.perf_counter() + patience
    while time.perf_counter() < deadline and any(
        log and client.last < log[-1]["seq"] for client, log in zip(clients, logs, strict=True)
    ):
        await asyncio.sleep(0.05)
    return logs


async def chatter(clients: Sequence[Client], rate: float, chance: random.Random) -> None:
    """Somebody writes something, so often a second in all, until cancelled."""
    began, number = time.perf_counter(), 0
    while True:
        while number < (time.perf_counter() - began) * rate:
            chance.choice(clients).write()
            number += 1
        await asyncio.sleep(0.01)


@asynccontextmanager
async def running(clients: Sequence[Client]) -> AsyncIterator[None]:
    """All of them are connected, some at a time, and stay so."""
    tasks: list[asyncio.Task[None]] = []
    try:
        for group in batched(clients, _AT_ONCE):
            tasks += [asyncio.create_task(client.run()) for client in group]
            async with asyncio.timeout(120):
                for client in group:
                    await client.ready.wait()
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
