"""The demo's data: in every state that somebody asks about, loaded once."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from amparo.accounts.actions import Browser, exchange_token
from amparo.accounts.management_actions import create_site
from amparo.kernel.actor import Actor
from amparo.kernel.ids import new_id
from amparo.marketplace import queries
from amparo.storage.session import Database
from demo.identity import Identity
from demo.load import Loaded, NotEmpty
from demo.people import PEOPLE, SITE_KEY
from tests.demo.conftest import BEGAN, load_demo, mode

ANA = Actor(new_id(), "buyer", "buyer-ana")
OLGA = Actor(new_id(), "buyer", "buyer-olga")
WEI = Actor(new_id(), "seller", "seller-wei", store_refs=("store-wei",))
LIFE = timedelta(hours=1)


def test_every_interesting_state_is_there(demo_database: Database, loaded: Loaded) -> None:
    with demo_database.reading() as session:
        ana = queries.orders_for(session, ANA, now=BEGAN).items
        olga = queries.orders_for(session, OLGA, now=BEGAN).items
        removed = queries.order_for(session, ANA, "M-1005", now=BEGAN).lines[0]
        wei = queries.orders_for(session, WEI, now=BEGAN).items
    problems = {order.problem for order in (*ana, *olga)}
    assert problems >= {
        "unpaid_charged", "late", "listing_removed", "under_warranty", "refund_pending",
    }  # fmt: skip
    states = {order.state for order in (*ana, *olga)}
    assert states >= {"unpaid", "processing", "dispatched", "delivered", "unavailable"}
    assert removed.product.removed_at is not None
    assert removed.snapshot.text is not None
    assert any(o.delivered_at and BEGAN - o.delivered_at < timedelta(hours=1) for o in ana)
    assert {order.ref for order in wei} >= {"M-1001", "M-2003"}
    assert "M-2003" not in {order.ref for order in ana}


def test_the_second_time_changes_nothing(
    demo_database: Database, identity: Identity, loaded: Loaded
) -> None:
    def rows() -> list[int]:
        tables = ("site", "orders", "order_line", "product", "store", "event", "person")
        with demo_database.reading() as session:
            return [session.scalar(text(f"SELECT count(*) FROM {t}")) or 0 for t in tables]

    before = rows()
    again = load_demo(demo_database, identity, BEGAN + timedelta(days=3))
    assert (again.new, again.began_at) == (False, BEGAN)
    assert again.webhook_secret == loaded.webhook_secret
    assert rows() == before


def test_another_port_is_another_origin_of_the_same_site(
    demo_database: Database, identity: Identity, loaded: Loaded
) -> None:
    moved = load_demo(demo_database, identity, BEGAN, "http://127.0.0.1:9999")
    assert moved.webhook_secret != loaded.webhook_secret
    back = load_demo(demo_database, identity, BEGAN)
    assert back.webhook_secret == loaded.webhook_secret


def test_amparo_believes_the_sites_tokens_once(
    demo_database: Database, identity: Identity, loaded: Loaded
) -> None:
    for person in PEOPLE.values():
        token = identity.token(person, "en", BEGAN)
        with demo_database.transaction() as session:
            opened = exchange_token(
                session,
                site_key=SITE_KEY,
                token=token,
                browser=Browser(LIFE, "test", demo=True),
                now=BEGAN,
            )
        assert (opened.actor.ref, opened.actor.role) == (person.ref, person.role)
        assert opened.actor.store_refs == person.stores


def test_a_database_with_another_marketplace_is_left_alone(
    database: Database, identity: Identity
) -> None:
    with database.transaction() as session:
        create_site(
            session, name="Real", origins=["https://real.example"], languages=["en"], now=BEGAN
        )
    with pytest.raises(NotEmpty):
        load_demo(database, identity, BEGAN)


def test_the_key_is_kept_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "demo" / "identity.pem"
    first, second = Identity(file), Identity(file)
    assert first.kid == second.kid
    assert mode(file) == 0o600
    assert "PRIVATE" not in first.public_pem


def test_cases_wait_for_each_of_their_people(demo_database: Database, loaded: Loaded) -> None:
    with demo_database.reading() as session:
        found = session.execute(text("SELECT state, turn FROM dispute WHERE due_at > :now"),
                                {"now": BEGAN}).all()  # fmt: skip
        closing = session.scalar(text("SELECT count(*) FROM refund_order"))
    assert {row.turn for row in found} >= {"seller", "buyer", "platform"}
    assert len({row.state for row in found}) >= 6, found
    assert closing == 1
