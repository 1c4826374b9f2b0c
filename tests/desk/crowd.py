"""A desk with many conversations, the same every time: for plans, and for ``bench.desk``.

Everything is put in by COPY, as it would have come to be: states, teams, tags and languages in
realistic shares, ten messages each, clocks and marks where they belong.
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.desk import search_rules
from amparo.desk.search_actions import Written, keep
from amparo.help_centre import shipped
from amparo.kernel.actor import Actor
from amparo.kernel.ids import derived_id
from amparo.routing.actions import load_default_teams
from amparo.storage.recordset import recordset
from amparo.storage.session import Database

NOW = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
LANGUAGES = {"en": 40, "es": 20, "ru": 20, "pt": 4, "fr": 4, "uk": 4, "de": 4, "zh": 4}
STATES = {"resolved": 93, "assigned": 3, "bot": 2, "waiting": 1, "snoozed": 0.5, "deferred": 0.5}
CHANNELS = {"chat": 80, "order": 12, "store_form": 8}
TOPICS = {"orders": 40, "returns": 25, "payment": 15, "profile": 10, "coupons": 7, "rules": 3}
TEAMS = {"support-en": 60, "support-ru": 25, "payments": 10, "safety": 5}
TAGS = {f"tag-{n:02d}": 40 / (n + 1) for n in range(40)}
RARE_TAG = "unicorn"
OPERATORS = [
    Actor(derived_id("crowd", "operator", n), "operator", name=f"Operator {n}", languages=("en",))
    for n in range(20)
]
_SENTENCE = re.compile(r"(?:\d{1,2}\. )?(.+?[.!?。？！])(?:\s|$)?")
_AHEAD = datetime(9999, 12, 31, tzinfo=UTC)
_OPEN = ("waiting", "assigned", "snoozed", "deferred")


def _pick(chance: random.Random, shares: dict[str, float]) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]


@dataclass
class Crowd:
    """What was put in, as far as somebody asks for it."""

    conversations: int
    seed: int = 1
    each: int = 10
    bodies: dict[str, list[str]] = field(default_factory=dict)
    emails: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    rows: list["Row"] = field(default_factory=list)

    def fill(self, database: Database) -> None:
        """Fill an empty, migrated database."""
        self.bodies = _bodies(self.seed)
        with database.transaction() as session:
            load_default_teams(session)
            session.execute(text("DROP INDEX ix_message_search_document"))
        rows = self.rows = list(self._rows())
        with database.engine.begin() as connection:
            cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
            for table, columns, of in (
                ("person", _PERSON, self._people()),
                ("conversation", _CONVERSATION, (one.row() for one in rows)),
                ("queue_entry", _ENTRY, _entries(rows)),
                ("sla_clock", _CLOCK, _clocks(rows, self.seed)),
                ("tag", "name made_at", ((tag, NOW) for tag in (*TAGS, RARE_TAG))),
                ("conversation_tag", "conversation_id tag at", self._tags(rows)),
                ("follow", "conversation_id person_id at", _marks(rows, 50)),
                ("mention", "conversation_id person_id at message_id seen_at", _named(rows)),
            ):
                _copy(cursor, table, columns, of)
            for part in range(0, len(rows), 2_000):
                self._messages(cursor, rows[part : part + 2_000])
        self._searchable(database)
        with database.engine.connect() as connection:
            tidy = connection.execution_options(isolation_level="AUTOCOMMIT")
            tidy.exec_driver_sql("SET statement_timeout = 0")
            tidy.exec_driver_sql("VACUUM ANALYZE")
            tidy.exec_driver_sql("RESET statement_timeout")

    def _people(self) -> Iterator[tuple[Any, ...]]:
        for actor in OPERATORS:
            yield actor.person_id, "operator", actor.name, "en", [], NOW, NOW
        for number in range(self.conversations // 5 + 1):
            yield self._buyer(number), "buyer", f"Buyer {number}", "en", [], NOW, NOW

    def _buyer(self, number: int) -> UUID:
        return derived_id("crowd", "buyer", number)

    def _rows(self) -> Iterator["Row"]:
        for number in range(self.conversations):
            chance = random.Random(f"{self.seed}/{number}")
            state = _pick(chance, STATES)
            age = chance.random() * (30 if state in _OPEN else 365)
            buyer = self._buyer(chance.randrange(self.conversations // 5 + 1))
            yield Row(number, chance, state, NOW - timedelta(days=age), buyer)

    def _tags(self, rows: Sequence["Row"]) -> Iterator[tuple[Any, ...]]:
        for one in rows:
            count = one.chance.choices((0, 1, 2, 3), (40, 35, 20, 5))[0]
            for tag in {_pick(one.chance, TAGS) for _ in range(count)}:
                yield one.id, tag, one.at
        for one in rows[:: max(1, len(rows) // 3)][:3]:
            yield one.id, RARE_TAG, one.at

    def _messages(self, cursor: Any, rows: Sequence["Row"]) -> None:
        messages: list[tuple[Any, ...]] = []
        events: list[tuple[Any, ...]] = []
        entries: list[tuple[Any, ...]] = []
        for one in rows:
            pool = self.bodies[one.language]
            for turn in range(self.each):
                id = derived_id("crowd", "message", one.number, turn)
                body = one.chance.choice(pool)
                if turn == 1 and one.number % 10 == 0:
                    body = f"{body} M-{100_000 + one.number}, buyer{one.number}@mail.example"
                    self.orders.append(f"M-{100_000 + one.number}")
                    self.emails.append(f"buyer{one.number}@mail.example")
                staff = turn % 2 == 1
                party, author = ("staff", one.operator) if staff else ("buyer", one.buyer)
                kind = "note" if turn == 7 else "text"
                at = one.at - timedelta(minutes=3 * (self.each - turn))
                audience = ["staff"] if kind == "note" else ["buyer", "staff"]
                messages.append(
                    (
                        *(id, one.id, author, id, party, kind, body, one.language, audience),
                        *(Jsonb({}), [], turn + 1, at),
                    )
                )
                data = {"conversation": str(one.id), "party": party, "message_id": str(id)}
                events.append((id, "message_posted", one.id, at, Jsonb(data)))
                entries += [(one.id, side, turn + 1, id) for side in audience]
        _copy(cursor, "message", _MESSAGE, messages)
        _copy(cursor, "event", "id kind subject at data", events)
        _copy(cursor, "stream_entry", "conversation_id party seq event_id", entries)

    def _searchable(self, database: Database) -> None:
        """The rows of the search: each different text goes through the real function once."""
        with database.transaction() as session:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            session.execute(
                text("CREATE TEMP TABLE pool (body text, language text, document tsvector)")
            )
            for language, bodies in self.bodies.items():
                _pool(session, language, bodies)
            session.execute(text(_FROM_POOL))
            session.execute(text("DROP TABLE pool"))
            rest = session.execute(text(_REST)).all()
            for part in range(0, len(rest), 1_000):
                keep(session, [Written(*row) for row in rest[part : part + 1_000]])
            session.execute(
                text(
                    "CREATE INDEX ix_message_search_document ON message_search USING gin(document)"
                )
            )


@dataclass
class Row:
    """One conversation."""

    number: int
    chance: random.Random
    state: str
    at: datetime
    buyer: UUID

    def __post_init__(self) -> None:
        chance = self.chance
        self.id = derived_id("crowd", "conversation", self.number)
        self.language = _pick(chance, LANGUAGES)  # type: ignore[arg-type]
        self.channel = _pick(chance, CHANNELS)  # type: ignore[arg-type]
        self.topic = _pick(chance, TOPICS) if chance.random() < 0.9 else None  # type: ignore[arg-type]
        self.team = _pick(chance, TEAMS)  # type: ignore[arg-type]
        self.operator = chance.choice(OPERATORS).person_id
        self.priority = chance.choice((1, 4, 5, 5, 5, 5))
        self.holder = self.operator if self.state in ("assigned", "snoozed", "resolved") else None

    def row(self) -> tuple[Any, ...]:
        resolved = self.at if self.state == "resolved" else None
        return (
            *(self.id, self.channel, self.state, self.language, self.buyer, self.topic),
            *(self.holder, self.team, self.priority, 10, 0, 10, self.at, self.at, resolved),
            *("buyer" if self.number % 2 else "staff", "Where is my parcel?"),
        )


_PERSON = "id role name language stores created_at updated_at"
_CONVERSATION = (
    "id channel state language buyer_id topic operator_id team priority seq_buyer seq_seller"
    " seq_staff created_at updated_at resolved_at last_party last_preview"
)
_ENTRY = (
    "conversation_id team language priority entered_at buyer_id taken_at deferred translate"
    " snoozed_until"
)
_CLOCK = (
    "conversation_id team channel priority awaited answered snoozed response_used_s"
    " resolution_used_s since due_kind due_at place breached"
)
_MESSAGE = (
    "id conversation_id author_id client_id party kind body language audience extra findings"
    " seq created_at"
)
# date.toordinal() counts from the first of January of the year 1
_DAY = "((m.created_at AT TIME ZONE 'UTC')::date - '0001-01-01'::date + 1)"
_FROM_POOL = (
    "INSERT INTO message_search (message_id, conversation_id, at, document)"
    " SELECT m.id, m.conversation_id, m.created_at, p.document || array_to_tsvector(ARRAY["
    "'@p:' || m.party, '@a:' || m.author_id, '@l:' || c.language, '@c:' || c.channel,"
    f" '@d:' || {_DAY}, '@e:' || {_DAY} / 16, '@f:' || {_DAY} / 256])"
    " FROM message m JOIN conversation c ON c.id = m.conversation_id"
    " JOIN pool p ON p.body = m.body AND p.language = m.language"
)
_REST = (
    "SELECT m.id, m.conversation_id, m.created_at, m.party, m.author_id::text, m.language,"
    " m.body, c.language, c.channel FROM message m JOIN conversation c"
    " ON c.id = m.conversation_id LEFT JOIN message_search s ON s.message_id = m.id"
    " WHERE s.message_id IS NULL"
)


def _pool(session: Session, language: str, bodies: Sequence[str]) -> None:
    rows = [
        {
            "body": body,
            "dictionary": search_rules.dictionary(language),
            "spelled": search_rules.spelled_out(language, body),
            "lexemes": search_rules.plain_terms(body),
        }
        for body in bodies
    ]
    session.execute(
        text(
            "INSERT INTO pool SELECT body, :language,"
            " strip(to_tsvector(CAST(dictionary AS regconfig), spelled)) ||"
            " array_to_tsvector(lexemes) FROM jsonb_to_recordset(CAST(:rows AS jsonb))"
            " AS r (body text, dictionary text, spelled text, lexemes text[])"
        ),
        {"rows": recordset(rows), "language": language},
    )


def _bodies(seed: int) -> dict[str, list[str]]:
    """Some hundred different texts of each language, made of the help centre's sentences."""
    content = shipped.read()
    found = {}
    for language in LANGUAGES:
        said = [one.body for one in content.texts if one.language == language and one.body]
        sentences = sorted({part for body in said for part in _SENTENCE.findall(body)})
        chance = random.Random(f"{seed}/{language}")
        made = {" ".join(chance.sample(sentences, chance.randint(1, 3))) for _ in range(800)}
        found[language] = sorted(made)
    return found


