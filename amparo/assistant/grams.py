"""Texts as hashed character n-grams: the same in every language, tolerant of typos and endings."""

import re
import unicodedata

import numpy as np
import numpy.typing as npt

SHORTEST, LONGEST = 2, 5
BITS = 18
"""The hash has ``2 ** BITS`` places; some hundred questions fill about a fifth of them."""

Places = npt.NDArray[np.int64]

_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_WITH_DIGIT = re.compile(r"\S*\d\S*")
_NUMBER = re.compile(r"\d\D*\d\D*\d|[^\W\d][^\w]*\d|[$€£¥₽₴₹]")
_TIME = re.compile(r"\d{1,2}:\d\d(?:[ap]m)?[.,?!]?", re.IGNORECASE)
_NOT_WORD = re.compile(r"[\W_]+")
_MULTIPLIER = np.uint64(1_000_003)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hashing


def without_numbers(text: str) -> str:
    """The text without placeholders, order numbers and amounts.

    Short numbers and times of day stay: "two for one" and "after 8:30" do mean something.
    """
    words = _PLACEHOLDER.sub(" ", text).split()
    return " ".join(word for word in words if _TIME.fullmatch(word) or not _NUMBER.search(word))


def plain(text: str) -> str:
    """Small letters without accents and punctuation, words apart by one space.

    Order numbers, amounts and placeholders are taken out: they say nothing about the question.
    """
    spread = unicodedata.normalize("NFKD", _PLACEHOLDER.sub(" ", text).casefold())
    letters = "".join(c for c in spread if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", _WITH_DIGIT.sub(" ", letters)).strip()


def places(text: str) -> Places:
    """The hash place of every n-gram of the text's words, with repeats.

    Words are taken with a space at each side, so that their beginnings and ends count.
    """
    points = np.frombuffer(f" {plain(text)} ".encode("utf-32-le"), dtype=np.uint32)
    codes = points.astype(np.uint64)
    spaces = np.concatenate([[0], np.cumsum(codes == ord(" "))])
    found = [
        _hashed(codes, spaces, length) for length in range(SHORTEST, min(LONGEST, len(codes)) + 1)
    ]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _hashed(codes: npt.NDArray[np.uint64], spaces: npt.NDArray[np.int64], length: int) -> Places:
    count = len(codes) - length + 1
    hashes = np.full(count, length, dtype=np.uint64)
    for offset in range(length):
        hashes = hashes * _MULTIPLIER ^ codes[offset : offset + count]
    inside = spaces[length - 1 :][:count] - spaces[1:][:count]
    hashes = hashes[inside == 0]
    hashes ^= hashes >> np.uint64(29)
    top: Places = ((hashes * _SPREAD) >> np.uint64(64 - BITS)).astype(np.int64)
    return top
