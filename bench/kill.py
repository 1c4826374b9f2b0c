"""``python -m bench.kill --kills 20``: kill -9 of the server under load, again and again.

Buyers and an operator write without pause over live sockets. The server is killed at random
moments and started again on the same port; the clients come back and send what was not
acknowledged under the same ``client_id``. At the end every acknowledged message must be stored
once, and each author's messages must stand in the order in which they were written, in the API's
answers and in the database.

The control is a client that sends again under a *fresh* ``client_id``: it must show doubles, or
the bench could not see any.
"""

import argparse
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import pairwise
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from websockets.exceptions import WebSocketException

from bench.common import mercadia, progress, result
from tests.journeys.people import Person, buyer, new_chat, request_id, staff
from tests.servers import Server
from tests.sockets import Live

BUYERS = 6
WINDOW = 6
_CONTROL_WINDOW, _CONTROL_DELAY_S = 25, 0.3
_ANSWER_S, _RETRY_S = 60.0, 0.1


@dataclass
class Writer:
    """Somebody who writes numbered messages without pause, whatever happens to the server.

    Attributes:
        fresh: the control: sends again under a fresh ``client_id``.
        acked: ``client_id`` -> the acknowledgement, for all that were acknowledged.
        written: ``client_id`` -> (conversation, body).
    """

    person: Person
    live: Live
    conversations: Sequence[str]
    window: int = WINDOW
    fresh: bool = False
    written: dict[str, tuple[str, str]] = field(default_factory=dict)
    count: int = 0

    @property
    def acked(self) -> dict[str, Any]:
        return {id: ack for id, ack in self.live.acks.items() if id in self.written}

    def run(self, up: threading.Event, stop: threading.Event) -> None:
        """Write until ``stop``, then wait until all is acknowledged."""
        while True:
            try:
                while not stop.is_set():
                    self._fill()
                    self._until(self._has_room, up)
                self._until(lambda: not self.live.unacked, up)
                return
            except (WebSocketException, OSError):
                self._come_back(up)

    def _has_room(self) -> bool:
        return len(self.live.unacked) < (1 if self.fresh else self.window)

    def _until(self, condition: Callable[[], bool], up: threading.Event) -> None:
        """Wait for answers; those still unread when the server is killed are lost."""
        while True:
            if not up.is_set():
                raise ConnectionResetError
            if condition():
                return
            self.live.problems.clear()
            self.live.until(lambda: self._interrupted(up) or condition(), "answers", _ANSWER_S)
            for problem in self.live.problems:
                self._refused(problem)

    def _interrupted(self, up: threading.Event) -> bool:
        return bool(self.live.problems) or not up.is_set()

    def _refused(self, problem: dict[str, Any]) -> None:
        """The database is away: the same again, a little later."""
        assert problem["status"] == HTTPStatus.SERVICE_UNAVAILABLE, problem
        threading.Event().wait(_RETRY_S)
        if problem["client_id"] in self.live.unacked:
            self.live.send(self.live.unacked[problem["client_id"]])

    def _fill(self) -> None:
        while len(self.live.unacked) < self.window:
            conversation = self.conversations[self.count % len(self.conversations)]
            self.count += 1
            body, client_id = f"message {self.count}", str(uuid4())
            self.written[client_id] = (conversation, body)
            self.live.post(conversation, body, client_id=client_id)
        if self.fresh:
            # a slow line: its acknowledgements are under way for most of the time
            threading.Event().wait(_CONTROL_DELAY_S)

    def _come_back(self, up: threading.Event) -> None:
        self.live.cut()
        if self.fresh:
            self.live.unacked = {fresh["client_id"]: fresh for fresh in self._anew()}
        while True:
            assert up.wait(60), "the server did not come back"
            with suppress(WebSocketException, OSError):
                self.live.again()
                return
            self.live.cut()

    def _anew(self) -> list[dict[str, Any]]:
        frames = [old | {"client_id": str(uuid4())} for old in self.live.unacked.values()]
        for frame in frames:
            self.written[frame["client_id"]] = (frame["conversation"], frame["body"])
        return frames


@dataclass
class Killer:
    """The server's bad luck."""

    server: Server
    chance: random.Random
    up: threading.Event = field(default_factory=threading.Event)

    def strike(self, writers: Sequence[Writer]) -> float:
        """Kill and restart once, a random moment after somebody was answered; seconds away."""
        self._wait_for_answers(writers)
        threading.Event().wait(self.chance.uniform(0.02, 0.7))
        self.up.clear()
        began = time.monotonic()
        self.server.kill()
        self.server.start()
        self.up.set()
        return time.monotonic() - began

    def _wait_for_answers(self, writers: Sequence[Writer]) -> None:
        before = [len(writer.live.acks) for writer in writers]
        deadline = time.monotonic() + 30
        while all(len(w.live.acks) == n for w, n in zip(writers, before, strict=True)):
            assert time.monotonic() < deadline, "nobody is answered"
            threading.Event().wait(0.01)


