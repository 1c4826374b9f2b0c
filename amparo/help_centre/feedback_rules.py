""" "Was this useful?": what may be said. Pure."""

from dataclasses import dataclass
from uuid import UUID

from amparo.kernel.errors import Invalid
from amparo.kernel.text import clean, graphemes

REASONS = ("not_answered", "unclear", "wrong", "other")
"""Why an answer did not help, in the order of the form."""
COMMENT_LIMIT = 500


@dataclass(frozen=True, slots=True)
class RatingForm:
    """The form as it is shown.

    Attributes:
        id: made with the form; the same id counts once.
        useful: what was pressed, or None for the thanks.
        problem: code of what was wrong with the form that was sent.
    """

    id: UUID
    useful: bool | None
    reason: str | None = None
    comment: str = ""
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """What somebody said about a page."""

    id: UUID
    question: str
    language: str
    useful: bool
    reason: str | None = None
    comment: str | None = None


def checked_rating(said: Rating) -> Rating:
    """Clean what a reader wrote; a reason belongs to a "no" only.

    Raises:
        Invalid: an unknown reason, or too long a comment.
    """
    comment = clean(said.comment or "") or None
    if graphemes(comment or "") > COMMENT_LIMIT:
        raise Invalid("text_too_long", limit=COMMENT_LIMIT)
    if said.reason is not None and said.reason not in REASONS:
        raise Invalid("rating_reason_unknown")
    reason = None if said.useful else said.reason
    return Rating(said.id, said.question, said.language, said.useful, reason, comment)
