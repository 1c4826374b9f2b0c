"""Reads of routing: hours, places in the queue, who is here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, aliased

from amparo.conversations.queries import conversation_for, wrote_since
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid
from amparo.routing.hours import Span, opening_at
from amparo.routing.models import Presence, QueueEntry, Team
from amparo.routing.rules import PRESENCE_LASTS, RECENTLY_ACTIVE, TeamHours
from amparo.routing.teams_queries import schedule_of
from amparo.routing.wait_queries import Ranges
from amparo.routing.wait_rules import WaitRange
from amparo.storage.pages import decode_cursor, encode_cursor


@dataclass(frozen=True, slots=True)
class HoursNow:
    """A team's working time as a reader sees it now."""

    language: str
    open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    always: bool
    team: str
    fallback: bool
    zone: str
    week: Mapping[str, list[Span]]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a queue; ``position`` is None where the conversation does not wait.

    Attributes:
        language: what the team speaks.
        wait: from now on; None where too little is known.
        reason: why it is as it is, where that needs saying.
    """

    position: int | None
    team: str | None
    language: str | None
    open: bool
    opens_at: datetime | None
    own_language: bool
    wait: WaitRange | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """One who waits, as live readers are told."""

    conversation_id: UUID
    position: int
    wait: WaitRange | None


def team_hours(session: Session) -> list[TeamHours]:
    """All teams with their schedules."""
    rows = session.scalars(select(Team).order_by(Team.key))
    return [
        TeamHours(row.key, row.language, row.fallback, schedule_of(row), row.skill) for row in rows
    ]


def hours_now(session: Session, now: datetime) -> list[HoursNow]:
    """For each team's language: open now, until when, or from when."""
    found = []
    for team in team_hours(session):
        opening = opening_at(team.schedule, now)
        found.append(
            HoursNow(
                language=team.language,
                open=opening.open,
                opens_at=opening.opens_at,
                closes_at=opening.closes_at,
                always=team.schedule.always,
                team=team.key,
                fallback=team.fallback,
                zone=team.schedule.zone,
                week=team.schedule.week,
            )
        )
    return found


def waiting_count(session: Session, language: str) -> int:
    """How many wait for the team of that language."""
    query = (
        select(func.count())
        .select_from(QueueEntry)
        .join(Team, Team.key == QueueEntry.team)
        .where(Team.language == language, QueueEntry.taken_at.is_(None))
    )
    return session.scalar(query) or 0


def place_for(session: Session, actor: Actor, conversation_id: UUID, now: datetime) -> Place:
    """The exact place of a conversation in its queue.

    Raises:
        NotFound: there is no such conversation, or it is not the actor's to see.
    """
    conversation_for(session, actor, conversation_id)
    entry = session.get(QueueEntry, conversation_id)
    if entry is None or entry.taken_at is not None:
        return Place(None, None, None, open=False, opens_at=None, own_language=True)
    hours = next(hours for hours in hours_now(session, now) if hours.team == entry.team)
    position = 1 + ahead_of(session, entry)
    own = hours.language == entry.language
    queue = (entry.team, entry.language)
    wait = Ranges(session, now).of(queue, entry.priority, position)
    return Place(
        position,
        entry.team,
        hours.language,
        hours.open,
        hours.opens_at,
        own,
        wait,
        None if own else "fallback_language",
    )


def ahead_of(session: Session, entry: QueueEntry) -> int:
    """How many wait before this one in the same (team, language) queue."""
    ahead = aliased(QueueEntry)
    query = select(func.count()).where(
        ahead.team == entry.team,
        ahead.language == entry.language,
        ahead.taken_at.is_(None),
        tuple_(ahead.priority, ahead.entered_at, ahead.ordinal)
        < tuple_(entry.priority, entry.entered_at, entry.ordinal),
    )
    return session.scalar(query) or 0


