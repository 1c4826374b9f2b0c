"""Promises (access): limits on size and rate; the address is the peer's unless we trust a proxy."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from limits import parse

from amparo.config import Settings
from amparo.kernel.errors import TooMany
from amparo.server.limits import Bucket, RequestLimits, client_address, networks


def scope(peer: str, *forwarded: str) -> dict[str, object]:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"type": "http", "client": (peer, 1), "headers": headers}


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ("", "203.0.113.9", [], "203.0.113.9"),
        ("", "127.0.0.1", ["198.51.100.1"], "127.0.0.1"),
        ("10.0.0.0/8", "203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.0/8", "10.0.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.0/8", "10.0.0.2", ["6.6.6.6, 198.51.100.1, 10.0.0.3"], "198.51.100.1"),
        ("10.0.0.0/8", "10.0.0.2", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.0/8", "10.0.0.2", ["not an address"], "10.0.0.2"),
        ("10.0.0.0/8", "10.0.0.2", [], "10.0.0.2"),
        ("10.0.0.0/8", "::ffff:10.0.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("", "2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
    ],
)
def test_whose_address(trusted: str, peer: str, forwarded: list[str], address: str) -> None:
    assert client_address(scope(peer, *forwarded), networks(trusted)) == address


def test_a_person_may_write_fast_but_not_flood() -> None:
    time = 0.0
    bucket = Bucket(parse("20/second"), clock=lambda: time)
    waits = [bucket.hit("ana") for _ in range(25)]
    assert waits[:20] == [0.0] * 20
    assert all(wait > 0 for wait in waits[20:])
    assert bucket.hit("olga") == 0.0, "everybody is counted alone"
    time = waits[-1]
    assert bucket.hit("ana") == 0.0, "the wait that was told is enough"
    time = 10.0
    assert [bucket.hit("ana") for _ in range(21)] == [0.0] * 20 + [pytest.approx(0.05)]


def test_the_limit_is_a_problem_with_a_time() -> None:
    limits = RequestLimits(Settings(limit_post="2/hour"))
    limits.hit("post", "ana")
    limits.hit("post", "ana")
    with pytest.raises(TooMany) as problem:
        limits.hit("post", "ana")
    assert 1700 <= problem.value.retry_after <= 1800
    limits.hit("post", "olga")


@pytest.fixture
def settings() -> Settings:
    return Settings(limit_body_bytes=2048, limit_import_bytes=8192)


def test_a_large_body_is_refused_announced_or_not(client: TestClient) -> None:
    def stream(size: int) -> Iterator[bytes]:
        yield b'{"site": "'
        yield b"x" * size
        yield b'"}'

    headers = {"content-type": "application/json", "Accept-Language": "ru"}
    announced = client.post("/api/v1/sessions", content=b"x" * 3000, headers=headers)
    streamed = client.post("/api/v1/sessions", content=stream(3000), headers=headers)
    for answer in (announced, streamed):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert answer.json()["params"] == {"kib": 2}
    fits = client.post("/api/v1/sessions", content=stream(100), headers=headers)
    assert fits.json()["code"] != "too_large"


def test_an_import_may_be_larger(app: FastAPI, client: TestClient) -> None:
    assert client.put("/api/v1/import/orders", content=b"x" * 5000).status_code != 413
    assert client.put("/api/v1/import/orders", content=b"x" * 9000).status_code == 413
