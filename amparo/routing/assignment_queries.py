"""Reads for assignment: teams as they are now, and the board of who waits and who serves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from amparo.conversations.load_queries import wrote_among
from amparo.kernel.actor import Actor
from amparo.routing.assignment_rules import Board, Queue, Server, TeamRules, Waiting, may_serve
from amparo.routing.hours import opening_at
from amparo.routing.models import QueueEntry, Team
from amparo.routing.operators_queries import Operator, present_among, working_operators
from amparo.routing.rules import RECENTLY_ACTIVE, STICKY_FOR
from amparo.routing.teams_queries import schedule_of

_LOOK_AT = 100
"""Entries of a queue that one look considers beyond those that can be given."""


@dataclass(frozen=True, slots=True)
class TeamsNow:
    """Teams as assignment sees them now, and the operators who are here."""

    rules: dict[str, TeamRules]
    working: list[Operator]
    queues: list[Queue]


def teams_now(session: Session, now: datetime) -> TeamsNow:
    """Which teams work, who is here, and which teams help which.

    A team's queues may be served by the teams that it overflows to while it is closed, while
    nobody of it is here, and as soon as its oldest entry has waited for its time.
    """
    working = working_operators(session, now)
    oldest, queues = _oldest(session)
    rules: dict[str, TeamRules] = {}
    for team in session.scalars(select(Team).order_by(Team.key)):
        opening = opening_at(schedule_of(team), now)
        alone = TeamRules(team.key, team.language, open=opening.open, skill=team.skill)
        rules[team.key] = replace(alone, overflow=_helpers(team, alone, working, oldest, now))
    return TeamsNow(rules, working, queues)


def _helpers(
    team: Team,
    rules: TeamRules,
    working: Sequence[Operator],
    oldest: Mapping[str, datetime],
    now: datetime,
) -> tuple[str, ...]:
    if not team.overflow_to:
        return ()
    queue, alone = (team.key, team.language), {team.key: rules}
    empty = all(may_serve(one.as_server(), queue, alone) is None for one in working)
    since = oldest.get(team.key)
    late = since is not None and now - since >= timedelta(seconds=team.overflow_after_s)
    return tuple(team.overflow_to) if empty or late or not rules.open else ()


def _oldest(session: Session) -> tuple[dict[str, datetime], list[Queue]]:
    """Since when the oldest entry of each team waits, and in which queues anybody does."""
    rows = session.execute(
        select(QueueEntry.team, QueueEntry.language, func.min(QueueEntry.entered_at))
        .where(QueueEntry.taken_at.is_(None))
        .group_by(QueueEntry.team, QueueEntry.language)
    ).all()
    oldest: dict[str, datetime] = {}
    for team, _, since in rows:
        oldest[team] = min(since, oldest.get(team, since))
    return oldest, [(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class Look:
    """The board of a moment and the operators on it."""

    board: Board
    operators: Mapping[UUID, Operator]


def look(session: Session, now: datetime) -> Look | None:
    """Who could be given to whom now; None where nobody who is available is free."""
    teams = teams_now(session, now)
    available = [one for one in teams.working if one.state == "available"]
    servers = [one.as_server() for one in available]
    room = sum(max(0, server.capacity - server.load) for server in servers)
    free = [server for server in servers if server.free]
    queues = [
        queue
        for queue in teams.queues
        if any(may_serve(server, queue, teams.rules) is not None for server in free)
    ]
    if not queues:
        return None
    board = Board(teams.rules.values())
    for server in servers:
        board.serve(server)
    for waiting in _first(session, queues, room + _LOOK_AT, now):
        board.enter(waiting)
    return Look(board, {one.id: one for one in available})


def servable_by(
    session: Session, operator: Actor, routing: Operator, now: datetime, limit: int = 200
) -> list[Waiting]:
    """Whom an operator who asks for the next may take, in order of service, away or not.

    Closed teams are open to those who take by hand: working late is their own choice.
    """
    teams = teams_now(session, now)
    rules = {key: replace(team, open=True) for key, team in teams.rules.items()}
    server = _by_hand(operator, routing)
    queues = [queue for queue in teams.queues if may_serve(server, queue, rules) is not None]
    found = _first(session, queues, limit, now) if queues else []
    return sorted(found, key=lambda one: one.key)[:limit]


def _by_hand(operator: Actor, routing: Operator) -> Server:
    server = routing.as_server()
    server.languages = frozenset(operator.languages)
    return server


_FIRST = text(
    "SELECT e.* FROM unnest(CAST(:teams AS text[]), CAST(:languages AS text[]))"
    " AS w (team, language) CROSS JOIN LATERAL (SELECT conversation_id, team, language, priority,"
    " entered_at, ordinal, buyer_id, deferred, last_operator FROM queue_entry q"
    " WHERE q.team = w.team AND q.language = w.language AND q.taken_at IS NULL"
    " ORDER BY q.priority, q.entered_at, q.ordinal LIMIT :limit) e"
)


def _first(session: Session, queues: Sequence[Queue], limit: int, now: datetime) -> list[Waiting]:
    """The first entries of each of these queues, with whether their buyers are here."""
    asked = {"teams": [team for team, _ in queues], "languages": [one for _, one in queues]}
    rows = session.execute(_FIRST, {**asked, "limit": limit}).all()
    here = _here_among(session, rows, now)
    return [
        Waiting(
            id=row.conversation_id,
            queue=(row.team, row.language),
            priority=row.priority,
            entered=row.entered_at.timestamp(),
            ordinal=row.ordinal,
            here=row.conversation_id in here,
            deferred=row.deferred,
            last_operator=row.last_operator,
            kept_until=(row.entered_at + STICKY_FOR).timestamp(),
        )
        for row in rows
    ]


def _here_among(
    session: Session, rows: Sequence[Row[tuple[object, ...]]], now: datetime
) -> set[UUID]:
    """Those whose buyers would see an answer now: :func:`queries.is_here` of many."""
    since = now - RECENTLY_ACTIVE
    here = {row.conversation_id for row in rows if row.entered_at > since}
    asked = {row.buyer_id for row in rows if row.conversation_id not in here and not row.deferred}
    if asked:
        people = present_among(session, asked, now)
        people |= wrote_among(session, asked - people, since)
        here |= {row.conversation_id for row in rows if row.buyer_id in people}
    return here
