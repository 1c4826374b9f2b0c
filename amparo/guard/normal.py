"""The normal form that detectors read, with the way back to the original text."""

import re
import unicodedata
from array import array
from dataclasses import dataclass

_BRACKETED = re.compile(r"[\[({]\s{0,2}(\.|dot|@|at)\s{0,2}[\])}]", re.IGNORECASE)
_MEANING = {".": ".", "dot": ".", "@": "@", "at": "@"}


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in normal form; ``starts[i]`` and ``ends[i]`` give its character's original span.

    Arrays, for lists of integers leave the processor's cache soon: the cost would grow in steps.
    """

    text: str
    starts: "array[int]"
    ends: "array[int]"

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text behind a non-empty span of the normal form."""
        return self.starts[start], self.ends[end - 1]


def normal_form(text: str) -> Normal:
    """NFKC without invisible characters, ``[.]`` and ``(at)`` read as what they stand for."""
    return _unbracketed(_folded(text))


def _folded(text: str) -> Normal:
    if text.isascii():  # most texts; nothing folds
        size = len(text)
        return Normal(text, array("i", range(size)), array("i", range(1, size + 1)))
    characters: list[str] = []
    starts = array("i")
    for index, character in enumerate(text):
        for part in _fold(character):
            characters.append(part)
            starts.append(index)
    return Normal("".join(characters), starts, array("i", (start + 1 for start in starts)))


def _fold(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f":
        return ""
    folded = unicodedata.normalize("NFKC", character)
    # A character that unfolds into several stays whole unless they all belong to one word:
    # otherwise a span could begin in the middle of an original character.
    if len(folded) > 1 and not all(part.isalnum() or part == "." for part in folded):
        return character
    return folded


def _unbracketed(normal: Normal) -> Normal:
    characters: list[str] = []
    starts, ends = array("i"), array("i")
    done = 0
    for match in _BRACKETED.finditer(normal.text):
        characters += normal.text[done : match.start()]
        starts += normal.starts[done : match.start()]
        ends += normal.ends[done : match.start()]
        characters.append(_MEANING[match[1].lower()])
        starts.append(normal.starts[match.start()])
        ends.append(normal.ends[match.end() - 1])
        done = match.end()
    if not done:
        return normal
    return Normal(
        "".join(characters) + normal.text[done:],
        starts + normal.starts[done:],
        ends + normal.ends[done:],
    )
