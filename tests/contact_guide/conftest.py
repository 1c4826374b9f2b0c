"""The guide over a filled marketplace: Ana with orders, Olga, Wei, and the help centre."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.marketplace import actions as marketplace
from amparo.server.app import create_app
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import Database, connect
from tests.accounts.people import SITE, claims, signed
from tests.conftest import TEMPLATE
from tests.help_centre.conftest import BASE, LOADED_AT, fill
from tests.marketplace.conftest import PRODUCTS, STORES, order

LATE = "A-late"
UNPAID = "A-unpaid"
OLGAS = "O-1"


def orders() -> list[dict[str, Any]]:
    """Ana's late order and her charged but unpaid one; one of Olga's."""
    return [
        order(LATE, deliver_by="2026-04-12T09:00:00Z"),
        order(UNPAID, state="unpaid"),
        order(OLGAS, "buyer-olga"),
    ]


@pytest.fixture(scope="package")
def guide_database(postgres: EmbeddedPostgres) -> Iterator[Database]:
    """Made once; tests that write take a session that is undone, or own ids."""
    name = f"guide_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name), pool=6)
    with database.transaction() as session:
        fill(session)
        assert not marketplace.import_stores(session, STORES, now=LOADED_AT).errors
        assert not marketplace.import_products(session, PRODUCTS, now=LOADED_AT).errors
        assert not marketplace.import_orders(session, orders(), now=LOADED_AT).errors
    yield database
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def loaded(guide_database: Database) -> Iterator[Session]:
    """A session on it whose work is undone after the test."""
    with guide_database.engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture
def client(guide_database: Database, clock: ManualClock) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), guide_database, clock), base_url=BASE) as client:
        yield client


@pytest.fixture
def ana(client: TestClient, now: datetime) -> dict[str, str]:
    """Ana's headers."""
    return bearer(client, {"site": SITE, "token": signed(claims(now))})


@pytest.fixture
def visitor(client: TestClient) -> dict[str, str]:
    """Headers of somebody not signed in."""
    return bearer(client, {"site": SITE})


def bearer(client: TestClient, opening: dict[str, str]) -> dict[str, str]:
    answer = client.post("/api/v1/sessions", json=opening)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}
