"""A morning at the desk (J10): Marta works ten conversations with all that the desk offers, and
Teo, who sets it up, is asked in the middle of it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from amparo.kernel.ids import new_id
from tests.journeys.conftest import NewServer
from tests.journeys.people import TEO, Person, buyer, new_chat, request_id, staff

Json = dict[str, Any]


def soon(what: Callable[[], object], why: str) -> None:
    """What followers do, they do in a moment."""
    ends = time.monotonic() + 15
    while not what():
        assert time.monotonic() < ends, why
        time.sleep(0.05)


def rows(person: Person, **asked: str) -> list[Json]:
    found: list[Json] = []
    cursor: str | None = ""
    while cursor is not None:
        page = person.get("/desk/inbox", params=asked | ({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["next"]
    return found


def ids(person: Person, **asked: str) -> list[str]:
    return [row["id"] for row in rows(person, **asked)]


def row_of(person: Person, chat: str, view: str = "all") -> Json:
    return next(row for row in rows(person, view=view) if row["id"] == chat)


@pytest.fixture
def set_up(new_server: NewServer) -> tuple[Person, Person]:
    """Marta, and Teo who has set up targets and macros."""
    server = new_server()
    marta, teo = staff(server), staff(server, TEO)
    targets = [{"first_response_s": 900, "next_response_s": 1800, "resolution_s": 86_400}]
    assert teo.ask("PUT", "/admin/sla", json={"targets": targets}).json() == {
        "targets": [{"priority": None, "channel": None, **targets[0]}]
    }
    for key, actions in (
        ("settled", [{"do": "tag", "tag": "Settled"}, {"do": "resolve"}]),
        ("tomorrow", [{"do": "tag", "tag": "wait"}, {"do": "snooze", "minutes": 1440}]),
    ):
        body = {"id": str(new_id()), "key": f"my-{key}", "name": key, "actions": actions}
        teo.do("/admin/macros", texts={"en": "Hello {buyer}"}, **body)
    return marta, teo


def test_ten_conversations(set_up: tuple[Person, Person]) -> None:
    marta, teo = set_up
    server = marta.server
    macros = {one["key"]: one["id"] for one in marta.get("/desk/macros")}
    ana, olga = buyer(server, "Ana", "en"), buyer(server, "Olga", "en")
    chats: list[str] = []
    for number in range(10):
        person = ana if number < 6 else olga
        live = person.live()
        chats.append(new_chat(live, f"Where is parcel M-{4000 + number}?"))
        person.do(f"/conversations/{chats[-1]}/person", id=request_id(), language="en")
        live.close()
    assert ids(marta, view="waiting") == chats
    assert marta.get("/desk/counts")["waiting"] == 10
    for chat in chats:
        assert marta.do("/desk/take-next", id=request_id())["id"] == chat
    assert set(ids(marta, view="mine")) == set(chats)
    assert ids(marta, view="unassigned") == []

    def desk(chat: str, verb: str, **body: Any) -> Any:
        return marta.do(f"/desk/conversations/{chat}/{verb}", **body)

    # Tags, and a list of their own under a name
    assert desk(chats[0], "tags", id=request_id(), add=["VIP", "Lost parcel"]) == {
        "tags": ["lost-parcel", "vip"]
    }
    assert marta.get("/desk/tags", params={"q": "lo"}) == {"tags": ["lost-parcel"]}
    assert ids(marta, view="all", tag="VIP") == [chats[0]]
    view = {"id": str(new_id()), "name": "VIPs", "query": {"view": "all", "tag": "vip"}}
    assert marta.do("/desk/views", shared=True, **view)["own"]
    assert [(one["name"], one["own"]) for one in teo.get("/desk/views")] == [("VIPs", False)]

    # The clock of the first answer, urgent, and stopped by an answer
    soon(lambda: len(ids(marta, view="due")) == 10, "every clock runs")
    assert row_of(marta, chats[1])["sla"]["kind"] == "first_response"
    desk(chats[1], "priority", id=request_id(), priority=1)
    body = {"client_id": request_id(), "body": "It left Madrid today"}
    marta.do(f"/conversations/{chats[1]}/messages", **body)
    soon(lambda: row_of(marta, chats[1])["sla"]["paused"], "the buyer is waited for")
    assert chats[1] not in ids(marta, view="due")

    # A macro: tag and snooze; later the buyer writes, or one wakes it
    click = request_id()
    for _ in range(2):
        assert desk(chats[2], "macro", id=click, macro=macros["my-tomorrow"])["state"] == "snoozed"
    assert ids(marta, view="snoozed") == [chats[2]]
    assert row_of(marta, chats[2])["tags"] == ["wait"]
    until = datetime.fromisoformat(row_of(marta, chats[2])["snoozed_until"])
    assert until - datetime.now(UTC) > timedelta(hours=23)

    # Ask a colleague: Teo is told until he has looked
    assert marta.ask("PUT", f"/desk/conversations/{chats[3]}/follow").status_code == 204
    note = {"client_id": request_id(), "body": "Teo, is that allowed?", "mentions": [teo.id]}
    desk(chats[3], "notes", **note)
    soon(lambda: teo.get("/desk/counts")["mentions"] == 1, "Teo is told")
    [named] = rows(teo, view="mentions")
    assert (named["id"], named["mentioned"]) == (chats[3], True)
    teo.do(f"/desk/conversations/{chats[3]}/mentions/seen")
    assert teo.get("/desk/counts")["mentions"] == 0
    assert ids(marta, view="followed") == [chats[3]]

    # Two of Ana's are one matter: she goes on where it goes on; then Marta thinks better of it
    merged = desk(chats[4], "merge", id=request_id(), into=chats[5])
    assert merged["id"] == chats[5]
    refused = ana.ask(
        "POST",
        f"/conversations/{chats[4]}/messages",
        json={"client_id": request_id(), "body": "And?"},
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "conversation_merged")
    assert refused.json()["params"] == {"into": chats[5]}
    assert ana.get(f"/conversations/{chats[4]}")["merged_into"] == chats[5]
    alone = desk(chats[4], "unmerge", id=request_id())
    assert (alone["state"], alone["operator"]["name"]) == ("assigned", "Marta")
    ana.do(f"/conversations/{chats[4]}/messages", client_id=request_id(), body="Here again")

    # A second matter in one of Olga's
    other = olga.do(
        f"/conversations/{chats[6]}/messages", client_id=request_id(), body="My lamp is broken, too"
    )
    new = str(new_id())
    split = {"conversation": new, "from_message": other["message_id"]}
    assert desk(chats[6], "split", id=request_id(), **split)["state"] == "assigned"
    said = [e["data"] for e in olga.stream(new) if e["kind"] == "message"]
    assert [one["body"] for one in said] == ["My lamp is broken, too"]
    assert said[0]["extra"]["copied"]["conversation"] == chats[6]

    # Many at once, one of which is not there
    bulk = {
        "conversations": [*chats[7:10], str(new_id())],
        "action": {"do": "tag", "tag": "batch"},
        "id": request_id(),
    }
    for _ in range(2):
        answer = marta.do("/desk/bulk", **bulk)
        assert answer["done"] == chats[7:10]
        assert [one["code"] for one in answer["failed"]] == ["not_found"]
    assert set(ids(marta, view="all", tag="batch")) == set(chats[7:10])
    for chat in chats[7:10]:
        assert desk(chat, "macro", id=request_id(), macro=macros["my-settled"])["state"] == (
            "resolved"
        )
    assert set(ids(marta, view="resolved", tag="settled")) == set(chats[7:10])
    soon(
        lambda: set(ids(marta, view="resolved", team="support-en")) == set(chats[7:10]),
        "the team stays with a resolved conversation",
    )

    # Everything that was said is found, also by its number
    def hits(**asked: str) -> list[str]:
        found = marta.get("/desk/search", params=asked)["items"]
        return [hit["conversation"]["id"] for hit in found]

    soon(lambda: hits(q="M-4003") == [chats[3]], "found by its number")
    soon(lambda: hits(q="lamps broken", author="buyer") == [new, chats[6]], "the copy, too")
    assert hits(q="parcels", tag="batch", state="resolved") == chats[9:6:-1]
    assert hits(q="allowed") == [chats[3]]

    # Beside it all: the context
    beside = marta.get(f"/desk/conversations/{chats[0]}/context")
    assert beside["tags"] == ["lost-parcel", "vip"]
    assert beside["buyer"]["name"] == "Ana"
    assert {UUID(one["id"]) for one in beside["earlier"]} == {UUID(id) for id in chats[1:6]}
