"""Promises (J10): what was said is found in any form of its words, by its present text, exactly
where it is an address or a number; the latest first; for staff only."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.conversations.edits_actions import (
    Change,
    delete_message,
    deletion_of,
    edit_message,
)
from amparo.conversations.inbox_queries import Filter
from amparo.desk import actions, search_rules, tags_actions
from amparo.desk.followers import MessagesFound
from amparo.desk.search_queries import Hit, Sought, search
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Forbidden
from amparo.routing.actions import ask_for_person
from amparo.storage.followers import drain, enrol
from amparo.storage.session import Database
from tests.people import ANA, MARTA, OLGA, TEO, open_chat, say

FOLLOWERS = [MessagesFound()]
MINUTE = timedelta(minutes=1)


class Told:
    """A database in which people talk."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database, self.clock = database, clock
        enrol(database, FOLLOWERS)
        with database.transaction() as session:
            self.anas = open_chat(session, ANA, clock.now(), "Hello")
            self.olgas = open_chat(session, OLGA, clock.now(), "Привет")
            for who, chat in ((ANA, self.anas), (OLGA, self.olgas)):
                ask_for_person(session, who, chat, clock.now())

    def says(self, body: str, language: str = "en", *, olga: bool = False) -> UUID:
        who, chat = (OLGA, self.olgas) if olga else (ANA, self.anas)
        self.clock.advance(MINUTE)
        with self.database.transaction() as session:
            stored = say(session, who, chat, body, self.clock.now(), language=language)
        self.follow()
        return stored.message_id

    def follow(self) -> None:
        drain(self.database, self.clock, FOLLOWERS)

    def find(self, query: str, **sought: object) -> list[Hit]:
        with self.database.reading() as session:
            return search(session, MARTA, Sought(query, **sought)).items  # type: ignore[arg-type]

    def found(self, query: str, **sought: object) -> list[UUID]:
        return [hit.message_id for hit in self.find(query, **sought)]


@pytest.fixture
def told(populated: Database, clock: ManualClock) -> Told:
    return Told(populated, clock)


@pytest.mark.parametrize(
    ("language", "body", "queries"),
    [
        ("en", "My parcels were returned to you", ["parcel", "RETURN parcels", "returning"]),
        ("es", "Quiero devolver los teléfonos", ["telefono", "teléfono", "devolviendo"]),
        ("ru", "Когда придут мои заказы?", ["заказ", "ЗАКАЗОВ", "когда заказу"]),
        ("uk", "Поверніть кошти за замовлення", ["замовленням", "коштами"]),
        ("zh", "我想申请退款", ["退款", "申请退款"]),
        ("de", "Die Lieferungen sind beschädigt", ["Lieferung", "beschadigt"]),
    ],
)
def test_any_form_of_a_word_finds_it(
    told: Told, language: str, body: str, queries: list[str]
) -> None:
    told.says("Something quite different", "en")
    message = told.says(body, language)
    for query in queries:
        assert told.found(query) == [message], query
    assert told.found("zorkmid") == []


def test_numbers_and_addresses_are_found_exactly(told: Told) -> None:
    first = told.says("Order M-1001, write to ana.lopez@mail.example please")
    second = told.says("Order M-1002 and +34 600-123-456, see https://mail.example/a?b=c")
    assert told.found("M-1001") == [first]
    assert told.found("m-1002 order") == [second]
    assert told.found("ana.lopez@mail.example") == [first]
    assert told.found("600-123-456") == [second]
    assert told.found("1001") == [first], "a part of it that is a word of its own"
    assert told.found("M-100") == []
    assert told.found("order") == [second, first], "the latest first"
    [hit] = told.find("M-1001")
    assert ("M-1001", True) in hit.snippet


def test_what_was_changed_is_found_by_its_present_words(told: Told) -> None:
    message = told.says("The lamp is bracken")
    now = told.clock.now()
    with told.database.transaction() as session:
        change = Change(ANA, told.anas, message, uuid4())
        edit_message(session, change, "The lamp is broken", now)
    told.follow()
    assert (told.found("broken"), told.found("bracken")) == ([message], [])
    with told.database.transaction() as session:
        delete_message(session, deletion_of(ANA, told.anas, message), now)
    assert told.found("broken") == [], "at once, before the follower has been there"
    told.follow()
    assert told.found("broken") == []


