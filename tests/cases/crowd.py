"""A marketplace with many cases, the same every time: for plans, and for ``bench.case_lists``.

Put in by COPY, in realistic shares: most are closed, few wait for the marketplace, one store has
far more than its share, and some buyers have many.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from amparo.cases.kinds import STATES, stage_of, turn_of
from amparo.kernel.actor import Actor
from amparo.kernel.ids import derived_id
from amparo.storage.session import Database

NOW = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
OPEN_SHARE = 0.2
STORES, BUYERS = 400, 20_000
REASONS = {
    "not_received": 34,
    "not_as_described": 26,
    "cooling_off": 10,
    "paid_unavailable": 9,
    "warranty": 7,
    "compensation": 6,
    "payment_not_credited": 5,
    "page_removed": 3,
}
OUTCOMES = ("refunded", "part_refunded", "agreed", "for_seller", "withdrawn")
OPERATORS = [
    Actor(derived_id("cases", "operator", n), "operator", name=f"Operator {n}") for n in range(20)
]
_OPEN_STATES = [state for state in STATES if state not in ("closed", "execute", "return_done")]
_COLUMNS = (
    "id number order_id line_id about_id family order_ref position title image buyer_ref buyer_id "
    "buyer_name store_ref store_id store_name reason state turn stage amount currency due_at "
    "operator_id decided_by policy_version parent_id conversation_id opened_at entered_at "
    "closed_at outcome alarm country version data last_hash reminded_to"
)


@dataclass(frozen=True, slots=True)
class CaseCrowd:
    """How many cases, and the seed of all that is made."""

    cases: int
    seed: int = 1

    def fill(self, database: Database) -> None:
        """Fill an empty, migrated database."""
        with database.engine.begin() as connection:
            cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
            _copy(cursor, "person", "id role name language stores created_at updated_at", _people())
            _copy(cursor, "dispute", _COLUMNS, self._rows())
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as plain:
            plain.exec_driver_sql("VACUUM ANALYZE dispute")

    def buyer(self, number: int) -> Actor:
        """One of the buyers; the first have the most cases."""
        return Actor(derived_id("buyer", number), "buyer", ref=f"buyer-{number}", name="Ana")

    def seller(self, number: int) -> Actor:
        """The people of a store; the first has the most cases."""
        ref = f"store-{number}"
        return Actor(derived_id("seller", number), "seller", name="Wei", store_refs=(ref,))

    def number(self, place: int) -> str:
        """What people call the case at that place."""
        return f"C{place:07d}"

    def _rows(self) -> Iterator[Sequence[Any]]:
        chance = random.Random(self.seed)
        for place in range(self.cases):
            yield _row(place, self.number(place), chance)


def _row(place: int, number: str, chance: random.Random) -> Sequence[Any]:
    opened = NOW - timedelta(minutes=chance.randrange(1, 2 * 365 * 24 * 60))
    is_open = chance.random() < OPEN_SHARE
    if is_open:
        opened = NOW - timedelta(minutes=chance.randrange(1, 40 * 24 * 60))
    state = chance.choice(_OPEN_STATES) if is_open else "closed"
    turn = turn_of(state) if is_open else "nobody"
    store = min(int(chance.expovariate(1 / 40)), STORES - 1)
    buyer = min(int(chance.expovariate(1 / 4_000)), BUYERS - 1)
    reason = chance.choices(list(REASONS), list(REASONS.values()))[0]
    taken = turn == "platform" and chance.random() < 0.6
    closed = None if is_open else opened + timedelta(hours=chance.randrange(1, 900))
    return (
        *_thing(place, number, reason),
        f"buyer-{buyer}",
        derived_id("buyer", buyer),
        f"Buyer {buyer}",
        f"store-{store}",
        derived_id("store", store),
        f"Store {store}",
        reason,
        state,
        turn,
        stage_of(state),
        chance.randrange(100, 90_000),
        "EUR",
        opened + timedelta(days=chance.randrange(1, 15)) if is_open else None,
        chance.choice(OPERATORS).person_id if taken else None,
        None,
        "1",
        None,
        None,
        opened,
        opened,
        closed,
        None if is_open else chance.choice(OUTCOMES),
        is_open and chance.random() < 0.01,
        "ES",
        chance.randrange(1, 20),
        Jsonb({"known": "x" * 1200, "deadlines": [place] * 40}),
        "0" * 64,
        opened,
    )


def _thing(place: int, number: str, reason: str) -> Sequence[Any]:
    line = derived_id("line", place)
    return (
        derived_id("case", place),
        number,
        derived_id("order", place),
        line,
        line,
        "payment" if reason == "payment_not_credited" else "goods",
        f"ORDER-{place}",
        0,
        f"Thing number {place % 977} with a title of usual length",
        None,
    )


def _people() -> Iterator[Sequence[Any]]:
    for one in OPERATORS:
        yield one.person_id, one.role, one.name, "en", [], NOW, NOW


def _copy(cursor: Any, table: str, columns: str, rows: Iterator[Sequence[Any]]) -> None:
    names = ", ".join(columns.split())
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([str(value) if isinstance(value, UUID) else value for value in row])
