"""One conversation in which everything happens that a stream can tell."""

from datetime import UTC, datetime, timedelta
from typing import Any

from amparo.kernel.ids import new_id
from tests.accounts.people import SITE
from tests.journeys.people import Person, buyer, new_chat, request_id, visitor
from tests.servers import Server
from tests.sockets import Live

Stream = list[dict[str, Any]]


def told(server: Server, marta: Person, teo: Person) -> dict[str, Stream]:
    """The streams of the buyer and of the staff after it all, as the server gives them."""
    stranger = visitor(server)
    live = stranger.live()
    chat = new_chat(live)
    live.until(lambda: live.last_seq(chat) == 2, "the assistant has answered")
    live.close()
    ana = buyer(server, "Ana-of-the-whole-story", "en")
    assert ana.do("/sessions/me/join", visitor_token=stranger.session["token"]) == {"joined": 1}
    ana.do(f"/conversations/{chat}/person", id=request_id(), topic="payment")
    marta.do(f"/desk/conversations/{chat}/take")
    hers, desk = ana.live().subscribe(chat), marta.live().subscribe(chat)
    try:
        _talk(ana, marta, hers, desk, chat)
    finally:
        hers.close()
        desk.close()
    _desk(ana, marta, teo, chat)
    return {"buyer": ana.stream(chat), "staff": marta.stream(chat)}


def _talk(ana: Person, marta: Person, hers: Live, desk: Live, chat: str) -> None:
    first = hers.say(chat, "My card is 4111 1111")["message_id"]
    asked = desk.say(chat, "Which order is it?", quote=first)["message_id"]
    desk.say(chat, "She is in a hurry", note=True)
    answer = hers.say(chat, "The blue lamp", quote=asked)["message_id"]
    _change(ana, chat, first, "My card is the blue one")
    _change(marta, chat, asked, "Which lamp is it?")
    assert ana.ask("DELETE", f"/conversations/{chat}/messages/{answer}").status_code == 204
    for person, party in ((ana, "buyer"), (marta, "staff")):
        last = person.get(f"/conversations/{chat}")["last_seq"]
        for read in (False, True):
            seen = person.do(f"/conversations/{chat}/seen", seq=last, read=read)
            assert seen["unread"] == 0 or not read, party


def _desk(ana: Person, marta: Person, teo: Person, chat: str) -> None:
    at_desk = f"/desk/conversations/{chat}"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    marta.do(f"{at_desk}/tags", id=request_id(), add=["refund"])
    marta.do(f"{at_desk}/priority", id=request_id(), priority=2)
    marta.do(f"{at_desk}/snooze", id=request_id(), until=tomorrow)
    marta.do(f"{at_desk}/snooze", id=request_id(), until=None)
    marta.do(f"{at_desk}/transfer", id=request_id(), operator=teo.id, note="You know lamps")
    said = [one for one in marta.stream(chat) if one["kind"] == "message"]
    beginning = next(one for one in said if one["data"]["body"] == "My card is the blue one")
    marta.do(
        f"{at_desk}/split",
        id=request_id(),
        conversation=str(new_id()),
        from_message=beginning["data"]["message_id"],
    )
    ana.do(f"/conversations/{chat}/rating", id=request_id(), score=2, reason="slow")
    another = str(new_id())
    opening = {"client_id": request_id(), "body": "And my refund?", "open": {"site": SITE}}
    ana.do(f"/conversations/{another}/messages", **opening)
    marta.do(f"{at_desk}/merge", id=request_id(), into=another)


def _change(person: Person, chat: str, message: str, body: str) -> None:
    path = f"/conversations/{chat}/messages/{message}"
    answer = person.ask("PATCH", path, json={"id": request_id(), "body": body})
    assert answer.status_code == 200, answer.text
