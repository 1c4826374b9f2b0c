"""Promises (J1), over HTTP: from the first view to the way of contact that fits."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from amparo.contact_guide import queries
from amparo.kernel.clock import ManualClock
from amparo.kernel.ids import new_id
from amparo.kernel.languages import INTERFACE, PSEUDO
from amparo.routing.actions import save_team
from tests.accounts.people import SITE
from tests.contact_guide.conftest import LATE, OLGAS, UNPAID

START = "/api/v1/panel/start"
GUIDE = "/api/v1/guide/questions"
Headers = dict[str, str]


def channels(
    client: TestClient, key: str, headers: Headers | None = None, **params: str
) -> dict[str, dict[str, object]]:
    answer = client.get(f"{GUIDE}/{key}/channels", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return {channel["channel"]: channel for channel in answer.json()["channels"]}


def test_the_first_view_is_one_answer(client: TestClient) -> None:
    start = client.get(START, params={"site": SITE, "lang": "ru"}).json()
    assert start["site"] == {"name": "Mercadia", "languages": ["en", "es", "ru"], "accent": None}
    assert start["person"] is None
    assert [topic["title"] for topic in start["topics"]][:2] == ["Мои заказы", "Мой профиль"]
    assert sum(len(c["questions"]) for t in start["topics"] for c in t["categories"]) == 72
    assert len(start["suggestions"]) == 5
    assert (start["question_limit"], start["message_limit"]) == (140, 4000)
    hours = {row["language"]: row for row in start["hours"]}
    assert hours["en"]["always"]
    assert hours["ru"]["open"]
    assert hours["ru"]["closes_at"] == "2026-04-14T22:00:00Z"


def test_ana_is_known_and_her_late_order_comes_first(client: TestClient, ana: Headers) -> None:
    start = client.get(START, params={"site": SITE}, headers=ana).json()
    assert start["person"]["name"] == "Ana"
    assert {question["key"] for question in start["suggestions"][:2]} == {
        "orders_late",
        "payment_charged_order_unpaid",
    }
    unpaid = client.get(START, params={"site": SITE, "order": UNPAID}, headers=ana).json()
    assert unpaid["suggestions"][0]["key"] == "payment_charged_order_unpaid"


def test_another_buyers_order_changes_nothing_in_the_first_view(
    client: TestClient, ana: Headers
) -> None:
    own = client.get(START, params={"site": SITE}, headers=ana).json()
    foreign = client.get(START, params={"site": SITE, "order": OLGAS}, headers=ana).json()
    assert foreign == own


def test_an_unknown_site_is_not_found(client: TestClient) -> None:
    for site in ("pk_nobody", "a\x00b", "'"):
        assert client.get(START, params={"site": site}).status_code == 404
    assert client.get(START).status_code == 422


@pytest.mark.parametrize("language", [*INTERFACE, PSEUDO])
def test_our_suggestion(client: TestClient, language: str) -> None:
    answer = client.get(f"{GUIDE}/orders_late", params={"lang": language}).json()
    assert answer["language"] == language
    assert answer["html"].startswith("<p>")
    assert "{" not in answer["body"]
    assert answer["needs"] == {"order": True, "signed_in": True}
    assert answer["actions"] == ["track_parcel", "contact_seller", "open_dispute"]
    assert answer["topic"]["key"] == "orders"
    assert client.get(answer["url"]).status_code == 200


def test_a_visitor_reads_why_a_way_is_closed(client: TestClient, visitor: Headers) -> None:
    found = channels(client, "returns_refund_when", visitor, lang="en")
    assert found["chat"]["offered"]
    assert found["chat"]["open_now"] is True
    assert found["email"]["mailbox"] == "help@mercadia.example"
    late = channels(client, "orders_late", visitor, lang="es", order=LATE)
    assert late["case"]["offered"] is False
    assert late["case"]["reason"]
    assert late["chat"]["offered"]


def test_an_order_must_be_ones_own(client: TestClient, ana: Headers) -> None:
    assert channels(client, "orders_late", ana, order=LATE)["chat"]["offered"]
    for order in (OLGAS, "nothing", "a\x00b"):
        answer = client.get(f"{GUIDE}/orders_late/channels", params={"order": order}, headers=ana)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_outside_the_hours_english_answers_and_says_so(
    client: TestClient, clock: ManualClock
) -> None:
    clock.advance(timedelta(hours=11))  # 02:00 in Moscow
    chat = channels(client, "rules_talk_to_person", lang="ru", tz="Europe/Moscow")["chat"]
    assert (chat["offered"], chat["open_now"], chat["language"]) == (True, True, "en")
    assert "07:00" in str(chat["expectation"])
    assert "английский" in str(chat["expectation"])
    spanish = channels(client, "rules_talk_to_person", lang="es")["chat"]
    assert "español" in str(spanish["expectation"])


def test_who_comes_from_the_assistant_is_not_sent_back(client: TestClient) -> None:
    assert "assistant" in channels(client, "payment_methods")
    assert "assistant" not in channels(client, "payment_methods", via="assistant")


def test_when_nobody_works_the_chat_still_takes_the_message(loaded: Session, now: datetime) -> None:
    for team in queries.hours(loaded, now):
        save_team(
            loaded,
            {
                "key": team.team,
                "language": team.language,
                "names": {"en": team.team},
                "fallback": team.fallback,
                "zone": "UTC",
                "always": False,
                "week": {"mon": [["09:00", "10:00"]]},
                "exceptions": {},
            },
        )
    found = queries.channels(loaded, None, "rules_talk_to_person", "en", now)
    chat = next(channel for channel in found if channel.channel == "chat")
    assert (chat.offered, chat.expectation) == (True, "chat_closed")
    values = queries.live_values(loaded, "ru", now)
    assert "пн 09:00–10:00" in values["chat_hours"]
    assert "английский" in values["chat_languages"]


def test_feedback_counts_once(client: TestClient, ana: Headers) -> None:
    said = {"id": str(new_id()), "helped": False, "order": LATE}
    url = f"{GUIDE}/orders_late/feedback"
    assert client.post(url, json=said, headers=ana).status_code == 201
    again = client.post(url, json=said, headers=ana)
    assert (again.status_code, again.json()) == (200, {"id": said["id"], "helped": False})
    changed = client.post(url, json=said | {"helped": True}, headers=ana)
    assert (changed.status_code, changed.json()["code"]) == (409, "id_used_before")
    assert client.post(url, json=said).status_code == 404


def test_feedback_about_what_is_not_ones_own_is_refused(
    client: TestClient, ana: Headers, visitor: Headers
) -> None:
    url = f"{GUIDE}/orders_late/feedback"
    said = {"id": str(uuid4()), "helped": True}
    assert client.post(f"{GUIDE}/nothing/feedback", json=said).status_code == 404
    assert client.post(url, json=said | {"order": OLGAS}, headers=ana).status_code == 404
    foreign = said | {"conversation": str(new_id())}
    for headers in (ana, visitor, None):
        assert client.post(url, json=foreign, headers=headers).status_code == 404
    assert client.post(url, json=said, headers=visitor).status_code == 201


@pytest.mark.parametrize("key", ["nothing", "a%00b", "%27", "ORDERS_LATE"])
def test_an_unknown_question_is_not_found(client: TestClient, key: str) -> None:
    assert client.get(f"{GUIDE}/{key}").status_code == 404
    assert client.get(f"{GUIDE}/{key}/channels").status_code == 404
