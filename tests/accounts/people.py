"""A marketplace to test with: its keys, its tokens, and the people who come with them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from sqlalchemy.orm import Session

from amparo.accounts import management_actions
from amparo.accounts.actions import Browser
from amparo.accounts.models import Site

ISSUER = "https://mercadia.example"
ORIGIN = "http://127.0.0.1:8421"
SITE = "pk_mercadia_test"
PASSWORD = "a long enough password"
BROWSER = Browser(timedelta(hours=1), "Firefox on a test")

ED25519 = OKPKey.generate_key("Ed25519")
P256 = ECKey.generate_key("P-256")
RSA = RSAKey.generate_key(2048)


def pem(key: OKPKey | ECKey | RSAKey) -> str:
    """The public half, as a marketplace would send it."""
    return key.as_pem(private=False).decode()


def claims(now: datetime, **changes: Any) -> dict[str, Any]:
    """What Ana's token says; ``None`` takes a claim away."""
    said: dict[str, Any] = {
        "iss": ISSUER,
        "aud": SITE,
        "sub": "buyer-ana",
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=4)).timestamp()),
        "jti": uuid4().hex,
        "name": "Ana",
        "email": "ana@example.com",
        "locale": "es",
    } | changes
    return {name: value for name, value in said.items() if value is not None}


def signed(
    said: dict[str, Any],
    key: Key = ED25519,
    *,
    algorithm: str = "EdDSA",
    kid: str | None = "k1",
    **header: Any,
) -> str:
    """A token with these claims."""
    header = {"alg": algorithm} | ({"kid": kid} if kid else {}) | header
    return jwt.encode(header, said, key, algorithms=[algorithm])


def make_site(session: Session, now: datetime, key: str = SITE) -> Site:
    """Mercadia, with one trusted key."""
    site = management_actions.create_site(
        session,
        name="Mercadia",
        origins=[ORIGIN],
        languages=["en", "es", "ru"],
        key=key,
        now=now,
    )
    management_actions.register_key(
        session,
        site_key=key,
        kid="k1",
        issuer=ISSUER,
        algorithm="EdDSA",
        material=pem(ED25519),
        now=now,
    )
    return site


def make_marta(session: Session, now: datetime) -> None:
    """Marta the operator."""
    management_actions.create_staff(
        session,
        email="Marta@Mercadia.example",
        password=PASSWORD,
        name="Marta",
        role="operator",
        languages=["en", "ru", "es"],
        now=now,
    )
