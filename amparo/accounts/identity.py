"""Believing a token that the marketplace signed. No database: the key is looked up by the caller.

JSON Web Token (RFC 7519) with the best current practice of RFC 8725: the algorithm belongs to the
registered key and is never taken from the token.
"""

import base64
import binascii
import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from amparo.accounts.rules import TOKEN_BYTES, Claims, Refused, check_claims
from amparo.kernel.errors import Invalid

# RFC 9864 renames EdDSA to Ed25519; most libraries in use still write the old name.
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)

_NAMES = {
    "EdDSA": ("EdDSA", "Ed25519"),
    "ES256": ("ES256",),
    "RS256": ("RS256",),
    "HS256": ("HS256",),
}
_RSA_BITS, _SECRET_BITS = 2048, 256


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A registered key: whose tokens it checks and with which algorithm."""

    kid: str
    issuer: str
    algorithm: str
    material: str
    retired_at: datetime | None = None


def verify(
    token: str, *, audience: str, find_key: Callable[[str], TrustedKey | None], now: datetime
) -> Claims:
    """What ``token`` says, once its signature and every claim have been checked.

    Whether it was used before is the caller's to find out (``Claims.jti``).

    Raises:
        Refused: with a stable reason for the log.
    """
    if len(token) > TOKEN_BYTES:
        raise Refused("oversize")
    header = _header(token)
    kid = header.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= 200 or not kid.isprintable():
        raise Refused("missing_kid")
    trusted = find_key(kid)
    if trusted is None:
        raise Refused("unknown_key")
    if trusted.retired_at is not None and trusted.retired_at <= now:
        raise Refused("retired_key")
    names = _NAMES[trusted.algorithm]
    if header.get("alg") not in names:
        raise Refused("algorithm")
    if "crit" in header or "b64" in header:
        raise Refused("malformed")
    return check_claims(
        _verified(token, trusted, names), issuer=trusted.issuer, audience=audience, now=now
    )


def _verified(token: str, trusted: TrustedKey, names: tuple[str, ...]) -> dict[str, object]:
    try:
        key = read_key(trusted.algorithm, trusted.material)
        return dict(jwt.decode(token, key, algorithms=list(names)).claims)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Refused("signature") from None


def _header(token: str) -> dict[str, object]:
    try:
        first, _, _ = token.encode("ascii").split(b".")
        decoded = json.loads(base64.urlsafe_b64decode(first + b"=" * (-len(first) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise Refused("malformed") from None
    if not isinstance(decoded, dict):
        raise Refused("malformed")
    return cast("dict[str, object]", decoded)


def read_key(algorithm: str, material: str) -> Key:
    """The key in ``material`` (PEM, or JWK as JSON; for HS256 the secret), fit for ``algorithm``.

    Raises:
        Invalid: ``key_unreadable`` where it is no such key, or one too weak.
    """
    try:
        return _fit(algorithm, material)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Invalid("key_unreadable", algorithm=algorithm) from error


def _fit(algorithm: str, material: str) -> Key:
    text = material.strip()
    source = json.loads(text) if text.startswith("{") else text
    if algorithm == "EdDSA":
        okp = OKPKey.import_key(source)
        return _require(okp, okp.curve_name == "Ed25519")
    if algorithm == "ES256":
        ec = ECKey.import_key(source)
        return _require(ec, ec.curve_name == "P-256")
    if algorithm == "RS256":
        rsa = RSAKey.import_key(source)
        return _require(rsa, rsa.public_key.key_size >= _RSA_BITS)
    secret = OctKey.import_key(source)
    return _require(secret, len(secret.raw_value) * 8 >= _SECRET_BITS)


def _require(key: Key, fits: bool) -> Key:
    if not fits:
        raise ValueError("wrong curve or too few bits")
    return key


def public_material(algorithm: str, material: str) -> str:
    """What is stored of a key: its public half, so that a private key given by mistake is not kept.

    Raises:
        Invalid: ``key_unreadable``.
    """
    key = read_key(algorithm, material)
    if isinstance(key, OctKey):
        return material.strip()
    return json.dumps(key.as_dict(private=False), sort_keys=True)
