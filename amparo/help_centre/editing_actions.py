"""Verbs of editors: save a draft, publish, restore, say that a text is right.

Every verb names the edition that its editor read: of two who edit at once, the second is told.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from amparo.help_centre import editing_queries, queries
from amparo.help_centre.events import DRAFT_DISCARDED, DRAFT_SAVED, TEXT_EDITED, TEXT_MARKED
from amparo.help_centre.marking_actions import mark_changed
from amparo.help_centre.models import Question, QuestionText, TextDraft, TextVersion
from amparo.help_centre.rules import REVIEWED, SOURCE, EditableText, checked_edit
from amparo.help_centre.search_actions import TextChange, index_texts
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, NotFound, PreconditionFailed
from amparo.kernel.languages import CONTENT
from amparo.storage.events import record


@dataclass(frozen=True, slots=True)
class Place:
    """Which text, and the edition of it that the editor read."""

    key: str
    language: str
    edition: int


def publish_text(
    session: Session,
    actor: Actor,
    at: Place,
    *,
    title: str,
    body: str | None,
    now: datetime,
    made_from: int | None = None,
    video_hosts: tuple[str, ...] = (),
) -> EditableText:
    """Give readers these words as a new version; the draft is done with.

    Args:
        made_from: the version of the source text that these words say; None leaves it as it was.

    Raises:
        NotFound: no such text, or the actor is no administrator.
        PreconditionFailed: somebody changed it since.
        Invalid: the words break a limit, use an unknown placeholder or a video that may not be.
    """
    row = _text(session, actor, at)
    title, body = checked_edit(title, body, queries.placeholder_settings(session), video_hosts)
    _say_made_from(session, row, made_from)
    _drop_draft(session, row)
    return _publish(session, actor, row, (title, body), now)


def restore_version(
    session: Session, actor: Actor, at: Place, version: int, now: datetime
) -> EditableText:
    """Publish the words of an older version again, as a new version. A draft stays.

    Raises:
        NotFound: no such text or version, or the actor is no administrator.
        PreconditionFailed: somebody changed the text since.
    """
    row = _text(session, actor, at)
    old = session.get(TextVersion, (at.key, at.language, version)) if version < 2**63 else None
    if old is None:
        raise NotFound()
    if row.language != SOURCE:
        row.made_from = old.made_from
    return _publish(session, actor, row, (old.title, old.body), now, restored_from=version)


def save_draft(
    session: Session,
    actor: Actor,
    at: Place,
    *,
    title: str,
    body: str | None,
    now: datetime,
    video_hosts: tuple[str, ...] = (),
) -> EditableText:
    """Keep words that no reader sees yet, instead of the draft that was there. Raises as above."""
    row = _text(session, actor, at)
    title, body = checked_edit(title, body, queries.placeholder_settings(session), video_hosts)
    if row.version == 0:
        raise Invalid("draft_of_nothing")
    said = {"title": title, "body": body, "saved_by": actor.person_id, "saved_at": now}
    statement = insert(TextDraft).values(question_key=at.key, language=at.language, **said)
    session.execute(
        statement.on_conflict_do_update(index_elements=["question_key", "language"], set_=said)
    )
    return _done(session, actor, row, DRAFT_SAVED, now)


def discard_draft(session: Session, actor: Actor, at: Place, now: datetime) -> EditableText:
    """Throw the draft away; without one nothing changes. Raises NotFound, PreconditionFailed."""
    row = _text(session, actor, at)
    if not _drop_draft(session, row):
        return editing_queries.text_for(session, actor, at.key, at.language)
    return _done(session, actor, row, DRAFT_DISCARDED, now)


def mark_still_right(
    session: Session, actor: Actor, at: Place, made_from: int, now: datetime
) -> EditableText:
    """Say that a text still says what version ``made_from`` of its source says.

    Raises:
        NotFound, PreconditionFailed: as above.
        Invalid: the source has no such version, or this is the source itself.
    """
    row = _text(session, actor, at)
    if row.version == 0:
        raise NotFound()
    _say_made_from(session, row, made_from)
    return _done(session, actor, row, TEXT_MARKED, now, mark="still_right")


def mark_reviewed(
    session: Session, actor: Actor, at: Place, reviewed: bool, now: datetime
) -> EditableText:
    """Say that somebody whose language it is has read the text, or has not. Raises as above."""
    row = _text(session, actor, at)
    if row.version == 0:
        raise NotFound()
    row.reviewed = reviewed
    return _done(session, actor, row, TEXT_MARKED, now, mark=f"reviewed_{reviewed}".lower())


def _text(session: Session, actor: Actor, at: Place) -> QuestionText:
    """The row, locked, as the editor read it."""
    if not actor.is_administrator:
        raise NotFound()
    row = session.scalar(
        select(QuestionText)
        .where(QuestionText.question_key == at.key, QuestionText.language == at.language)
        .options(undefer(QuestionText.document))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        row = _unwritten(session, at)
    if row.edition != at.edition:
        raise PreconditionFailed(version=row.edition)
    return row


def _unwritten(session: Session, at: Place) -> QuestionText:
    """The row of a text that nobody has written yet; readers see it once it has a version.

    Of two who write it at once, the second waits here for the first.
    """
    if at.edition != 0 or at.language not in CONTENT:
        raise NotFound()
    session.execute(select(Question.key).where(Question.key == at.key).with_for_update())
    known = session.get(QuestionText, (at.key, at.language), populate_existing=True)
    if known is not None:
        return known
    if session.get(Question, at.key) is None:
        raise NotFound()
    return QuestionText(
        question_key=at.key,
        language=at.language,
        title="",
        version=0,
        edition=0,
        made_from=None if at.language == SOURCE else _source_version(session, at.key),
        reviewed=at.language in REVIEWED,
        document=None,
    )


def _publish(
    session: Session,
    actor: Actor,
    row: QuestionText,
    words: tuple[str, str | None],
    now: datetime,
    restored_from: int | None = None,
) -> EditableText:
    before = (row.title, row.body)
    if words == before:
        return _done(session, actor, row, None, now)
    row.title, row.body = words
    row.version += 1
    row.edited_by, row.edited_at, row.updated_at = actor.person_id, now, now
    session.add(row)
    session.flush()
    session.add(
        TextVersion(
            question_key=row.question_key,
            language=row.language,
            version=row.version,
            title=row.title,
            body=row.body,
            made_from=row.made_from,
            origin="edited" if restored_from is None else "restored",
            restored_from=restored_from,
            made_by=actor.person_id,
            made_at=now,
        )
    )
    known = before if row.document is not None else None
    index_texts(session, [TextChange(row.question_key, row.language, known, words)])
    mark_changed(session)
    return _done(session, actor, row, TEXT_EDITED, now, version=row.version)


def _done(
    session: Session,
    actor: Actor,
    row: QuestionText,
    kind: str | None,
    now: datetime,
    **more: object,
) -> EditableText:
    row.edition += 1
    session.flush()
    if kind is not None:
        data = {"question": row.question_key, "language": row.language, **more}
        record(session, kind, data, now=now, subject=actor.person_id)
    return editing_queries.text_for(session, actor, row.question_key, row.language)


def _say_made_from(session: Session, row: QuestionText, made_from: int | None) -> None:
    if made_from is None or (row.language == SOURCE and made_from == row.version):
        return
    source = _source_version(session, row.question_key)
    if row.language == SOURCE or not 1 <= made_from <= (source or 0):
        raise Invalid("source_version_unknown")
    row.made_from = made_from


def _source_version(session: Session, key: str) -> int | None:
    return session.scalar(
        select(QuestionText.version).where(
            QuestionText.question_key == key, QuestionText.language == SOURCE
        )
    )


def _drop_draft(session: Session, row: QuestionText) -> bool:
    dropped = session.scalar(
        delete(TextDraft)
        .where(TextDraft.question_key == row.question_key, TextDraft.language == row.language)
        .returning(TextDraft.question_key)
    )
    return dropped is not None
