"""Promise J3: a screenshot goes in and comes out harmless; what cannot be taken is said plainly."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from amparo.config import Settings
from amparo.kernel.texts import text
from amparo.server.limits import RequestLimits
from tests.accounts.people import SITE
from tests.pictures import SVG, opened, png_that_says, screenshot

PNG = {"Content-Type": "image/png"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


@pytest.fixture
def visitor(client: TestClient) -> dict[str, str]:
    session = client.post("/api/v1/sessions", json={"site": SITE}).json()
    return {"Authorization": f"Bearer {session['token']}"}


def upload(
    client: TestClient,
    visitor: dict[str, str],
    content: bytes,
    *,
    chat: str = "",
    client_id: str = "",
    **headers: str,
) -> httpx.Response:
    query = {"client_id": client_id or str(uuid4()), "name": "bank.png", "open": "true"}
    answer: httpx.Response = client.post(
        f"/api/v1/conversations/{chat or uuid4()}/files",
        params=query,
        content=content,
        headers={**visitor, **PNG, **headers},
    )
    return answer


def test_a_picture_is_put_in_sent_and_read(client: TestClient, visitor: dict[str, str]) -> None:
    chat = str(uuid4())
    answer = upload(client, visitor, screenshot(), chat=chat)
    assert answer.status_code == 201, answer.text
    file = answer.json()
    assert {key: file[key] for key in ("name", "media_type", "width", "height")} == {
        "name": "bank",
        "media_type": "image/webp",
        "width": 320,
        "height": 200,
    }
    message: dict[str, Any] = {
        "client_id": str(uuid4()),
        "body": "",
        "files": [file["id"]],
        "open": {"site": SITE},
    }
    posted = client.post(f"/api/v1/conversations/{chat}/messages", json=message, headers=visitor)
    assert posted.status_code == 201, posted.text
    events = client.get(f"/api/v1/conversations/{chat}/events", headers=visitor).json()["events"]
    assert events[0]["data"]["extra"]["files"] == [file]
    read = client.get(file["url"], headers=visitor)
    assert opened(read.content).size == (320, 200)
    assert len(read.content) == file["bytes"]


def test_a_picture_is_served_apart_and_kept_by_its_reader_only(
    client: TestClient, visitor: dict[str, str]
) -> None:
    url = upload(client, visitor, screenshot()).json()["url"]
    answer = client.get(url, headers=visitor)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    kept = "inline; filename=\"picture\"; filename*=UTF-8''bank.webp"
    assert answer.headers["content-disposition"] == kept
    assert answer.headers["cache-control"] == "private, max-age=86400, immutable"
    assert answer.headers["vary"] == "Authorization, Cookie"
    tagged = {**visitor, "If-None-Match": answer.headers["etag"]}
    again = client.get(url, headers=tagged)
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(url, headers={"If-None-Match": tagged["If-None-Match"]}).status_code == 401


def test_sent_twice_is_put_in_once(client: TestClient, visitor: dict[str, str]) -> None:
    chat, client_id = str(uuid4()), str(uuid4())
    first, again = (
        upload(client, visitor, screenshot(), chat=chat, client_id=client_id) for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = upload(client, visitor, screenshot(100, 90), chat=chat, client_id=client_id)
    assert (other.status_code, other.json()["code"]) == (409, "client_id_used")


@pytest.mark.parametrize("language", ["en", "es", "ru"])
@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (bytes(10 * 1024 * 1024), 413, "file_too_large"),
        (SVG, 422, "file_not_an_image"),
        (b"", 422, "file_not_an_image"),
        (screenshot()[:300], 422, "image_damaged"),
        (png_that_says(30_000, 30_000), 422, "image_too_big"),
    ],
    ids="10mb svg empty half 30000".split(),
)
def test_what_cannot_be_taken_is_said_in_the_readers_language(
    client: TestClient,
    visitor: dict[str, str],
    content: bytes,
    status: int,
    code: str,
    language: str,
) -> None:
    client_id = str(uuid4())
    for _ in range(2):  # the same again is refused alike: a refusal leaves nothing behind
        answer = upload(
            client, visitor, content, client_id=client_id, **{"Accept-Language": language}
        )
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        params = answer.json()["params"]
        assert answer.json()["detail"] == text(language, f"problem.{code}.detail", **params)
    if code == "file_too_large":
        assert "8" in answer.json()["detail"]


def test_a_body_that_grows_past_the_limit_is_cut_off(
    client: TestClient, visitor: dict[str, str]
) -> None:
    """Without a Content-Length: what counts is what comes."""

    def stream() -> Any:
        for _ in range(20):
            yield bytes(1024 * 1024)

    answer = client.post(
        f"/api/v1/conversations/{uuid4()}/files",
        params={"client_id": str(uuid4()), "open": "true"},
        content=stream(),
        headers={**visitor, **PNG},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")


def test_whoever_uploads_too_often_is_told_when_to_come_again(
    app: FastAPI, client: TestClient, visitor: dict[str, str]
) -> None:
    app.state.limits = RequestLimits(Settings(limit_upload="2/minute"))
    codes = [upload(client, visitor, screenshot()).status_code for _ in range(3)]
    assert codes == [201, 201, 429]


def test_a_picture_can_be_taken_back_until_it_is_sent(
    client: TestClient, visitor: dict[str, str]
) -> None:
    url = upload(client, visitor, screenshot()).json()["url"]
    assert client.delete(url, headers=visitor).status_code == 204
    assert client.get(url, headers=visitor).status_code == 404
    assert client.delete(url, headers=visitor).status_code == 204  # again is harmless


def test_a_picture_whose_bytes_are_lost_is_missing_and_not_a_fault(
    app: FastAPI, client: TestClient, visitor: dict[str, str]
) -> None:
    file = upload(client, visitor, screenshot()).json()
    app.state.files.delete(UUID(file["id"]))
    answer = client.get(file["url"], headers=visitor)
    assert (answer.status_code, answer.json()["code"]) == (404, "file_not_found")
