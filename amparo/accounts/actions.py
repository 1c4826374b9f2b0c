"""Signing in and out: sessions of visitors, buyers, sellers and staff."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import (
    ColumnElement,
    Interval,
    delete,
    func,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.accounts import events, passwords, queries, rules
from amparo.accounts.identity import verify
from amparo.accounts.models import AccessSession, Person, Site, UsedToken
from amparo.accounts.rules import Claims, Refused, SessionKind
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound, NotSignedIn
from amparo.kernel.ids import new_id
from amparo.kernel.languages import negotiate
from amparo.kernel.text import clean
from amparo.storage.events import record
from amparo.storage.session import hint

log = structlog.get_logger(__name__)

_PRUNE = 200
_KEEP_ENDED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session. The token is told once and never again."""

    token: str
    csrf: str | None
    expires_at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class Browser:
    """The circumstances of a sign-in: how long it shall last and what asked for it."""

    life: timedelta
    user_agent: str = ""
    demo: bool = False
    """Whether the demo's published keys and passwords count (only bound to loopback)."""


def exchange_token(
    session: Session, *, site_key: str, token: str, browser: Browser, now: datetime
) -> Opened:
    """A session for the buyer or seller whom the marketplace's signed token names.

    Raises:
        NotSignedIn: ``token_refused``, for every reason alike; the reason is in the log.
    """
    try:
        claims, site = _believed(session, site_key, token, browser.demo, now)
    except Refused as refusal:
        log.warning("token_refused", reason=refusal.reason, site=site_key[:64])
        raise NotSignedIn("token_refused") from None
    person = upsert_person(
        session,
        role=claims.role,
        ref=claims.subject,
        name=claims.name,
        email=claims.email,
        language=_language(claims.locale, site),
        fallback_language=site.languages[0],
        stores=claims.stores,
        now=now,
    )
    opened = _open(session, person, "panel", browser, now, site=site.key)
    record(session, events.BUYER_SIGNED_IN, {"role": person.role}, now=now, subject=person.id)
    return opened


def _believed(
    session: Session, site_key: str, token: str, demo: bool, now: datetime
) -> tuple[Claims, Site]:
    try:
        site = queries.site_by_key(session, site_key)
    except NotFound:
        raise Refused("unknown_site") from None
    if site.key == rules.DEMO_SITE and not demo:
        raise Refused("demo_key_outside_demo")
    claims = verify(
        token,
        audience=site.key,
        find_key=lambda kid: queries.trusted_key(session, site.key, kid),
        now=now,
    )
    _use_once(session, claims, now)
    return claims, site


def _use_once(session: Session, claims: Claims, now: datetime) -> None:
    _prune(session, now)
    # A second exchange of the same token waits here for the first one's commit, then finds it.
    first = session.execute(
        insert(UsedToken)
        .values(issuer=claims.issuer, jti=claims.jti, expires_at=claims.expires_at)
        .on_conflict_do_nothing()
        .returning(UsedToken.jti)
    ).one_or_none()
    if first is None:
        raise Refused("replayed")


