"""Ukrainian read word by word as Russian: the encoder has learnt that, and knows more examples."""

import re
from bisect import bisect_left
from functools import cache
from itertools import takewhile
from pathlib import Path

_LETTERS = str.maketrans("іїєґ", "ииег")
_WORD = re.compile(r"[а-яёіїєґ]+(?:['-][а-яёіїєґ]+)*")
_ITS_OWN = re.compile("[іїєґ]")
_STEM, _ENDING = 4, 4
"""Letters that an unknown form must share with a known one, and letters that may differ."""


def readable(text: str) -> str:
    """The text with Ukrainian words as Russian ones; other text is left as it is.

    Text without a letter that only Ukrainian has is taken for another language.
    """
    small = text.lower().replace("’", "'").replace("ʼ", "'")
    if not _ITS_OWN.search(small):
        return text
    return _WORD.sub(lambda match: _word(match[0]), small)


def _word(word: str) -> str:
    known = _known()
    found = known.get(word) or _by_stem(word)
    return (found or word).translate(_LETTERS)


def _by_stem(word: str) -> str | None:
    """The Russian of the known form that begins most like the word."""
    forms = _forms()
    at = bisect_left(forms, word)
    best = max(forms[max(at - 1, 0) : at + 1], key=lambda form: _shared(form, word), default="")
    shared = _shared(best, word)
    ending = max(len(best), len(word)) - shared
    return _known()[best] if shared >= _STEM and shared > ending and ending <= _ENDING else None


def _shared(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


@cache
def _known() -> dict[str, str]:
    lines = (Path(__file__).parent / "ukrainian.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {form: russian for form, russian in pairs}  # noqa: C416 - the names tell what


@cache
def _forms() -> list[str]:
    return sorted(_known())