def test_notes_are_found_by_staff_and_nothing_by_others(told: Told) -> None:
    with told.database.transaction() as session:
        note = actions.note(
            session, MARTA, told.anas, uuid4(), "Suspicious account", told.clock.now()
        )
    told.follow()
    [hit] = told.find("suspicious")
    assert (hit.message_id, hit.kind, hit.party) == (note.message_id, "note", "staff")
    with told.database.reading() as session, pytest.raises(Forbidden):
        search(session, ANA, Sought("suspicious"))


def test_filters_narrow_it(told: Told) -> None:
    anas, olgas = told.says("lamp here"), told.says("lamp there", olga=True)
    with told.database.transaction() as session:
        actions.take(session, MARTA, told.olgas, told.clock.now())
        tags_actions.change_tags(session, MARTA, told.olgas, uuid4(), told.clock.now(), add=["vip"])
        answer = say(session, MARTA, told.olgas, "Your lamp", told.clock.now()).message_id
    told.follow()
    assert set(told.found("lamp")) == {anas, olgas, answer}
    assert set(told.found("lamp", party="buyer")) == {anas, olgas}
    assert told.found("lamp", party="staff") == [answer]
    assert told.found("lamp", party="buyer", language="ru") == [olgas]
    assert told.found("lamp", language="es") == [anas], "the conversation's language"
    assert told.found("lamp", channel="order") == []
    assert told.found("lamp", party="buyer", tag="vip") == [olgas]
    assert set(told.found("lamp", wanted=Filter(state="assigned"))) == {olgas, answer}
    assert told.found("lamp", party="buyer", wanted=Filter(operator=MARTA.person_id)) == [olgas]
    assert told.found("lamp", wanted=Filter(operator=TEO.person_id)) == []
    before = told.clock.now() - timedelta(seconds=30)
    assert told.found("lamp", until=before) == [anas]
    assert anas not in told.found("lamp", since=before)


def test_pages_lose_and_double_nothing_over_years(told: Told) -> None:
    sent = []
    for days in (0, 0, 1, 2, 9, 40, 90, 300, 1000, 4000):
        told.clock.advance(timedelta(days=days))
        sent.append(told.says("a lamp"))
    seen: list[UUID] = []
    cursor: str | None = None
    with told.database.reading() as session:
        for _ in range(len(sent)):
            page = search(session, MARTA, Sought("lamp"), cursor=cursor, limit=3)
            seen += [hit.message_id for hit in page.items]
            cursor = page.next
            if cursor is None:
                break
    assert seen == sent[::-1]


def test_a_hit_leads_to_its_place_in_the_staffs_stream(told: Told) -> None:
    from amparo.conversations.queries import events_after

    with told.database.transaction() as session:
        for number in range(3):
            actions.note(session, MARTA, told.anas, uuid4(), f"Note {number}", told.clock.now())
    message = told.says("after the notes")
    [hit] = told.find("after notes")
    with told.database.reading() as session:
        [event] = [
            one
            for one in events_after(session, MARTA, told.anas, 0)
            if one.data.get("message_id") == str(message)
        ]
    assert hit.seq == event.seq


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_a_snippet_shows_the_message_as_it_stands(body: str, query: str) -> None:
    wanted = search_rules.query_words(query)
    pieces = search_rules.snippet(body, wanted, {})
    shown = "".join(text for text, _ in pieces)
    assert shown.removeprefix("…").removesuffix("…") in body or body.startswith("…")
    assert len(shown) <= search_rules.SNIPPET + 2


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_query_is_an_error_for_the_database(query: str) -> None:
    wanted = search_rules.query_words(query)
    asked = search_rules.tsquery(wanted, {}, ["@p:buyer"])
    assert asked.count("'") % 2 == 0
    assert all(one.fixed and "\x00" not in one.plain for one in wanted)


@pytest.mark.parametrize("days", [0, 1, 15, 16, 17, 200, 257, 3000, 9000])
@pytest.mark.parametrize("latest", ["2026-04-14T12:00:00+00:00", "2026-04-30T23:59:59+00:00"])
def test_stretches_of_days_cover_the_time_once(latest: str, days: int) -> None:
    last = datetime.fromisoformat(latest)
    first = last - timedelta(days=days)
    stretches = search_rules.windows(last, first)
    for back in range(days + 1):
        at = last - timedelta(days=back)
        words = set(search_rules.time_words(at))
        holding = [
            one
            for one in stretches
            if (words & set(one.words) if one.words else True) and at < one.before
        ]
        assert len(holding) == 1, at
    assert len(stretches) <= 5
