"""The one door to a case: missing and somebody else's look the same.

A buyer sees the own cases, a seller those of its stores, staff all of them. How a buyer pays is no
seller's business: cases about a payment stay between the buyer and the marketplace.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, select, true
from sqlalchemy.orm import Session

from amparo.cases.models import CaseRow
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound

NOT_FOR_SELLERS = ("payment_not_credited",)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Which cases the actor may see, as a condition."""
    if actor.is_staff:
        return true()
    if actor.role == "buyer" and actor.ref:
        return CaseRow.buyer_ref == actor.ref
    if actor.role == "seller" and actor.store_refs:
        return and_(CaseRow.store_ref.in_(actor.store_refs), CaseRow.reason.not_in(NOT_FOR_SELLERS))
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
