"""The main story: a buyer asks, is not satisfied, waits, talks to Marta, is helped."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.accounts.people import SITE
from tests.journeys.conftest import NewServer
from tests.journeys.people import (
    ANAS_ORDER,
    TEO,
    Person,
    buyer,
    new_chat,
    request_id,
    staff,
    visitor,
)
from tests.servers import Server
from tests.sockets import Live
from tests.storage.clusters import eventually
from tests.storage.receivers import Receiver, receiver

NOTE = "She is right, the carrier lost it."


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


@dataclass
class Chat:
    """Ana's conversation, from her side and from the desk."""

    id: str
    ana: Person
    live: Live
    marta: Person
    desk: Live


def test_a_buyer_gets_help(new_server: NewServer, there: Receiver) -> None:
    server = new_server()
    secret = _subscribed(server, there)
    ana, marta = buyer(server, "Ana", "en"), staff(server)
    question = _finds_the_guide(ana)
    _reads_and_is_not_helped(ana, question)
    live = ana.live()
    chat = Chat(_asks_the_assistant(live), ana, live, marta, marta.live())
    _waits_her_turn(server, chat)
    _talks(chat)
    _no_note_reaches_ana(chat)
    _is_helped_and_comes_back(chat)
    _is_answered_by_mail(server, chat)
    _webhooks_told_of_it(chat, there, secret)
    live.close()
    chat.desk.close()


def _subscribed(server: Server, there: Receiver) -> str:
    """Teo registers the marketplace's address."""
    endpoint = staff(server, TEO).do("/admin/webhooks/endpoints", id=request_id(), url=there.url)
    secret: str = endpoint["secret"]
    return secret


def _finds_the_guide(ana: Person) -> str:
    start = ana.get(f"/panel/start?site={SITE}&lang=en&order={ANAS_ORDER}")
    assert start["person"]["name"] == "Ana"
    assert len(start["topics"]) == 6
    assert start["question_limit"] == 140
    assert start["open_conversation"] is None
    assert 1 <= len(start["suggestions"]) <= 5
    question: str = start["suggestions"][0]["key"]
    return question


def _reads_and_is_not_helped(ana: Person, question: str) -> None:
    answer = ana.get(f"/guide/questions/{question}?lang=en&order={ANAS_ORDER}")
    assert len(answer["body"]) > 100
    assert "{" not in answer["body"]  # each placeholder was filled
    feedback = {"helped": False, "id": request_id(), "order": ANAS_ORDER}
    path = f"/guide/questions/{question}/feedback"
    assert [ana.ask("POST", path, json=feedback).status_code for _ in "ab"] == [201, 200]
    ways = ana.get(f"/guide/questions/{question}/channels?lang=en&order={ANAS_ORDER}")["channels"]
    assert any(way["channel"] == "chat" and way["offered"] for way in ways)
    assert all(way["offered"] or way["reason"] for way in ways)
    assert all(way["expectation"] for way in ways if way["offered"])


def _asks_the_assistant(live: Live) -> str:
    chat = new_chat(live, "where is my parcel", "en", order_ref=ANAS_ORDER, topic="orders")
    live.until(lambda: len(live.events(chat, "message")) == 2, "the assistant answers")
    said = live.events(chat, "message")[1]["data"]
    assert (said["author"]["party"], said["kind"]) == ("assistant", "answer")
    assert said["extra"]["sure"] or said["extra"]["suggestions"]
    return chat


def _waits_her_turn(server: Server, chat: Chat) -> None:
    """Olga and a visitor are there before Ana; each change is told to her as it happens."""
    olga, stranger = buyer(server, "Olga", "en"), visitor(server)
    before = [(person, person.live()) for person in (olga, stranger)]
    waiting = [new_chat(live) for _, live in before]
    for (person, _), id in zip(before, waiting, strict=True):
        person.do(f"/conversations/{id}/person", id=request_id())
    place = chat.ana.do(f"/conversations/{chat.id}/person", id=request_id())
    assert (place["state"], place["position"]) == ("waiting", 3)
    told = chat.live.positions[chat.id]
    chat.live.until(lambda: told[-1:] == [3], "third")
    assert chat.marta.do("/desk/take-next", id=request_id())["id"] == waiting[0]
    chat.live.until(lambda: told[-1] == 2, "second")
    stranger.do(f"/conversations/{waiting[1]}/resolve")
    chat.live.until(lambda: told[-1] == 1, "first")
    taken = chat.marta.do("/desk/take-next", id=request_id())
    assert (taken["id"], taken["state"]) == (chat.id, "assigned")
    chat.live.until(lambda: told[-1] is None, "no longer waiting")
    assert told == [3, 2, 1, None]
    assert chat.marta.ask("POST", "/desk/take-next", json={"id": request_id()}).status_code == 204
    for _, live in before:
        live.close()


