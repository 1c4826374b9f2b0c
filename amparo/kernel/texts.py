"""The texts people read, from the catalogues that lie beside each module.

A catalogue is ``amparo/<module>/locales/<language>.json``: flat keys, values in the part of ICU
MessageFormat that translators need: ``{name}``, ``{n, plural, =0 {..} one {..} other {..}}`` and
``{x, select, a {..} other {..}}``; ``#`` stands for the number inside a plural.
Source: https://unicode-org.github.io/icu/userguide/format_parse/messages/
"""

import json
from functools import cache
from pathlib import Path

from babel import Locale

from amparo.kernel.languages import FALLBACK, INTERFACE, PSEUDO

_PACKAGE = Path(__file__).resolve().parents[1]
_ACCENTS = str.maketrans("aeiouAEIOUcnsyCNSY", "áéíóúÁÉÍÓÚçñšýÇÑŠÝ")


def text(language: str, key: str, /, **params: object) -> str:
    """The text of ``key`` in ``language``, filled with ``params``.

    A language that has no catalogue gets English. Raises KeyError where English has no such key:
    a missing text is a fault of the build, not of the user.
    """
    if language == PSEUDO:
        return pseudo(text(FALLBACK, key, **params))
    catalogues = _catalogues()
    found = language if key in catalogues.get(language, {}) else FALLBACK
    return _Reader(catalogues[found][key], found, params).message()


def has(key: str) -> bool:
    """Whether English, the language of reference, has the key."""
    return key in _catalogues()[FALLBACK]


def catalogue(language: str) -> dict[str, str]:
    """All texts of a language, unformatted."""
    return dict(_catalogues().get(language, {}))


def pseudo(english: str) -> str:
    """English with accents inside right-to-left marks: untranslated text shows at once."""
    return "\u202e" + english.translate(_ACCENTS) + "\u202c"


@cache
def _catalogues() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {language: {} for language in INTERFACE}
    for path in sorted(_PACKAGE.glob("*/locales/*.json")):
        if path.stem in found:
            found[path.stem].update(json.loads(path.read_text("utf-8")))
    return found


class _Reader:
    """Reads one message left to right and writes what the parameters make of it."""

    def __init__(self, source: str, language: str, params: dict[str, object]) -> None:
        self.source, self.language, self.params = source, language, params
        self.at = 0

    def message(self, number: object = None, nested: bool = False) -> str:
        out: list[str] = []
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "}" and nested:
                return "".join(out)
            self.at += 1
            if character == "{":
                out.append(self._argument())
            elif character == "#" and number is not None:
                out.append(str(number))
            elif character == "'" and self.source[self.at : self.at + 1] in ("{", "}"):
                out.append(self.source[self.at])
                self.at += 1
            else:
                out.append(character)
        return "".join(out)

    def _argument(self) -> str:
        name = self._until(",}")
        value = self.params.get(name, "{" + name + "}")
        if self.source[self.at] == "}":
            self.at += 1
            return str(value)
        self.at += 1
        kind = self._until(",")
        self.at += 1
        chosen = self._choose(kind, value)
        self.at += 1
        return chosen

    def _choose(self, kind: str, value: object) -> str:
        options: dict[str, str] = {}
        while (label := self._until("{}")) and self.source[self.at] == "{":
            self.at += 1
            options[label] = self.message(value if kind == "plural" else None, nested=True)
            self.at += 1
        for label in self._labels(kind, value):
            if label in options:
                return options[label]
        return options["other"]

    def _labels(self, kind: str, value: object) -> tuple[str, ...]:
        if kind == "plural" and isinstance(value, (int, float)):
            return (f"={value}", Locale(self.language).plural_form(value))
        return (str(value),)

    def _until(self, stops: str) -> str:
        start = self.at
        while self.source[self.at] not in stops:
            self.at += 1
        return self.source[start : self.at].strip()
