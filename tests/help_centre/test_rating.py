"""Promises: a page is rated without JavaScript, counted once, and nobody else can send it."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from amparo.config import Settings
from amparo.help_centre.events import PAGE_RATED
from amparo.help_centre.models import PageFeedback
from amparo.kernel.clock import ManualClock
from amparo.kernel.languages import CONTENT, PSEUDO
from amparo.server.app import create_app
from amparo.storage.events import EventRow
from amparo.storage.session import Database
from tests.help_centre.conftest import BASE, fill

PAGE = "/help/en/orders_late"
Form = dict[str, str]


@pytest.fixture
def olga(database: Database, clock: ManualClock) -> Iterator[TestClient]:
    with database.transaction() as session:
        fill(session)
    app = create_app(Settings(limit_help_rating="5/minute"), database, clock)
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        yield client


def form_of(client: TestClient, said: str, page: str = PAGE) -> Form:
    """The hidden fields as a browser without JavaScript would send them."""
    text = client.get(f"{page}/useful", params={"answer": said}).text
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))


def stored(database: Database) -> list[PageFeedback]:
    with database.reading() as session:
        rows = list(session.scalars(select(PageFeedback).order_by(PageFeedback.at)))
        session.expunge_all()
        return rows


def test_olga_says_what_was_wrong(olga: TestClient, database: Database) -> None:
    assert f'action="{PAGE}/useful"' in olga.get(PAGE).text
    form = form_of(olga, "no") | {"reason": "unclear", "comment": " Too many words.\n"}
    answer = olga.post(f"{PAGE}/useful", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}/useful")
    assert "Thank you" in olga.get(answer.headers["location"]).text
    [row] = stored(database)
    assert (row.question_key, row.useful, row.reason) == ("orders_late", False, "unclear")
    assert (row.comment, row.answer_language, row.answer_version) == ("Too many words.", "en", 1)


def test_the_same_form_counts_once(olga: TestClient, database: Database) -> None:
    form = form_of(olga, "yes")
    for _ in range(3):
        assert olga.post(f"{PAGE}/useful", data=form).status_code == 303
    assert len(stored(database)) == 1
    with database.reading() as session:
        [event] = session.scalars(select(EventRow.data).where(EventRow.kind == PAGE_RATED))
    assert event["useful"] is True
    assert "comment" not in event
    other = form | {"answer": "no"}
    assert olga.post(f"{PAGE}/useful", data=other).status_code == 409


def test_looking_at_the_form_stores_nothing(olga: TestClient, database: Database) -> None:
    first, second = form_of(olga, "no"), form_of(olga, "no")
    assert first["id"] != second["id"]
    assert olga.get(f"{PAGE}/useful?answer=no").headers["cache-control"] == "no-store"
    assert stored(database) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": BASE},
    ],
)
def test_another_site_cannot_send_it(
    olga: TestClient, database: Database, headers: dict[str, str]
) -> None:
    answer = olga.post(f"{PAGE}/useful", data=form_of(olga, "no"), headers=headers)
    assert answer.status_code == 403
    assert "Your text is still here" in answer.text
    assert stored(database) == []


def test_our_own_page_can(olga: TestClient, database: Database) -> None:
    headers = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
    assert olga.post(f"{PAGE}/useful", data=form_of(olga, "no"), headers=headers).is_redirect
    assert len(stored(database)) == 1


def test_too_much_is_refused_and_nothing_typed_is_lost(
    olga: TestClient, database: Database
) -> None:
    form = form_of(olga, "no") | {"reason": "other", "comment": "é<b>" * 126}
    answer = olga.post(f"{PAGE}/useful", data=form)
    assert answer.status_code == 422
    assert "At most 500 characters" in answer.text
    assert "é&lt;b&gt;" * 126 in answer.text
    assert form["id"] in answer.text
    short = form | {"comment": "é" * 500}
    assert olga.post(f"{PAGE}/useful", data=short).status_code == 303
    for _ in range(6):
        last = olga.post(f"{PAGE}/useful", data=form_of(olga, "no"))
    assert last.status_code == 429
    assert "wait a minute" in last.text


@pytest.mark.parametrize(
    "sent",
    [b"", b"\xff\xfe", b"id=1&answer=yes", b"answer=maybe", b"&" * 5_000, b'{"id": 1}'],
)
def test_what_is_no_form_is_refused_politely(olga: TestClient, sent: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = olga.post(f"{PAGE}/useful", content=sent, headers=headers)
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text


def test_an_unknown_reason_or_page(olga: TestClient, database: Database) -> None:
    form = form_of(olga, "no") | {"reason": "because"}
    assert olga.post(f"{PAGE}/useful", data=form).status_code == 422
    assert olga.post("/help/en/nothing/useful", data=form).status_code == 404
    assert olga.get("/help/xx/orders_late/useful").status_code == 404
    assert stored(database) == []


@pytest.mark.parametrize("language", [*CONTENT, PSEUDO])
@pytest.mark.parametrize("said", ["yes", "no", ""])
def test_the_form_speaks_every_language(reader: TestClient, language: str, said: str) -> None:
    text = reader.get(f"/help/{language}/orders_late/useful", params={"answer": said}).text
    assert "{" not in text
    assert "page.useful" not in text
    assert ('method="post"' in text) is bool(said)


def test_an_id_of_a_client_is_checked(olga: TestClient) -> None:
    form = {"id": str(uuid4()), "answer": "yes"}
    assert olga.post(f"{PAGE}/useful", data=form).status_code == 303
    assert olga.post(f"{PAGE}/useful", data=form | {"id": "x" * 50}).status_code == 404
