"""A visitor who keeps running into the limit of messages is held back for a while."""

import threading
import time
from collections.abc import Callable
from uuid import UUID

import structlog

from amparo.accounts.blocks_actions import hold_back
from amparo.accounts.blocks_rules import STRIKES, STRIKES_WITHIN
from amparo.kernel.clock import Clock
from amparo.storage.session import Database

log = structlog.get_logger(__name__)
_WITHIN_S = STRIKES_WITHIN.total_seconds()
_SWEEP = 20_000


class Abuse:
    """Counts refusals by person, in this process; each process counts for itself.

    The block itself is in the database: it holds in all of them, and the staff sees it.
    """

    def __init__(
        self, database: Database, clock: Clock, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._database, self._clock, self._now = database, clock, now
        self._lock = threading.Lock()
        self._strikes: dict[str, tuple[int, float]] = {}

    def struck(self, person: str) -> None:
        """Somebody was told that they are too fast; called on the loop too, so it only counts."""
        if self._counted(person) == STRIKES:
            threading.Thread(target=self._hold, args=(person,), name="abuse", daemon=True).start()

    def _counted(self, person: str) -> int:
        now = self._now()
        with self._lock:
            if len(self._strikes) > _SWEEP:
                alive = now - _WITHIN_S
                self._strikes = {k: v for k, v in self._strikes.items() if v[1] > alive}
            count, since = self._strikes.get(person, (0, now))
            if now - since > _WITHIN_S:
                count, since = 0, now
            # From the threshold on it begins anew: who goes on after the block gets another one.
            count = count % STRIKES + 1
            self._strikes[person] = (count, since)
            return count

    def _hold(self, person: str) -> None:
        try:
            with self._database.transaction() as session:
                held = hold_back(session, UUID(person), self._clock.now())
            if held:
                log.warning("visitor_held_back", person=person)
        except Exception:
            log.exception("visitor_not_held_back", person=person)
