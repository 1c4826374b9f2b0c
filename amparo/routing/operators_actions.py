"""How operators work: available, by hand, in a pause, off; what they can do; the end of a shift."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, Invalid, NotFound
from amparo.kernel.text import clean
from amparo.routing.events import OPERATOR_CHANGED
from amparo.routing.models import OperatorRouting, Team
from amparo.routing.operators_queries import (
    Operator,
    OperatorState,
    operator_for,
    operators_named,
    staff_only,
)
from amparo.routing.rules import CAPACITY, MOST_CAPACITY, SHIFT_ENDS
from amparo.storage.events import record
from amparo.storage.session import hint
from amparo.storage.timers import clear_timer, set_timer

_MOST_NAMES = 50


def set_presence(
    session: Session,
    operator: Actor,
    state: OperatorState,
    now: datetime,
    *,
    ends_at: datetime | None = None,
) -> Operator:
    """How the operator works from now on, and until when.

    Whatever somebody who goes off has not answered goes back to its place right after.

    Raises:
        Forbidden: the actor is no operator.
        Invalid: the end lies in the past.
    """
    staff_only(operator)
    if ends_at is not None and ends_at <= now:
        raise Invalid("shift_over")
    if state == "off" or ends_at is None:
        ends_at = None
        clear_timer(session, SHIFT_ENDS, operator.person_id)
    else:  # the timer before the row: whoever fires it takes them in this order, too
        set_timer(session, SHIFT_ENDS, operator.person_id, ends_at)
    _change(session, operator.person_id, now, state=state, ends_at=ends_at)
    return operator_for(session, operator, now)


def end_shift(session: Session, operator_id: UUID, _: dict[str, Any], now: datetime) -> None:
    """Timer: the shift is over."""
    row = session.get(OperatorRouting, operator_id)
    if row is not None and row.ends_at is not None and row.ends_at <= now:
        _change(session, operator_id, now, state="off", ends_at=None)


def set_operator_routing(
    session: Session,
    actor: Actor,
    operator_id: UUID,
    now: datetime,
    *,
    capacity: int,
    skills: Sequence[str],
    teams: Sequence[str],
) -> Operator:
    """What an operator can do; for administrators.

    Args:
        teams: empty means every team of the operator's languages.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: nobody on the staff has that id, or there is no such team.
        Invalid: a number or a name breaks a rule.
    """
    if not actor.is_administrator:
        raise Forbidden()
    if operator_id not in operators_named(session, [operator_id], now):
        raise NotFound()
    if not 1 <= capacity <= MOST_CAPACITY:
        raise Invalid("capacity_invalid", limit=MOST_CAPACITY)
    named = list(dict.fromkeys(clean(skill) for skill in skills))
    if len(named) > _MOST_NAMES or not all(0 < len(skill) <= 80 for skill in named):
        raise Invalid("request_invalid", fields=[{"field": "skills", "rule": "name"}])
    chosen = list(dict.fromkeys(teams))
    if len(chosen) > _MOST_NAMES or any(session.get(Team, key) is None for key in chosen):
        raise NotFound()
    _change(session, operator_id, now, capacity=capacity, skills=named, teams=chosen)
    return operators_named(session, [operator_id], now)[operator_id]


def was_given(session: Session, operator_id: UUID, now: datetime) -> None:
    """Somebody was given to the operator: the next one goes to whoever waits longer for one."""
    session.execute(
        update(OperatorRouting)
        .where(OperatorRouting.person_id == operator_id)
        .values(served_at=now)
    )


def _change(session: Session, operator_id: UUID, now: datetime, **values: Any) -> None:
    first = {"state": "by_hand", "capacity": CAPACITY, "skills": [], "teams": [], "ends_at": None}
    session.execute(
        insert(OperatorRouting)
        .values(person_id=operator_id, changed_at=now, **(first | values))
        .on_conflict_do_update(index_elements=["person_id"], set_={**values, "changed_at": now})
    )
    told = {"operator": str(operator_id), "state": values.get("state")}
    record(session, OPERATOR_CHANGED, told, now=now, subject=operator_id)
    hint(session, "desk")
