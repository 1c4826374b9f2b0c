"""What an administration sets up: staff, sites, identity keys, integration keys."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from amparo.accounts import events, passwords, queries, rules
from amparo.accounts.actions import revoke_all
from amparo.accounts.identity import public_material
from amparo.accounts.models import IdentityKey, IntegrationKey, Person, Site, StaffCredential
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from amparo.kernel.ids import new_id
from amparo.kernel.languages import CONTENT, INTERFACE
from amparo.kernel.text import clean, clip
from amparo.storage.events import record


def create_staff(
    session: Session,
    *,
    email: str,
    password: str,
    name: str,
    role: str,
    languages: Sequence[str],
    now: datetime,
) -> Person:
    """A new operator or administrator, who answers in ``languages`` (the first is preferred).

    Raises:
        Invalid: address, password, role, name or a language breaks a rule.
        Conflict: ``email_taken``, whatever the case of its letters.
    """
    address = rules.normal_email(email)
    rules.check_password(password)
    if role not in rules.STAFF_ROLES:
        raise Invalid("role_unknown", role=role, known=", ".join(rules.STAFF_ROLES))
    shown = _name(name)
    spoken = _languages(languages)
    if queries.staff_credential(session, address) is not None:
        raise Conflict("email_taken", email=address)
    person = Person(
        id=new_id(), role=role, ref=None, name=shown, email=address, time_zone=None,
        language=next((one for one in spoken if one in INTERFACE), INTERFACE[0]), stores=[],
        created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(person)
    session.flush()
    session.add(
        StaffCredential(
            person_id=person.id,
            email=address,
            password_hash=passwords.hash_password(password),
            languages=spoken,
            disabled_at=None,
            changed_at=now,
        )
    )
    session.flush()
    record(session, events.STAFF_CREATED, {"role": role}, now=now, subject=person.id)
    return person


def disable_staff(session: Session, email: str, *, now: datetime) -> None:
    """Shut somebody out at once: no sign-in, and every session ends. Raises NotFound."""
    credential, person = _staff(session, email)
    credential.disabled_at = credential.disabled_at or now
    session.flush()
    revoke_all(session, person.id, now=now)
    record(session, events.STAFF_DISABLED, {}, now=now, subject=person.id)


def set_password(session: Session, email: str, password: str, *, now: datetime) -> None:
    """Give somebody a new password; every session of theirs ends.

    Raises:
        NotFound: nobody on the staff has that address.
        Invalid: the password is too short or too long.
    """
    rules.check_password(password)
    credential, person = _staff(session, email)
    credential.password_hash = passwords.hash_password(password)
    credential.changed_at = now
    session.flush()
    revoke_all(session, person.id, now=now)
    record(session, events.STAFF_PASSWORD_SET, {}, now=now, subject=person.id)


def create_site(
    session: Session,
    *,
    name: str,
    origins: Sequence[str],
    languages: Sequence[str],
    brand: dict[str, str] | None = None,
    key: str | None = None,
    now: datetime,
) -> Site:
    """A site of the marketplace, or with a ``key`` that exists, the same site brought up to date.

    Args:
        origins: where its pages live; only there may the panel be shown.
        languages: offered to its buyers, the first one where nothing is known of a buyer.
        key: the public key; a new one is made where none is given.

    Raises:
        Invalid: an origin, a language, the name or the key breaks a rule.
    """
    if not origins:
        raise Invalid("origin_missing")
    public = key or "pk_" + secrets.token_urlsafe(16)
    if not rules.is_site_key(public):
        raise Invalid("site_key_invalid", key=public)
    values = {
        "name": _name(name),
        "origins": list(dict.fromkeys(rules.origin(one) for one in origins)),
        "languages": _languages(languages),
        "brand": dict(brand or {}),
    }
    site = session.get(Site, public)
    if site is None:
        site = Site(key=public, created_at=now, pages={}, **values)
        session.add(site)
    else:
        for field, value in values.items():
            setattr(site, field, value)
    session.flush()
    record(session, events.SITE_SAVED, {"site": public, **values}, now=now)
    return site


def set_pages(
    session: Session, actor: Actor, site_key: str, pages: Mapping[str, str], *, now: datetime
) -> Site:
    """The site's own pages for what only it can do, in place of all before; for administrators.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is no such site.
        Invalid: an unknown page, or no address.
    """
    if not (actor.is_administrator or actor.role == "system"):
        raise Forbidden()
    site = queries.site_by_key(session, site_key)
    chosen = rules.site_pages(pages)
    if site.pages != chosen:
        site.pages = chosen
        session.flush()
        told = {"site": site_key, "pages": chosen, "by": str(actor.person_id)}
        record(session, events.SITE_PAGES_SET, told, now=now)
    return site


def register_key(
    session: Session,
    *,
    site_key: str,
    kid: str,
    issuer: str,
    algorithm: str,
    material: str,
    shared_secret: bool = False,
    now: datetime,
) -> IdentityKey:
    """Trust a key of the marketplace. The same key again changes nothing.

    Args:
        material: PEM or JWK; of a private key only the public half is kept.
        shared_secret: says on purpose that HS256 may be used.

    Raises:
        NotFound: there is no such site.
        Invalid: the algorithm, the key or one of the names breaks a rule.
        Conflict: ``key_taken``: another key has that ``kid``; retire it and use a new one.
    """
    queries.site_by_key(session, site_key)
    rules.algorithm_allowed(algorithm, shared_secret=shared_secret)
    for value in (kid, issuer):
        if not rules.is_identifier(value):
            raise Invalid("identifier_invalid", value=clip(value, 80))
    public = public_material(algorithm, material)
    known = session.get(IdentityKey, (site_key, kid))
    if known is not None:
        same = (known.issuer, known.algorithm, known.material) == (issuer, algorithm, public)
        if not same or known.retired_at is not None:
            raise Conflict("key_taken", kid=kid)
        return known
    row = IdentityKey(
        site=site_key, kid=kid, issuer=issuer, algorithm=algorithm, material=public,
        created_at=now, retired_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    told = {"site": site_key, "kid": kid, "issuer": issuer, "algorithm": algorithm}
    record(session, events.KEY_REGISTERED, told, now=now)
    return row


def retire_key(session: Session, *, site_key: str, kid: str, now: datetime) -> None:
    """Believe a key no longer, from now on. Raises NotFound."""
    row = session.get(IdentityKey, (site_key, kid))
    if row is None:
        raise NotFound()
    if row.retired_at is None:
        row.retired_at = now
        record(session, events.KEY_RETIRED, {"site": site_key, "kid": kid}, now=now)


def create_integration_key(session: Session, *, name: str, now: datetime) -> tuple[UUID, str]:
    """A key for the marketplace's own servers: its id and, this once, the key itself."""
    key = rules.new_secret(rules.INTEGRATION_TOKEN)
    row = IntegrationKey(
        id=new_id(), name=_name(name), key_hash=rules.stored_hash(key), created_at=now,
        revoked_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    told = {"name": row.name}
    record(session, events.INTEGRATION_KEY_CREATED, told, now=now, subject=row.id)
    return row.id, key


def revoke_integration_key(session: Session, key_id: UUID, *, now: datetime) -> None:
    """Refuse an integration key from now on. Raises NotFound."""
    changed = session.execute(
        update(IntegrationKey)
        .where(IntegrationKey.id == key_id, IntegrationKey.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(IntegrationKey.id)
    ).one_or_none()
    if changed is None:
        raise NotFound()
    record(session, events.INTEGRATION_KEY_REVOKED, {}, now=now, subject=key_id)


def _staff(session: Session, email: str) -> tuple[StaffCredential, Person]:
    found = queries.staff_credential(session, clean(email))
    if found is None:
        raise NotFound()
    return found


def _name(value: str) -> str:
    name = clean(value).replace("\n", " ")
    if not name or len(name) > 200:
        raise Invalid("name_invalid", limit=200)
    return name


def _languages(values: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(values))
    unknown = [one for one in wanted if one not in CONTENT]
    if unknown or not wanted:
        raise Invalid("language_unknown", languages=", ".join(unknown), known=", ".join(CONTENT))
    return wanted
