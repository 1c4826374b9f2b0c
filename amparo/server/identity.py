"""Who is asking: a panel's bearer, a staff cookie, or a server of the marketplace."""

import hmac
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from fastapi import Request
from starlette.requests import HTTPConnection

from amparo.accounts import actions, queries
from amparo.accounts.http import COOKIE
from amparo.accounts.queries import SignedIn
from amparo.accounts.rules import INTEGRATION_TOKEN
from amparo.config import Settings
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, NotSignedIn
from amparo.storage.http import Unit

CSRF_HEADER = "x-csrf-token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def identify(request: Request, session: Unit) -> Actor | None:
    """The actor of a request; None where it names nobody.

    A bearer that does not count is refused even where a cookie would: whoever sent it meant it.

    Raises:
        NotSignedIn: the bearer is unknown, expired or revoked.
        Forbidden: ``csrf_refused``: a staff cookie came from a page that is not ours.
    """
    now: datetime = request.app.state.clock.now()
    settings: Settings = request.app.state.settings
    bearer = _bearer(request)
    if bearer is not None:
        if bearer.startswith(INTEGRATION_TOKEN):
            return _integration(session, bearer)
        found = queries.session_by_token(session, bearer, "panel", now)
        if found is None:
            raise NotSignedIn()
        actions.touch(session, found, timedelta(minutes=settings.panel_session_minutes), now)
        return found.actor
    cookie = request.cookies.get(COOKIE)
    signed_in = queries.session_by_token(session, cookie, "staff", now) if cookie else None
    if signed_in is None:
        return None
    if request.method not in _SAFE:
        _check_source(request, signed_in, request.headers.get(CSRF_HEADER), settings)
    actions.touch(session, signed_in, timedelta(minutes=settings.staff_session_minutes), now)
    return signed_in.actor


def identify_frame(
    session: Unit, *, token: str | None, cookie: str | None, csrf: str | None, now: datetime
) -> Actor | None:
    """The actor of a socket's first frame: a panel's token, or a staff cookie with its CSRF value.

    The socket's Origin is checked before, when it is accepted.
    """
    if token is not None:
        found = queries.session_by_token(session, token, "panel", now)
    elif cookie is not None:
        found = queries.session_by_token(session, cookie, "staff", now)
        if found is not None and not _same(csrf, found.csrf):
            return None
    else:
        return None
    return found.actor if found else None


def own_origin(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether the request comes from a page of ours, or from no page at all.

    Browsers send Origin with every change and every socket; other programs need not.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    if settings.base_url and origin == settings.base_url.rstrip("/"):
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc == connection.headers.get("host")


def _check_source(
    request: Request, signed_in: SignedIn, csrf: str | None, settings: Settings
) -> None:
    if not own_origin(request, settings) or not _same(csrf, signed_in.csrf):
        raise Forbidden("csrf_refused")


def _same(given: str | None, expected: str | None) -> bool:
    if given is None or expected is None:
        return False
    return hmac.compare_digest(given.encode(), expected.encode())


def _bearer(request: Request) -> str | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn()
    return value.strip()


def _integration(session: Unit, key: str) -> Actor:
    found = queries.integration_by_key(session, key)
    if found is None:
        raise NotSignedIn()
    return found
