""" "Was this useful?" is kept."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.help_centre import queries
from amparo.help_centre.events import PAGE_RATED
from amparo.help_centre.feedback_rules import Rating, checked_rating
from amparo.help_centre.models import PageFeedback, QuestionText
from amparo.help_centre.rules import reading_order
from amparo.kernel.errors import Conflict
from amparo.storage.events import record


def rate_page(session: Session, said: Rating, now: datetime) -> bool:
    """Keep what a reader said about a public page; nothing says who it was.

    Returns:
        whether it was new: the same id counts once.

    Raises:
        NotFound: no such question.
        Invalid: an unknown reason, or too long a comment.
        Conflict: the id was used for something else.
    """
    said = checked_rating(said)
    answer = queries.answer_for(session, said.question, said.language, now)
    language = reading_order(answer.language)[0]
    version = session.scalar(
        select(QuestionText.version).where(
            QuestionText.question_key == said.question, QuestionText.language == language
        )
    )
    row = {
        "id": said.id,
        "question_key": said.question,
        "language": said.language,
        "answer_language": language,
        "answer_version": version,
        "useful": said.useful,
        "reason": said.reason,
        "comment": said.comment,
        "at": now,
    }
    statement = insert(PageFeedback).values(row).on_conflict_do_nothing(index_elements=["id"])
    if session.scalar(statement.returning(PageFeedback.id)) is None:
        before = session.get(PageFeedback, said.id, populate_existing=True)
        if before is None or (before.question_key, before.useful) != (said.question, said.useful):
            raise Conflict("id_used_before")
        return False
    data = {
        "rating": str(said.id),
        "question": said.question,
        "language": said.language,
        "answer_language": language,
        "version": version,
        "useful": said.useful,
        "reason": said.reason,
    }
    record(session, PAGE_RATED, data, now=now)
    return True