def _prune(session: Session, now: datetime) -> None:
    # A few rows each time, skipping those that another exchange prunes: nobody waits.
    old_tokens = (
        select(UsedToken.issuer, UsedToken.jti)
        .where(UsedToken.expires_at < now - rules.CLOCK_SKEW)
        .limit(_PRUNE)
        .with_for_update(skip_locked=True)
    )
    tokens = [tuple(row) for row in session.execute(old_tokens)]
    if tokens:
        session.execute(
            delete(UsedToken).where(tuple_(UsedToken.issuer, UsedToken.jti).in_(tokens))
        )
    ended = (
        select(AccessSession.id)
        .where(AccessSession.expires_at < now - _KEEP_ENDED)
        .limit(_PRUNE)
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(ended).all()
    if ids:
        session.execute(delete(AccessSession).where(AccessSession.id.in_(ids)))


def _language(wish: str | None, site: Site) -> str | None:
    """What the marketplace says, where the site speaks it; else what was known stays."""
    nothing = ""
    return negotiate(wish, [*site.languages, nothing], nothing) or None


def upsert_person(
    session: Session,
    *,
    role: str,
    ref: str,
    name: str,
    email: str | None,
    language: str | None,
    fallback_language: str,
    stores: tuple[str, ...],
    now: datetime,
) -> Person:
    """The marketplace's buyer or seller with this id, made or brought up to date.

    What the marketplace does not say (empty name, no email, no language) stays as it was; a
    seller's stores are always what it says now.
    """
    session.execute(
        insert(Person)
        .values(
            id=new_id(), role=role, ref=ref, name=name, email=email, time_zone=None,
            language=language or fallback_language, stores=list(stores),
            created_at=now, updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=["role", "ref"])
    )  # fmt: skip
    person = session.scalars(
        select(Person).where(Person.role == role, Person.ref == ref).with_for_update()
    ).one()
    said = {
        "name": name or person.name,
        "email": email or person.email,
        "language": language or person.language,
        "stores": list(stores),
    }
    if any(getattr(person, field) != value for field, value in said.items()):
        for field, value in said.items():
            setattr(person, field, value)
        person.updated_at = now
    return person


def start_visitor(
    session: Session,
    *,
    site_key: str,
    language: str | None,
    previous: str | None = None,
    browser: Browser,
    now: datetime,
) -> Opened:
    """A session for somebody not signed in; with the token of a live one, for the same visitor.

    Raises:
        NotFound: there is no such site.
    """
    site = queries.site_by_key(session, site_key)
    known = queries.visitor_by_token(session, previous, now) if previous else None
    person = session.get(Person, known) if known else None
    if person is None:
        person = Person(
            id=new_id(), role="visitor", ref=None, name="", email=None, time_zone=None,
            language=negotiate(language, site.languages, site.languages[0]), stores=[],
            created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(person)
        record(session, events.VISITOR_STARTED, {"site": site.key}, now=now, subject=person.id)
    return _open(session, person, "panel", browser, now, site=site.key)


def sign_in_staff(
    session: Session, *, email: str, password: str, browser: Browser, now: datetime
) -> Opened:
    """A session for an operator or administrator.

    Unknown address, wrong password and disabled account answer alike and take the same time.

    Raises:
        NotSignedIn: ``sign_in_refused``.
        TooMany: ``sign_in_busy``, too many sign-ins wait for the one hasher.
    """
    found = queries.staff_credential(session, clean(email)[:254])
    stored = found[0].password_hash if found else None
    believed = passwords.matches(stored, password[: rules.PASSWORD_LONGEST + 1])
    reason = None
    if not believed or found is None:
        reason = "password" if found else "unknown_email"
    elif found[0].disabled_at is not None:
        reason = "disabled"
    elif password == rules.DEMO_PASSWORD and not browser.demo:
        reason = "demo_password_outside_demo"
    if reason is not None or found is None:
        log.warning("sign_in_refused", reason=reason, person=str(found[1].id) if found else None)
        raise NotSignedIn("sign_in_refused")
    credential, person = found
    if passwords.needs_rehash(credential.password_hash):
        credential.password_hash = passwords.hash_password(password)
    opened = _open(session, person, "staff", browser, now, languages=credential.languages)
    record(session, events.STAFF_SIGNED_IN, {}, now=now, subject=person.id)
    return opened


def _open(
    session: Session,
    person: Person,
    kind: SessionKind,
    browser: Browser,
    now: datetime,
    *,
    site: str | None = None,
    languages: list[str] | None = None,
) -> Opened:
    token = rules.new_secret(rules.STAFF_TOKEN if kind == "staff" else rules.PANEL_TOKEN)
    access = AccessSession(
        id=new_id(), token_hash=rules.stored_hash(token), person_id=person.id, kind=kind, site=site,
        csrf=secrets.token_urlsafe(24) if kind == "staff" else None,
        user_agent=clean(browser.user_agent)[:200],
        created_at=now, expires_at=now + browser.life, last_seen_at=now, revoked_at=None,
    )  # fmt: skip
    session.flush()  # the person first: its session refers to it
    session.add(access)
    session.flush()
    actor = queries.actor_of(person, site=site, session_id=access.id, languages=languages or ())
    return Opened(token, access.csrf, access.expires_at, actor)


def touch(session: Session, signed_in: queries.SignedIn, life: timedelta, now: datetime) -> None:
    """Note that a session was used, at most once a minute; a visitor's is prolonged by it."""
    if now - signed_in.last_seen_at < rules.TOUCH_EVERY:
        return
    longer = rules.prolonged(signed_in.actor.role, signed_in.created_at, now, life)
    session.execute(
        update(AccessSession)
        .where(AccessSession.id == signed_in.session_id)
        .values(last_seen_at=now, expires_at=longer or signed_in.expires_at)
    )


def keep_connected(
    session: Session, ids: Collection[UUID], life: timedelta, now: datetime
) -> set[UUID]:
    """Note that sessions are in use by open sockets; those among them that have ended.

    Visitors' sessions are prolonged as by any other use; two statements, whatever their number.
    """
    alive = queries.alive_among(session, ids, now)
    due = AccessSession.last_seen_at <= now - rules.TOUCH_EVERY
    visitors = [id for id, role in alive.items() if rules.prolonged(role, now, now, life)]
    session.execute(
        update(AccessSession)
        .where(AccessSession.id.in_(visitors), due)
        .values(
            last_seen_at=now,
            expires_at=func.least(
                now + life, AccessSession.created_at + literal(rules.VISITOR_LIFE, Interval())
            ),
        )
        .execution_options(synchronize_session=False)
    )
    return set(ids) - alive.keys()


def sign_out(session: Session, actor: Actor, *, now: datetime) -> None:
    """End the session through which the actor acts; its open sockets close."""
    if actor.session_id is not None:
        _revoke(session, AccessSession.id == actor.session_id, now)


def revoke_session(session: Session, actor: Actor, session_id: UUID, *, now: datetime) -> None:
    """End one of the actor's own sessions. Raises NotFound for anybody else's."""
    mine = (AccessSession.id == session_id) & (AccessSession.person_id == actor.person_id)
    if not _revoke(session, mine, now):
        raise NotFound()


def revoke_all(session: Session, person_id: UUID, *, now: datetime) -> int:
    """End all sessions of a person; how many there were."""
    return len(_revoke(session, AccessSession.person_id == person_id, now))


def _revoke(session: Session, which: ColumnElement[bool], now: datetime) -> list[UUID]:
    ended = session.execute(
        update(AccessSession)
        .where(which, AccessSession.revoked_at.is_(None), AccessSession.expires_at > now)
        .values(revoked_at=now)
        .returning(AccessSession.id, AccessSession.person_id)
    ).all()
    for id, person_id in ended:
        record(session, events.SESSION_REVOKED, {"session": str(id)}, now=now, subject=person_id)
        hint(session, f"session:{id}")
    return [id for id, _ in ended]
