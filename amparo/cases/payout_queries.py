"""For which lines a store must not be paid yet: an open case holds them (invariant 12)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.cases.models import CaseRow
from amparo.kernel.actor import SYSTEM, Actor
from amparo.kernel.errors import Forbidden
from amparo.marketplace.queries import order_id_for


@dataclass(frozen=True, slots=True)
class PayoutHold:
    """One line that an open case holds; ``line`` None: the whole order.

    Attributes:
        line: its position in the order.
        store: the ref of the store that is not to be paid; None where there are several.
    """

    number: str
    line: int | None
    store: str | None


def payout_holds(session: Session, actor: Actor, order_ref: str) -> list[PayoutHold]:
    """What of an order is held now, oldest case first; nothing for an order without open cases.

    Raises:
        Forbidden: the actor is not the marketplace's server, nor the program itself.
        NotFound: no such order.
    """
    if actor.role not in ("integration", "system"):
        raise Forbidden()
    order_id = order_id_for(session, SYSTEM, order_ref)
    rows = session.execute(
        select(CaseRow.number, CaseRow.position, CaseRow.store_ref)
        .where(CaseRow.order_id == order_id, CaseRow.closed_at.is_(None))
        .order_by(CaseRow.opened_at, CaseRow.id)
    )
    return [PayoutHold(*row) for row in rows]
