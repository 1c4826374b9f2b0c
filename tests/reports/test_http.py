"""Promises (J11, J12): editors see what was not answered, mend it with one click, look first."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.kernel.ids import new_id
from amparo.reports.effects_actions import Effects
from amparo.storage.session import Database
from tests.administration import office, sign_in
from tests.people import ANA, OLGA
from tests.reports.house import House

HELP = "/api/v1/admin/help"
ASKED = "can I send my grandmother's samovar back"


@pytest.fixture
def client(house: House, database: Database, clock: ManualClock) -> Iterator[TestClient]:
    """Teo at his desk, in the same house."""
    with office(database, clock, Settings()) as client:
        sign_in(client, "teo")
        yield client


def unknown(house: House, who: Any = ANA, text: str = ASKED) -> None:
    """Somebody asks what nobody knows; whatever the assistant says, it does not help."""
    chat = house.asks(who, text)
    house.person(who, chat)


def inbox(client: TestClient, **query: str) -> list[dict[str, Any]]:
    answer = client.get(f"{HELP}/unanswered", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def decide(client: TestClient, id: str, verb: str, **body: str) -> Any:
    url = f"{HELP}/unanswered/{id}/{verb}"
    return client.post(url, json={"id": str(new_id()), **body})


def test_one_click_teaches_the_assistant(house: House, client: TestClient) -> None:
    unknown(house, OLGA)
    unknown(house)
    [row] = inbox(client)
    assert (row["text"], row["count"]) == (ASKED, 2)
    assert len(row["nearest"]) == 3
    assert all(near["title"] for near in row["nearest"])
    taught = decide(client, row["id"], "example", question="returns_refund_when")
    assert taught.status_code == 200, taught.text
    assert taught.json()["state"] == "example"
    assert decide(client, row["id"], "example", question="returns_refund_when").status_code == 200
    other = decide(client, row["id"], "example", question="orders_late")
    assert (other.status_code, other.json()["code"]) == (409, "already_settled")
    assert inbox(client) == []
    assert [row["text"] for row in inbox(client, state="example")] == [ASKED]
    house.learn()
    house.asks(ANA, ASKED)
    assert house.outcomes()[-1] == ("assistant", "returns_refund_when", "open")


def test_a_new_question_is_in_the_help_centre_at_once(house: House, client: TestClient) -> None:
    unknown(house)
    [row] = inbox(client)
    empty = decide(client, row["id"], "question", category="returns_refund", title="x", body=" ")
    assert (empty.status_code, empty.json()["code"]) == (422, "answer_missing")
    new = {"category": "returns_refund", "title": "Can I send heirlooms back?", "body": "You can."}
    made = decide(client, row["id"], "question", **new)
    assert made.status_code == 200, made.text
    key = made.json()["question"]["key"]
    assert client.get(f"/help/en/{key}").status_code == 200
    assert "You can." in client.get(f"/help/en/{key}").text
    assert key not in client.get("/help/xx/").text
    assert decide(client, row["id"], "question", **new).json()["question"]["key"] == key
    assert decide(client, row["id"], "question", **new | {"category": "nothing"}).status_code == 200


def test_dismissing_stays(house: House, client: TestClient) -> None:
    unknown(house)
    [row] = inbox(client)
    assert decide(client, row["id"], "dismiss").json()["state"] == "dismissed"
    assert decide(client, row["id"], "dismiss").status_code == 200
    unknown(house, OLGA)
    assert inbox(client) == []
    assert decide(client, str(new_id()), "dismiss").status_code == 404
    assert decide(client, row["id"], "example", question="orders_late").status_code == 409


def test_an_example_that_was_not_enough_comes_back(house: House, client: TestClient) -> None:
    unknown(house)
    [row] = inbox(client)
    decide(client, row["id"], "example", question="orders_late")
    unknown(house, OLGA)
    [again] = inbox(client)
    assert (again["id"], again["count"], again["state"]) == (row["id"], 2, "open")


def test_pages_of_the_inbox_hold_everything_once(house: House, client: TestClient) -> None:
    for number in ("one", "two", "three"):
        unknown(house, text=f"{number} zorkmid please")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(
            f"{HELP}/unanswered", params={"limit": "1"} | ({"cursor": cursor} if cursor else {})
        ).json()
        seen += [row["text"] for row in page["items"]]
        cursor = page["next"]
    assert seen == [f"{number} zorkmid please" for number in ("three", "two", "one")]


def test_what_helped_as_a_table_and_as_csv(house: House, client: TestClient) -> None:
    house.reads(ANA, "orders_late")
    house.says(ANA, "orders_late", True)
    house.reads(OLGA, "orders_late")
    found = client.get(f"{HELP}/outcomes").json()
    [row] = found["rows"]
    assert row["question"]["key"] == "orders_late"
    assert (row["asked"], row["solved"], row["open"], row["step"]) == (2, 1, 1, "guide")
    table = client.get(f"{HELP}/outcomes.csv")
    assert table.headers["content-type"].startswith("text/csv")
    head, line = table.text.splitlines()
    assert head.startswith("question,title,language,step,asked,solved")
    assert line.startswith("orders_late,")
    assert line.endswith(",en,guide,2,1,0,0,0,1")
    before = {"until": "2020-01-01T00:00:00Z"}
    assert client.get(f"{HELP}/outcomes", params=before).json()["rows"] == []


def test_the_effect_of_an_edit_before_it_is_published(house: House, client: TestClient) -> None:
    house.asks(ANA, "zorkmid frobnicator")
    url = "/api/v1/admin/questions/orders_late/texts/en/effect"
    asked = {"id": str(new_id()), "title": "Zorkmid frobnicator", "body": "Zorkmid frobnicator."}
    found = finished(client, client.post(url, json=asked))
    assert found["compared"] > 1
    [change] = [change for change in found["changed"] if not change["example"]]
    assert change["text"] == "zorkmid frobnicator"
    assert change["before"] != change["after"]
    assert change["after"]["question"]["key"] == "orders_late"
    assert finished(client, client.post(url, json=asked)) == found, "the same id, the same effect"
    assert client.post(url.replace("orders_late", "nothing"), json=asked).status_code == 404


def finished(client: TestClient, answer: Any) -> dict[str, Any]:
    """Ask until it is computed."""
    assert answer.status_code == 200, answer.text
    effects: Effects = client.app.state.effects  # type: ignore[attr-defined]
    effects.wait()
    found: dict[str, Any] = client.get(f"/api/v1/admin/effects/{answer.json()['id']}").json()
    assert found["state"] == "done"
    return found


def test_confused_pairs_name_both_questions(house: House, client: TestClient) -> None:
    pairs = client.get(f"{HELP}/confused").json()["pairs"]
    for pair in pairs:
        assert pair["asked"]["title"]
        assert pair["asked"] != pair["found"]
        assert pair["count"] >= len(pair["texts"])


def test_an_operator_sees_none_of_it(client: TestClient) -> None:
    sign_in(client, "marta")
    for path in ("outcomes", "outcomes.csv", "unanswered", "confused"):
        assert client.get(f"{HELP}/{path}").status_code == 404
