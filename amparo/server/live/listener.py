"""Hears the hints that transactions leave behind, on a connection and a thread of its own."""

from collections.abc import Callable
from threading import Event as Flag
from typing import LiteralString

import psycopg
import structlog

from amparo.storage.session import CHANNEL, EPHEMERAL_CHANNEL, EVERYTHING

log = structlog.get_logger(__name__)
_LISTEN: LiteralString = "LISTEN amparo; LISTEN amparo_live"
# LISTEN takes no parameter; the literal above must follow the constants
assert (CHANNEL, EPHEMERAL_CHANNEL) == ("amparo", "amparo_live")


class Listener:
    """Calls ``heard`` with the topics of each notification, ``said`` with what lives a moment.

    After the connection was lost, hints may have been missed: ``heard(["*"])`` says so.
    """

    def __init__(
        self,
        conninfo: str,
        heard: Callable[[list[str]], None],
        said: Callable[[str], None],
    ) -> None:
        self._conninfo, self._heard, self._said = conninfo, heard, said

    def run(self, stop: Flag) -> None:
        """Listen until ``stop``; connect again for as long as it takes."""
        failures = 0
        while not stop.is_set():
            try:
                self._listen(stop)
                failures = 0
            except psycopg.Error as error:
                failures += 1
                log.warning("listener_lost", error=str(error).strip()[:200], failures=failures)
                stop.wait(min(2.0, 0.1 * 2**failures))

    def _listen(self, stop: Flag) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute(_LISTEN)
            self._heard([EVERYTHING])
            while not stop.is_set():
                for notification in connection.notifies(timeout=1.0):
                    if notification.channel == CHANNEL:
                        self._heard(notification.payload.split())
                    else:
                        self._said(notification.payload)
                    if stop.is_set():
                        return
