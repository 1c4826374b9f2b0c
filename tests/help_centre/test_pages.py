"""Promises: public pages are complete without JavaScript, in every language, small and cached."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from amparo.config import Settings
from amparo.help_centre.editing_actions import Place, publish_text
from amparo.help_centre.pages import stylesheet
from amparo.kernel.clock import ManualClock
from amparo.kernel.languages import CONTENT, PSEUDO
from amparo.server.app import create_app
from amparo.storage.session import Database
from tests.help_centre.conftest import BASE, LOADED_AT, TEO, fill

SITE = "https://help.mercadia.example"
PAGES = ["", "topics/returns", "orders_late", "rules_phone_number", "search?q=refund", "search"]
LIMIT = 25_000


class _Page(HTMLParser):
    """What of a page the promises are about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("language", [*CONTENT, PSEUDO])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole(reader: TestClient, language: str, path: str) -> None:
    answer = reader.get(f"/help/{language}/{path}")
    assert answer.status_code == 200
    page = _Page(answer.text)
    assert page.all("html")[0]["lang"] == language
    assert page.all("html")[0]["dir"] == ("rtl" if language == PSEUDO else "ltr")
    assert len(page.all("h1")) == 1
    assert page.all("main")
    assert f"/help/{language}/search" in [form["action"] for form in page.all("form")]
    assert page.all("a")[0]["href"] == "#content"
    switch = [a.get("hreflang") for a in page.all("a") if a.get("hreflang")]
    assert switch == list(CONTENT)
    for script in page.all("script"):
        assert script == {"type": "application/ld+json"}
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
    assert len(answer.content) + len(stylesheet()[1].encode()) <= LIMIT
    assert "{" not in re.sub(r"<script.*?</script>", "", answer.text, flags=re.S)


def test_a_page_forbids_scripts(reader: TestClient) -> None:
    headers = reader.get("/help/en/orders_late").headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert "script-src" not in headers["content-security-policy"]
    assert headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("wish", "language"),
    [("ru-RU,ru;q=0.9", "ru"), ("ja", "en"), ("zh-Hans-CN", "zh"), ("", "en"), ("de, es", "de")],
)
def test_the_root_leads_to_the_readers_language(
    reader: TestClient, wish: str, language: str
) -> None:
    answer = reader.get("/help/", headers={"Accept-Language": wish})
    assert (answer.status_code, answer.headers["location"]) == (302, f"/help/{language}/")
    assert answer.headers["vary"] == "Accept-Language"


