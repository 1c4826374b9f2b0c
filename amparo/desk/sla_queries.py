"""Reads of targets and clocks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from amparo.desk.models import SlaClock, SlaTarget
from amparo.desk.rules import staff_only
from amparo.desk.sla_rules import DEFAULT_TARGETS, Policy, Target
from amparo.kernel.actor import Actor
from amparo.routing.queries import team_hours


@dataclass(frozen=True, slots=True)
class SlaView:
    """A clock as it is shown.

    Attributes:
        kind: what is due next: ``first_response``, ``next_response`` or ``resolution``.
        paused: nothing runs: the buyer is waited for, or the conversation is snoozed.
    """

    kind: str
    due_at: datetime | None
    paused: bool
    breached: bool


def targets_for(session: Session, actor: Actor) -> list[Target]:
    """All targets, the general one first. Raises Forbidden but for staff."""
    staff_only(actor)
    return targets(session)


def targets(session: Session) -> list[Target]:
    """All targets."""
    rows = session.scalars(select(SlaTarget).order_by(SlaTarget.key)).all()
    return [
        Target(
            row.priority,
            row.channel,
            row.first_response_s,
            row.next_response_s,
            row.resolution_s,
        )
        for row in rows
    ]


def policy(session: Session) -> Policy:
    """The targets and the hours of all teams: two statements."""
    return Policy(targets(session), {one.key: one.schedule for one in team_hours(session)})


def breached_count(session: Session) -> int:
    """How many open conversations have missed a target that still runs."""
    return session.scalar(select(func.count()).select_from(SlaClock).where(SlaClock.breached)) or 0


def default_rows() -> list[dict[str, object]]:
    """The targets that an installation begins with, as rows."""
    return [row_of(target) for target in DEFAULT_TARGETS]


def row_of(target: Target) -> dict[str, object]:
    """A target as a row; its key says what it is for, so there is one for each."""
    key = f"{target.priority or '*'}:{target.channel or '*'}"
    return {
        "key": key,
        "priority": target.priority,
        "channel": target.channel,
        "first_response_s": target.first_response_s,
        "next_response_s": target.next_response_s,
        "resolution_s": target.resolution_s,
    }
