"""What somebody was told lately, so that it is not offered first again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.contact_guide.context_rules import LATELY, History, Told
from amparo.contact_guide.models import GuideFeedback
from amparo.conversations.history_queries import answers_to, open_matter_of
from amparo.help_centre import queries as help_centre
from amparo.kernel.actor import Actor

_MOST = 50


def history_of(session: Session, actor: Actor | None, now: datetime) -> History:
    """What the person was answered in the last days, said about it, and is still talking about."""
    if actor is None or actor.is_staff:
        return History()
    since = now - LATELY
    said = session.execute(
        select(GuideFeedback.question_key, GuideFeedback.at, GuideFeedback.helped)
        .where(GuideFeedback.person_id == actor.person_id, GuideFeedback.at >= since)
        .order_by(GuideFeedback.at.desc())
        .limit(_MOST)
    )
    told = [Told(key, at, helped) for key, at, helped in said]
    told += [Told(key, at) for key, at in answers_to(session, actor, since)]
    return History(tuple(told), _talking_about(session, actor))


def _talking_about(session: Session, actor: Actor) -> str | None:
    matter = open_matter_of(session, actor)
    if matter is None:
        return None
    if matter.topic is None and matter.question is not None:
        facts = help_centre.questions(session).get(matter.question)
        return facts.topic if facts else None
    return matter.topic
