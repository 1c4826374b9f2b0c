"""Saved views: lists of the inbox under a name, one's own and those shared with all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from amparo.desk import rules
from amparo.desk.models import SavedView
from amparo.desk.rules import staff_only
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, NotFound

_SHOWN = 200


def views_for(session: Session, operator: Actor) -> Sequence[SavedView]:
    """One's own views and the shared ones, by name."""
    staff_only(operator)
    mine = or_(SavedView.owner_id == operator.person_id, SavedView.shared)
    query = select(SavedView).where(mine).order_by(SavedView.name, SavedView.id).limit(_SHOWN)
    return session.scalars(query).all()


def save_view(
    session: Session,
    operator: Actor,
    id: UUID,
    now: datetime,
    *,
    name: str,
    query: Mapping[str, Any],
    shared: bool,
    new: bool = False,
) -> SavedView:
    """Make a view or change one; the same again changes nothing.

    Args:
        new: there may be none with this id yet, or only the very same.

    Raises:
        NotFound: it is somebody else's (an administrator may change shared ones), or missing.
        Invalid: name or query cannot be.
        Conflict: ``too_many_views``.
    """
    staff_only(operator)
    values = {
        "name": rules.view_name(name),
        "query": rules.view_query(query),
        "shared": shared,
        "saved_at": now,
    }
    row = session.get(SavedView, id)
    if row is None:
        if not new:
            raise NotFound()
        mine = SavedView.owner_id == operator.person_id
        count = session.scalar(select(func.count()).select_from(SavedView).where(mine)) or 0
        if count >= rules.VIEWS_OF_ONE:
            raise Conflict("too_many_views", limit=rules.VIEWS_OF_ONE)
        row = SavedView(id=id, owner_id=operator.person_id, **values)
        session.add(row)
    else:
        _own(operator, row)
        for field, value in values.items():
            setattr(row, field, value)
    session.flush()
    return row


def remove_view(session: Session, operator: Actor, id: UUID) -> None:
    """Forget a view; NotFound where it is missing or somebody else's."""
    staff_only(operator)
    row = session.get(SavedView, id)
    if row is None:
        raise NotFound()
    _own(operator, row)
    session.delete(row)


def _own(operator: Actor, row: SavedView) -> None:
    if row.owner_id != operator.person_id and not (row.shared and operator.is_administrator):
        raise NotFound()
