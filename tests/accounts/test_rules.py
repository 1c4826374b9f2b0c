"""Promises (access): the demo stays at home, origins are exact, secrets are strong."""

import pytest

from amparo.accounts import rules
from amparo.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("192.168.1.10", False),
        ("localhost.evil.example", False),
        ("shop.example.com", False),
    ],
)
def test_the_demo_works_only_on_loopback(host: str, allowed: bool) -> None:
    assert rules.demo_allowed(host) is allowed


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Shop.Example.com", "https://shop.example.com"),
        ("https://shop.example.com/", "https://shop.example.com"),
        ("https://shop.example.com:443", "https://shop.example.com"),
        ("http://127.0.0.1:8421", "http://127.0.0.1:8421"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://localhost:0", "http://localhost:0"),
    ],
)
def test_origins_are_written_as_browsers_write_them(given: str, origin: str) -> None:
    if given.endswith(":0"):
        with pytest.raises(Invalid):
            rules.origin(given)
    else:
        assert rules.origin(given) == origin


@pytest.mark.parametrize(
    "given",
    [
        "shop.example.com",
        "https://shop.example.com/path",
        "https://shop.example.com?x",
        "https://user@shop.example.com",
        "https://*.example.com",
        "https://a.example; script-src *",
        "https://a.example\r\nX-Evil: 1",
        "https://a.example https://b.example",
        "ftp://shop.example.com",
        "javascript:alert(1)",
        "https://",
        "https://shop.example.com:99999",
        "null",
        "*",
        "",
    ],
)
def test_what_is_no_origin_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        rules.origin(given)


@pytest.mark.parametrize("password", ["", "short", "x" * 11, "x" * 257])
def test_passwords_have_a_length(password: str) -> None:
    with pytest.raises(Invalid):
        rules.check_password(password)


def test_secrets_are_256_bits_and_recognisable() -> None:
    made = {rules.new_secret(rules.PANEL_TOKEN) for _ in range(50)}
    assert len(made) == 50
    assert all(one.startswith("amp_") and rules.secret_hash(one) for one in made)
    assert rules.secret_hash("amp_short") is None


@pytest.mark.parametrize(
    ("key", "good"),
    [
        ("pk_mercadia_demo", True),
        ("pk_12345678", True),
        ("pk_short", False),
        ("pk_<script>alert", False),
        ("mercadia_demo", False),
        ("pk_" + "x" * 61, False),
        ("pk_mercadia\n", False),
    ],
)
def test_a_sites_key_is_fit_for_addresses(key: str, good: bool) -> None:
    assert rules.is_site_key(key) is good


def test_hs256_needs_to_be_asked_for() -> None:
    with pytest.raises(Invalid) as problem:
        rules.algorithm_allowed("HS256", shared_secret=False)
    assert problem.value.code == "shared_secret_not_allowed"
    rules.algorithm_allowed("HS256", shared_secret=True)
    with pytest.raises(Invalid):
        rules.algorithm_allowed("none", shared_secret=True)
