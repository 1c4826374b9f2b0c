"""``{name}`` in a text becomes a value in the reader's language: numbers with their unit, lists."""

import re
from collections.abc import Mapping
from functools import cache

from babel import Locale
from babel.units import format_unit

from amparo.help_centre import shipped
from amparo.kernel.languages import FALLBACK, PSEUDO

PATTERN = re.compile(r"\{([a-z_]+)\}")
_SPAN = re.compile(r"(\d{1,4}) (hour|day|business day|week|month|year)s?")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in; a name without a value stays visible, so that somebody notices."""
    return PATTERN.sub(lambda found: values.get(found[1], found[0]), text)


def names_in(text: str) -> set[str]:
    """Names of the placeholders a text uses."""
    return set(PATTERN.findall(text))


def localized(settings: Mapping[str, str], language: str) -> dict[str, str]:
    """Settings as they read in ``language``.

    Names ending in ``_time`` hold a number and an English unit ("3 business days"), names ending
    in ``_languages`` English names of languages; both are written in the reader's language. All
    other values stay as they are, on one line.
    """
    return {name: _value(name, value, language) for name, value in settings.items()}


def span(value: str, language: str) -> str:
    """``7 days`` in ``language`` with the right plural form; anything else stays as it is."""
    found = _SPAN.fullmatch(value.strip())
    if found is None:
        return value
    number, unit = int(found[1]), found[2]
    tag = _tag(language)
    if unit == "business day":
        forms = shipped.units()["business_day"].get(tag, {})
        pattern = forms.get(_locale(tag).plural_form(number), forms.get("other", value))
        return str(pattern).replace("{n}", str(number))
    return _in_units(tag, unit, number)


def language_name(tag: str, language: str) -> str:
    """The name of the language ``tag`` as it reads in ``language``."""
    return str(_locale(_tag(language)).languages.get(tag, tag))


def _in_units(tag: str, unit: str, number: int) -> str:
    """CLDR leaves the long form out where it equals the short one (days in Portuguese)."""
    name = f"duration-{unit}"
    long = str(format_unit(number, name, "long", locale=tag))
    return str(format_unit(number, name, "short", locale=tag)) if name in long else long


def _value(name: str, value: str, language: str) -> str:
    if name.endswith("_time"):
        return span(value, language)
    if name.endswith("_languages"):
        return ", ".join(_known_language(part.strip(), language) for part in value.split(","))
    return " ".join(value.split())


def _known_language(name: str, language: str) -> str:
    tag = _english_names().get(name.casefold())
    return language_name(tag, language) if tag else name


@cache
def _english_names() -> dict[str, str]:
    return {name.casefold(): tag for tag, name in _locale(FALLBACK).languages.items()}


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def _tag(language: str) -> str:
    return FALLBACK if language == PSEUDO else language
