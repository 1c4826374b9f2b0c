"""Reads for editing: administrators only; for everybody else there is nothing here."""

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, aliased

from amparo.help_centre import queries
from amparo.help_centre.differences import Piece, differences
from amparo.help_centre.models import (
    Category,
    Question,
    QuestionText,
    TextDraft,
    TextVersion,
    Topic,
)
from amparo.help_centre.rules import KEY, SOURCE, VERSIONS_SHOWN, DraftText, EditableText, OldText
from amparo.help_centre.shipped import text_hash
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound
from amparo.kernel.languages import CONTENT

_Texts = Select[QuestionText, TextDraft, int]
_Found = tuple[QuestionText, TextDraft | None, int | None]


def text_for(session: Session, actor: Actor, key: str, language: str) -> EditableText:
    """The words of a question in one language, for editing.

    Raises:
        NotFound: no such text, or the actor is no administrator (the two look the same).
    """
    _let_in(actor, key, language)
    found = _rows(session, _texts().where(QuestionText.question_key == key, _in(language)))
    if found:
        return editable(*found[0])
    source = session.scalar(
        select(QuestionText.version)
        .join(Question, Question.key == QuestionText.question_key)
        .where(Question.key == key, QuestionText.language == SOURCE)
    )
    if session.get(Question, key) is None:
        raise NotFound()
    return unwritten(key, language, None if language == SOURCE else source)


def texts_for(session: Session, actor: Actor, language: str) -> list[EditableText]:
    """All texts of one language in the order of the guide, for editing; raises NotFound."""
    if not actor.is_administrator or language not in CONTENT:
        raise NotFound()
    written = {row[0].question_key: row for row in _rows(session, _texts().where(_in(language)))}
    keys = session.scalars(
        select(Question.key)
        .join(Category, Category.key == Question.category_key)
        .join(Topic, Topic.key == Category.topic_key)
        .order_by(Topic.place, Category.place, Question.place)
    )
    return [
        editable(*written[key]) if key in written else unwritten(key, language, None)
        for key in keys
    ]


def versions_for(session: Session, actor: Actor, key: str, language: str) -> list[OldText]:
    """What was published of a text, newest first; raises NotFound."""
    _let_in(actor, key, language)
    rows = session.scalars(
        select(TextVersion)
        .where(TextVersion.question_key == key, TextVersion.language == language)
        .order_by(TextVersion.version.desc())
        .limit(VERSIONS_SHOWN)
    ).all()
    if not rows:
        raise NotFound()
    return [_old(row) for row in rows]


def version_for(
    session: Session, actor: Actor, key: str, language: str, version: int
) -> tuple[OldText, list[Piece], list[Piece]]:
    """A text as it was once, and how its title and its answer differ from the present ones.

    Raises:
        NotFound: no such version, or the actor is no administrator.
    """
    now = text_for(session, actor, key, language)
    row = session.get(TextVersion, (key, language, version)) if version < 2**63 else None
    if row is None:
        raise NotFound()
    return (
        _old(row),
        differences(row.title, now.title),
        differences(row.body or "", now.body or ""),
    )


def edited(row: QuestionText) -> bool:
    """Whether a text says something else than what we shipped."""
    return row.shipped_hash != text_hash(row.title, row.body)


def editable(row: QuestionText, draft: TextDraft | None, source: int | None) -> EditableText:
    """A row as an administrator sees it; ``source`` is the version of the source text now."""
    return EditableText(
        key=row.question_key,
        language=row.language,
        title=row.title,
        body=row.body,
        version=row.version,
        edition=row.edition,
        edited=edited(row),
        updated_at=row.updated_at,
        made_from=row.made_from,
        source_version=source,
        reviewed=row.reviewed,
        draft=_draft(draft) if draft is not None else None,
    )


def unwritten(key: str, language: str, source: int | None) -> EditableText:
    """A text that nobody has written yet: its first version will be 1."""
    return EditableText(
        key=key,
        language=language,
        title="",
        body=None,
        version=0,
        edition=0,
        edited=False,
        updated_at=None,
        made_from=None,
        source_version=source,
        reviewed=False,
        draft=None,
    )


def settings_for(session: Session, actor: Actor) -> dict[str, str]:
    """What stands for each placeholder, as it was set. Raises NotFound for others."""
    if not actor.is_administrator:
        raise NotFound()
    return queries.placeholder_settings(session)


def _let_in(actor: Actor, key: str, language: str) -> None:
    if not actor.is_administrator or not KEY.fullmatch(key) or language not in CONTENT:
        raise NotFound()


_Source = aliased(QuestionText)


def _texts() -> _Texts:
    return (
        select(QuestionText, TextDraft, _Source.version)
        .outerjoin(
            TextDraft,
            and_(
                TextDraft.question_key == QuestionText.question_key,
                TextDraft.language == QuestionText.language,
            ),
        )
        .outerjoin(
            _Source,
            and_(
                _Source.question_key == QuestionText.question_key,
                _Source.language == SOURCE,
                QuestionText.language != SOURCE,
            ),
        )
    )


def _in(language: str) -> ColumnElement[bool]:
    return QuestionText.language == language


def _rows(session: Session, statement: _Texts) -> list[_Found]:
    found = session.execute(statement.execution_options(populate_existing=True))
    return [(text, draft, source) for text, draft, source in found]


def _draft(row: TextDraft) -> DraftText:
    return DraftText(row.title, row.body, row.saved_by, row.saved_at)


def _old(row: TextVersion) -> OldText:
    return OldText(
        version=row.version,
        title=row.title,
        body=row.body,
        made_from=row.made_from,
        origin=row.origin,
        restored_from=row.restored_from,
        made_by=row.made_by,
        made_at=row.made_at,
    )
