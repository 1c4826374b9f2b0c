"""Reads for editing: administrators only; for everybody else there is nothing here."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.help_centre import queries
from amparo.help_centre.models import Category, Question, QuestionText, Topic
from amparo.help_centre.rules import KEY, EditableText
from amparo.help_centre.shipped import text_hash
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound
from amparo.kernel.languages import CONTENT


def text_for(session: Session, actor: Actor, key: str, language: str) -> EditableText:
    """The words of a question in one language, for editing.

    Raises:
        NotFound: no such text, or the actor is no administrator (the two look the same).
    """
    if not actor.is_administrator:
        raise NotFound()
    if not KEY.fullmatch(key) or language not in CONTENT:
        raise NotFound()
    row = session.get(QuestionText, (key, language), populate_existing=True)
    if row is None:
        raise NotFound()
    return editable(row)


def texts_for(session: Session, actor: Actor, language: str) -> list[EditableText]:
    """All texts of one language in the order of the guide, for editing; raises NotFound."""
    if not actor.is_administrator or language not in CONTENT:
        raise NotFound()
    rows = session.scalars(
        select(QuestionText)
        .join(Question, Question.key == QuestionText.question_key)
        .join(Category, Category.key == Question.category_key)
        .join(Topic, Topic.key == Category.topic_key)
        .where(QuestionText.language == language)
        .order_by(Topic.place, Category.place, Question.place)
    )
    return [editable(row) for row in rows]


def editable(row: QuestionText) -> EditableText:
    """A row as an administrator sees it."""
    return EditableText(
        key=row.question_key,
        language=row.language,
        title=row.title,
        body=row.body,
        version=row.version,
        edited=row.shipped_hash != text_hash(row.title, row.body),
        updated_at=row.updated_at,
    )


def settings_for(session: Session, actor: Actor) -> dict[str, str]:
    """What stands for each placeholder, as it was set. Raises NotFound for others."""
    if not actor.is_administrator:
        raise NotFound()
    return queries.placeholder_settings(session)
