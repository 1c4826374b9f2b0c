"""Targets are set; clocks are wound; what is missed is marked when its time has come."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.conversations.rules import PARTIES_OF
from amparo.desk.models import SlaClock, SlaTarget
from amparo.desk.rules import administrator_only
from amparo.desk.sla_queries import default_rows, policy, row_of
from amparo.desk.sla_rules import NEVER, SLA_BREACHED, SLA_TIMER, Clock, Target, wind
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid
from amparo.kernel.ids import derived_id
from amparo.storage.events import NewEvent, record_many
from amparo.storage.recordset import recordset
from amparo.storage.session import hint
from amparo.storage.timers import set_timer

_ALL = derived_id("sla")
"""The subject of the one timer."""
_FIELDS = tuple(Clock.__dataclass_fields__)
_AT_ONCE = 500


def save_targets(
    session: Session, administrator: Actor, targets: Sequence[Target], now: datetime
) -> None:
    """Set all targets; every running clock goes by them from now on.

    Raises:
        Forbidden: but for administrators.
        Invalid: two targets for the same priority and channel, or an unknown channel.
    """
    administrator_only(administrator)
    rows = [row_of(target) for target in targets]
    known = {*PARTIES_OF, "email", "assistant", "messenger", "case", None}
    if len({row["key"] for row in rows}) < len(rows) or any(
        target.channel not in known for target in targets
    ):
        raise Invalid("request_invalid", fields=[{"field": "targets", "rule": "unique"}])
    session.execute(delete(SlaTarget))
    if rows:
        session.execute(insert(SlaTarget).values(rows))
    wind_all(session, now)


def load_default_targets(session: Session) -> None:
    """The targets of a new installation; where somebody has set any, theirs stay."""
    if session.scalar(select(SlaTarget.key).limit(1)) is None:
        session.execute(insert(SlaTarget).values(default_rows()).on_conflict_do_nothing())


def wind_all(session: Session, now: datetime) -> None:
    """Targets or hours have changed: say anew when each clock is up."""
    found = policy(session)
    clocks = list(locked(session, None).values())
    for clock in clocks:
        wind(clock, found, now)
    keep(session, clocks, [])
    tell_next(session)


def locked(session: Session, ids: Iterable[UUID] | None) -> dict[UUID, Clock]:
    """The clocks of these conversations (None: all), locked in one order."""
    query = select(SlaClock).order_by(SlaClock.conversation_id).with_for_update()
    if ids is not None:
        query = query.where(SlaClock.conversation_id.in_(list(ids)))
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    return {
        row.conversation_id: Clock(**{name: getattr(row, name) for name in _FIELDS}) for row in rows
    }


_COLUMNS = (
    "conversation_id uuid, channel text, team text, priority bigint, awaited text,"
    " answered boolean, snoozed boolean, response_used_s bigint, resolution_used_s bigint,"
    " since timestamptz, due_kind text, due_at timestamptz, breached boolean, place timestamptz"
)
_NAMES = ", ".join(part.split()[0] for part in _COLUMNS.split(","))
_KEEP = text(
    f"INSERT INTO sla_clock ({_NAMES}) SELECT {_NAMES}"
    f" FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r ({_COLUMNS})"
    " ON CONFLICT (conversation_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _NAMES.split(", ")[1:])
)


def keep(session: Session, clocks: Iterable[Clock], gone: Iterable[UUID]) -> None:
    """Write clocks and forget others, with one statement each."""
    rows: list[dict[str, Any]] = [
        asdict(clock) | {"place": clock.due_at or NEVER} for clock in clocks
    ]
    if rows:
        session.execute(_KEEP, {"rows": recordset(rows)})
    if ended := list(gone):
        session.execute(delete(SlaClock).where(SlaClock.conversation_id.in_(ended)))
    if rows or ended:
        hint(session, "desk")


def tell_next(session: Session) -> None:
    """Set the timer to the next target that will be reached."""
    due = session.scalar(
        select(SlaClock.due_at)
        .where(SlaClock.due_at.is_not(None), SlaClock.breached.is_(False))
        .order_by(SlaClock.due_at)
        .limit(1)
    )
    if due is not None:
        set_timer(session, SLA_TIMER, _ALL, due)


_BREACHED = text(
    "UPDATE sla_clock SET breached = true WHERE conversation_id IN ("
    " SELECT conversation_id FROM sla_clock WHERE due_at <= CAST(:now AS timestamptz)"
    " AND NOT breached ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED)"
    " RETURNING conversation_id, due_kind, due_at"
)


def mark_breached(session: Session, _: UUID, __: dict[str, Any], now: datetime) -> None:
    """Timer: some targets were reached before what they are about was done."""
    rows = session.execute(_BREACHED, {"now": now, "limit": _AT_ONCE}).all()
    record_many(
        session,
        [
            NewEvent(
                SLA_BREACHED,
                {"conversation": str(row.conversation_id), "kind": row.due_kind},
                row.conversation_id,
            )
            for row in rows
        ],
        now=now,
    )
    tell_next(session)
    hint(session, "desk")
