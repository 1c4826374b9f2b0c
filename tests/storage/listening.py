"""What PostgreSQL notified, for tests that ask who told it."""

from collections.abc import Callable
from time import monotonic
from typing import Self

import psycopg

from amparo.storage.session import CHANNEL

_END = "end-of-what-was-told"


class Notified:
    """Listens from its beginning to its end."""

    def __init__(self, conninfo: str) -> None:
        self._connection = psycopg.connect(conninfo, autocommit=True)
        self._connection.execute(f"LISTEN {CHANNEL}".encode())
        self._told: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def so_far(self) -> list[str]:
        """Every payload up to now; a notification of our own marks the end."""
        self._connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, _END])
        for notification in self._connection.notifies(timeout=10):
            if notification.payload == _END:
                return list(self._told)
            self._told.append(notification.payload)
        raise AssertionError("the mark was not heard")

    def until(self, condition: Callable[[list[str]], bool]) -> None:
        """Wait until what was told fulfils it."""
        end = monotonic() + 20
        while not condition(self._told):
            assert monotonic() < end, f"only {self._told}"
            for notification in self._connection.notifies(timeout=1, stop_after=1):
                self._told.append(notification.payload)
