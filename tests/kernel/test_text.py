"""Text as people count it, texts as people read them, money as banks do."""

import contextlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.kernel import texts
from amparo.kernel.errors import Invalid, NotFound
from amparo.kernel.ids import derived_id, new_id, parse_id
from amparo.kernel.languages import INTERFACE, PSEUDO, is_rtl, negotiate
from amparo.kernel.money import Money, from_decimal
from amparo.kernel.text import clean, clip, graphemes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("👨‍👩‍👧‍👦", 1),
        ("é", 1),
        ("🇪🇸🇷🇺", 2),
        ("नि", 1),
        ("订单", 2),
        ("\r\n", 1),
    ],
)
def test_graphemes(text: str, count: int) -> None:
    assert graphemes(text) == count


@given(st.text(max_size=60), st.integers(1, 30))
def test_clipped_text_fits_and_begins_the_same(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    assert graphemes(clipped) <= limit
    assert clipped == text or (clipped.endswith("…") and text.startswith(clipped[:-1]))


@given(st.text(max_size=80))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")  # raises for lone surrogates, which nothing could store


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ("ru", "ru"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("xx,ru;q=0.3,es;q=0.7", "es"),
        ("en;q=0,ru", "ru"),
        (None, "en"),
        ("", "en"),
        (";;;,,q=1", "en"),
        ("*" * 5000, "en"),
    ],
)
def test_the_language_a_reader_gets(wish: str | None, answer: str) -> None:
    assert negotiate(wish, INTERFACE) == answer


@given(st.text(max_size=200))
def test_any_header_gets_some_language(header: str) -> None:
    assert negotiate(header, INTERFACE) in INTERFACE


def test_directions() -> None:
    assert is_rtl(PSEUDO)
    assert not any(is_rtl(language) for language in INTERFACE)


@pytest.mark.parametrize(
    ("language", "seconds", "expected"),
    [
        ("en", 1, "1 second "),
        ("en", 3, "3 seconds"),
        ("ru", 1, "1 секунду"),
        ("ru", 3, "3 секунды"),
        ("ru", 11, "11 секунд"),
        ("ru", 21, "21 секунду"),
        ("es", 2, "2 segundos"),
    ],
)
def test_plural_forms(language: str, seconds: int, expected: str) -> None:
    assert expected in texts.text(language, "problem.too_many.detail", unit="s", count=seconds)


def test_an_unknown_language_reads_english_and_an_unknown_key_is_a_fault() -> None:
    assert texts.text("tlh", "problem.not_found") == texts.text("en", "problem.not_found")
    with pytest.raises(KeyError):
        texts.text("en", "no.such.key")


def test_values_are_put_in_as_they_are() -> None:
    """A name with braces is not a message of ours."""
    told = texts.text("en", "problem.already_taken", operator="{x, plural} '{'")
    assert "{x, plural} '{'" in told


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD", "BRL", "RUB"]))
def test_money_survives_writing_and_reading(amount: int, currency: str) -> None:
    money = Money(amount, currency)
    assert from_decimal(str(money.decimal()), currency) == money


@pytest.mark.parametrize("text", ["1.999", "abc", "", "NaN", "inf", "1e400", "12,90"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        from_decimal(text, "EUR")


def test_money_of_two_currencies_is_never_added() -> None:
    with pytest.raises(ValueError, match="cannot add"):
        _ = Money(1, "EUR") + Money(1, "USD")


@pytest.mark.parametrize("value", [1.5, True, "1"])
def test_amounts_are_whole_minor_units(value: object) -> None:
    with pytest.raises(TypeError):
        Money(value, "EUR")  # type: ignore[arg-type]


def test_ids_are_of_version_7_and_sort_by_time() -> None:
    ids = [new_id() for _ in range(50)]
    assert {id.version for id in ids} == {7}
    assert len(set(ids)) == 50
    assert [id.int >> 80 for id in ids] == sorted(id.int >> 80 for id in ids)


def test_derived_ids_are_the_same_for_the_same_parts() -> None:
    assert derived_id("a", 1) == derived_id("a", 1)
    assert derived_id("a", "b") != derived_id("ab", "")


@given(st.text(alphabet=string.printable, max_size=40))
def test_an_id_from_outside_is_an_id_or_not_found(text: str) -> None:
    with contextlib.suppress(NotFound):
        assert parse_id(text).int >= 0