def _entries(rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    for one in rows:
        if one.state in _OPEN:
            taken = None if one.state in ("waiting", "deferred") else one.at
            until = NOW + timedelta(hours=8) if one.state == "snoozed" else None
            yield (
                *(one.id, one.team, one.language, one.priority, one.at, one.buyer, taken),
                *(one.state == "deferred", False, until),
            )


def _clocks(rows: Iterable[Row], seed: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(f"{seed}/clocks")
    for one in rows:
        if one.state not in _OPEN:
            continue
        runs = one.state != "snoozed" and chance.random() < 0.7
        due = NOW + timedelta(minutes=chance.randint(-30, 600)) if runs else None
        since = one.at if runs else None
        yield (
            *(one.id, one.team, one.channel, one.priority, "first_response" if runs else None),
            *(False, one.state == "snoozed", 0, 0, since, "first_response" if runs else None),
            *(due, due or _AHEAD, due is not None and due <= NOW),
        )


def _marks(rows: Sequence[Row], every: int) -> Iterator[tuple[Any, ...]]:
    for one in rows[::every]:
        yield one.id, OPERATORS[one.number // every % 3].person_id, one.at


def _named(rows: Sequence[Row]) -> Iterator[tuple[Any, ...]]:
    for id, person, at in _marks(rows, 70):
        seen = NOW if id.int % 2 else None
        yield id, person, at, derived_id("crowd", "message", id), seen


def _copy(cursor: Any, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    names = ", ".join(columns.split())
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