def queue_places(session: Session, team: str, now: datetime) -> list[QueuePlace]:
    """All who wait for a team, each with the exact place in their own queue and the wait."""
    rows = session.execute(
        select(QueueEntry.conversation_id, QueueEntry.language, QueueEntry.priority)
        .where(QueueEntry.team == team, QueueEntry.taken_at.is_(None))
        .order_by(QueueEntry.priority, QueueEntry.entered_at, QueueEntry.ordinal)
    ).all()
    if not rows:
        return []
    ranges = Ranges(session, now)
    counted: Counter[str] = Counter()
    found = []
    for id, language, priority in rows:
        counted[language] += 1
        position = counted[language]
        found.append(QueuePlace(id, position, ranges.of((team, language), priority, position)))
    return found


def queue_order(session: Session, team: str) -> Sequence[UUID]:
    """The conversations that wait for a team, in order of service: place 1 first."""
    return session.scalars(
        select(QueueEntry.conversation_id)
        .where(QueueEntry.team == team, QueueEntry.taken_at.is_(None))
        .order_by(QueueEntry.priority, QueueEntry.entered_at, QueueEntry.ordinal)
    ).all()


def teams_of(session: Session, conversations: Iterable[UUID]) -> dict[UUID, str]:
    """In which team's queue each of these waits; those that do not wait are left out."""
    rows = session.execute(
        select(QueueEntry.conversation_id, QueueEntry.team).where(
            QueueEntry.conversation_id.in_(list(conversations)), QueueEntry.taken_at.is_(None)
        )
    )
    return {row.conversation_id: row.team for row in rows}


def entries_of(
    session: Session, actor: Actor, conversations: Iterable[UUID]
) -> dict[UUID, QueueEntry]:
    """The queue's rows of these conversations, for staff; nothing for others."""
    if not actor.is_staff:
        return {}
    rows = session.scalars(
        select(QueueEntry).where(QueueEntry.conversation_id.in_(list(conversations)))
    )
    return {row.conversation_id: row for row in rows}


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Conversations in order of service, and where the next ones begin."""

    conversations: list[UUID]
    next: str | None


def waiting_page(
    session: Session, actor: Actor, *, cursor: str | None = None, limit: int = 50
) -> QueuePage:
    """All that wait, in order of service, for staff; nothing for others.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    if not actor.is_staff:
        return QueuePage([], None)
    place = tuple_(QueueEntry.priority, QueueEntry.entered_at, QueueEntry.ordinal)
    query = select(QueueEntry).where(QueueEntry.taken_at.is_(None)).order_by(*place)
    if cursor is not None:
        at, rest = decode_cursor(cursor)
        query = query.where(place > tuple_(*_after(at, rest)))
    rows = session.scalars(query.limit(limit + 1)).all()
    after = None
    if len(rows) > limit:
        last = rows[limit - 1]
        after = encode_cursor(last.entered_at, f"{last.priority}:{last.ordinal}")
    return QueuePage([row.conversation_id for row in rows[:limit]], after)


def _after(entered_at: datetime, rest: str) -> tuple[int, datetime, int]:
    priority, _, ordinal = rest.partition(":")
    if not (priority.isdecimal() and ordinal.isdecimal() and len(rest) < 30):
        raise Invalid("cursor_unreadable")
    return int(priority), entered_at, int(ordinal)


def waiting_total(session: Session) -> int:
    """How many wait in all queues together."""
    query = select(func.count()).select_from(QueueEntry).where(QueueEntry.taken_at.is_(None))
    return session.scalar(query) or 0


def is_present(session: Session, person_id: UUID, now: datetime) -> bool:
    """Whether the person has a live connection to any node."""
    query = select(Presence.id).where(
        Presence.person_id == person_id, Presence.seen_at > now - PRESENCE_LASTS
    )
    return session.scalar(query.limit(1)) is not None


def present_of(session: Session, people: Iterable[UUID], now: datetime) -> set[UUID]:
    """Those of the people who have a live connection to any node."""
    query = select(Presence.person_id).where(
        Presence.person_id.in_(set(people)), Presence.seen_at > now - PRESENCE_LASTS
    )
    return set(session.scalars(query))


def is_here(session: Session, person_id: UUID, entered_at: datetime | None, now: datetime) -> bool:
    """Whether the person would see an answer now: connected, just queued, or just wrote."""
    if entered_at is not None and entered_at > now - RECENTLY_ACTIVE:
        return True
    if is_present(session, person_id, now):
        return True
    return wrote_since(session, person_id, now - RECENTLY_ACTIVE)
