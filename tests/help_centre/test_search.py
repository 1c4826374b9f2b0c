"""Promises: search works in every language's word forms, forgives typos and never fails."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from amparo.help_centre import search_queries
from amparo.help_centre.editing_actions import Place, publish_text
from amparo.help_centre.search_queries import provide_meaning, search
from tests.help_centre.conftest import TEO

REFUND = "returns_refund"
PHONE = "rules_phone_number"


@pytest.mark.parametrize(
    ("language", "query", "wanted"),
    [
        ("en", "refunds", REFUND),
        ("en", "refnud", "refund"),
        ("en", "telephone number", PHONE),
        ("en", "phone nubmer", PHONE),
        ("en", "cancelling an order", "orders_cancel"),
        ("en", "parsel tracking", "orders_track"),
        ("es", "reembolsos", "refund"),
        ("es", "reembolzo", "refund"),
        ("es", "numero de telefono", PHONE),
        ("es", "cancelación del pedido", "orders_cancel"),
        ("ru", "отменить заказы", "orders_cancel"),
        ("ru", "посылке", "orders_"),
        ("ru", "возврт", "re"),
        ("ru", "номер телефона", PHONE),
        ("ru", "телифон", PHONE),
        ("pt", "reembolso", "refund"),
        ("pt", "telefone", PHONE),
        ("fr", "remboursements", "refund"),
        ("fr", "numéro de téléphone", PHONE),
        ("de", "Telefonnummer", PHONE),
        ("de", "Gutscheine", "coupons"),
        ("uk", "телефоном", PHONE),
        ("uk", "купони", "coupons"),
        ("zh", "电话", PHONE),
        ("zh", "退款", "refund"),
    ],
)
def test_the_right_question_is_among_the_first(
    loaded: Session, now: datetime, language: str, query: str, wanted: str
) -> None:
    found = [hit.key for hit in search(loaded, language, query, now)]
    assert any(wanted in key for key in found[:5]), found


def test_words_of_another_language_are_understood(loaded: Session, now: datetime) -> None:
    hits = search(loaded, "en", "номер телефона", now)
    assert hits[0].key == PHONE
    assert (hits[0].title, hits[0].language) == ("What is your phone number?", "en")


def test_an_answer_in_another_language_is_marked(loaded: Session, now: datetime) -> None:
    place = Place(PHONE, "de", 1)
    publish_text(loaded, TEO, place, title="Fernsprecher der Zentrale", body=None, now=now)
    hit = search(loaded, "de", "Fernsprecher", now)[0]
    assert (hit.key, hit.title, hit.language) == (PHONE, "Fernsprecher der Zentrale", "en")


def test_an_article_of_another_language_is_found_and_marked(loaded: Session, now: datetime) -> None:
    place = Place(PHONE, "ru", 1)
    publish_text(loaded, TEO, place, title="Горячая линия", body="Барабашка.", now=now)
    hit = search(loaded, "en", "барабашка", now)[0]
    assert (hit.key, hit.language) == (PHONE, "en"), "the reader's own answer where there is one"


def test_words_that_left_a_text_do_not_find_it(loaded: Session, now: datetime) -> None:
    place = Place(PHONE, "en", 1)
    publish_text(loaded, TEO, place, title="Zorkmid", body="Quux.", now=now)
    assert search(loaded, "en", "zorkmid", now)[0].key == PHONE
    publish_text(loaded, TEO, replace(place, edition=2), title="Other", body="Quux.", now=now)
    assert search(loaded, "en", "zorkmid", now) == []


def test_meaning_adds_what_words_do_not_say(
    loaded: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_queries, "_meanings", [])
    assert search(loaded, "en", "qzxwv jjjkkk", now) == []
    provide_meaning(lambda query, language: [(PHONE, 0.9), ("gone_since", 0.8)])
    assert [hit.key for hit in search(loaded, "en", "qzxwv jjjkkk", now)] == [PHONE]


def test_search_stands_when_meaning_falls(
    loaded: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(query: str, language: str) -> list[tuple[str, float]]:
        raise OSError("no model")

    monkeypatch.setattr(search_queries, "_meanings", [broken])
    assert search(loaded, "en", "telephone number", now)[0].key == PHONE


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "\x00\x00",
        "\ud800",
        "'; DROP TABLE help_question; --",
        '& | ! ( ) <-> :* \\ "',
        '"unclosed phrase -and -not OR OR',
        "a&b http://x.example/?a=1&b=2",
        "(" * 5_000,
        "x" * 100_000,
        "ы " * 20_000,
        "{store_name} {{7*7}} <script>",
        "\u202e\u200b\u2066",
    ],
)
def test_hostile_input_is_only_a_text(loaded: Session, now: datetime, query: str) -> None:
    assert len(search(loaded, "en", query, now)) <= 20


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=st.text(max_size=60), language=st.sampled_from(["en", "ru", "zh", "uk", "ar-XB"]))
def test_no_text_makes_search_fail(
    loaded: Session, now: datetime, query: str, language: str
) -> None:
    for hit in search(loaded, language, query, now):
        assert hit.title
        assert hit.excerpt


def test_nonsense_finds_nothing(loaded: Session, now: datetime) -> None:
    assert search(loaded, "en", "qzxwv jjjkkk", now) == []
