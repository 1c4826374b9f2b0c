"""The product knows whether it helped: what nobody knew is learnt, who comes back is counted."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from amparo.kernel.clock import ManualClock
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import connect
from tests.conftest import TEMPLATE
from tests.journeys.clocked import Clocked, clocked_server
from tests.journeys.people import TEO, Person, buyer, new_chat, populate, request_id, staff
from tests.servers import Server
from tests.sockets import Live
from tests.storage.clusters import eventually

UNKNOWN = "qué zorkmids frobnican los blargs"
QUESTION = "orders_track_parcel"


def answers_to(live: Live, chat: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        event["data"] for event in live.events(chat, "message") if event["data"]["kind"] == "answer"
    ]
    return found


def asks(who: Person, text: str) -> dict[str, Any]:
    """Ask the assistant; returns its answer."""
    live = who.live()
    chat = new_chat(live, text, "es")
    live.until(lambda: bool(answers_to(live, chat)), "the assistant answers", 120)
    answer = answers_to(live, chat)[0]
    who.do(f"/conversations/{chat}/person", id=request_id())
    live.close()
    return answer


def waiting_for(teo: Person, text: str) -> dict[str, Any] | None:
    rows = teo.get("/admin/help/unanswered?limit=100")["items"]
    return next((row for row in rows if row["text"] == text), None)


def test_what_nobody_knew_is_learnt_with_one_click(server: Server) -> None:
    ana, olga, teo = buyer(server, "Inbox-Ana"), buyer(server, "Inbox-Olga"), staff(server, TEO)
    first = asks(ana, UNKNOWN)
    assert (first["extra"]["question"] or {}).get("key") != QUESTION
    eventually(lambda: waiting_for(teo, UNKNOWN) is not None, "it stands in the inbox")
    row = waiting_for(teo, UNKNOWN)
    assert row is not None
    taught = teo.do(
        f"/admin/help/unanswered/{row['id']}/example", id=request_id(), question=QUESTION
    )
    assert taught["state"] == "example"
    assert waiting_for(teo, UNKNOWN) is None

    def is_known() -> bool:
        return (asks(olga, UNKNOWN)["extra"]["question"] or {}).get("key") == QUESTION

    eventually(is_known, "asked again, it is answered", 300)


@pytest.fixture
def clocked(postgres: EmbeddedPostgres, tmp_path: Path, clock: ManualClock) -> Iterator[Clocked]:
    name = f"measured_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name), pool=2)
    populate(database, clock.now())
    database.close()
    try:
        with clocked_server(postgres.url(name), tmp_path, clock) as server:
            yield server
    finally:
        postgres.drop_database(name)


def read_and_helped(server: Clocked) -> None:
    """Ana reads an answer, which helps."""
    ana = buyer(server, "Ana", "en", now=server.clock.now())
    ana.get(f"/guide/questions/{QUESTION}?lang=en")
    ana.do(f"/guide/questions/{QUESTION}/feedback", helped=True, id=request_id())
    server.clock.advance(timedelta(seconds=1))


def account(teo: Person, clock: ManualClock) -> dict[str, int]:
    """What Teo reads of the question."""
    since = (clock.now() - timedelta(days=10)).isoformat().replace("+00:00", "Z")
    rows = teo.get(f"/admin/help/outcomes?since={since}&lang=en")["rows"]
    return next((row for row in rows if row["question"]["key"] == QUESTION), {})


@pytest.mark.parametrize(("hours", "solved", "recontacted"), [(71, 1, 1), (73, 2, 0)])
def test_who_comes_back_within_72_hours_was_not_helped(
    clocked: Clocked, clock: ManualClock, hours: int, solved: int, recontacted: int
) -> None:
    teo = staff(clocked, TEO)
    read_and_helped(clocked)
    eventually(lambda: account(teo, clock).get("solved") == 1, "it helped, as far as we know")
    clock.advance(timedelta(hours=hours))
    teo = staff(clocked, TEO)  # his session has ended meanwhile
    read_and_helped(clocked)

    def told() -> tuple[int, int]:
        found = account(teo, clock)
        return found["solved"], found["recontacted"]

    eventually(lambda: told() == (solved, recontacted), "what that says of the first time")
