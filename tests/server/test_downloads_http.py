"""Files that are no pictures: taken by content, only ever downloaded, gone with their message."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.testclient import TestClient

from amparo.config import Settings
from amparo.storage.documents import DOCX, MOST_BYTES
from tests.accounts.people import SITE
from tests.documents import docx, pdf
from tests.pictures import screenshot

HOSTILE = (
    ("../../etc/passwd.pdf", "passwd.pdf"),
    ("C:\\Windows\\invoice.pdf", "invoice.pdf"),
    ("invoice.pdf.exe", "invoice_pdf.pdf"),
    ("invoice.exe.pdf", "invoice_exe.pdf"),
    ("invoice\u202efdp.exe", "invoicefdp.pdf"),
    ("CON.pdf", "_CON.pdf"),
    ('a<b>:"|?*.pdf', "a_b______.pdf"),
    ("\u200b.pdf", "file.pdf"),
    ("счёт за март.pdf", "счёт за март.pdf"),
    ('a"; filename="evil.html.pdf', "a_; filename=_evil_html.pdf"),
    ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


@pytest.fixture
def visitor(client: TestClient) -> dict[str, str]:
    session = client.post("/api/v1/sessions", json={"site": SITE}).json()
    return {"Authorization": f"Bearer {session['token']}"}


def upload(
    client: TestClient, visitor: dict[str, str], content: bytes, name: str, chat: str = ""
) -> httpx.Response:
    answer: httpx.Response = client.post(
        f"/api/v1/conversations/{chat or uuid4()}/files",
        params={"client_id": str(uuid4()), "name": name, "open": "true"},
        content=content,
        headers={**visitor, "Content-Type": "image/png"},  # what a client claims does not count
    )
    return answer


def test_a_document_is_sent_and_only_downloaded(
    client: TestClient, visitor: dict[str, str]
) -> None:
    chat, content = str(uuid4()), docx()
    file = upload(client, visitor, content, "letter.docx", chat).json()
    assert (file["kind"], file["media_type"], file["name"]) == ("file", DOCX, "letter.docx")
    assert file["url"].endswith("/download")
    message: dict[str, Any] = {"client_id": str(uuid4()), "body": "", "files": [file["id"]]}
    path = f"/api/v1/conversations/{chat}/messages"
    posted = client.post(path, json=message | {"open": {"site": SITE}}, headers=visitor)
    assert posted.status_code == 201, posted.text
    for url in (file["url"], file["url"].removesuffix("/download")):
        answer = client.get(url, headers=visitor)
        assert answer.content == content
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    events = client.get(f"/api/v1/conversations/{chat}/events", headers=visitor).json()["events"]
    assert events[0]["data"]["extra"]["files"] == [file]
    message_id = posted.json()["message_id"]
    assert client.delete(f"{path}/{message_id}", headers=visitor).status_code == 204
    assert client.get(file["url"], headers=visitor).status_code == 404


def test_a_picture_can_be_kept_too(client: TestClient, visitor: dict[str, str]) -> None:
    file = upload(client, visitor, screenshot(), "a.png").json()
    assert file["kind"] == "image"
    shown = client.get(file["url"], headers=visitor)
    assert shown.headers["content-disposition"].startswith("inline;")
    kept = client.get(f"{file['url']}/download", headers=visitor)
    assert kept.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(("name", "kept"), HOSTILE)
def test_hostile_names_become_plain_ones(
    client: TestClient, visitor: dict[str, str], name: str, kept: str
) -> None:
    answer = upload(client, visitor, pdf(), name)
    assert answer.json()["name"] == kept
    header = client.get(answer.json()["url"], headers=visitor).headers["content-disposition"]
    assert header.startswith("attachment; filename=\"file\"; filename*=UTF-8''")
    assert not set(header) & set("\r\n")


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"MZ\x90\x00", "invoice.pdf", 422, "file_not_an_image"),
        (b"<script>alert(1)</script>", "page.html", 422, "file_not_an_image"),
        (docx({"word/vbaProject.bin": b"x"}), "letter.docx", 422, "file_has_macros"),
        (b"%PDF-1.4 and no end", "a.pdf", 422, "file_damaged"),
        (b"a\0b", "a.txt", 422, "file_not_text"),
        (b"a" * (MOST_BYTES + 1), "a.txt", 413, "file_too_large"),
    ],
)
def test_what_cannot_be_taken_says_so_and_keeps_nothing(
    client: TestClient,
    visitor: dict[str, str],
    content: bytes,
    name: str,
    status: int,
    code: str,
) -> None:
    answer = upload(client, visitor, content, name)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "{" not in answer.json()["detail"]