def test_an_unchanged_page_is_not_sent_again(reader: TestClient) -> None:
    first = reader.get("/help/en/orders_late")
    assert first.headers["cache-control"].startswith("public, max-age=")
    tag = first.headers["etag"]
    for condition in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = reader.get("/help/en/orders_late", headers={"If-None-Match": condition})
        assert (again.status_code, again.content) == (304, b"")
    other = reader.get("/help/en/orders_late", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_the_style_sheet_is_kept_for_ever_under_its_hash(reader: TestClient) -> None:
    answer = reader.get(f"/help/assets/{stylesheet()[0]}")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert reader.get("/help/assets/mark.svg").headers["content-type"] == "image/svg+xml"
    assert reader.get("/help/assets/../help.css").status_code == 404


def test_search_engines_are_told_the_languages(reader: TestClient) -> None:
    page = _Page(reader.get("/help/es/orders_late").text)
    links = {(a.get("rel"), a.get("hreflang")): a.get("href") for a in page.all("link")}
    assert links["canonical", None] == f"{SITE}/help/es/orders_late"
    assert links["alternate", "ru"] == f"{SITE}/help/ru/orders_late"
    assert links["alternate", "x-default"] == f"{SITE}/help/en/orders_late"


def test_a_page_without_its_own_answer_says_so_and_names_the_original(
    database: Database, clock: ManualClock
) -> None:
    with database.transaction() as session:
        fill(session)
        at = Place("orders_late", "pt", 1)
        title = "O prazo de entrega passou"
        publish_text(session, TEO, at, title=title, body=None, now=LOADED_AT)
    app = create_app(Settings(base_url=SITE), database, clock)
    with TestClient(app, base_url=BASE) as client:
        text = client.get("/help/pt/orders_late").text
        places = client.get("/sitemap.xml").text
    links = {(a.get("rel"), a.get("hreflang")) for a in _Page(text).all("link")}
    assert ("alternate", "es") in links
    assert ("alternate", "pt") not in links
    assert f"<loc>{SITE}/help/es/orders_late</loc>" in places
    assert f"<loc>{SITE}/help/pt/orders_late</loc>" not in places
    assert title in text
    assert '<div class="answer" lang="en" dir="auto">' in text
    assert 'class="note"' in text
    assert f'<link rel="canonical" href="{SITE}/help/en/orders_late">' in text


@pytest.mark.parametrize("language", CONTENT)
def test_the_page_about_a_telephone_says_there_is_none(reader: TestClient, language: str) -> None:
    text = reader.get(f"/help/{language}/rules_phone_number").text
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
    assert data["@type"] == "FAQPage"
    assert data["inLanguage"] == language
    assert data["mainEntity"][0]["acceptedAnswer"]["text"].startswith("<p>")
    assert not re.search(r"\+?\d[\d ()-]{6,}\d", data["mainEntity"][0]["acceptedAnswer"]["text"])
    assert 'class="note"' not in text


def test_the_hours_on_the_page_are_the_teams_hours(reader: TestClient) -> None:
    assert "07:00–01:00" in reader.get("/help/uk/rules_phone_number").text
    assert "Moscow Time" in reader.get("/help/en/rules_chat_hours").text


@pytest.mark.parametrize(
    "path", ["en/nothing", "en/topics/nothing", "xx/", "xx/orders_late", "xx/search", "en/a.b.md"]
)
def test_a_wrong_address_shows_a_way_on(reader: TestClient, path: str) -> None:
    answer = reader.get(f"/help/{path}", headers={"Accept-Language": "es"})
    assert answer.status_code == 404
    page = _Page(answer.text)
    assert page.all("form")
    assert {"name": "robots", "content": "noindex"} in page.all("meta")


def test_what_a_stranger_writes_is_only_shown(reader: TestClient) -> None:
    query = '"><script>alert(1)</script>'
    answer = reader.get("/help/en/search", params={"q": query})
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert reader.get("/help/en/search", params={"q": "x" * 9_000}).status_code == 200
    assert reader.get("/help/en/search?q=%00%ff%ed%a0%80").status_code == 200


def test_the_markdown_twin(reader: TestClient) -> None:
    answer = reader.get("/help/ru/orders_late.md")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith("# ")
    assert "\n1. " in answer.text


def test_the_sitemap_names_every_page_in_every_language_it_is_written_in(
    reader: TestClient,
) -> None:
    tree = ElementTree.fromstring(reader.get("/sitemap.xml").text)
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    places = [element.text for element in tree.iter(name)]
    assert len(places) == 8 * (1 + 6 + 72)
    assert f"{SITE}/help/uk/rules_phone_number" in places


def test_crawlers_and_models_are_told_where_to_read(reader: TestClient) -> None:
    assert f"Sitemap: {SITE}/sitemap.xml" in reader.get("/robots.txt").text
    text = reader.get("/llms.txt").text
    assert text.startswith("# Mercadia help centre\n\n> ")
    assert text.count(f"]({SITE}/help/en/") == 72


def test_search_answers_programs_too(reader: TestClient) -> None:
    found = reader.get("/api/v1/help/search", params={"q": "refnud", "lang": "en"}).json()
    first = found["results"][0]
    assert set(first) == {"key", "title", "excerpt", "language", "url"}
    assert first["url"] == f"/help/en/{first['key']}"
