"""Promises: numbers read right in every language, and no text can become markup."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.help_centre import ngrams, rendering
from amparo.help_centre.opening import DAYS, OpenHours, sentence
from amparo.help_centre.placeholders import fill, localized, span
from amparo.help_centre.search_rules import nearest
from amparo.kernel.languages import CONTENT

NIGHT = {day: [("07:00", "01:00")] for day in DAYS}


@pytest.mark.parametrize(
    ("value", "language", "told"),
    [
        ("7 days", "en", "7 days"),
        ("7 days", "es", "7 días"),
        ("7 days", "ru", "7 дней"),
        ("3 days", "ru", "3 дня"),
        ("1 day", "ru", "1 день"),
        ("48 hours", "ru", "48 часов"),
        ("48 hours", "uk", "48 годин"),
        ("3 days", "pt", "3 dias"),
        ("2 years", "zh", "2年"),
        ("5 business days", "en", "5 business days"),
        ("1 business day", "es", "1 día hábil"),
        ("5 business days", "ru", "5 рабочих дней"),
        ("21 business days", "uk", "21 робочий день"),
        ("as soon as we can", "ru", "as soon as we can"),
    ],
)
def test_times_carry_their_unit(value: str, language: str, told: str) -> None:
    assert span(value, language).replace("\xa0", " ") == told


def test_names_of_languages_are_the_readers() -> None:
    settings = {"site_languages": "English, Russian", "store_name": " Mercadia \n"}
    assert localized(settings, "es") == {
        "site_languages": "inglés, ruso",
        "store_name": "Mercadia",
    }


def test_an_unknown_placeholder_stays_visible() -> None:
    assert fill("{a} and {b}", {"a": "1"}) == "1 and {b}"


@pytest.mark.parametrize("language", CONTENT)
def test_hours_are_told_in_every_language(language: str) -> None:
    told = sentence(
        language, [OpenHours("ru", False, "Europe/Moscow", NIGHT), OpenHours("en", True)]
    )
    assert "07:00–01:00" in told
    assert ";" in told


def test_days_with_the_same_hours_are_told_together() -> None:
    week = {day: [("09:00", "18:00")] for day in DAYS[:5]} | {"sat": [("10:00", "12:00")]}
    told = sentence("en", [OpenHours("es", False, "UTC", week)])
    assert told == "Mon–Fri 09:00–18:00, Sat 10:00–12:00 (UTC) in Spanish"
    assert sentence("en", [OpenHours("es", False, "UTC", {})]) == ""


def test_steps_are_a_list_and_other_lines_paragraphs() -> None:
    html = rendering.html("Before.\n1. One\n2. Two & three\nAfter <b>it</b>.\n4. Four")
    assert html == (
        "<p>Before.</p>\n<ol><li>One</li><li>Two &amp; three</li></ol>\n"
        '<p>After &lt;b&gt;it&lt;/b&gt;.</p>\n<ol start="4"><li>Four</li></ol>'
    )


def test_addresses_are_links() -> None:
    assert '<a href="mailto:help@mercadia.example">' in rendering.html("To help@mercadia.example.")


def test_the_markdown_twin_keeps_steps_and_hides_no_markup() -> None:
    assert rendering.markdown("A *b*", "Text <i>\n1. One\n2. Two") == (
        "# A \\*b\\*\n\nText \\<i\\>\n\n1. One\n2. Two\n"
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes += attrs


@given(st.text(alphabet=st.sampled_from("<>&\"'/=@.1 \nabjavscript:onerr(){}`"), max_size=80))
def test_whatever_is_written_stays_text(body: str) -> None:
    tags = _Tags()
    tags.feed(rendering.html(body))
    assert tags.seen <= {"p", "ol", "li", "a"}
    for name, value in tags.attributes:
        assert name == "start" or (value or "").startswith("mailto:")


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for word in ngrams.words(text):
        assert word == word.strip()
        assert "'" not in ngrams.term("uk", word)
        assert ngrams.term("zh", word)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("parsel", "parcel"), ("pacel", "parcel"), ("parcle", "parcel"), ("parcells", "parcels")],
)
def test_one_slip_is_forgiven(word: str, meant: str) -> None:
    assert set(ngrams.slip_keys(word)) & set(ngrams.near_keys(meant))
    assert [one.word for one in nearest(word, [(meant, 1), ("refund", 9)])] == [meant]


def test_a_slip_is_counted_once() -> None:
    assert ngrams.slips("parcle", "parcel", 1) == 1
    assert ngrams.slips("parcel", "parcel", 1) == 0
    assert ngrams.slips("parcel", "refund", 2) is None


def test_accents_and_case_do_not_matter() -> None:
    assert ngrams.fold("Devolución ЁЛКА Край") == "devolucion елка край"
    assert ngrams.words("退款时间") == ["退款", "款时", "时间"]
