"""Reads of people, sites and sessions."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from amparo.accounts.identity import TrustedKey
from amparo.accounts.models import (
    AccessSession,
    IdentityKey,
    IntegrationKey,
    Person,
    Site,
    StaffCredential,
)
from amparo.accounts.rules import STAFF_ROLES, SessionKind, secret_hash
from amparo.kernel.actor import Actor, Role
from amparo.kernel.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session and whom it speaks for."""

    actor: Actor
    session_id: UUID
    kind: str
    csrf: str | None
    created_at: datetime
    expires_at: datetime
    last_seen_at: datetime
    user_agent: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    """An operator or administrator as the administration lists them."""

    id: UUID
    name: str
    email: str
    role: str
    languages: tuple[str, ...]
    disabled: bool


def site_by_key(session: Session, key: str) -> Site:
    """The site with this public key. Raises NotFound."""
    if "\x00" in key or (site := session.get(Site, key)) is None:
        raise NotFound()
    return site


def sites(session: Session) -> Sequence[Site]:
    """All sites of the marketplace, by name."""
    return session.scalars(select(Site).order_by(Site.name, Site.key)).all()


def trusted_key(session: Session, site_key: str, kid: str) -> TrustedKey | None:
    """The registered key that a token names, retired ones too."""
    row = session.get(IdentityKey, (site_key, kid))
    if row is None:
        return None
    return TrustedKey(row.kid, row.issuer, row.algorithm, row.material, row.retired_at)


def session_by_token(
    session: Session, token: str, kind: SessionKind, now: datetime
) -> SignedIn | None:
    """The live session that ``token`` opens; None for unknown, expired, revoked and disabled."""
    hashed = secret_hash(token)
    if hashed is None:
        return None
    return _live(session, now, AccessSession.token_hash == hashed, AccessSession.kind == kind)


def session_of(session: Session, actor: Actor, now: datetime) -> SignedIn:
    """The session through which the actor acts. Raises NotFound where it is none (any more)."""
    found = _live(session, now, AccessSession.id == actor.session_id)
    if found is None:
        raise NotFound()
    return found


def alive_among(session: Session, ids: Collection[UUID], now: datetime) -> dict[UUID, str]:
    """Those of ``ids`` that may still be used, with the role of their person."""
    if not ids:
        return {}
    rows = session.execute(_sessions(now).where(AccessSession.id.in_(ids)))
    return {access.id: person.role for access, person, _ in rows}


def sessions_for(session: Session, actor: Actor, now: datetime) -> list[SignedIn]:
    """The actor's own live sessions, the latest first."""
    rows = session.execute(
        _sessions(now)
        .where(AccessSession.person_id == actor.person_id)
        .order_by(AccessSession.last_seen_at.desc(), AccessSession.id)
    )
    return [_signed_in(*row) for row in rows]


def visitor_by_token(session: Session, token: str, now: datetime) -> UUID | None:
    """The person behind a visitor's live session: who holds the token may give what it owns."""
    found = session_by_token(session, token, "panel", now)
    return found.actor.person_id if found and found.actor.role == "visitor" else None


def integration_by_key(session: Session, key: str) -> Actor | None:
    """The marketplace's server that holds this integration key, unless it was revoked."""
    hashed = secret_hash(key)
    if hashed is None:
        return None
    row = session.scalar(
        select(IntegrationKey).where(
            IntegrationKey.key_hash == hashed, IntegrationKey.revoked_at.is_(None)
        )
    )
    return None if row is None else Actor(row.id, "integration", name=row.name)


def integration_keys(session: Session) -> Sequence[IntegrationKey]:
    """All integration keys, revoked ones too; the keys themselves are not stored."""
    return session.scalars(select(IntegrationKey).order_by(IntegrationKey.created_at)).all()


def person_for(session: Session, actor: Actor, person_id: UUID) -> Person:
    """A person's record: one's own, or anybody's for staff. Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None or not (actor.is_staff or actor.person_id == person_id):
        raise NotFound()
    return person


def people_for(session: Session, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Those of ``ids`` that the actor may see, by id; the others are left out."""
    wanted = set(ids) if actor.is_staff else {id for id in ids if id == actor.person_id}
    if not wanted:
        return {}
    found = session.scalars(select(Person).where(Person.id.in_(wanted)))
    return {person.id: person for person in found}


