"""Promises (J1): the whole guide without JavaScript, in every language, up to a person."""

import re

import pytest
from fastapi.testclient import TestClient

from amparo.contact_guide import words
from amparo.contact_guide.steps import MOST_STEPS
from amparo.kernel import texts
from amparo.kernel.languages import CONTENT, INTERFACE, PSEUDO
from tests.help_centre.conftest import BASE

PAGE_LANGUAGES = (*CONTENT, PSEUDO)


def contact(client: TestClient, language: str = "en", **query: str) -> str:
    answer = client.get(f"/help/{language}/contact", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    page: str = answer.text
    return page


def links(page: str) -> list[str]:
    """The ways on that lead deeper into the guide."""
    inside = page[page.index('<ul class="questions">') :]
    found = re.findall(r'href="(/help/[^"]*/contact\?[^"]+)"', inside)
    return [link.replace("&amp;", "&") for link in found]


def said(client: TestClient, page: str, helped: str) -> str:
    """Press one of the two buttons; returns where the reader is led."""
    fields = dict(re.findall(r'name="(id|question)" value="([^"]+)"', page))
    path = re.search(r'method="post" action="([^"]+)"', page)
    assert path is not None
    answer = client.post(path[1], data={**fields, "helped": helped}, follow_redirects=False)
    assert answer.status_code == 303
    return str(answer.headers["location"])


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_from_the_start_to_a_person_in_every_language(client: TestClient, language: str) -> None:
    page, steps = contact(client, language), 0
    while '<form class="helped"' not in page:
        page, steps = client.get(links(page)[0]).text, steps + 1
        assert "/panel/?" in page, "a person is one way from every step"
    page, steps = client.get(said(client, page, "no")).text, steps + 1
    assert "/panel/?" in page
    assert steps + 1 <= MOST_STEPS
    assert "<script" not in page


def test_every_question_of_the_tree_is_reached_by_links(client: TestClient) -> None:
    seen: set[str] = set()
    for topic in links(contact(client)):
        for category in links(client.get(topic).text):
            seen |= {link.partition("question=")[2] for link in links(client.get(category).text)}
    assert len(seen) == 72


def test_channels_say_what_to_expect_or_why_not(client: TestClient) -> None:
    page = contact(client, question="orders_late", helped="no")
    assert "Why not another way?" in page
    assert texts.text("en", "contact_guide.reason.not_built") in page.replace("&#39;", "'")
    refund = contact(client, question="returns_refund_not_arrived", helped="no")
    assert "mailto:" in refund
    assert "mailto:" not in page


def test_who_was_answered_by_the_assistant_is_not_sent_back(client: TestClient) -> None:
    fits = {"question": "payment_methods", "helped": "no"}
    name = texts.text("en", "contact_guide.page.open_assistant")
    assert name in contact(client, **fits)
    assert name not in contact(client, **fits, via="assistant")


def test_a_yes_ends_it_and_counts_once(client: TestClient) -> None:
    page = contact(client, question="orders_late")
    first, second = said(client, page, "yes"), said(client, page, "yes")
    assert first == second == "/help/en/contact?question=orders_late&helped=yes"
    assert texts.text("en", "contact_guide.page.thanks") in client.get(first).text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"helped": "no"},
        {"question": "nothing", "id": "x"},
        {"question": "\x00'", "helped": "?"},
    ],
)
def test_a_broken_form_leads_on_all_the_same(client: TestClient, form: dict[str, str]) -> None:
    answer = client.post("/help/en/contact", data=form, follow_redirects=False)
    assert answer.status_code == 303
    assert client.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    "query", ["topic=nothing", "question=nothing", "question=%00", "topic=orders&category=x'"]
)
def test_an_address_that_leads_nowhere_begins_again(client: TestClient, query: str) -> None:
    assert client.get(f"/help/en/contact?{query}").status_code == 200


def test_an_unknown_language_is_told_so(client: TestClient) -> None:
    assert client.get("/help/xx/contact").status_code == 404
    assert client.get(f"{BASE}/help/en/").status_code == 200


def test_the_guide_has_its_words_in_every_content_language() -> None:
    needed = {
        key.removeprefix("contact_guide.")
        for key in texts.catalogue("en")
        if key.startswith("contact_guide.") and not key.startswith("contact_guide.when.")
    }
    assert set(words.page_words()) == set(CONTENT) - set(INTERFACE)
    for language, said in words.page_words().items():
        assert set(said) == needed, language
        for key, pattern in said.items():
            names = set(
                re.findall(r"\{([a-z_]+)[,}]", texts.catalogue("en")[f"contact_guide.{key}"])
            )
            assert set(re.findall(r"\{([a-z_]+)\}", pattern)) <= names, (language, key)
