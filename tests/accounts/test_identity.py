"""Promise (access): a token is believed only if everything about it is right."""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import OctKey, OKPKey

from amparo.accounts.identity import TrustedKey, public_material, read_key, verify
from amparo.accounts.rules import Claims, Refused
from amparo.kernel.errors import Invalid
from tests.accounts.people import ED25519, ISSUER, P256, RSA, SITE, claims, pem, signed

STRANGER = OKPKey.generate_key("Ed25519")


def keys(now: datetime) -> dict[str, TrustedKey]:
    """Every kind of key, and one that was retired an hour ago."""
    secret = "0123456789abcdef0123456789abcdef"
    return {
        "k1": TrustedKey("k1", ISSUER, "EdDSA", pem(ED25519)),
        "ec": TrustedKey("ec", ISSUER, "ES256", pem(P256)),
        "rsa": TrustedKey("rsa", ISSUER, "RS256", pem(RSA)),
        "shared": TrustedKey("shared", ISSUER, "HS256", secret),
        "old": TrustedKey("old", ISSUER, "EdDSA", pem(ED25519), now - timedelta(hours=1)),
    }


def believe(token: str, now: datetime) -> Claims:
    return verify(token, audience=SITE, find_key=keys(now).get, now=now)


def test_a_good_token_says_who_it_is(now: datetime) -> None:
    said = claims(now, name="  Ana\u0000 ", stores=["store-wei"])
    found = believe(signed(said), now)
    assert (found.subject, found.role, found.name) == ("buyer-ana", "buyer", "Ana")
    assert (found.email, found.locale, found.jti) == ("ana@example.com", "es", said["jti"])
    assert found.stores == (), "stores are a seller's"


def test_a_seller_brings_stores(now: datetime) -> None:
    said = claims(now, sub="seller-wei", role="seller", stores=["store-wei", "store-wei", "s2"])
    found = believe(signed(said), now)
    assert (found.role, found.stores) == ("seller", ("store-wei", "s2"))


@pytest.mark.parametrize(
    ("kid", "algorithm", "key"),
    [
        ("k1", "EdDSA", ED25519),
        ("k1", "Ed25519", ED25519),
        ("ec", "ES256", P256),
        ("rsa", "RS256", RSA),
        ("shared", "HS256", OctKey.import_key("0123456789abcdef0123456789abcdef")),
    ],
)
def test_every_registered_algorithm(now: datetime, kid: str, algorithm: str, key: Any) -> None:
    token = signed(claims(now), key, algorithm=algorithm, kid=kid)
    assert believe(token, now).subject == "buyer-ana"


def at(now: datetime, **delta: float) -> int:
    return int((now + timedelta(**delta)).timestamp())


CLAIMS: list[tuple[str, str, Callable[[datetime], dict[str, Any]]]] = [
    ("expired", "expired", lambda n: {"iat": at(n, minutes=-6), "exp": at(n, minutes=-2)}),
    ("expired just now", "expired", lambda n: {"iat": at(n, minutes=-1), "exp": at(n)}),
    ("lives too long", "life_too_long", lambda n: {"exp": at(n, seconds=301)}),
    ("iat hides life", "life_too_long", lambda n: {"iat": at(n, minutes=-10)}),
    ("iat in the future", "issued_in_future", lambda n: {"iat": at(n, seconds=31)}),
    (
        "ends before it began",
        "times",
        lambda n: {"iat": at(n, seconds=20), "exp": at(n, seconds=9)},
    ),
    ("not yet", "not_yet_valid", lambda n: {"nbf": at(n, minutes=1)}),
    ("text for a time", "times", lambda n: {"exp": "tomorrow"}),
    ("true for a time", "times", lambda n: {"iat": True}),
    ("a time beyond time", "times", lambda n: {"exp": 10**30}),
    ("another audience", "audience", lambda n: {"aud": "pk_other_site_x"}),
    ("two audiences", "audience", lambda n: {"aud": [SITE, "pk_other_site_x"]}),
    ("no audience", "audience", lambda n: {"aud": None}),
    ("foreign issuer", "issuer", lambda n: {"iss": "https://evil.example"}),
    ("no issuer", "issuer", lambda n: {"iss": None}),
    ("no subject", "missing_sub", lambda n: {"sub": None}),
    ("empty subject", "malformed_sub", lambda n: {"sub": ""}),
    ("a number as subject", "malformed_sub", lambda n: {"sub": 7}),
    ("huge subject", "malformed_sub", lambda n: {"sub": "x" * 201}),
    ("NUL in the subject", "malformed_sub", lambda n: {"sub": "a\x00b"}),
    ("no iat", "missing_iat", lambda n: {"iat": None}),
    ("no exp", "missing_exp", lambda n: {"exp": None}),
    ("no jti", "missing_jti", lambda n: {"jti": None}),
    ("huge jti", "malformed_jti", lambda n: {"jti": "j" * 201}),
    ("names an operator", "role", lambda n: {"role": "operator"}),
    ("names an administrator", "role", lambda n: {"role": "administrator"}),
    ("names the system", "role", lambda n: {"role": "system"}),
    ("a list of roles", "role", lambda n: {"role": ["buyer"]}),
    ("a number as name", "malformed_name", lambda n: {"name": 5}),
    ("stores as text", "malformed_stores", lambda n: {"role": "seller", "stores": "store-wei"}),
    ("too many stores", "malformed_stores", lambda n: {"role": "seller", "stores": ["s"] * 101}),
]


