"""A question of the marketplace's own, beside those that came with the program."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from amparo.help_centre import queries
from amparo.help_centre.events import TEXT_EDITED
from amparo.help_centre.marking_actions import mark_changed
from amparo.help_centre.models import Category, Question, QuestionText, TextVersion
from amparo.help_centre.rules import checked_edit
from amparo.help_centre.search_actions import TextChange, index_texts
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, NotFound
from amparo.kernel.languages import CONTENT
from amparo.storage.events import record


def add_question(
    session: Session,
    actor: Actor,
    category: str,
    language: str,
    *,
    title: str,
    body: str,
    id: UUID,
    now: datetime,
) -> str:
    """Add a question with its answer at the end of a category; returns its key.

    Readers of a language in which it has no title do not see it. Its way of contact is the chat.

    Args:
        id: what it is made of; the same id is the same question.

    Raises:
        NotFound: no such category or language, or the actor is no administrator.
        Invalid: no title, no answer, too long, or an unknown placeholder.
    """
    if not actor.is_administrator or language not in CONTENT:
        raise NotFound()
    found = session.get(Category, category)
    if found is None:
        raise NotFound()
    title, words = checked_edit(title, body, queries.placeholder_settings(session))
    if words is None:
        raise Invalid("answer_missing")
    key = f"{found.topic_key}_added_{_letters(id)}"
    if session.get(Question, key) is not None:
        return key
    _place(session, key, category)
    _write(session, actor, (key, language), (title, words), now)
    mark_changed(session)
    data = {"question": key, "language": language, "version": 1}
    record(session, TEXT_EDITED, data, now=now, subject=actor.person_id)
    return key


def _place(session: Session, key: str, category: str) -> None:
    """At the end of its category."""
    last = select(func.max(Question.place)).where(Question.category_key == category)
    session.add(
        Question(
            key=key,
            category_key=category,
            place=(session.scalar(last) or 0) + 1,
            channels=["assistant", "chat"],
            actions=[],
            needs_order=False,
            needs_sign_in=False,
            shipped={},
        )
    )
    session.flush()


def _write(
    session: Session, actor: Actor, place: tuple[str, str], words: tuple[str, str], now: datetime
) -> None:
    key, language = place
    title, body = words
    session.add(
        QuestionText(
            question_key=key,
            language=language,
            title=title,
            body=body,
            version=1,
            edition=1,
            reviewed=True,
            edited_by=actor.person_id,
            edited_at=now,
            updated_at=now,
        )
    )
    session.flush()
    session.add(
        TextVersion(
            question_key=key,
            language=language,
            version=1,
            title=title,
            body=body,
            origin="edited",
            made_by=actor.person_id,
            made_at=now,
        )
    )
    index_texts(session, [TextChange(key, language, None, words)])


def _letters(id: UUID) -> str:
    """Letters only, as keys are made of; long enough to be nobody else's."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in id.hex[-12:])