def _talks(chat: Chat) -> None:
    beside = chat.marta.get(f"/desk/conversations/{chat.id}/context")
    assert beside["buyer"]["name"] == "Ana"
    assert beside["order"]["ref"] == ANAS_ORDER
    chat.desk.subscribe(chat.id)
    assert chat.desk.bodies(chat.id)[0] == "where is my parcel"  # nothing is asked twice
    assert chat.live.events(chat.id, "assigned")[-1]["data"]["operator"]["name"] == "Marta"
    chat.desk.say(chat.id, "Good afternoon, Ana. I am looking.")
    chat.marta.do(f"/desk/conversations/{chat.id}/notes", client_id=request_id(), body=NOTE)
    chat.desk.say(chat.id, NOTE + " Again.", note=True)
    chat.live.until(lambda: "Good afternoon" in chat.live.bodies(chat.id)[-1], "Marta's words")
    chat.live.say(chat.id, "Thank you! It is eight days late.")
    chat.desk.until(lambda: "eight days" in chat.desk.bodies(chat.id)[-1], "Ana's words")
    chat.desk.say(chat.id, "It is lost; you get your money back.")
    chat.live.until(lambda: "money back" in chat.live.bodies(chat.id)[-1], "the last word")


def _no_note_reaches_ana(chat: Chat) -> None:
    """Not its text, not as a missing number, not as a preview, not in a count."""
    hers, theirs = chat.ana.stream(chat.id), chat.marta.stream(chat.id)
    assert [event["seq"] for event in hers] == list(range(1, len(hers) + 1))
    assert len(theirs) == len(hers) + 2
    view = chat.ana.get(f"/conversations/{chat.id}")
    assert view["last_seq"] == len(hers)
    listed = chat.ana.get("/conversations")
    frames = chat.live.frames
    assert not any(NOTE in str(what) for what in (hers, view, listed, frames))
    assert sum(NOTE in str(event) for event in theirs) == 2


def _is_helped_and_comes_back(chat: Chat) -> None:
    chat.marta.do(f"/desk/conversations/{chat.id}/resolve", id=request_id())
    _state(chat.live, chat.id, "resolved")
    assert chat.marta.get("/desk/inbox?view=waiting")["items"] == []
    chat.live.say(chat.id, "One more thing: when will it be there?")
    _state(chat.live, chat.id, "waiting")
    again = chat.marta.get("/desk/inbox?view=waiting")["items"]
    assert [row["id"] for row in again] == [chat.id]


def _is_answered_by_mail(server: Server, chat: Chat) -> None:
    """ "Don't wait": the promise to answer by mail is itself a mail."""
    assert chat.ana.do(f"/conversations/{chat.id}/defer")["state"] == "deferred"
    folder = server.data / "mail"
    eventually(lambda: bool(list(folder.glob("*.eml"))), "a mail lies in the folder")
    [mail] = folder.glob("*.eml")
    letter = message_from_bytes(mail.read_bytes(), policy=default)
    assert letter["To"] == "ana@example.com"
    assert "Mercadia" in letter["Subject"]
    assert NOTE not in str(letter)


def _webhooks_told_of_it(chat: Chat, there: Receiver, secret: str) -> None:
    def about_ana() -> list[dict[str, Any]]:
        told = [Webhook(secret).verify(one.body, one.headers) for one in list(there.received)]
        return [one for one in told if one["data"]["conversation"]["id"] == chat.id]

    def states() -> list[str]:
        changes = [one for one in about_ana() if one["type"] == "conversation.state_changed"]
        return [one["data"]["to"] for one in sorted(changes, key=lambda one: one["timestamp"])]

    expected = ["waiting", "assigned", "resolved", "waiting", "deferred"]
    eventually(lambda: len(states()) >= len(expected), "five changes of state are told")
    assert states() == expected
    assert about_ana()[0]["data"]["conversation"]["buyer_ref"] == "buyer-ana"
    assert NOTE not in str([one.body for one in there.received])
    ids = [one.headers["webhook-id"] for one in there.received]
    assert len(ids) == len(set(ids))


def _state(live: Live, conversation: str, state: str) -> None:
    def last() -> str:
        changes = live.events(conversation, "state")
        return changes[-1]["data"]["to"] if changes else ""

    live.until(lambda: last() == state, f"the state is {state}")
