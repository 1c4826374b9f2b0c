"""A morning at the desk (J10): Marta works ten conversations with all that the desk offers, and
Teo, who sets it up, is asked in the middle of it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

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


class Morning:
    """Ten conversations that Marta has taken: six of Ana's, four of Olga's."""

    def __init__(self, marta: Person, teo: Person) -> None:
        self.marta, self.teo = marta, teo
        self.ana, self.olga = (buyer(marta.server, name, "en") for name in ("Ana", "Olga"))
        self.chats: list[str] = []
        self.split_off = str(new_id())

    def desk(self, chat: str, verb: str, **body: Any) -> Any:
        return self.marta.do(f"/desk/conversations/{chat}/{verb}", **body)

    def hits(self, **asked: str) -> list[str]:
        found = self.marta.get("/desk/search", params=asked)["items"]
        return [hit["conversation"]["id"] for hit in found]

    def take_all(self) -> None:
        marta = self.marta
        for number in range(10):
            person = self.ana if number < 6 else self.olga
            live = person.live()
            chat = new_chat(live, f"Where is parcel M-{4000 + number}?")
            person.do(f"/conversations/{chat}/person", id=request_id(), language="en")
            live.close()
            self.chats.append(chat)
        assert ids(marta, view="waiting") == self.chats
        assert marta.get("/desk/counts")["waiting"] == 10
        for chat in self.chats:
            assert marta.do("/desk/take-next", id=request_id())["id"] == chat
        assert set(ids(marta, view="mine")) == set(self.chats)
        assert ids(marta, view="unassigned") == []

    def tag_and_keep_the_list(self) -> None:
        chat, marta = self.chats[0], self.marta
        assert self.desk(chat, "tags", id=request_id(), add=["VIP", "Lost parcel"]) == {
            "tags": ["lost-parcel", "vip"]
        }
        assert marta.get("/desk/tags", params={"q": "lo"}) == {"tags": ["lost-parcel"]}
        assert ids(marta, view="all", tag="VIP") == [chat]
        view = {"id": str(new_id()), "name": "VIPs", "query": {"view": "all", "tag": "vip"}}
        assert marta.do("/desk/views", shared=True, **view)["own"]
        assert [(one["name"], one["own"]) for one in self.teo.get("/desk/views")] == [
            ("VIPs", False)
        ]

    def answer_in_time(self) -> None:
        chat, marta = self.chats[1], self.marta
        soon(lambda: len(ids(marta, view="due")) == 10, "every clock runs")
        assert row_of(marta, chat)["sla"]["kind"] == "first_response"
        self.desk(chat, "priority", id=request_id(), priority=1)
        body = {"client_id": request_id(), "body": "It left Madrid today"}
        marta.do(f"/conversations/{chat}/messages", **body)
        soon(lambda: row_of(marta, chat)["sla"]["paused"], "the buyer is waited for")
        assert chat not in ids(marta, view="due")

    def put_aside_by_a_macro(self, macro: str) -> None:
        chat, click = self.chats[2], request_id()
        for _ in range(2):
            assert self.desk(chat, "macro", id=click, macro=macro)["state"] == "snoozed"
        assert ids(self.marta, view="snoozed") == [chat]
        assert row_of(self.marta, chat)["tags"] == ["wait"]
        until = datetime.fromisoformat(row_of(self.marta, chat)["snoozed_until"])
        assert until - datetime.now(UTC) > timedelta(hours=23)

    def ask_a_colleague(self) -> None:
        chat, teo = self.chats[3], self.teo
        assert self.marta.ask("PUT", f"/desk/conversations/{chat}/follow").status_code == 204
        note = {"client_id": request_id(), "body": "Teo, is that allowed?", "mentions": [teo.id]}
        self.desk(chat, "notes", **note)
        soon(lambda: teo.get("/desk/counts")["mentions"] == 1, "Teo is told")
        [named] = rows(teo, view="mentions")
        assert (named["id"], named["mentioned"]) == (chat, True)
        teo.do(f"/desk/conversations/{chat}/mentions/seen")
        assert teo.get("/desk/counts")["mentions"] == 0
        assert ids(self.marta, view="followed") == [chat]

    def merge_and_think_better_of_it(self) -> None:
        source, into, ana = self.chats[4], self.chats[5], self.ana
        assert self.desk(source, "merge", id=request_id(), into=into)["id"] == into
        refused = ana.ask(
            "POST",
            f"/conversations/{source}/messages",
            json={"client_id": request_id(), "body": "And?"},
        )
        assert (refused.status_code, refused.json()["code"]) == (409, "conversation_merged")
        assert refused.json()["params"] == {"into": into}
        assert ana.get(f"/conversations/{source}")["merged_into"] == into
        alone = self.desk(source, "unmerge", id=request_id())
        assert (alone["state"], alone["operator"]["name"]) == ("assigned", "Marta")
        ana.do(f"/conversations/{source}/messages", client_id=request_id(), body="Here again")

    def split_a_second_matter(self) -> None:
        chat, olga = self.chats[6], self.olga
        body = {"client_id": request_id(), "body": "My lamp is broken, too"}
        other = olga.do(f"/conversations/{chat}/messages", **body)
        split = {"conversation": self.split_off, "from_message": other["message_id"]}
        assert self.desk(chat, "split", id=request_id(), **split)["state"] == "assigned"
        said = [e["data"] for e in olga.stream(self.split_off) if e["kind"] == "message"]
        assert [one["body"] for one in said] == ["My lamp is broken, too"]
        assert said[0]["extra"]["copied"]["conversation"] == chat

    def settle_many(self, macro: str) -> None:
        some, marta = self.chats[7:10], self.marta
        bulk = {
            "conversations": [*some, str(new_id())],
            "action": {"do": "tag", "tag": "batch"},
            "id": request_id(),
        }
        for _ in range(2):
            answer = marta.do("/desk/bulk", **bulk)
            assert answer["done"] == some
            assert [one["code"] for one in answer["failed"]] == ["not_found"]
        assert set(ids(marta, view="all", tag="batch")) == set(some)
        for chat in some:
            assert self.desk(chat, "macro", id=request_id(), macro=macro)["state"] == "resolved"
        assert set(ids(marta, view="resolved", tag="settled")) == set(some)
        soon(
            lambda: set(ids(marta, view="resolved", team="support-en")) == set(some),
            "the team stays with a resolved conversation",
        )

    def find_everything(self) -> None:
        chats, found = self.chats, self.hits
        soon(lambda: found(q="M-4003") == [chats[3]], "found by its number")
        both = [self.split_off, chats[6]]
        soon(lambda: found(q="lamps broken", author="buyer") == both, "the copy, too")
        assert found(q="parcels", tag="batch", state="resolved") == chats[9:6:-1]
        assert found(q="allowed") == [chats[3]]
        beside = self.marta.get(f"/desk/conversations/{chats[0]}/context")
        assert beside["tags"] == ["lost-parcel", "vip"]
        assert beside["buyer"]["name"] == "Ana"
        assert {one["id"] for one in beside["earlier"]} == set(chats[1:6])


def test_ten_conversations(set_up: tuple[Person, Person]) -> None:
    morning = Morning(*set_up)
    macros = {one["key"]: one["id"] for one in morning.marta.get("/desk/macros")}
    morning.take_all()
    morning.tag_and_keep_the_list()
    morning.answer_in_time()
    morning.put_aside_by_a_macro(macros["my-tomorrow"])
    morning.ask_a_colleague()
    morning.merge_and_think_better_of_it()
    morning.split_a_second_matter()
    morning.settle_many(macros["my-settled"])
    morning.find_everything()