def names_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Display names, for those who already share a conversation with these people."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


def staff_names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Display names of those among ``ids`` who are operators or administrators now."""
    rows = session.execute(
        select(Person.id, Person.name)
        .join(StaffCredential, StaffCredential.person_id == Person.id)
        .where(Person.id.in_(set(ids)), StaffCredential.disabled_at.is_(None))
    )
    return {row.id: row.name for row in rows}


def person_by_ref_for(session: Session, actor: Actor, role: str, ref: str) -> Person:
    """The person with the marketplace's own id. Raises NotFound."""
    person = session.scalar(select(Person).where(Person.role == role, Person.ref == ref))
    if person is None or not (actor.is_staff or actor.person_id == person.id):
        raise NotFound()
    return person


def staff_credential(session: Session, email: str) -> tuple[StaffCredential, Person] | None:
    """The credential and person of a staff address, compared without case."""
    row = session.execute(
        select(StaffCredential, Person)
        .join(Person, Person.id == StaffCredential.person_id)
        .where(StaffCredential.email == email.lower())
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def staff_for(session: Session, actor: Actor) -> list[StaffMember]:
    """Everybody on the staff, by name. Raises Forbidden for anybody but administrators."""
    if not (actor.is_administrator or actor.role == "system"):
        raise Forbidden()
    rows = session.execute(
        select(Person, StaffCredential)
        .join(StaffCredential, StaffCredential.person_id == Person.id)
        .order_by(Person.name, Person.id)
    )
    return [
        StaffMember(
            id=person.id,
            name=person.name,
            email=credential.email,
            role=person.role,
            languages=tuple(credential.languages),
            disabled=credential.disabled_at is not None,
        )
        for person, credential in rows
    ]


def staff_actors(session: Session, ids: Iterable[UUID] | None = None) -> dict[UUID, Actor]:
    """Operators and administrators who may work now, as those who act; all where none are named."""
    query = (
        select(Person, StaffCredential)
        .join(StaffCredential, StaffCredential.person_id == Person.id)
        .where(StaffCredential.disabled_at.is_(None), Person.role.in_(STAFF_ROLES))
        .order_by(Person.name, Person.id)
    )
    if ids is not None:
        query = query.where(Person.id.in_(set(ids)))
    return {
        person.id: actor_of(person, languages=credential.languages)
        for person, credential in session.execute(query)
    }


def actor_of(
    person: Person,
    *,
    site: str | None = None,
    session_id: UUID | None = None,
    languages: Sequence[str] = (),
) -> Actor:
    """The person as the one who acts."""
    return Actor(
        person_id=person.id,
        role=cast("Role", person.role),
        ref=person.ref,
        name=person.name,
        language=person.language,
        store_refs=tuple(person.stores) if person.role == "seller" else (),
        site_key=site,
        session_id=session_id,
        languages=tuple(languages),
    )


def _live(session: Session, now: datetime, *conditions: ColumnElement[bool]) -> SignedIn | None:
    row = session.execute(_sessions(now).where(*conditions)).one_or_none()
    return None if row is None else _signed_in(*row)


def _sessions(now: datetime) -> Select[AccessSession, Person, StaffCredential]:
    # A staff session needs its credential to be in force; a panel's person has none to look at.
    return (
        select(AccessSession, Person, StaffCredential)
        .join(Person, Person.id == AccessSession.person_id)
        .outerjoin(StaffCredential, StaffCredential.person_id == Person.id)
        .where(
            AccessSession.revoked_at.is_(None),
            AccessSession.expires_at > now,
            StaffCredential.disabled_at.is_(None),
            or_(
                and_(AccessSession.kind == "staff", Person.role.in_(STAFF_ROLES)),
                and_(AccessSession.kind == "panel", Person.role.not_in(STAFF_ROLES)),
            ),
        )
    )


def _signed_in(
    access: AccessSession, person: Person, credential: StaffCredential | None
) -> SignedIn:
    return SignedIn(
        actor=actor_of(
            person,
            site=access.site,
            session_id=access.id,
            languages=credential.languages if credential else (),
        ),
        session_id=access.id,
        kind=access.kind,
        csrf=access.csrf,
        created_at=access.created_at,
        expires_at=access.expires_at,
        last_seen_at=access.last_seen_at,
        user_agent=access.user_agent,
    )
