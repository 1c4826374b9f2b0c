"""Promises (J10, performance): every view and filter lists what it should, all of it, once, in
order; and no list reads more the more conversations there are: fixed statements, index scans, no
sort of more than a page looks at."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from amparo.conversations import inbox_queries as lists
from amparo.conversations.inbox_queries import Filter
from amparo.desk import inbox_queries
from amparo.desk.inbox_queries import Asked, inbox
from amparo.desk.queries import context, counts
from amparo.desk.rules import ORDERS, VIEWS
from amparo.desk.search_queries import Sought, search
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import Database, connect
from tests.conftest import TEMPLATE
from tests.desk.crowd import NOW, OPERATORS, RARE_TAG, Crowd, Row

ME = OPERATORS[0]
CONVERSATIONS = 1_200
OPEN = ("waiting", "assigned", "snoozed", "deferred")
FILTERS = {
    "all": Filter(),
    "language": Filter(language="ru"),
    "channel": Filter(channel="order"),
    "team": Filter(team="payments"),
    "topic": Filter(topic="rules"),
    "operator": Filter(operator=OPERATORS[1].person_id),
    "nobody": Filter(operator="nobody"),
    "three": Filter(language="en", channel="chat", team="support-ru"),
    "none": Filter(language="xx"),
}
SEARCHES = {
    "common": Sought("you"),
    "form": Sought("отправленные заказы"),
    "rare": Sought("customs"),
    "nothing": Sought("zorkmid"),
    "filtered": Sought("order", party="buyer", language="en", channel="chat"),
    "conversation": Sought("order", tag=RARE_TAG, wanted=Filter(state="resolved")),
    "between": Sought("order", since=NOW.replace(month=1), until=NOW.replace(month=2)),
}
BIG = {"conversation", "message", "event", "stream_entry", "message_search", "conversation_tag"}
MOST_SORTED = inbox_queries.CHUNK
"""Rows that one page looks at where it sorts by itself."""


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return Crowd(CONVERSATIONS)


@pytest.fixture(scope="module")
def filled(postgres: EmbeddedPostgres, crowd: Crowd) -> Iterator[Database]:
    name = f"crowd_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name), pool=3)
    crowd.fill(database)
    yield database
    database.close()
    postgres.drop_database(name)


def fits(row: Row, asked: Asked) -> bool:
    """The plain meaning of a view and its filters."""
    wanted = asked.wanted
    held = row.holder
    if asked.view == "resolved":
        right = row.state == "resolved"
    elif asked.view == "snoozed":
        right = row.state == "snoozed"
    elif asked.view == "waiting":
        right = row.state in ("waiting", "deferred")
    else:
        right = row.state in OPEN
    if asked.view == "mine":
        right = right and held == ME.person_id
    if asked.view == "unassigned":
        right = right and held is None
    holder = None if wanted.operator == "nobody" else wanted.operator
    return (
        right
        and (wanted.operator is None or asked.view in ("mine", "unassigned") or held == holder)
        and wanted.language in (None, row.language)
        and wanted.channel in (None, row.channel)
        and wanted.team in (None, row.team)
        and wanted.topic in (None, row.topic)
    )


def pages(database: Database, asked: Asked, limit: int) -> list[inbox_queries.InboxRow]:
    found: list[inbox_queries.InboxRow] = []
    cursor: str | None = None
    with database.reading() as session:
        for _ in range(CONVERSATIONS):
            page = inbox(session, ME, asked, cursor=cursor, limit=limit)
            assert len(page.items) <= limit
            found += page.items
            cursor = page.next
            if cursor is None:
                return found
    raise AssertionError("pages without an end")


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("view", ["mine", "waiting", "all", "resolved", "snoozed", "unassigned"])
def test_every_view_with_every_filter_lists_each_once_in_order(
    filled: Database, crowd: Crowd, view: Any, name: str
) -> None:
    asked = Asked(view, None, "newest", FILTERS[name])
    right = [row for row in crowd.rows if fits(row, asked)]
    if view == "waiting":
        right.sort(key=lambda row: (row.priority, row.at, row.number))
    else:
        right.sort(key=lambda row: (row.at, row.id), reverse=True)
    found = pages(filled, asked, 40)
    assert [row.view.id for row in found] == [row.id for row in right]
    if view != "waiting":
        backwards = pages(filled, replace(asked, order="oldest"), 100)
        assert [row.view.id for row in backwards] == [row.id for row in reversed(right)]


def test_a_rare_combination_is_found_although_a_page_looks_at_a_few_only(
    filled: Database, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "SCANNED", 50)
    monkeypatch.setattr(inbox_queries, "CHUNK", 10)
    for view in ("resolved", "all", "waiting"):
        asked = Asked(view, None, "newest", FILTERS["three"])
        right = {row.id for row in crowd.rows if fits(row, asked)}
        found = [row.view.id for row in pages(filled, asked, 7)]
        assert (set(found), len(found)) == (right, len(right))


@pytest.mark.parametrize("tag", ["tag-00", "tag-20", RARE_TAG])
@pytest.mark.parametrize("view", ["resolved", "all", "due", "followed", "mentions"])
def test_a_tag_narrows_every_view(filled: Database, view: Any, tag: str) -> None:
    everything = pages(filled, Asked(view), 100)
    tagged = pages(filled, Asked(view, tag), 30)
    right = [row.view.id for row in everything if tag in row.marks.tags]
    if view in ("resolved", "all"):
        assert [row.view.id for row in tagged] == right
    assert sorted(row.view.id for row in tagged) == sorted(right)


def test_what_is_due_first_comes_first(filled: Database, crowd: Crowd) -> None:
    due = [row.marks.sla for row in pages(filled, Asked("due"), 30)]
    moments = [one.due_at for one in due if one is not None and one.due_at is not None]
    assert len(moments) == len(due) > 10
    assert moments == sorted(moments)
    mine = pages(filled, Asked("mine", None, "due"), 5)
    right = {row.id for row in crowd.rows if fits(row, Asked("mine"))}
    assert {row.view.id for row in mine} == right, "what is not due is in it, too: last"
    last = [row.marks.sla is None or row.marks.sla.due_at is None for row in mine]
    assert last == sorted(last)


def reads() -> dict[str, Callable[[Session, Crowd], object]]:
    """Every read of the desk, by name."""
    found: dict[str, Callable[[Session, Crowd], object]] = {}
    for view in VIEWS:
        for name, wanted in FILTERS.items():
            for order in ORDERS:
                for tag in (None, "tag-00") if name == "all" else (None,):
                    asked = Asked(view, tag, order, wanted)  # type: ignore[arg-type]
                    key = f"{view}-{order}-{tag or name}"
                    found[key] = partial(_read_list, asked)
    for name, sought in SEARCHES.items():
        found[f"search-{name}"] = partial(_read_search, sought)
    found["counts"] = lambda session, _: counts(session, ME)
    found["context"] = lambda session, crowd: context(session, ME, crowd.rows[7].id, NOW)
    return found


def _read_list(asked: Asked, session: Session, _: Crowd) -> object:
    return inbox(session, ME, asked)


def _read_search(sought: Sought, session: Session, _: Crowd) -> object:
    return search(session, ME, sought)


READS = reads()


@pytest.mark.parametrize("name", READS)
def test_no_read_grows_with_the_number_of_conversations(
    filled: Database, crowd: Crowd, name: str
) -> None:
    statements: list[tuple[str, Any]] = []

    def noted(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            statements.append((statement, parameters))

    event.listen(filled.engine, "before_cursor_execute", noted)
    try:
        with filled.reading() as session:
            READS[name](session, crowd)
    finally:
        event.remove(filled.engine, "before_cursor_execute", noted)
    assert len(statements) <= (18 if name == "context" else 13), len(statements)
    wrong = []
    with filled.engine.connect() as connection:
        # small tables would be read whole: what matters is that they need not be
        connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, parameters in statements:
            explain = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + statement
            plan = connection.exec_driver_sql(explain, parameters).scalar()
            wrong += [f"{why}: {statement[:200]}" for why in faults(root(plan))]
    assert not wrong, "\n".join(wrong)


def root(plan: Any) -> dict[str, Any]:
    found: dict[str, Any] = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return found


def faults(node: dict[str, Any]) -> Iterator[str]:
    """What in a plan grows with the number of conversations."""
    kind, rows = node["Node Type"], node["Actual Rows"]
    if kind == "Seq Scan" and node["Relation Name"] in BIG:
        yield f"reads all of {node['Relation Name']}"
    most = max((part["Actual Rows"] for part in node.get("Plans", ())), default=0)
    if kind in ("Sort", "Incremental Sort", "HashAggregate", "Hash") and most > MOST_SORTED:
        yield f"{kind} of many rows"
    passed = rows + node.get("Rows Removed by Filter", 0)
    if passed > lists.SCANNED:
        yield f"{kind} looks at {passed} rows"
    for part in node.get("Plans", ()):
        yield from faults(part)


def test_the_control_is_caught(filled: Database) -> None:
    """A list along no index: the plans' test must see it."""
    query = "SELECT id FROM conversation WHERE state = 'resolved' ORDER BY order_ref, id LIMIT 50"
    with filled.engine.connect() as connection:
        connection.exec_driver_sql("SET enable_seqscan = off")
        plan = connection.exec_driver_sql(
            "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + query
        ).scalar()
    assert list(faults(root(plan)))


def test_counts_tell_what_the_lists_show(filled: Database, crowd: Crowd) -> None:
    with filled.reading() as session:
        found = counts(session, ME)
    open_rows = [row for row in crowd.rows if row.state in OPEN]
    assert found.all_open == len(open_rows)
    assert found.mine == sum(row.holder == ME.person_id for row in open_rows)
    assert found.waiting == sum(row.state in ("waiting", "deferred") for row in open_rows)
    mentions = pages(filled, Asked("mentions"), 100)
    assert found.mentions == sum(row.marks.mentioned for row in mentions) > 0
    due = pages(filled, Asked("due"), 100)
    assert found.due == sum(row.marks.sla is not None and row.marks.sla.breached for row in due)
