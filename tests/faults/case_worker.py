"""A process that lives through simulated days of cases, for being killed at any moment.

It says on its output how far it is; started again from there, it goes on. Its provider pays by
appending to a file of its own, which is on the disk before it answers: what has left the till has
left it, whatever becomes of this process.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from amparo.cases.payment_sender import Sender
from amparo.cases.payments import Refund, Reply
from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.storage.session import connect
from amparo.storage.timers import fire_next
from tests.cases.house import TIMERS

STEP = timedelta(hours=12)


class Ledger:
    """Pays a key once; a line of the file is a payment."""

    name = "ledger"

    def __init__(self, path: Path) -> None:
        self._path = path

    def refund(self, refund: Refund, now: datetime) -> Reply:
        if refund.key not in self.lines():
            with self._path.open("a") as file:
                file.write(refund.key + "\n")
                file.flush()
                os.fsync(file.fileno())
        return Reply("paid", now.isoformat())

    def status(self, refund: Refund, now: datetime) -> Reply:
        return Reply("paid", now.isoformat()) if refund.key in self.lines() else Reply("none")

    def lines(self) -> list[str]:
        return self._path.read_text().split() if self._path.exists() else []


def say(line: str) -> None:
    """One line for whoever started us, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(url: str, ledger: str, start: str, end: str) -> None:
    """Live from ``start`` to ``end``."""
    database = connect(url, pool=4)
    clock = ManualClock(datetime.fromisoformat(start))
    sender = Sender(database, clock, Settings(), provider=Ledger(Path(ledger)))
    while clock.now() <= datetime.fromisoformat(end):
        say(clock.now().isoformat())
        while fire_next(database, TIMERS, clock.now()) or sender.run_once():
            pass
        clock.advance(STEP)
    database.close()
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
