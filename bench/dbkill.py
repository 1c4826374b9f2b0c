"""``python -m bench.dbkill --kills 5``: kill -9 of PostgreSQL under load.

Buyers and an operator write without pause over live sockets. The embedded database's postmaster
is killed at random moments; the product starts it again by itself and nobody touches anything.
What was refused meanwhile is sent again by its client under the same ``client_id``. At the end
every acknowledged message must be stored once and in its author's order.

``back_s``: from the moment at which the database takes connections again until somebody's message
is acknowledged, the longest of all kills; 5 s are wanted. ``away_s`` counts from the kill.

The control is a client that takes what it has *sent* for acknowledged and never sends it again:
messages of it must be missing, or the bench could not see a loss.
"""

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import text

from amparo.storage.pg_account import server_account
from amparo.storage.pg_process import find_postmaster, ping
from bench import kill
from bench.common import mercadia, progress, result
from tests.journeys.people import buyer, new_chat
from tests.servers import Server
from tests.sockets import Live
from tests.storage.clusters import cluster_of, postmaster_pid

WANTED_S = 5.0
_PATIENCE_S = 60.0
_CARELESS_S = 0.002


@dataclass
class Careless:
    """The control: sends, and believes that it is stored."""

    live: Live
    chat: str
    believed: list[str] = field(default_factory=list)

    def run(self, stop: threading.Event) -> None:
        """Write until told to stop; answers are read and ignored."""
        while not stop.wait(_CARELESS_S):
            self.believed.append(self.live.post(self.chat, f"message {len(self.believed)}"))
            while self.live.receive(0):
                pass
        # what is still under way may arrive: it is not the loss that is looked for
        while self.live.receive(2):
            pass


@dataclass
class Watch:
    """Says when the database took connections again and when somebody was answered."""

    server: Server
    writers: Sequence[kill.Writer]

    def strike(self) -> tuple[float, float]:
        """Kill the database; seconds from the kill, and from its return, to the first answer."""
        old = postmaster_pid(self.server.data)
        before = len(self.server.entries("postgres_restarted"))
        os.kill(old, signal.SIGKILL)
        began = time.monotonic()
        self._until(lambda: self._accepts(old), "the database is back")
        up = time.monotonic()
        answered = self._answers()
        self._until(lambda: self._answers() > answered, "somebody is answered")
        answer = time.monotonic()
        self._until(lambda: len(self.server.entries("postgres_restarted")) > before, "it is logged")
        return answer - began, answer - up

    def wait_for_answers(self) -> None:
        """Everybody was answered a few times more."""
        goals = [len(writer.live.acks) + 3 for writer in self.writers]
        self._until(
            lambda: all(
                len(one.live.acks) >= goal for one, goal in zip(self.writers, goals, strict=True)
            ),
            "everybody is answered",
        )

    def _answers(self) -> int:
        return sum(len(writer.live.acks) for writer in self.writers)

    def _accepts(self, old: int) -> bool:
        found = find_postmaster(cluster_of(self.server.data), server_account())
        if found is None or found.pid == old:
            return False
        return ping(found) == psycopg.pq.Ping.OK

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"not within {_PATIENCE_S} s: {what}"
            threading.Event().wait(0.002)


def writers_of(server: Server) -> list[kill.Writer]:
    """Who writes, one message at a time: a second one sent before the first was refused would
    overtake it."""
    writers, other = kill.writers_of(server, window=1)
    other.live.close()
    return writers


def run(
    server: Server, writers: Sequence[kill.Writer], kills: int, seed: int, shout: Any = progress
) -> dict[str, Any]:
    """Kill the database of the running, filled server so often; returns the figures."""
    chance = random.Random(seed)
    live = buyer(server, "Careless", "en").live()
    careless = Careless(live, new_chat(live))
    watch, stop, up = Watch(server, writers), threading.Event(), threading.Event()
    up.set()
    away, back = [], []
    control = threading.Thread(target=careless.run, args=(stop,), daemon=True)
    with kill.writing(writers, up, stop) as failures:
        control.start()
        for number in range(1, kills + 1):
            watch.wait_for_answers()
            threading.Event().wait(chance.uniform(0.0, 0.5))
            whole, after = watch.strike()
            away.append(whole)
            back.append(after)
            shout(f"kill {number}/{kills}: answered after {whole:.2f} s, {after:.2f} s of them up")
            if failures:
                break
        watch.wait_for_answers()
        stop.set()
        control.join(_PATIENCE_S)
    if failures:
        raise failures[0]
    live.close()
    return {
        "kills": kills,
        **kill.compared(server, writers),
        "away_s": round(max(away), 2),
        "back_s": round(max(back), 2),
        "control_lost": _missing(server, careless),
    }


def _missing(server: Server, careless: Careless) -> int:
    with server.database() as database, database.reading() as session:
        rows = session.execute(
            text("SELECT client_id FROM message WHERE conversation_id = :chat"),
            {"chat": careless.chat},
        )
        stored = {str(row.client_id) for row in rows}
    return sum(client_id not in stored for client_id in careless.believed)


def kept(figures: dict[str, Any]) -> bool:
    """Nothing lost, doubled or out of order, and the control shows that a loss would be seen."""
    wrong = [figures[name] for name in ("lost", "doubled", "reordered")]
    stored = figures["acked"] == figures["stored"] > 0
    return bool(not any(wrong) and stored and figures["control_lost"] > 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=20260414)
    given = parser.parse_args()
    with mercadia() as server:
        figures = run(server, writers_of(server), given.kills, given.seed)
    result(figures)
    sys.exit(0 if kept(figures) and figures["back_s"] <= WANTED_S else 1)


if __name__ == "__main__":
    main()
