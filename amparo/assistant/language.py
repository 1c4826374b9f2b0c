"""Which language a question is written in: one that a site speaks, or one that we do not."""

import re
from collections.abc import Collection
from functools import cache
from typing import Any

from amparo.kernel.languages import CONTENT

ENOUGH_WORDS = 3
"""From this many words on the text itself decides; below, the conversation's language does."""

STRANGE_WORDS = 3
STRANGE_CHANCE = 0.95
"""From this many words and this chance on a text counts as written in a language we do not speak.

Of 6,200 wordings in our own languages none does.
"""
_STRANGE = ("it", "nl", "pl", "tr", "ro", "cs", "sv", "da", "hu", "fi", "vi", "id")
_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "hi": re.compile("[\u0900-\u097f]"),
}
_MANY_LETTERS = 0.5

_CYRILLIC = frozenset({"ru", "uk"})
_HAN = frozenset({"zh"})


def language_of(text: str, offered: Collection[str], otherwise: str) -> str:
    """The language of ``text`` among ``offered``; ``otherwise`` where it is too short to tell.

    A short text in a script that ``otherwise`` is not written in is judged by the text after all.
    """
    known = [language for language in offered if language in CONTENT]
    if not known:
        return otherwise
    writable = [language for language in known if _writes(language) == _script(text)]
    if not writable or (len(text.split()) < ENOUGH_WORDS and otherwise in writable):
        return otherwise
    if len(writable) == 1:
        return writable[0]
    ranking: list[tuple[str, float]] = _identifier().rank(text)
    return next((language for language, _ in ranking if language in writable), otherwise)


def strange_language(text: str) -> str | None:
    """The language of a text that is in none of ours; None where it may be in one of them."""
    letters = sum(character.isalpha() for character in text)
    for language, script in _SCRIPTS.items():
        found = len(script.findall(text))
        if found and found >= (1 if language == "ja" else _MANY_LETTERS * letters):
            return language
    if _script(text) != "latin" or len(text.split()) < STRANGE_WORDS:
        return None
    language, chance = _identifier().classify(text)
    return language if language in _STRANGE and chance >= STRANGE_CHANCE else None


def _writes(language: str) -> str:
    return "cyrillic" if language in _CYRILLIC else "han" if language in _HAN else "latin"


def _script(text: str) -> str:
    """The script of most letters; empty where there are none."""
    counts = {
        "cyrillic": sum("\u0400" <= character <= "\u052f" for character in text),
        "han": sum("\u4e00" <= character <= "\u9fff" for character in text) * 2,
        "latin": sum("a" <= character <= "\u024f" for character in text.lower()),
    }
    best = max(counts, key=lambda script: counts[script])
    return best if counts[best] else ""


@cache
def _identifier() -> Any:
    """The model of py3langid, cut down to the languages we have texts in (52 MB, 0.7 s)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*CONTENT, *_STRANGE])
    # It keeps the columns of all 140 languages to switch back to them: 26 MB that we never use.
    identifier._full_model = None
    return identifier
