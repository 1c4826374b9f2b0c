"""Which language a question is written in, among those a site speaks."""

from collections.abc import Collection
from functools import cache
from typing import Any

from amparo.kernel.languages import CONTENT

ENOUGH_WORDS = 3
"""From this many words on the text itself decides; below, the conversation's language does."""

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
    identifier.set_languages(CONTENT)
    # It keeps the columns of all 140 languages to switch back to them: 26 MB that we never use.
    identifier._full_model = None
    return identifier
