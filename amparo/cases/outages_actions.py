"""Times in which nothing of this installation ran: nobody could act, so deadlines wait for them."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.cases.models import Outage
from amparo.storage.nodes import last_sign

SHORTEST = timedelta(minutes=1)
"""A restart that takes less moves nothing."""


def went_down(session: Session, now: datetime) -> None:
    """The last process ends in order."""
    session.execute(insert(Outage).values(began_at=now).on_conflict_do_nothing())


def came_up(session: Session, now: datetime) -> None:
    """A process begins, before it says that it lives: what was since the last sign of life?"""
    open_since = session.scalar(select(func.max(Outage.began_at)).where(Outage.ended_at.is_(None)))
    signs = [at for at in (open_since, last_sign(session)) if at is not None]
    session.execute(delete(Outage).where(Outage.ended_at.is_(None)))
    if signs and now - max(signs) >= SHORTEST:
        row = insert(Outage).values(began_at=max(signs), ended_at=now)
        session.execute(row.on_conflict_do_nothing())


def outages_over(session: Session, moment: datetime, now: datetime) -> timedelta:
    """By how much a deadline moves that fell into a time when nothing ran: by as much as that
    lasted; and again where its new end fell into another one. Nothing where somebody could act.
    """
    extended = moment
    for began, ended in session.execute(
        select(Outage.began_at, Outage.ended_at)
        .where(Outage.ended_at.is_not(None), Outage.ended_at > moment, Outage.began_at < now)
        .order_by(Outage.began_at)
    ):
        if ended is not None and began <= extended < ended:
            extended += ended - began
    return extended - moment