@pytest.mark.parametrize(("reason", "changes"), [c[1:] for c in CLAIMS], ids=[c[0] for c in CLAIMS])
def test_claims_that_are_refused(
    now: datetime, reason: str, changes: Callable[[datetime], dict[str, Any]]
) -> None:
    with pytest.raises(Refused) as refusal:
        believe(signed(claims(now, **changes(now))), now)
    assert refusal.value.reason == reason


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def forged(now: datetime, header: dict[str, Any], signature: str = "") -> str:
    return f"{part(header)}.{part(claims(now))}.{signature}"


def tampered(now: datetime) -> str:
    head, _, signature = signed(claims(now)).split(".")
    return f"{head}.{part(claims(now, sub='buyer-olga'))}.{signature}"


def confused(now: datetime) -> str:
    """HS256 with the public key as the secret: the classic confusion of algorithms."""
    import hashlib
    import hmac

    unsigned = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(claims(now))}"
    mac = hmac.new(pem(ED25519).encode(), unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


TOKENS: list[tuple[str, str, Callable[[datetime], str]]] = [
    ("unsigned", "algorithm", lambda n: forged(n, {"alg": "none", "kid": "k1"})),
    ("unsigned, None", "algorithm", lambda n: forged(n, {"alg": "None", "kid": "k1"})),
    ("no signature", "signature", lambda n: forged(n, {"alg": "EdDSA", "kid": "k1"})),
    ("public key as secret", "algorithm", confused),
    ("another algorithm", "algorithm", lambda n: signed(claims(n), P256, algorithm="ES256")),
    ("signed by a stranger", "signature", lambda n: signed(claims(n), STRANGER)),
    ("changed after signing", "signature", tampered),
    ("an old key", "retired_key", lambda n: signed(claims(n), kid="old")),
    ("an unknown key", "unknown_key", lambda n: signed(claims(n), kid="k9")),
    ("no kid", "missing_kid", lambda n: signed(claims(n), kid=None)),
    ("kid is a list", "missing_kid", lambda n: forged(n, {"alg": "EdDSA", "kid": ["k1"]})),
    ("NUL in kid", "missing_kid", lambda n: forged(n, {"alg": "EdDSA", "kid": "k\x001"})),
    ("critical header", "malformed", lambda n: forged(
        n, {"alg": "EdDSA", "kid": "k1", "crit": ["b64"], "b64": False})),
    ("key in the header", "signature", lambda n: signed(
        claims(n), STRANGER, jwk=STRANGER.as_dict(private=False))),
    ("garbage", "malformed", lambda n: "garbage"),
    ("dots", "malformed", lambda n: ".."),
    ("five parts", "malformed", lambda n: "a.b.c.d.e"),
    ("not ASCII", "malformed", lambda n: "é.é.é"),
    ("header is a list", "malformed", lambda n: "W10.W10.x"),
    ("deep header", "malformed", lambda n: base64.urlsafe_b64encode(
        b"[" * 3000).decode().rstrip("=") + ".e30.x"),
    ("payload is no object", "signature", lambda n: f"{part({'alg': 'EdDSA', 'kid': 'k1'})}.W10.x"),
    ("too big", "oversize", lambda n: signed(claims(n, name="A" * 9000))),
    ("empty", "malformed", lambda n: ""),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "make"), [t[1:] for t in TOKENS], ids=[t[0] for t in TOKENS])
def test_tokens_that_are_refused(
    now: datetime, reason: str, make: Callable[[datetime], str]
) -> None:
    with pytest.raises(Refused) as refusal:
        believe(make(now), now)
    assert refusal.value.reason == reason


def test_a_marketplace_clock_slightly_ahead_is_forgiven(now: datetime) -> None:
    said = claims(now, iat=at(now, seconds=29))
    assert believe(signed(said), now).subject == "buyer-ana"


@pytest.mark.parametrize("email", ["nobody", "a@b@c", "x" * 300 + "@example.com", ""])
def test_an_address_that_is_none_does_not_shut_a_buyer_out(now: datetime, email: str) -> None:
    assert believe(signed(claims(now, email=email)), now).email is None


def test_of_a_private_key_only_the_public_half_is_kept() -> None:
    private = ED25519.as_pem(private=True).decode()
    assert '"d"' not in public_material("EdDSA", private)
    assert public_material("EdDSA", private) == public_material("EdDSA", pem(ED25519))


@pytest.mark.parametrize(
    ("algorithm", "material"),
    [
        ("EdDSA", pem(P256)),
        ("EdDSA", pem(OKPKey.generate_key("Ed448"))),
        ("ES256", pem(RSA)),
        ("RS256", pem(ED25519)),
        ("HS256", pem(ED25519)),
        ("HS256", "short"),
        ("EdDSA", "no key at all"),
        ("EdDSA", "{"),
        ("EdDSA", ""),
    ],
)
def test_keys_that_do_not_fit(algorithm: str, material: str) -> None:
    with pytest.raises(Invalid) as problem:
        read_key(algorithm, material)
    assert problem.value.code == "key_unreadable"
