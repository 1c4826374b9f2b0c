"""Verbs of the help centre: load what was shipped without touching edits; set placeholders."""

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from amparo.help_centre import queries, shipped
from amparo.help_centre.editing_queries import edited
from amparo.help_centre.marking_actions import mark_changed
from amparo.help_centre.models import (
    Category,
    ContentState,
    PlaceholderValue,
    Question,
    QuestionText,
    TextVersion,
    Topic,
)
from amparo.help_centre.rules import REVIEWED, SOURCE, values_tag
from amparo.help_centre.search_actions import TextChange, batches, index_texts
from amparo.help_centre.shipped import text_hash
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, NotFound, PreconditionFailed
from amparo.kernel.ids import new_id
from amparo.kernel.text import clean, graphemes
from amparo.storage.events import record

_LOCK = 0x68656C70
"""Advisory lock: two processes that start together load one after the other."""
Node = TypeVar("Node", Topic, Category, Question)
VALUE_LIMIT = 300


def load_shipped_content(
    session: Session, now: datetime, content: shipped.Shipped | None = None
) -> int:
    """Bring the shipped content in; an edited text is never overwritten.

    Runs at every start: when the files are the ones loaded last, it is one short query. With
    ``content`` that content is loaded instead of the files (tests, previews).

    Returns:
        how many texts were written.
    """
    found = shipped.content_hash() if content is None else ""
    if found and session.scalar(select(ContentState.shipped_hash)) == found:
        return 0
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    if found and session.scalar(select(ContentState.shipped_hash)) == found:
        return 0
    content = content or shipped.read()
    _load_tree(session, Topic, content.topics)
    _load_tree(session, Category, content.categories)
    _load_tree(session, Question, content.questions)
    written = _load_texts(session, content.texts, now)
    _load_values(session, content.placeholders)
    mark_changed(session, shipped_hash=found or str(new_id()))
    record(session, "help_content_loaded", {"texts": written}, now=now)
    return written


def set_placeholders(
    session: Session,
    actor: Actor,
    values: dict[str, str],
    now: datetime,
    *,
    tag: str | None = None,
) -> None:
    """Set what stands for placeholders; names not given keep their value.

    ``tag`` is ``values_tag`` of what the editor read; None overwrites whatever is there.

    Raises:
        NotFound: the actor is neither an administrator nor the program itself.
        PreconditionFailed: a value has changed since it was read.
        Invalid: an unknown name, an empty or too long value.
    """
    if not (actor.is_administrator or actor.role == "system"):
        raise NotFound()
    session.execute(select(PlaceholderValue.name).with_for_update())
    known = queries.placeholder_settings(session)
    if tag is not None and tag != values_tag(known):
        raise PreconditionFailed()
    for name, value in values.items():
        text = " ".join(clean(value).split())
        if name not in known:
            raise Invalid("placeholder_unknown", names=name)
        if not text or graphemes(text) > VALUE_LIMIT:
            raise Invalid("text_too_long", limit=VALUE_LIMIT)
        session.execute(
            update(PlaceholderValue).where(PlaceholderValue.name == name).values(value=text)
        )
    mark_changed(session)
    record(session, "help_placeholders_set", {"names": sorted(values)}, now=now)


def _load_tree(session: Session, model: type[Node], rows: list[dict[str, Any]]) -> None:
    """Insert what is new, replace what still says what we shipped before."""
    present = {row.key: row for row in session.scalars(select(model))}
    merged: list[dict[str, Any]] = []
    for row in rows:
        said = {name: value for name, value in row.items() if name != "key"}
        now = present.get(row["key"])
        kept = {name: getattr(now, name) for name in said if now and _edited(now, name)}
        merged.append(row | kept | {"shipped": said})
    for some in batches(merged):
        statement = insert(model).values(some)
        changed = {name: statement.excluded[name] for name in some[0] if name != "key"}
        session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changed))
    session.expire_all()


def _edited(row: Topic | Category | Question, name: str) -> bool:
    return name in row.shipped and getattr(row, name) != row.shipped[name]


def _load_texts(session: Session, texts: list[shipped.ShippedText], now: datetime) -> int:
    """Insert what is new, replace what still says what we shipped before."""
    present = {
        (row.question_key, row.language): row
        for row in session.scalars(
            select(QuestionText).options(undefer(QuestionText.document)).with_for_update()
        )
    }
    sources = {t.question: _source(t, present) for t in texts if t.language == SOURCE}
    rows: list[dict[str, Any]] = []
    for text in texts:
        row = present.get((text.question, text.language))
        if row is not None and edited(row):
            continue
        made_from = None if text.language == SOURCE else sources.get(text.question)
        if row is not None and text_hash(row.title, row.body) == text.hash:
            # shipped together with the source as it is now: we read the two side by side
            row.made_from = max(made_from or 0, row.made_from or 0) or None
            continue
        rows.append(_shipped_row(text, row, made_from, now))
    session.flush()
    for some in batches(rows):
        _write_texts(session, some)
    changes = [
        TextChange(row["question_key"], row["language"], before, (row["title"], row["body"]))
        for row in rows
        for before in (_indexed(present.get((row["question_key"], row["language"]))),)
    ]
    session.expire_all()
    index_texts(session, changes)
    _index_the_rest(session)
    return len(rows)


def _source(text: shipped.ShippedText, present: dict[tuple[str, str], QuestionText]) -> int:
    """The version of the source that shipped translations are made from.

    Where an administrator changed the source, ours were made from an older one.
    """
    row = present.get((text.question, text.language))
    if row is None:
        return 1
    if edited(row):
        return row.version - 1
    return row.version + (text_hash(row.title, row.body) != text.hash)


def _shipped_row(
    text: shipped.ShippedText, row: QuestionText | None, made_from: int | None, now: datetime
) -> dict[str, Any]:
    return {
        "question_key": text.question,
        "language": text.language,
        "title": text.title,
        "body": text.body,
        "shipped_hash": text.hash,
        "version": row.version + 1 if row else 1,
        "edition": row.edition + 1 if row else 1,
        "made_from": made_from,
        "reviewed": text.language in REVIEWED,
        "updated_at": now,
    }


def _write_texts(session: Session, rows: list[dict[str, Any]]) -> None:
    statement = insert(QuestionText).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["question_key", "language"],
            set_={name: statement.excluded[name] for name in list(rows[0])[2:]},
        )
    )
    kept = ("question_key", "language", "version", "title", "body", "made_from")
    session.execute(
        insert(TextVersion).values(
            [
                {name: row[name] for name in kept}
                | {"origin": "shipped", "made_at": row["updated_at"]}
                for row in rows
            ]
        )
    )


def _indexed(row: QuestionText | None) -> tuple[str, str | None] | None:
    """The words under which search finds a text now; a text from before 0004 has none yet."""
    return (row.title, row.body) if row is not None and row.document is not None else None


def _index_the_rest(session: Session) -> None:
    """Texts that no load writes (edited, of an older release) and that search does not know."""
    rows = session.scalars(select(QuestionText).where(QuestionText.document.is_(None)))
    index_texts(
        session,
        [TextChange(row.question_key, row.language, None, (row.title, row.body)) for row in rows],
    )


def _load_values(session: Session, values: dict[str, str]) -> None:
    rows = [{"name": n, "value": v, "shipped_value": v} for n, v in values.items()]
    statement = insert(PlaceholderValue).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "value": statement.excluded["value"],
                "shipped_value": statement.excluded["shipped_value"],
            },
            where=PlaceholderValue.value == PlaceholderValue.shipped_value,
        )
    )
