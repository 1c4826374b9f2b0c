"""Who somebody is in a case: the role that the table of the machine knows."""

from sqlalchemy.orm import Session

from amparo.accounts.parties_queries import is_party
from amparo.cases.case import Role, Who
from amparo.cases.models import CaseRow
from amparo.kernel.actor import Actor

_OUTSIDE: dict[str, Role] = {
    "return_delivered": "carrier",
    "replacement_delivered": "carrier",
    "hold": "outside",
    "release": "outside",
    "settled": "outside",
    "fixed": "system",
}
"""What the marketplace's server may tell of a case, and for whom it speaks then."""


def who_of(session: Session, actor: Actor, row: CaseRow, action: str | None = None) -> Who:
    """The actor's part in the case; staff who are a party of it have none.

    Args:
        action: what is to be done; the marketplace's server speaks for several.
    """
    id = str(actor.person_id)
    if actor.role == "integration":
        return Who(_OUTSIDE.get(action or "", "outside"), id)
    if actor.role == "system":
        return Who("system", id)
    if actor.is_staff:
        role: Role = "supervisor" if actor.is_administrator else "operator"
        return Who(role, id, is_conflict(session, actor, row))
    return Who("seller" if actor.role == "seller" else "buyer", id)


def is_conflict(session: Session, actor: Actor, row: CaseRow) -> bool:
    """Whether somebody of the staff is buyer or seller of the case."""
    if actor.person_id == row.buyer_id:
        return True
    return is_party(session, actor.person_id, row.buyer_ref, row.store_ref)
