"""Sessions over HTTP: the panel's (a bearer) and the staff's (a cookie)."""

from datetime import datetime, timedelta
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, Field

from amparo.accounts import actions, queries, rules
from amparo.config import Settings as SettingsModel
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden
from amparo.kernel.ids import parse_id
from amparo.storage.http import CurrentActor, Now, Settings, Unit

COOKIE = "__Host-amparo"
"""The prefix makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis, 4.1.3.2)."""

router = APIRouter(prefix="/api/v1", tags=["accounts"])


class Limits(Protocol):
    """Counts attempts; the server's shell provides it as ``app.state.limits``."""

    def hit(self, kind: str, *key: str) -> None:
        """Count one attempt. Raises TooMany where the limit is passed."""
        ...

    def address(self, request: Request) -> str:
        """The address of the peer, or of the client behind a trusted proxy."""
        ...


def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


LimitsOf = Annotated[Limits, Depends(_limits)]
UserAgent = Annotated[str, Header(alias="user-agent")]


class PersonOut(BaseModel):
    """Somebody as everybody may see them; ``languages`` only of staff."""

    id: UUID
    role: str
    name: str
    language: str
    languages: list[str] | None = None


class NewSession(BaseModel):
    """Without a token the session is a visitor's."""

    site: str = Field(max_length=64)
    token: str | None = Field(default=None, max_length=16_384)
    visitor_token: str | None = Field(default=None, max_length=100)
    language: str | None = Field(default=None, max_length=35)


class PanelSession(BaseModel):
    """The bearer of a panel; told once."""

    token: str
    expires_at: datetime
    person: PersonOut


class Me(BaseModel):
    """Who is signed in here; ``csrf`` only for staff."""

    person: PersonOut
    csrf: str | None = None
    expires_at: datetime


class StaffSignIn(BaseModel):
    """What an operator or administrator types."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1024)


class StaffSession(BaseModel):
    """The cookie carries the session; ``csrf`` goes into X-CSRF-Token of every change."""

    person: PersonOut
    csrf: str


class OwnSession(BaseModel):
    """One of the sessions of whoever asks."""

    id: UUID
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


def person_out(actor: Actor) -> PersonOut:
    """The actor as others see them."""
    return PersonOut(
        id=actor.person_id,
        role=actor.role,
        name=actor.name,
        language=actor.language,
        languages=list(actor.languages) if actor.is_staff else None,
    )


def _browser(settings: SettingsModel, minutes: int, user_agent: str) -> actions.Browser:
    demo = settings.demo and rules.demo_allowed(settings.host)
    return actions.Browser(timedelta(minutes=minutes), user_agent, demo)


@router.post("/sessions", status_code=201, response_model_exclude_none=True)
def start_session(
    body: NewSession,
    request: Request,
    session: Unit,
    now: Now,
    settings: Settings,
    limits: LimitsOf,
    user_agent: UserAgent = "",
) -> PanelSession:
    """Exchange a token that the marketplace signed, or start as a visitor."""
    browser = _browser(settings, settings.panel_session_minutes, user_agent)
    address = limits.address(request)
    if body.token is not None:
        limits.hit("token_exchange", address)
        opened = actions.exchange_token(
            session, site_key=body.site, token=body.token, browser=browser, now=now
        )
    else:
        limits.hit("visitor", address)
        opened = actions.start_visitor(
            session,
            site_key=body.site,
            language=body.language or request.headers.get("accept-language"),
            previous=body.visitor_token,
            browser=browser,
            now=now,
        )
    return PanelSession(
        token=opened.token, expires_at=opened.expires_at, person=person_out(opened.actor)
    )


@router.get("/sessions/me", response_model_exclude_none=True)
def read_me(session: Unit, actor: CurrentActor, now: Now) -> Me:
    """Who is signed in, and until when."""
    mine = queries.session_of(session, actor, now)
    return Me(person=person_out(actor), csrf=mine.csrf, expires_at=mine.expires_at)


@router.delete("/sessions/me", status_code=204)
def end_session(session: Unit, actor: CurrentActor, now: Now, response: Response) -> None:
    """Sign out here; open sockets of this session close."""
    actions.sign_out(session, actor, now=now)
    _forget_cookie(response, actor)


@router.post("/staff/sessions", status_code=201, response_model_exclude_none=True)
def sign_in(
    body: StaffSignIn,
    request: Request,
    response: Response,
    session: Unit,
    now: Now,
    settings: Settings,
    limits: LimitsOf,
    user_agent: UserAgent = "",
) -> StaffSession:
    """Sign in as an operator or administrator."""
    address = limits.address(request)
    limits.hit("sign_in_address", address)
    limits.hit("sign_in", address, body.email.strip().lower())
    opened = actions.sign_in_staff(
        session,
        email=body.email,
        password=body.password,
        browser=_browser(settings, settings.staff_session_minutes, user_agent),
        now=now,
    )
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=settings.staff_session_minutes * 60,
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )
    return StaffSession(person=person_out(opened.actor), csrf=opened.csrf or "")


@router.get("/staff/sessions")
def list_own_sessions(session: Unit, actor: CurrentActor, now: Now) -> list[OwnSession]:
    """The places where the operator or administrator is signed in."""
    _only_staff(actor)
    return [
        OwnSession(
            id=one.session_id,
            user_agent=one.user_agent,
            created_at=one.created_at,
            last_seen_at=one.last_seen_at,
            expires_at=one.expires_at,
            current=one.session_id == actor.session_id,
        )
        for one in queries.sessions_for(session, actor, now)
    ]


@router.delete("/staff/sessions/{session_id}", status_code=204)
def revoke_own_session(
    session_id: str, session: Unit, actor: CurrentActor, now: Now, response: Response
) -> None:
    """Sign out somewhere else; ``me`` signs out here."""
    _only_staff(actor)
    if session_id == "me" or session_id == str(actor.session_id):
        actions.sign_out(session, actor, now=now)
        _forget_cookie(response, actor)
    else:
        actions.revoke_session(session, actor, parse_id(session_id), now=now)


def _only_staff(actor: Actor) -> None:
    if not actor.is_staff:
        raise Forbidden()


def _forget_cookie(response: Response, actor: Actor) -> None:
    if actor.is_staff:
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
