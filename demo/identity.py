"""How Mercadia proves to Amparo who is signed in: a short token, signed with its own key.

This is what a marketplace writes for itself, about thirty lines: the private key never leaves
its server, and Amparo only knows the public half.
"""

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import OKPKey

from demo.people import SITE_KEY, Person

ISSUER = "https://mercadia.example"
LIFE = timedelta(minutes=2)


class Identity:
    """The marketplace's signing key, kept in a file that only we can read."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            self._make(file)
        self._key = OKPKey.import_key(file.read_bytes())
        self.kid = f"mercadia-{self._key.thumbprint()[:12]}"
        self.public_pem = self._key.as_pem(private=False).decode()

    @staticmethod
    def _make(file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        pem = OKPKey.generate_key("Ed25519").as_pem(private=True)
        part = file.with_suffix(".part")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(pem)
        part.replace(file)

    def token(self, person: Person, language: str, now: datetime) -> str:
        """A token that says, for two minutes and once, who is signed in."""
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": SITE_KEY,
            "sub": person.ref,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFE).timestamp()),
            "jti": secrets.token_urlsafe(16),
            "role": person.role,
            "name": person.name,
            "email": person.email,
            "locale": language,
        }
        if person.stores:
            claims["stores"] = list(person.stores)
        return jwt.encode({"alg": "EdDSA", "kid": self.kid}, claims, self._key, ["EdDSA"])
