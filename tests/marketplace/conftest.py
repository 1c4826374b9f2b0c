"""A small marketplace: two stores, three products, and the people who buy and sell there."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor, Role
from amparo.kernel.ids import new_id
from amparo.marketplace import actions
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import Database, connect
from tests.conftest import TEMPLATE


def person(role: Role, ref: str | None = None, *stores: str) -> Actor:
    return Actor(new_id(), role, ref, store_refs=stores)


ANA = person("buyer", "buyer-ana")
OLGA = person("buyer", "buyer-olga")
WEI = person("seller", "seller-wei", "store-wei")
MARTA = person("operator")
TEO = person("administrator")
VISITOR = person("visitor")
INTEGRATION = person("integration")

STORES: list[dict[str, Any]] = [
    {"ref": "store-wei", "name": "Wei's Lamps"},
    {"ref": "store-sol", "name": "Casa del Sol"},
]
PRODUCTS: list[dict[str, Any]] = [
    {
        "ref": "lamp",
        "store": "store-wei",
        "title": "Desk lamp",
        "text": "Warm light, 7 W.",
        "category": "Lamps",
        "photos": 3,
        "price": {"amount": 3900, "currency": "EUR"},
        "attributes": {"colour": "teal"},
    },
    {"ref": "shade", "store": "store-wei", "title": "Lamp shade"},
    {"ref": "mug", "store": "store-sol", "title": "Mug", "text_known": True},
]


def order(ref: str, buyer: str = "buyer-ana", **changes: Any) -> dict[str, Any]:
    """An order of one lamp, paid, unless ``changes`` say otherwise."""
    base: dict[str, Any] = {
        "ref": ref,
        "buyer": buyer,
        "state": "paid",
        "placed_at": "2026-04-10T09:00:00Z",
        "currency": "EUR",
        "lines": [{"position": 1, "product": "lamp", "unit_price": 3500}],
        "payments": [
            {
                "ref": "1",
                "method": "card",
                "amount": 3500,
                "state": "captured",
                "at": "2026-04-10T09:01:00Z",
            }
        ],
    }
    return base | changes


@pytest.fixture
def catalogue(session: Session, now: datetime) -> Session:
    """The session, with stores and products in it."""
    assert not actions.import_stores(session, STORES, now=now).errors
    assert not actions.import_products(session, PRODUCTS, now=now).errors
    return session


@pytest.fixture(scope="module")
def module_database(postgres: EmbeddedPostgres) -> Iterator[Database]:
    """A database that the tests of one file share, where making one for each would be slow."""
    name = f"marketplace_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name))
    yield database
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def emptied(module_database: Database) -> Database:
    """The shared database without any marketplace data."""
    with module_database.transaction() as session:
        session.execute(text("TRUNCATE orders, product, store, event CASCADE"))
    return module_database
