"""The processes that serve this installation. Each says every few seconds that it lives; whoever
notices that one does not say it any more puts its things in order."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from amparo.storage.base import Base
from amparo.storage.session import hint

BEAT_S = 5.0
DEAD_AFTER = timedelta(seconds=20)
HINT = "nodes"


class NodeRow(Base):
    """One process.

    Attributes:
        place: machine and data folder, of which one installation's processes share one.
    """

    __tablename__ = "node"

    id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str]
    seen_at: Mapped[datetime]


def arrive(session: Session, id: str, place: str, now: datetime) -> None:
    """A process begins."""
    session.execute(insert(NodeRow).values(id=id, place=place, seen_at=now))
    hint(session, HINT)


def beat(session: Session, id: str, now: datetime) -> bool:
    """The process lives; False where it was taken for dead meanwhile."""
    alive = update(NodeRow).where(NodeRow.id == id).values(seen_at=now).returning(NodeRow.id)
    return session.scalar(alive) is not None


def others(session: Session, id: str, now: datetime) -> Sequence[str]:
    """The other processes that live."""
    living = NodeRow.seen_at > now - DEAD_AFTER
    return session.scalars(select(NodeRow.id).where(NodeRow.id != id, living)).all()


def last_sign(session: Session) -> datetime | None:
    """When a process last said that it lives; None where none is known."""
    return session.scalar(select(func.max(NodeRow.seen_at)))


def take_dead(session: Session, now: datetime) -> Sequence[str]:
    """Processes that do not say any more that they live: forgotten here, the caller puts their
    things in order. Each is given to one caller."""
    silent = select(NodeRow.id).where(NodeRow.seen_at <= now - DEAD_AFTER)
    return _forgotten(session, silent.with_for_update(skip_locked=True))


def take_place(session: Session, place: str) -> Sequence[str]:
    """The processes of a place, by whoever knows that none of them is left."""
    return _forgotten(session, select(NodeRow.id).where(NodeRow.place == place))


def leave(session: Session, id: str) -> None:
    """A process has ended."""
    _forgotten(session, select(NodeRow.id).where(NodeRow.id == id))


def _forgotten(session: Session, ids: Select[str]) -> Sequence[str]:
    gone = session.scalars(delete(NodeRow).where(NodeRow.id.in_(ids)).returning(NodeRow.id)).all()
    if gone:
        hint(session, HINT)
    return gone
