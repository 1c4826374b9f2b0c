"""Verbs of the help centre: load what was shipped without touching edits; edit."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.help_centre import editing_queries, queries, shipped
from amparo.help_centre.models import (
    Category,
    ContentState,
    PlaceholderValue,
    Question,
    QuestionText,
    Topic,
)
from amparo.help_centre.rules import EditableText, checked_edit, dictionary, values_tag
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, NotFound, PreconditionFailed
from amparo.kernel.ids import new_id
from amparo.kernel.text import clean, graphemes
from amparo.storage.events import record

_LOCK = 0x68656C70
"""Advisory lock: two processes that start together load one after the other."""
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
    _upsert(session, Topic, content.topics)
    _upsert(session, Category, content.categories)
    _upsert(session, Question, content.questions)
    written = _load_texts(session, content.texts, now)
    _load_values(session, content.placeholders)
    _mark(session, shipped_hash=found or str(new_id()))
    record(session, "help_content_loaded", {"texts": written}, now=now)
    return written


def edit_text(
    session: Session,
    actor: Actor,
    key: str,
    language: str,
    *,
    title: str,
    body: str | None,
    version: int,
    now: datetime,
) -> EditableText:
    """Replace the words of a question in one language.

    ``version`` is the one the editor read: of two who edit at once, the second is told.

    Raises:
        NotFound: no such text, or the actor is no administrator.
        PreconditionFailed: somebody changed it since.
        Invalid: the words break a limit or use an unknown placeholder.
    """
    if not actor.is_administrator:
        raise NotFound()
    row = session.scalar(
        select(QuestionText)
        .where(QuestionText.question_key == key, QuestionText.language == language)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound()
    if row.version != version:
        raise PreconditionFailed(version=row.version)
    title, body = checked_edit(title, body, queries.placeholder_settings(session))
    if (title, body) == (row.title, row.body):
        return editing_queries.editable(row)
    row.title, row.body = title, body
    row.version += 1
    row.edited_by, row.edited_at, row.updated_at = actor.person_id, now, now
    session.flush()
    _mark(session)
    data = {"question": key, "language": language, "version": row.version}
    record(session, "help_text_edited", data, now=now, subject=actor.person_id)
    return editing_queries.editable(row)


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
    _mark(session)
    record(session, "help_placeholders_set", {"names": sorted(values)}, now=now)


def _upsert(
    session: Session, model: type[Topic | Category | Question], rows: list[dict[str, Any]]
) -> None:
    statement = insert(model).values(rows)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "key"}
    session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changed))


def _load_texts(session: Session, texts: list[shipped.ShippedText], now: datetime) -> int:
    """Insert what is new, replace what still says what we shipped before."""
    present = {
        (row.question_key, row.language): (
            shipped.text_hash(row.title, row.body),
            row.shipped_hash,
            row.version,
        )
        for row in session.execute(
            select(
                QuestionText.question_key,
                QuestionText.language,
                QuestionText.title,
                QuestionText.body,
                QuestionText.shipped_hash,
                QuestionText.version,
            ).with_for_update()
        )
    }
    rows: list[dict[str, Any]] = []
    for text in texts:
        current, last_shipped, version = present.get((text.question, text.language), ("", "", 0))
        if current != last_shipped or current == text.hash:
            continue
        rows.append(
            {
                "question_key": text.question,
                "language": text.language,
                "title": text.title,
                "body": text.body,
                "shipped_hash": text.hash,
                "version": version + 1,
                "updated_at": now,
                "dictionary": dictionary(text.language),
            }
        )
    if rows:
        statement = insert(QuestionText).values(rows)
        names = ("title", "body", "shipped_hash", "version", "updated_at")
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["question_key", "language"],
                set_={name: statement.excluded[name] for name in names},
            )
        )
        session.expire_all()
    return len(rows)


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


def _mark(session: Session, shipped_hash: str | None = None) -> None:
    """Everything kept in memory for the old revision is stale from the commit on."""
    values: dict[str, Any] = {"revision": new_id()}
    if shipped_hash is not None:
        values["shipped_hash"] = shipped_hash
    statement = insert(ContentState).values({"id": 1, "shipped_hash": "", **values})
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
