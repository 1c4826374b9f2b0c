"""Promises: Teo edits, others find nothing there, and of two who race one is told."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.server.app import create_app
from amparo.storage.session import Database
from tests.help_centre.conftest import BASE, fill, sign_in

TEXT = "/api/v1/admin/questions/orders_late/texts/es"
NEW = {"title": "Llega tarde", "body": "1. Mire el pedido.\n2. Espere {late_wait_time}."}


@pytest.fixture
def app(database: Database, clock: ManualClock) -> FastAPI:
    with database.transaction() as session:
        fill(session)
    return create_app(Settings(), database, clock)


@pytest.fixture
def teo(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE) as client:
        client.headers.update(sign_in(client, "teo@mercadia.example"))
        yield client


def test_teo_edits_a_text_and_readers_see_it(teo: TestClient) -> None:
    rows = teo.get("/api/v1/admin/questions", params={"lang": "es"}).json()["items"]
    assert len(rows) == 72
    before = teo.get(TEXT)
    tag = before.headers["etag"]
    assert before.json()["edited"] is False
    saved = teo.put(TEXT, json=NEW, headers={"If-Match": tag})
    assert saved.status_code == 200, saved.text
    assert saved.headers["etag"] != tag
    assert saved.json()["edited"] is True
    page = teo.get("/help/es/orders_late").text
    assert "Llega tarde" in page
    assert "Espere 3 días." in page
    assert teo.put(TEXT, json=NEW, headers={"If-Match": tag}).status_code == 412


def test_a_version_must_be_named_and_real(teo: TestClient) -> None:
    missing = teo.put(TEXT, json=NEW)
    assert (missing.status_code, missing.json()["code"]) == (428, "if_match_required")
    for tag in ('"x"', "*", '"99"', '"²"'):
        headers = {"If-Match": tag.encode()}
        assert teo.put(TEXT, json=NEW, headers=headers).status_code == 412


def test_what_breaks_a_rule_is_said_in_the_readers_language(teo: TestClient) -> None:
    tag = teo.get(TEXT).headers["etag"]
    answer = teo.put(
        TEXT,
        json={"title": "T", "body": "{nothing_like_it}"},
        headers={"If-Match": tag, "Accept-Language": "es"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "placeholder_unknown")
    assert answer.json()["title"] == "Un marcador desconocido"


def test_two_editors_race_and_one_is_told(app: FastAPI, teo: TestClient) -> None:
    tag = teo.get(TEXT).headers["etag"]

    def save(title: str) -> int:
        with TestClient(app, base_url=BASE) as client:
            headers = sign_in(client, "teo@mercadia.example") | {"If-Match": tag}
            answer = client.put(TEXT, json={"title": title, "body": "B"}, headers=headers)
            return int(answer.status_code)

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(save, ["One", "Two"])) == [200, 412]


def test_for_others_there_is_nothing(app: FastAPI) -> None:
    with TestClient(app, base_url=BASE) as client:
        assert client.get(TEXT).status_code == 401
        headers = sign_in(client, "marta@mercadia.example") | {"If-Match": '"1"'}
        assert client.get(TEXT).status_code == 404
        assert client.get("/api/v1/admin/questions").status_code == 404
        assert client.put(TEXT, json=NEW, headers=headers).status_code == 404
        assert client.put(TEXT, json={"title": ""}, headers=headers).status_code == 404


@pytest.mark.parametrize("path", ["orders_late/texts/xx", "nothing/texts/en", "a%00b/texts/en"])
def test_a_text_that_does_not_exist(teo: TestClient, path: str) -> None:
    assert teo.get(f"/api/v1/admin/questions/{path}").status_code == 404


def test_teo_names_the_marketplace(teo: TestClient) -> None:
    url = "/api/v1/admin/placeholders"
    read = teo.get(url)
    assert read.json()["values"]["store_name"] == "Mercadia"
    new = {"values": {"store_name": "Bazaar", "appeal_time": "1 day"}}
    assert teo.put(url, json=new).status_code == 428
    headers = {"If-Match": read.headers["etag"]}
    saved = teo.put(url, json=new, headers=headers)
    assert (saved.status_code, saved.json()["values"]["store_name"]) == (200, "Bazaar")
    assert "Bazaar help" in teo.get("/help/en/").text
    assert teo.put(url, json=new, headers=headers).status_code == 412
    wrong = {"values": {"nothing_like_it": "x"}}
    now = {"If-Match": saved.headers["etag"]}
    assert teo.put(url, json=wrong, headers=now).status_code == 422


def test_only_teo_does(app: FastAPI) -> None:
    url = "/api/v1/admin/placeholders"
    with TestClient(app, base_url=BASE) as client:
        assert client.get(url).status_code == 401
        headers = sign_in(client, "marta@mercadia.example") | {"If-Match": '"1"'}
        assert client.get(url).status_code == 404
        assert client.put(url, json={"values": {}}, headers=headers).status_code == 404
