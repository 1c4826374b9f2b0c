"""Reads of blocks: one's own, and everybody's for the staff."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from amparo.accounts.models import Person, PersonBlock
from amparo.kernel.actor import Actor

BLOCKS = "person_block"
IN_FORCE = "(b.until IS NULL OR b.until > CAST(:now AS timestamptz))"
"""For the message path, which asks with its own statement so that it costs none: the table, and
what makes a row ``b`` of it count at ``:now``."""


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block as the staff sees it.

    Attributes:
        by_name: None where the program did it.
    """

    until: datetime | None
    reason: str
    made_at: datetime
    by_id: UUID | None
    by_name: str | None
    appeal: str | None
    appealed_at: datetime | None


def own_block(session: Session, actor: Actor, now: datetime) -> PersonBlock | None:
    """The block under which the actor is now; the reason is not for them."""
    return session.scalar(
        select(PersonBlock).where(PersonBlock.person_id == actor.person_id, _in_force(now))
    )


def blocks_of(
    session: Session, actor: Actor, ids: Collection[UUID], now: datetime
) -> dict[UUID, BlockView]:
    """Who among ``ids`` is blocked now, for the staff; nobody for anybody else."""
    if not actor.is_staff or not ids:
        return {}
    rows = session.execute(
        select(PersonBlock, Person.name)
        .outerjoin(Person, Person.id == PersonBlock.by_id)
        .where(PersonBlock.person_id.in_(ids), _in_force(now))
    )
    return {
        block.person_id: BlockView(
            until=block.until,
            reason=block.reason,
            made_at=block.made_at,
            by_id=block.by_id,
            by_name=name,
            appeal=block.appeal,
            appealed_at=block.appealed_at,
        )
        for block, name in rows
    }


def _in_force(now: datetime) -> ColumnElement[bool]:
    return or_(PersonBlock.until.is_(None), PersonBlock.until > now)
