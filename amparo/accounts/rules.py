"""Pure decisions about identity: what a token must say, how long a session lives, what is demo.

Nothing here reads a clock or a database; examples in tables test it.
"""

import hashlib
import ipaddress
import math
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from amparo.kernel.errors import Invalid
from amparo.kernel.text import clean, clip

TOKEN_LIFE = timedelta(minutes=5)
"""The longest life a marketplace may give a token."""
CLOCK_SKEW = timedelta(seconds=30)
"""How far ahead of ours the marketplace's clock may run. An expiry is never stretched."""
VISITOR_LIFE = timedelta(hours=24)
"""A visitor's session is prolonged by use, but never beyond this."""
TOUCH_EVERY = timedelta(minutes=1)
"""How exactly we know when a session was last used; each more exact value costs a write."""

TOKEN_BYTES = 8192
MARKETPLACE_ROLES = ("buyer", "seller")
STAFF_ROLES = ("operator", "administrator")
ALGORITHMS = ("EdDSA", "ES256", "RS256", "HS256")
PASSWORD_SHORTEST, PASSWORD_LONGEST = 12, 256

DEMO_SITE = "pk_mercadia_demo"
DEMO_PASSWORD = "mercadia-demo"

PANEL_TOKEN, STAFF_TOKEN, INTEGRATION_TOKEN = "amp_", "ams_", "amk_"
_SECRET = re.compile(r"am[psk]_[A-Za-z0-9_-]{43}")
_ID = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,189}")
_SITE_KEY = re.compile(r"pk_[A-Za-z0-9_-]{8,60}")
_MAX_STORES = 100

SITE_PAGES = (
    "change_contact_data",
    "change_language",
    "confirm_contact",
    "delete_account",
    "download_invoice",
    "remove_card",
    "report_contact",
    "reset_password",
    "retry_payment",
    "secure_account",
    "show_coupons",
)
"""Actions that only the site itself can do: each may link to a page of the site."""
SELLER_PAGE = "seller_cases"
"""Where the site sends its signed-in sellers to their cases, with a fresh token."""
_PAGE_LENGTH = 500

SessionKind = Literal["panel", "staff"]


class Refused(Exception):
    """Why a token was not believed: for the log, never for the answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Claims:
    """What a believed token says about its bearer."""

    subject: str
    role: str
    jti: str
    issuer: str
    expires_at: datetime
    name: str = ""
    email: str | None = None
    locale: str | None = None
    stores: tuple[str, ...] = ()


def check_claims(
    claims: Mapping[str, object], *, issuer: str, audience: str, now: datetime
) -> Claims:
    """What the claims say, or why they are not good enough.

    The signature has been checked before; this looks at the content (RFC 7519, section 4.1).

    Raises:
        Refused: with a stable reason for the log.
    """
    if claims.get("iss") != issuer:
        raise Refused("issuer")
    if claims.get("aud") not in (audience, [audience]):
        raise Refused("audience")
    expires_at = _check_times(claims, now)
    role = claims.get("role", "buyer")
    if not isinstance(role, str) or role not in MARKETPLACE_ROLES:
        raise Refused("role")
    return Claims(
        subject=_identifier(claims, "sub"),
        role=role,
        jti=_identifier(claims, "jti"),
        issuer=issuer,
        expires_at=expires_at,
        name=clip(clean(_optional(claims, "name")), 200)[:400],
        email=_email_or_none(_optional(claims, "email")),
        locale=_optional(claims, "locale")[:20] or None,
        stores=_stores(claims) if role == "seller" else (),
    )


def _check_times(claims: Mapping[str, object], now: datetime) -> datetime:
    issued_at, expires_at = _moment(claims, "iat"), _moment(claims, "exp")
    if expires_at <= now:
        raise Refused("expired")
    if issued_at > now + CLOCK_SKEW:
        raise Refused("issued_in_future")
    if expires_at <= issued_at:
        raise Refused("times")
    if expires_at - issued_at > TOKEN_LIFE:
        raise Refused("life_too_long")
    if "nbf" in claims and _moment(claims, "nbf") > now + CLOCK_SKEW:
        raise Refused("not_yet_valid")
    return expires_at


def _moment(claims: Mapping[str, object], name: str) -> datetime:
    value = claims.get(name)
    if value is None:
        raise Refused(f"missing_{name}")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Refused("times")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        raise Refused("times") from None


def _identifier(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    if value is None:
        raise Refused(f"missing_{name}")
    if not isinstance(value, str) or not is_identifier(value):
        raise Refused(f"malformed_{name}")
    return value


def _optional(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(f"malformed_{name}")
    return value


def _stores(claims: Mapping[str, object]) -> tuple[str, ...]:
    value = claims.get("stores")
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > _MAX_STORES:
        raise Refused("malformed_stores")
    if not all(isinstance(ref, str) and is_identifier(ref) for ref in value):
        raise Refused("malformed_stores")
    return tuple(dict.fromkeys(value))


def is_identifier(value: str) -> bool:
    """Whether ``value`` can be an id of the marketplace: 1-200 characters, none of control."""
    return bool(_ID.fullmatch(value)) and value.isprintable()


def _email_or_none(value: str) -> str | None:
    try:
        return normal_email(value)
    except Invalid:
        return None


def is_site_key(value: str) -> bool:
    """Whether ``value`` can be a site's public key: it stands in addresses and in HTML."""
    return bool(_SITE_KEY.fullmatch(value))


