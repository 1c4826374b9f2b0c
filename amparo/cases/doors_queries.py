"""The one door to a case: missing and foreign look the same. Who somebody is in it."""

from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session

from amparo.cases.models import CaseRow
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound


def visible(actor: Actor) -> ColumnElement[bool]:
    """Which cases somebody may see: buyers their own, sellers their stores', staff all."""
    if actor.is_staff:
        return true()
    if actor.role == "buyer" and actor.ref:
        return CaseRow.buyer_ref == actor.ref
    if actor.role == "seller" and actor.store_refs:
        return CaseRow.store_ref.in_(actor.store_refs)
    return false()


def case_row_for(session: Session, actor: Actor, id: UUID, *, lock: bool = False) -> CaseRow:
    """The case, fresh from the table; with ``lock`` until the transaction ends.

    Raises:
        NotFound: no such case, or not the actor's.
    """
    query = select(CaseRow).where(CaseRow.id == id, visible(actor))
    if lock:
        query = query.with_for_update()
    row = session.scalar(query, execution_options={"populate_existing": True})
    if row is None:
        raise NotFound()
    return row
