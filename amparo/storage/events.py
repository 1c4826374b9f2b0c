"""The event log: what happened, in the order of commits, written with the data it tells of.

Each event carries the id of its transaction. Followers read only below the oldest transaction
still running in this database and in the order (transaction, ordinal); so an event that commits
late is never jumped over, which reading by a plain counter would do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import UserDefinedType

from amparo.kernel.ids import new_id
from amparo.storage.base import Base
from amparo.storage.recordset import recordset
from amparo.storage.session import hint


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


class EventRow(Base):
    """One thing that happened."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_xid_ordinal", "xid", "ordinal"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    xid: Mapped[int] = mapped_column(Xid8(), server_default=text("pg_current_xact_id()"))
    kind: Mapped[str]
    subject: Mapped[UUID | None]
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event as a follower reads it.

    Attributes:
        id: the event's own id, stable for ever.
        kind: what happened, e.g. ``message_posted``.
        subject: the thing it happened to.
        at: when, by the clock of whoever did it.
        xid, ordinal: its place in the log.
    """

    id: UUID
    kind: str
    subject: UUID | None
    at: datetime
    data: dict[str, Any]
    xid: int
    ordinal: int


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be written."""

    kind: str
    data: dict[str, Any]
    subject: UUID | None = None


_INSERT = text(
    "INSERT INTO event (id, kind, subject, at, data)"
    " SELECT id, kind, subject, CAST(:now AS timestamptz), data"
    " FROM jsonb_to_recordset(CAST(:events AS jsonb))"
    " AS e (id uuid, kind text, subject uuid, data jsonb)"
)


def record(
    session: Session,
    kind: str,
    data: dict[str, Any],
    *,
    now: datetime,
    subject: UUID | None = None,
) -> UUID:
    """Write one event in the caller's transaction and return its id."""
    return record_many(session, [NewEvent(kind, data, subject)], now=now)[0]


def record_many(session: Session, events: Iterable[NewEvent], *, now: datetime) -> list[UUID]:
    """Write events with one statement, in the order given, and wake the followers after commit."""
    rows = list(events)
    if not rows:
        return []
    ids = [new_id() for _ in rows]
    written = [
        {"id": id, "kind": row.kind, "subject": row.subject, "data": row.data}
        for id, row in zip(ids, rows, strict=True)
    ]
    session.execute(_INSERT, {"now": now, "events": recordset(written)})
    hint(session, "events")
    return ids


_HORIZON = text(
    "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next, ("
    " SELECT array_agg(backend_xid::text::bigint) FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_xid IS NOT NULL"
    " AND pid <> pg_backend_pid()) AS running"
)
_READ = text(
    "SELECT id, kind, subject, at, data, xid::text::bigint AS xid, ordinal FROM event"
    " WHERE (xid, ordinal) > (CAST(CAST(:xid AS text) AS xid8), :ordinal)"
    " AND xid < CAST(CAST(:horizon AS text) AS xid8)"
    " ORDER BY xid, ordinal LIMIT :limit"
)


def read_log(session: Session, xid: int, ordinal: int, limit: int) -> Sequence[LoggedEvent]:
    """The next events after a place in the log, oldest first, at most ``limit``."""
    place = {"xid": xid, "ordinal": ordinal, "horizon": _horizon(session), "limit": limit}
    rows = session.execute(_READ, place)
    return [LoggedEvent(r.id, r.kind, r.subject, r.at, r.data, r.xid, r.ordinal) for r in rows]


def _horizon(session: Session) -> int:
    """Every transaction of this database below this id has ended.

    The snapshot's own xmin would do, but it waits for transactions of *all* databases of the
    cluster: a neighbour's long job would hold up our followers. The reading of events must be a
    later statement than this one, so that its snapshot sees what had ended here.
    """
    row = session.execute(_HORIZON).one()
    return min((_full(xid, row.next) for xid in row.running or ()), default=row.next)


def _full(xid: int, following: int) -> int:
    """A 32-bit transaction id as the 64-bit id that lies below ``following``."""
    return following - ((following - xid) & 0xFFFFFFFF)
