"""Pure decisions about ratings: who may give one and when, and the reasons that can be named."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from amparo.conversations.rules import State
from amparo.guard.rules import check
from amparo.kernel.errors import Conflict, Invalid
from amparo.kernel.text import clean, graphemes, is_blank

CHANGEABLE = timedelta(hours=24)
"""How long a rating can be changed."""
COMMENT_LIMIT = 1000
_BAD = ("not_solved", "slow", "not_understood", "unfriendly", "other")
_SO_SO = ("partly_solved", "slow", "not_understood", "asked_twice", "other")
_GOOD = ("solved", "quick", "friendly", "clear", "other")
REASONS: Mapping[int, tuple[str, ...]] = {1: _BAD, 2: _BAD, 3: _SO_SO, 4: _GOOD, 5: _GOOD}
"""Score -> what can be named as its reason; the words are the front end's."""


def check_open(state: State, *, answered: bool) -> None:
    """Whether there is anything to rate yet: a person has answered, or the matter is resolved.

    Raises:
        Conflict: ``nothing_to_rate``.
    """
    if state != "resolved" and not answered:
        raise Conflict("nothing_to_rate")


def check_changeable(rated_at: datetime | None, now: datetime) -> None:
    """Raises Conflict ``rating_final`` a day after the first rating."""
    if rated_at is not None and now - rated_at > CHANGEABLE:
        raise Conflict("rating_final", hours=int(CHANGEABLE.total_seconds() // 3600))


def check_score(score: int, reason: str | None) -> None:
    """Raises Invalid: ``score_unknown``, ``reason_unknown`` with what there is."""
    if score not in REASONS:
        raise Invalid("score_unknown", lowest=min(REASONS), highest=max(REASONS))
    if reason is not None and reason not in REASONS[score]:
        raise Invalid("reason_unknown", known=", ".join(REASONS[score]))


def checked_comment(comment: str | None) -> str | None:
    """A comment without what the guard takes out: it is read in reports, by stores too.

    Raises:
        Invalid: ``comment_too_long``, which names the limit.
    """
    words = clean((comment or "")[: COMMENT_LIMIT * 40])
    if is_blank(words):
        return None
    length = graphemes(words)
    if length > COMMENT_LIMIT:
        raise Invalid("comment_too_long", limit=COMMENT_LIMIT, length=length)
    return check(words, party_from="buyer", party_to="seller").masked_text
