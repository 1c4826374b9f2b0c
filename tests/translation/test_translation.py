"""Translation: `none` leaves originals alone, and a provider is not believed blindly."""

from collections.abc import Sequence

import pytest

from amparo.translation.actions import provider_named, translate


class Echo:
    """Answers what it was given; one too few, or nothing, when told so."""

    name = "echo"
    available = True

    def __init__(self, answers: list[str | None]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, ...]] = []

    def translate(self, batch: Sequence[str], source: str, target: str) -> list[str | None]:
        self.asked.append(tuple(batch))
        return self.answers


def test_none_says_that_it_is_not_available_and_translates_nothing() -> None:
    provider = provider_named("none")
    assert not provider.available
    assert translate(provider, ["Где мой заказ?", ""], "ru", "en") == [None, None]


def test_an_unknown_provider_stops_the_start_and_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="must be one of none"):
        provider_named("babelfish")


def test_empty_output_is_a_failure_not_a_translation() -> None:
    provider = Echo(["Where is my order?", "  "])
    assert translate(provider, ["Где мой заказ?", "Привет"], "ru", "en") == [
        "Where is my order?",
        None,
    ]


def test_answers_that_cannot_be_matched_to_their_texts_are_thrown_away() -> None:
    assert translate(Echo(["one"]), ["раз", "два"], "ru", "en") == [None, None]


def test_a_text_in_the_readers_language_is_not_sent_anywhere() -> None:
    provider = Echo(["x"])
    assert translate(provider, ["Hello"], "en", "en") == [None]
    assert provider.asked == []