def run(server: Server, kills: int, seed: int, shout: Any = progress) -> dict[str, int]:
    """Kill the running, filled server so often; returns the figures."""
    writers, control = writers_of(server)
    killer, stop = Killer(server, random.Random(seed)), threading.Event()
    killer.up.set()
    with writing([*writers, control], killer.up, stop) as failures:
        for number in range(1, kills + 1):
            away = killer.strike(writers)
            acked = sum(len(writer.acked) for writer in writers)
            shout(f"kill {number}/{kills}: back after {away:.1f} s, {acked} acknowledged")
            if failures:
                break
        stop.set()
    if failures:
        raise failures[0]
    figures = compared(server, writers)
    doubles = _bodies(control.person.stream(control.conversations[0]), control.person.id)
    return {"kills": kills, **figures, "control_doubled": _doubled(doubles)}


def writers_of(server: Server, window: int = WINDOW) -> tuple[list[Writer], Writer]:
    """Buyers with two conversations each, a control, and Marta who answers them all."""
    marta = staff(server)
    writers, everything = [], []
    for name in [f"Buyer{n}" for n in range(BUYERS)] + ["Control"]:
        person = buyer(server, name, "en")
        live = person.live()
        mine = [new_chat(live) for _ in range(1 if name == "Control" else 2)]
        for conversation in mine:
            person.do(f"/conversations/{conversation}/person", id=request_id())
            marta.do(f"/desk/conversations/{conversation}/take")
        writers.append(Writer(person, live, mine, window))
        everything += mine
    control = writers.pop()
    control.fresh, control.window = True, _CONTROL_WINDOW
    desk = marta.live()
    for conversation in everything:
        desk.subscribe(conversation)
    return [*writers, Writer(marta, desk, everything, window)], control


@contextmanager
def writing(writers: Sequence[Writer], up: threading.Event, stop: threading.Event) -> Any:
    failures: list[BaseException] = []

    def work(writer: Writer) -> None:
        try:
            writer.run(up, stop)
        except BaseException as error:
            failures.append(error)
        finally:
            writer.live.close()

    threads = [threading.Thread(target=work, args=(w,), daemon=True) for w in writers]
    for thread in threads:
        thread.start()
    try:
        yield failures
    finally:
        stop.set()
        up.set()
        for thread in threads:
            thread.join(90)


def compared(server: Server, writers: Sequence[Writer]) -> dict[str, int]:
    """Everything acknowledged against everything stored."""
    in_database = _stored(server)
    figures = Counter({"acked": 0, "stored": 0, "lost": 0, "doubled": 0, "reordered": 0})
    for writer in writers:
        seen: dict[str, dict[str, Any]] = {}
        bodies: Counter[str] = Counter()
        for conversation in writer.conversations:
            stream = _own(writer.person.stream(conversation), writer.person.id)
            copy = _own(writer.live.streams[conversation], writer.person.id)
            seen |= {event["data"]["client_id"]: event for event in stream}
            bodies.update(event["data"]["body"] for event in stream)
            figures["reordered"] += _inversions(_numbers(stream)) + _inversions(_numbers(copy))
        stored = in_database[writer.person.id]
        acked = writer.acked
        figures["acked"] += len(acked)
        figures["stored"] += sum(1 for id in stored.elements() if id in writer.written)
        figures["lost"] += sum(1 for id in acked if id not in seen or id not in stored)
        figures["reordered"] += sum(
            1 for id, ack in acked.items() if id in seen and seen[id]["seq"] != ack["seq"]
        )
        figures["doubled"] += _doubled(bodies) + _doubled(stored)
    return dict(figures)


def _stored(server: Server) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with server.database() as database, database.reading() as session:
        for row in session.execute(text("SELECT author_id, client_id FROM message")):
            found[str(row.author_id)][str(row.client_id)] += 1
    return found


def _own(stream: Sequence[dict[str, Any]], author: str) -> list[dict[str, Any]]:
    """The author's numbered messages in a stream (the first message opened the conversation)."""
    return [
        event
        for event in stream
        if event["kind"] == "message"
        and event["data"]["author"]["id"] == author
        and event["data"]["body"].startswith("message ")
    ]


def _bodies(stream: Sequence[dict[str, Any]], author: str) -> Counter[str]:
    return Counter(event["data"]["body"] for event in _own(stream, author))


def _numbers(stream: Sequence[dict[str, Any]]) -> list[int]:
    return [int(event["data"]["body"].split()[1]) for event in stream]


def _inversions(numbers: Sequence[int]) -> int:
    return sum(1 for earlier, later in pairwise(numbers) if earlier >= later)


def _doubled(counted: Counter[str]) -> int:
    return sum(times - 1 for times in counted.values())


def good(figures: dict[str, int]) -> bool:
    """Nothing lost, doubled or out of order, and the control shows that doubles would be seen."""
    return (
        figures["lost"] == figures["doubled"] == figures["reordered"] == 0
        and figures["acked"] == figures["stored"] > 0
        and figures["control_doubled"] > 0
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20260414)
    given = parser.parse_args()
    with mercadia() as server:
        progress(f"serving on {server.url}, data in {server.data}")
        figures = run(server, given.kills, given.seed)
    result(dict(figures))
    sys.exit(0 if good(figures) else 1)


if __name__ == "__main__":
    main()
