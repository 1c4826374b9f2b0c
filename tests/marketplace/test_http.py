"""The routes: who may call them, what they answer, and that a bad item refuses nobody else."""

from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session
from starlette.requests import Request

from amparo.config import Settings
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.marketplace import actions
from amparo.server.app import create_app
from amparo.storage.session import Database
from tests.marketplace.conftest import (
    ANA,
    INTEGRATION,
    MARTA,
    OLGA,
    PRODUCTS,
    STORES,
    TEO,
    VISITOR,
    WEI,
    order,
)


class Client:
    """Calls the application as somebody; who that is was proved elsewhere."""

    def __init__(self, app: FastAPI) -> None:
        self._http = TestClient(app, raise_server_exceptions=False)
        self._actor: Actor | None = None
        app.state.identify = self._identify

    def _identify(self, request: Request, session: Session) -> Actor | None:
        return self._actor

    def call(self, actor: Actor | None, method: str, path: str, body: Any = None) -> Any:
        self._actor = actor
        return self._http.request(method, "/api/v1" + path, json=body)


@pytest.fixture(scope="module")
def client(module_database: Database) -> Client:
    clock = ManualClock(datetime.fromisoformat("2026-04-14T12:00:00Z"))
    with module_database.transaction() as session:
        actions.import_stores(session, STORES, now=clock.now())
        actions.import_products(session, PRODUCTS, now=clock.now())
        actions.import_orders(
            session, [order("ana-1"), order("2026/7", "buyer-olga")], now=clock.now()
        )
    return Client(create_app(Settings(), module_database, clock))


def test_a_buyer_reads_the_own_orders(client: Client) -> None:
    page = client.call(ANA, "GET", "/orders").json()
    assert [item["ref"] for item in page["items"]] == ["ana-1"]
    assert page["items"][0]["total"] == {"amount": 3500, "currency": "EUR"}
    assert page["items"][0]["placed_at"] == "2026-04-10T09:00:00Z"
    seen = client.call(ANA, "GET", "/orders/ana-1").json()
    assert seen["lines"][0]["snapshot"]["title"] == "Desk lamp"
    assert seen["lines"][0]["store"] == {"ref": "store-wei", "name": "Wei's Lamps"}
    assert seen["payments"][0]["charged"] is True


def test_an_order_number_may_hold_a_slash(client: Client) -> None:
    for path in ("/orders/2026/7", "/orders/2026%2F7"):
        assert client.call(OLGA, "GET", path).json()["ref"] == "2026/7"


def test_foreign_and_missing_look_the_same(client: Client) -> None:
    foreign = client.call(OLGA, "GET", "/orders/ana-1")
    missing = client.call(OLGA, "GET", "/orders/nothing")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["code"] == "not_found"
    without_instance = [
        {k: v for k, v in a.json().items() if k != "instance"} for a in (foreign, missing)
    ]
    assert without_instance[0] == without_instance[1]


@pytest.mark.parametrize("kind", ["stores", "products", "orders"])
@pytest.mark.parametrize("actor", [ANA, WEI, VISITOR, MARTA, TEO])
def test_only_the_integration_imports(client: Client, kind: str, actor: Actor) -> None:
    assert client.call(actor, "PUT", f"/import/{kind}", {"items": []}).status_code == 403
    assert client.call(None, "PUT", f"/import/{kind}", {"items": []}).status_code == 401


def test_an_import_counts_and_reports(client: Client) -> None:
    items = [order("new"), order("bad", state="?"), order("ana-1"), 7, None]
    answer = client.call(INTEGRATION, "PUT", "/import/orders", {"items": items})
    assert answer.status_code == 200
    result = answer.json()
    assert (result["created"], result["updated"], result["unchanged"]) == (1, 0, 1)
    assert [(error["index"], error["ref"]) for error in result["errors"]] == [
        (1, "bad"),
        (3, None),
        (4, None),
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"items": {}}, 422), ([], 422), ({"items": [{}] * 501}, 422), (None, 422)],
)
def test_a_body_that_is_no_batch_is_a_problem(client: Client, body: Any, status: int) -> None:
    answer = client.call(INTEGRATION, "PUT", "/import/orders", body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["?cursor=x", "?limit=0", "?limit=101", "?limit=x"])
def test_a_bad_page_is_a_problem(client: Client, query: str) -> None:
    assert client.call(ANA, "GET", f"/orders{query}").status_code == 422


def test_the_interface_describes_the_items(client: Client) -> None:
    schemas = create_app(Settings()).openapi()["components"]["schemas"]
    items = schemas["OrderBatch"]["properties"]["items"]
    assert items["maxItems"] == 500
    assert set(items["items"]["required"]) >= {"ref", "buyer", "state", "placed_at"}
    assert "unit_price" in schemas["LineItem"]["properties"]
    assert "late" in str(schemas["OrderSummary"]["properties"]["problem"])