def normal_email(value: str) -> str:
    """The address as we compare it: trimmed and in lower case.

    Raises:
        Invalid: ``email_invalid``.
    """
    address = clean(value).lower()
    if not _EMAIL.fullmatch(address):
        raise Invalid("email_invalid")
    return address


def check_password(password: str) -> None:
    """A new password is long enough to resist guessing and short enough to hash.

    Length only, as NIST SP 800-63B (section 3.1.1.2) advises: no rules of composition.

    Raises:
        Invalid: ``password_too_short`` or ``password_too_long`` with the ``limit``.
    """
    if len(password) < PASSWORD_SHORTEST:
        raise Invalid("password_too_short", limit=PASSWORD_SHORTEST)
    if len(password) > PASSWORD_LONGEST:
        raise Invalid("password_too_long", limit=PASSWORD_LONGEST)


def origin(value: str) -> str:
    """``value`` as a browser writes an origin: scheme, host and, where unusual, port (RFC 6454).

    Raises:
        Invalid: ``origin_invalid``.
    """
    try:
        parts = urlsplit(value.strip().lower())
        port = parts.port
    except ValueError:
        raise Invalid("origin_invalid", origin=value) from None
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    # Origins are written into a response header: nothing but a plain host may pass.
    host_ok = re.fullmatch(r"[a-z0-9.-]{1,253}|[0-9a-f:]{2,45}", parts.hostname or "")
    if parts.scheme not in ("http", "https") or not host_ok or not bare or port == 0:
        raise Invalid("origin_invalid", origin=value)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def site_pages(values: Mapping[str, str]) -> dict[str, str]:
    """The site's own pages by action. ``{order}`` in an address stands for an order's number.

    Raises:
        Invalid: ``page_unknown`` or ``page_address_invalid``.
    """
    for key, address in values.items():
        if key not in (*SITE_PAGES, SELLER_PAGE):
            known = ", ".join((*SITE_PAGES, SELLER_PAGE))
            raise Invalid("page_unknown", given=clip(clean(key), 60), known=known)
        if not _is_page(address):
            raise Invalid("page_address_invalid", given=clip(clean(address), 200))
    return dict(sorted(values.items()))


def _is_page(address: str) -> bool:
    """A link that buyers press: http or https with a host, nothing a browser would read apart."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and not re.search(r"[\s<>\"'`\\]", address)
    named = bool(parts.hostname) and not parts.username
    return plain and named and parts.scheme in ("http", "https") and len(address) <= _PAGE_LENGTH


def algorithm_allowed(algorithm: str, *, shared_secret: bool) -> None:
    """Whether a key may be registered for ``algorithm``; HS256 only where asked for by name.

    Raises:
        Invalid: ``algorithm_unknown`` or ``shared_secret_not_allowed``.
    """
    if algorithm not in ALGORITHMS:
        raise Invalid("algorithm_unknown", algorithm=algorithm, known=", ".join(ALGORITHMS))
    if algorithm == "HS256" and not shared_secret:
        raise Invalid("shared_secret_not_allowed")


def demo_allowed(host: str) -> bool:
    """Whether the demo's published keys and passwords may work: only on a loopback address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def new_secret(prefix: str) -> str:
    """256 random bits, with a prefix by which leaked ones can be found."""
    return prefix + secrets.token_urlsafe(32)


def secret_hash(secret: str) -> bytes | None:
    """What is stored of a secret; None where it cannot be one of ours.

    A fast hash is right here: there is nothing to guess in 256 random bits.
    """
    return stored_hash(secret) if _SECRET.fullmatch(secret) else None


def stored_hash(secret: str) -> bytes:
    """The hash of a secret that we made ourselves."""
    return hashlib.sha256(secret.encode()).digest()


def prolonged(role: str, created_at: datetime, now: datetime, life: timedelta) -> datetime | None:
    """When a session that was just used ends now; None where use does not prolong it.

    The marketplace vouches again for a buyer after an hour; nobody can vouch for a visitor, whose
    conversation would be lost.
    """
    if role != "visitor":
        return None
    return min(now + life, created_at + VISITOR_LIFE)
