"""Rating a conversation: once, and for a day it can be put right."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.conversations import ratings_rules as rules
from amparo.conversations.actions import head_for
from amparo.conversations.events import RATED
from amparo.conversations.models import Rating
from amparo.conversations.rules import PARTIES_OF
from amparo.conversations.streams import Entry, append
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden


def rate(
    session: Session,
    actor: Actor,
    conversation_id: UUID,
    *,
    score: int,
    reason: str | None,
    comment: str | None,
    now: datetime,
) -> Rating:
    """The buyer's judgement; the same again changes nothing and tells nobody.

    Raises:
        NotFound: there is no such conversation, or it is not the actor's to enter.
        Forbidden: for anybody but the buyer.
        Conflict: ``nothing_to_rate``, ``rating_final``.
        Invalid: see :mod:`ratings_rules`.
    """
    if actor.party != "buyer":
        raise Forbidden()
    head = head_for(session, actor, conversation_id)
    rules.check_score(score, reason)
    words = rules.checked_comment(comment)
    # "First answered at" begins anew with whoever it is passed to; the answer itself stays.
    rules.check_open(head.state, answered=head.answer_id is not None)
    row = session.get(Rating, conversation_id, with_for_update=True)
    said = {"score": score, "reason": reason, "comment": words}
    if row is not None and said == {key: getattr(row, key) for key in said}:
        return row
    rules.check_changeable(row.rated_at if row else None, now)
    if row is None:
        row = Rating(conversation_id=conversation_id, rated_at=now, by_id=actor.person_id, **said)
        session.add(row)
    for key, value in said.items():
        setattr(row, key, value)
    row.by_id, row.changed_at = actor.person_id, now
    session.flush()
    parties = [party for party in PARTIES_OF[head.channel] if party != "seller"]
    append(session, [Entry.of(head, RATED, said, parties)], now)
    return row
