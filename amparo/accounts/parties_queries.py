"""Who of the staff is a buyer or seller as well: the same address, in small letters."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from amparo.accounts.models import Person, StaffCredential
from amparo.accounts.queries import actor_of
from amparo.kernel.actor import Actor


def is_party(session: Session, staff_id: UUID, buyer_ref: str, store_ref: str | None) -> bool:
    """Whether somebody of the staff is that buyer, or one of that store's people."""
    mine = (
        select(func.lower(Person.email)).where(Person.id == staff_id, Person.email.is_not(None))
    ).union(select(func.lower(StaffCredential.email)).where(StaffCredential.person_id == staff_id))
    same = select(Person.id).where(
        func.lower(Person.email).in_(mine), or_(*_sides(buyer_ref, store_ref))
    )
    return session.scalar(select(same.exists())) is True


def can_be_mailed(session: Session, role: str, ref: str) -> bool:
    """Whether we know an address of that buyer or seller."""
    known = select(Person.id).where(
        Person.role == role, Person.ref == ref, Person.email.is_not(None)
    )
    return session.scalar(select(known.exists())) is True


def _sides(buyer_ref: str, store_ref: str | None) -> list[ColumnElement[bool]]:
    sides: list[ColumnElement[bool]] = [(Person.role == "buyer") & (Person.ref == buyer_ref)]
    if store_ref is not None:
        sides.append((Person.role == "seller") & Person.stores.contains([store_ref]))
    return sides


def people_with_mail(
    session: Session, buyer_ref: str | None, store_ref: str | None
) -> list[tuple[Actor, str]]:
    """Who of that buyer and that store's people has an address, and which, in the order they
    came."""
    sides = _sides(buyer_ref or "", store_ref)
    query = select(Person).where(or_(*sides), Person.email.is_not(None)).order_by(Person.id)
    found = session.scalars(query.limit(_MOST_MAILED))
    return [(actor_of(person), person.email) for person in found if person.email]


_MOST_MAILED = 20
"""People of one store who are told the same."""
