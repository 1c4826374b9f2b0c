"""Promise of J2: whatever is pressed twice, sent again or answered at once, it happens once.

Bursts of real threads on the real database; after each burst the tables and the conversation have
to agree with each other, whoever was faster.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.conversations.queries import events_after
from amparo.conversations.requests_actions import Asking, ask
from amparo.conversations.requests_followers import RequestNotices
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Conflict, NotFound
from amparo.kernel.ids import derived_id, new_id
from amparo.marketplace import actions as marketplace
from amparo.marketplace.requests_actions import Wish, settle_request, tell_overdue
from amparo.marketplace.requests_followers import RequestsByImport
from amparo.storage.followers import Follower, drain, enrol
from amparo.storage.session import Database
from tests.marketplace.conftest import PRODUCTS, STORES, order
from tests.people import ANA, OLGA, open_chat, populate

START = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
SHOP = Actor(new_id(), "integration", name="shop")
FOLLOWERS: list[Follower] = [RequestsByImport(), RequestNotices()]
EMPTY = (
    "TRUNCATE conversation, message, stream_entry, event, timer, order_request, order_line,"
    " payment, parcel, orders CASCADE"
)
HANDS = 4
ORDERS = ("one", "two")
STATES = ("paid", "dispatched", "cancelled")
KINDS = ("cancel_order", "confirm_receipt", "track_parcel", "contact_seller", "change_address")
DATA: dict[str, dict[str, Any]] = {
    "contact_seller": {"text": "Hello"},
    "change_address": {"address": "Elm Street 1"},
}
_shared = SimpleNamespace(database=None)


@dataclass(frozen=True, slots=True)
class Press:
    """A buyer asks; ``name`` stands for the id that the panel has made."""

    name: str
    kind: str
    order: str
    buyer: Actor = ANA


@dataclass(frozen=True, slots=True)
class Settle:
    """The marketplace answers whatever has that id."""

    name: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Import:
    """The marketplace brings an order in again."""

    order: str
    state: str


@dataclass(frozen=True, slots=True)
class Late:
    """The timer of a request fires."""

    name: str


NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f"])
DOINGS = st.one_of(
    st.builds(
        Press,
        NAMES,
        st.sampled_from(KINDS),
        st.sampled_from(ORDERS),
        st.sampled_from([ANA, ANA, ANA, OLGA]),
    ),
    st.builds(Settle, NAMES, st.sampled_from(["done", "refused"])),
    st.builds(Import, st.sampled_from(ORDERS), st.sampled_from(STATES)),
    st.builds(Late, NAMES),
)


class Requests(RuleBasedStateMachine):
    """Everybody does everything at the same moment."""

    @initialize()
    def begin(self) -> None:
        self.database: Database = _shared.database
        self.clock = ManualClock(START)
        self.run = new_id()
        with self.database.transaction() as session:
            session.execute(text(EMPTY))
            session.execute(text("DELETE FROM follower_position"))
            orders = [order(ref, state="dispatched" if ref == "two" else "paid") for ref in ORDERS]
            assert not marketplace.import_orders(session, orders, now=START).errors
            self.chat = open_chat(session, ANA, START)
        enrol(self.database, FOLLOWERS)
        self.settled: dict[UUID, str] = {}

    @rule(burst=st.lists(DOINGS, min_size=1, max_size=8), again=st.booleans())
    def at_once(self, burst: Sequence[Any], again: bool) -> None:
        """Some doings in as many threads; perhaps each of them twice."""
        doings = [*burst, *burst] if again else list(burst)
        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(self._does, doings))

    @rule()
    def followers_come(self) -> None:
        drain(self.database, self.clock, FOLLOWERS)

    @rule()
    def followers_come_again(self) -> None:
        """At least once means sometimes twice: they read the whole log again."""
        with self.database.transaction() as session:
            session.execute(text("UPDATE follower_position SET xid = 0, ordinal = 0"))
        drain(self.database, self.clock, FOLLOWERS)

    def _does(self, doing: Any) -> None:
        try:
            with self.database.transaction() as session:
                self._do(session, doing)
        except (Conflict, NotFound):
            return

    def _do(self, session: Session, doing: Any) -> None:
        if isinstance(doing, Press):
            chat = self.chat if doing.buyer is ANA else None
            kind: Any = doing.kind
            data = DATA.get(kind, {})
            wish = Wish(self._id(doing.name), doing.order, kind, "en", chat, data)
            ask(session, doing.buyer, Asking(wish), START)
        elif isinstance(doing, Settle):
            outcome: Any = doing.outcome
            settle_request(session, SHOP, self._id(doing.name), outcome, START)
        elif isinstance(doing, Import):
            marketplace.import_orders(session, [order(doing.order, state=doing.state)], now=START)
        else:
            tell_overdue(session, self._id(doing.name), {}, START)

    def _id(self, name: str) -> UUID:
        return derived_id(self.run, name)

    @invariant()
    def everything_happened_once(self) -> None:
        with self.database.reading() as session:
            rows = session.execute(
                text("SELECT id, order_id, kind, state, person_id, data FROM order_request")
            ).all()
            log = session.execute(text("SELECT kind, subject, data FROM event")).all()
            said = [
                event.data
                for event in events_after(session, ANA, self.chat, 0, 1000)
                if event.kind == "message" and "request" in event.data["extra"]
            ]
        open_ones = Counter((row.order_id, row.kind) for row in rows if row.state == "asked")
        assert all(count == 1 for count in open_ones.values()), "one open request of a kind"
        assert all(row.person_id == ANA.person_id for row in rows), "Olga got through"
        for row in rows:
            before = self.settled.setdefault(row.id, row.state)
            assert before in ("asked", row.state), "the first answer holds"
            self.settled[row.id] = row.state
            if row.kind == "change_address":
                assert bool(row.data) == (row.state == "asked"), "an address that is not needed"
        told = Counter((event.kind, event.subject) for event in log)
        for row in rows:
            assert told["order_request_made", row.id] == 1
            assert told["order_request_settled", row.id] == (row.state != "asked")
            assert told["order_request_overdue", row.id] <= 1
        asked = Counter(data["client_id"] for data in said if data["author"]["party"] == "buyer")
        assert asked == Counter(str(row.id) for row in rows), "each was said, and once"
        notices = Counter(
            (mark["id"], mark["state"], mark.get("overdue", False))
            for data in said
            if data["kind"] == "notice" and (mark := data["extra"]["request"])
        )
        assert all(count == 1 for count in notices.values()), "nothing is told twice"


@pytest.fixture
def _database(database: Database) -> Iterator[None]:
    with database.transaction() as session:
        populate(session, START)
        assert not marketplace.import_stores(session, STORES, now=START).errors
        assert not marketplace.import_products(session, PRODUCTS, now=START).errors
    _shared.database = database
    yield
    _shared.database = None


@pytest.mark.usefixtures("_database")
def test_every_quick_fix_happens_once_under_repetition_and_races() -> None:
    examples = 40 if os.environ.get("CI") else 12
    run_state_machine_as_test(
        Requests,
        settings=settings(
            max_examples=examples,
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
