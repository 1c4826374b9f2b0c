"""Mercadia's pages: whole in three languages, strict policy, nobody sees another's orders."""

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from demo import mercadia
from demo.catalogue import BY_REF, PRODUCTS
from demo.identity import Identity
from demo.mercadia.app import Mercadia
from demo.mercadia.book import Book
from demo.mercadia.shop import Shop, texts
from demo.mercadia.webhooks import Inbox
from demo.orders import orders
from demo.people import LANGUAGES
from demo.pictures import picture
from tests.demo.conftest import BEGAN

AMPARO = "http://localhost:8420"
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def site(identity: Identity) -> TestClient:
    shop = Mercadia(AMPARO, identity, Shop(Book(BEGAN)), Inbox(SECRET))
    return TestClient(shop.application(), base_url="http://127.0.0.1:8421")


def test_every_page_has_the_button_and_nothing_inline(site: TestClient) -> None:
    site.get("/as/ana")
    for path in ("/", "/p/teapot", "/orders", "/orders/M-1002", "/webhooks", "/nothing"):
        answer = site.get(path)
        tag = f'<script async src="{AMPARO}/widget.js" data-site="pk_mercadia_demo"></script>'
        assert tag in answer.text
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", answer.text)
        policy = answer.headers["content-security-policy"]
        assert f"script-src 'self' {AMPARO};" in policy
        assert f"frame-src {AMPARO};" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", ["ana", "olga", "wei"])
def test_all_pages_in_all_languages(site: TestClient, language: str, person: str) -> None:
    site.get(f"/as/{person}")
    site.post(f"/language/{language}?next=/orders")
    listed = site.get("/orders")
    assert f'<html lang="{language}">' in listed.text
    refs = re.findall(r'href="/orders/([^"]+)"', listed.text)
    assert refs
    for ref in refs:
        assert site.get(f"/orders/{ref}").status_code == 200
    for product in PRODUCTS:
        assert product.title(language) in site.get(f"/p/{product.ref}").text


def test_texts_are_complete(site: TestClient) -> None:
    for language in LANGUAGES:
        assert texts(language).keys() == texts("en").keys()
        assert all(language in product.words for product in BY_REF.values())
    used = set()
    for file in (Path(mercadia.__file__).parent / "templates").glob("*.html"):
        used |= set(re.findall(r't\("([a-z_.]+)"', file.read_text("utf-8")))
    assert {key for key in used if not key.endswith(".")} <= texts("en").keys()


def test_nobody_sees_the_orders_of_another(site: TestClient) -> None:
    of = {order["ref"]: order["buyer"] for order in orders(BEGAN)}
    site.get("/as/ana")
    for ref, buyer in of.items():
        status = site.get(f"/orders/{ref}").status_code
        assert status == (200 if buyer == "buyer-ana" else 404)
    site.get("/as/nobody")
    assert {site.get(f"/orders/{ref}").status_code for ref in of} == {404}
    assert site.get("/amparo-token").status_code == 204


def test_a_token_is_fresh_each_time(site: TestClient) -> None:
    site.get("/as/olga")
    first, second = site.get("/amparo-token"), site.get("/amparo-token")
    assert first.text != second.text
    assert first.headers["cache-control"] == "no-store"
    body = first.text.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert (claims["sub"], claims["role"], claims["locale"]) == ("buyer-olga", "buyer", "ru")
    assert claims["exp"] - claims["iat"] <= 300


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil", ""])
def test_the_way_back_stays_on_the_site(site: TestClient, next: str) -> None:
    answer = site.get("/as/ana", params={"next": next}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_another_host_name_is_refused(site: TestClient) -> None:
    assert site.get("/", headers={"host": "evil.example"}).status_code == 400


def test_pictures_are_whole(site: TestClient) -> None:
    for ref in BY_REF:
        drawn = picture(ref)
        assert drawn is not None
        assert site.get(f"/pictures/{ref}.svg").text == drawn
    assert site.get("/pictures/none.svg").status_code == 404


def signed(body: bytes, at: datetime, id: str = "msg_1") -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    mark = hmac.new(key, f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    signature = "v1,AAAA v1," + base64.b64encode(mark).decode()
    return {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": signature}


def test_a_signed_webhook_is_shown_once(site: TestClient) -> None:
    body = json.dumps({"type": "conversation.opened", "data": {"x": "<b>"}}).encode()
    headers = signed(body, datetime.now(UTC))
    for _ in range(2):
        assert site.post("/webhooks/amparo", content=body, headers=headers).status_code == 204
    page = site.get("/webhooks").text
    assert page.count("<summary><strong>conversation.opened") == 1
    assert "<b>" not in page


def test_any_other_webhook_is_refused(site: TestClient) -> None:
    body = b'{"type": "conversation.opened"}'
    good = signed(body, datetime.now(UTC))
    old = signed(body, BEGAN)
    for headers, content in (
        ({}, body),
        (good, body + b" "),
        (old, body),
        (good | {"webhook-id": "msg_2"}, body),
        (good | {"webhook-timestamp": "soon"}, body),
        (good | {"webhook-signature": "v1,é"}, body),
        (signed(b"no json", datetime.now(UTC)), b"no json"),
    ):
        raw = {name: value.encode("latin-1") for name, value in headers.items()}
        answer = site.post("/webhooks/amparo", content=content, headers=raw)
        assert answer.status_code == 400
    assert site.post("/webhooks/amparo", content=b"x" * 300_000).status_code == 413
    assert "conversation.opened" not in site.get("/webhooks").text


def test_only_a_seller_is_sent_to_the_sellers_page(site: TestClient) -> None:
    """With a token that works once and that no server's log gets to see."""
    site.get("/as/ana")
    assert "Sign in as Wei" in site.get("/seller-cases").text
    site.get("/as/wei?next=/seller-cases", follow_redirects=False)
    answer = site.get("/seller-cases", follow_redirects=False)
    page, _, behind = answer.headers["location"].partition("#")
    assert (answer.status_code, page) == (303, f"{AMPARO}/seller/")
    assert behind.startswith("site=pk_mercadia_demo&token=ey")
    assert answer.headers["cache-control"] == "no-store"
