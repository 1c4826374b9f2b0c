"""A transcript tells one party what it saw, in its language and time, and can do nothing."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.accounts.models import Person
from amparo.conversations.edits_actions import delete_message, deletion_of
from amparo.conversations.events import TRANSCRIPT_ASKED
from amparo.conversations.transcript_actions import ask_transcript, hidden
from amparo.conversations.transcript_queries import transcript_for
from amparo.conversations.transcript_rules import (
    Reader,
    Told,
    Transcript,
    as_html,
    as_text,
    zone_of,
)
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, Problem
from amparo.kernel.ids import new_id
from amparo.kernel.languages import INTERFACE
from amparo.mail.followers import Notices
from amparo.mail.models import OutgoingMail
from amparo.storage.events import EventRow, LoggedEvent
from tests.people import ANA, MARTA, OLGA, VISITOR, open_chat, say

pytestmark = pytest.mark.usefixtures("people")
XSS = "<img src=x onerror=alert(1)>\"'&</p><script>"


def reader(language: str = "en", zone: str = "UTC") -> Reader:
    return Reader(language, zone_of(zone), "buyer")


def test_each_party_gets_what_it_saw(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    say(session, MARTA, chat, "She is upset", now, kind="note")
    gone = say(session, ANA, chat, "My card is 4111", now)
    say(session, MARTA, chat, "It comes tomorrow", now)
    delete_message(session, deletion_of(ANA, chat, gone.message_id), now)
    for write in (as_text, as_html):
        hers = write(transcript_for(session, ANA, chat), reader())
        theirs = write(transcript_for(session, MARTA, chat), Reader("en", ZoneInfo("UTC"), "staff"))
        assert "It comes tomorrow" in hers
        assert "She is upset" not in hers
        assert "She is upset" in theirs
        assert "4111" not in hers + theirs
        assert "(deleted)" in hers
    with pytest.raises(Problem):
        transcript_for(session, OLGA, chat)


@pytest.mark.parametrize("language", INTERFACE)
def test_times_are_the_readers_own(language: str) -> None:
    at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # the night in which Madrid loses an hour
    told = [Told(at, "Ana", "buyer", "a"), Told(at + timedelta(hours=1), "Marta", "staff", "b")]
    text = as_text(Transcript("Mercadia", at, told), reader(language, "Europe/Madrid"))
    assert re.search(r"\b0?1:30", text)
    assert re.search(r"\b0?3:30", text)
    assert "Mercadia" in text
    assert "{" not in text


def test_names_and_words_of_strangers_stay_words() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    told = [Told(at, XSS, "buyer", XSS, quote=XSS, files=(XSS,))]
    page = as_html(Transcript(XSS, at, told, cut=True), reader())
    tags = set(re.findall(r"<\s*([a-zA-Z]+)", page))
    assert tags.isdisjoint({"img", "script", "a", "iframe", "link", "form"})
    assert "onerror=alert(1)>" not in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "x" * 300, "\0"])
def test_a_time_zone_that_is_none(zone: str) -> None:
    with pytest.raises(Invalid) as refusal:
        zone_of(zone)
    assert refusal.value.code == "time_zone_unknown"


def asked(session: Session, actor: Actor, chat: UUID, id: UUID, now: datetime) -> str:
    return ask_transcript(
        session,
        actor,
        chat,
        id,
        language="es",
        zone="Europe/Madrid",
        now=now,
    )


def test_it_is_mailed_once_to_the_buyers_own_address(session: Session, now: datetime) -> None:
    chat, id = open_chat(session, ANA, now), new_id()
    say(session, MARTA, chat, "A note", now, kind="note")
    with pytest.raises(Problem) as refusal:
        asked(session, ANA, chat, id, now)
    assert refusal.value.code == "no_address"
    session.get_one(Person, ANA.person_id).email = "ana@example.com"
    session.flush()
    for _ in range(2):
        assert asked(session, ANA, chat, id, now) == "a…@example.com"
    session.flush()
    wanted = [event for event in _log(session) if event.kind == TRANSCRIPT_ASKED]
    Notices().handle(session, wanted, now)
    [mail] = session.scalars(select(OutgoingMail)).all()
    assert (mail.to, mail.language, mail.notice) == ("ana@example.com", "es", "transcript")
    assert "Where is my parcel?" in mail.text
    assert mail.html is not None
    assert "A note" not in mail.text + mail.html


def _log(session: Session) -> list[LoggedEvent]:
    rows = session.scalars(select(EventRow)).all()
    return [LoggedEvent(r.id, r.kind, r.subject, r.at, r.data, 0, r.ordinal) for r in rows]


@pytest.mark.parametrize(
    ("actor", "code"), [(MARTA, "forbidden"), (OLGA, "not_found"), (VISITOR, "not_found")]
)
def test_nobody_else_has_it_mailed(
    session: Session, now: datetime, actor: Actor, code: str
) -> None:
    chat = open_chat(session, ANA, now)
    with pytest.raises(Problem) as refusal:
        asked(session, actor, chat, new_id(), now)
    assert refusal.value.code == code


def test_a_visitor_has_no_address(session: Session, now: datetime) -> None:
    chat = open_chat(session, VISITOR, now)
    with pytest.raises(Problem) as refusal:
        asked(session, VISITOR, chat, new_id(), now)
    assert refusal.value.code == "no_address"


@pytest.mark.parametrize(
    ("address", "shown"), [("ana@example.com", "a…@example.com"), ("@x.org", "…@x.org")]
)
def test_a_bystander_does_not_read_the_address(address: str, shown: str) -> None:
    assert hidden(address) == shown
