"""Promises (access, J13): the panel is framed by its site only; no page runs foreign scripts."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient

from amparo.accounts.management_actions import set_pages
from amparo.storage.session import Database
from tests.accounts.people import ORIGIN, SITE
from tests.people import TEO


def policy(header: str) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in header.split(";"))


def test_the_panel_may_be_framed_by_the_sites_origins_only(
    client: TestClient, static: Path
) -> None:
    answer = client.get(f"/panel/?site={SITE}&lang=ru")
    rules = policy(answer.headers["content-security-policy"])
    assert rules["frame-ancestors"] == ORIGIN
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers
    match = re.search(
        r'<script type="application/json" id="amparo-boot">(.*?)</script>', answer.text
    )
    assert match
    assert json.loads(match[1]) == {"origins": [ORIGIN], "site": SITE, "lang": "ru"}


def test_neither_referrer_nor_query_choose_who_may_frame(client: TestClient, static: Path) -> None:
    headers = {"Referer": "https://evil.example/", "Origin": "https://evil.example"}
    answer = client.get(f"/panel/?site={SITE}&origin=https://evil.example", headers=headers)
    assert "evil" not in answer.text + answer.headers["content-security-policy"]


def test_an_unknown_site_gets_a_page_and_no_script(client: TestClient, static: Path) -> None:
    for site in ("pk_unknown_site", "", "%00", "<script>"):
        answer = client.get(f"/panel/?site={site}&lang=es")
        assert answer.status_code == 404
        assert "no está configurada" in answer.text
        assert "<script" not in answer.text


def test_desk_and_administration_are_never_framed(client: TestClient, static: Path) -> None:
    for path in ("/desk/", "/desk/inbox/mine", "/admin/", "/admin/overview"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        rules = policy(answer.headers["content-security-policy"])
        assert rules["frame-ancestors"] == "'none'"
        assert ORIGIN in rules["img-src"], "pictures of products are shown beside a conversation"


def test_the_sellers_page_is_never_framed_and_knows_where_sellers_sign_in(
    client: TestClient, static: Path, server_database: Database
) -> None:
    page = {"seller_cases": f"{ORIGIN}/my-cases"}
    now = datetime(2026, 4, 1, tzinfo=UTC)
    with server_database.transaction() as session:
        set_pages(session, TEO, SITE, page, now=now)
    for path in ("/seller/", "/seller/cases/1"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert policy(answer.headers["content-security-policy"])["frame-ancestors"] == "'none'"
        match = re.search(r'id="amparo-boot">(.*?)</script>', answer.text)
        assert match
        sites = [{"key": SITE, "name": "Mercadia", "page": page["seller_cases"]}]
        assert json.loads(match[1]) == {"sites": sites}
    bare = client.get("/seller?lang=es", follow_redirects=False)
    assert bare.headers["location"] == "/seller/?lang=es"


def test_built_files_come_compressed_and_stay(client: TestClient, static: Path) -> None:
    for accepted, body, coding in [
        ("br, gzip", b"as brotli", "br"),
        ("gzip", b"as gzip", "gzip"),
        ("br;q=0, gzip", b"as gzip", "gzip"),
        ("identity", b"plain", None),
    ]:
        with client.stream(
            "GET", "/assets/app-1a2b.js", headers={"Accept-Encoding": accepted}
        ) as answer:
            assert b"".join(answer.iter_raw()) == body
            assert answer.headers.get("content-encoding") == coding
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["content-type"].startswith("text/javascript")
            assert answer.headers["vary"] == "Accept-Encoding"


def test_the_loader_is_fresh_within_minutes_and_loads_anywhere(
    client: TestClient, static: Path
) -> None:
    first = client.get("/widget.js")
    assert (first.text, first.headers["cross-origin-resource-policy"]) == ("loader", "cross-origin")
    assert "max-age=300" in first.headers["cache-control"]
    tag = {"If-None-Match": first.headers["etag"]}
    assert client.get("/widget.js", headers=tag).status_code == 304
    (static / "widget.js").write_text("loader of the next version")
    assert client.get("/widget.js", headers=tag).status_code == 200


def test_nothing_outside_the_build_is_served(client: TestClient, static: Path) -> None:
    for path in (
        "/assets/../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets//etc/passwd",
        "/assets/app-1a2b.js.br",
        "/assets/missing.js",
        "/assets/%00",
        "/assets/",
    ):
        assert client.get(path).status_code == 404, path


def test_without_a_build_the_page_says_what_to_do(client: TestClient, static: Path) -> None:
    (static / "desk" / "index.html").unlink()
    answer = client.get("/desk/")
    assert answer.status_code == 503
    assert "make setup" in answer.text


def test_every_answer_carries_the_headers(client: TestClient, static: Path) -> None:
    for path in ("/desk/", "/api/v1/sessions/me", "/nowhere", "/widget.js", "/healthz"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
    assert client.get("/api/v1/sessions/me").headers["cache-control"] == "no-store"


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ready"
    assert client.head("/readyz").status_code == 200
    assert client.get("/", follow_redirects=False).headers["location"] == "/help/"
