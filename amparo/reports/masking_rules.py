"""What editors may read of a buyer's question, and when two questions are the same. Pure."""

import re
import unicodedata

from amparo.guard.rules import check
from amparo.guard.verdict import MASK
from amparo.kernel.text import clean, clip

LONGEST = 300
_PHONE = re.compile(r"(?<!\w)\+?\(?\d(?:[\s().\-/]{0,3}\d){6,}")
_WITH_DIGITS = re.compile(r"(?<!\S)\S*\d\S*\d\S*\d\S*")
_HANDLE = re.compile(r"(?<![\w@])@[\w.]{3,}")
_NOT_WORD = re.compile(r"[\W_]+")


def masked(text: str) -> str:
    """The text without e-mail addresses, links, handles, telephone and order numbers.

    A word with three or more digits may be an order, a card or an address: it says nothing about
    the question and goes too.
    """
    found = check(clean(text), party_from="buyer", party_to="seller").masked_text
    for pattern in (_PHONE, _HANDLE, _WITH_DIGITS):
        found = pattern.sub(MASK, found)
    return clip(" ".join(found.split()), LONGEST)


def same_form(text: str) -> str:
    """The form in which equal questions are equal: small letters, no accents, no punctuation."""
    spread = unicodedata.normalize("NFKD", text.replace(MASK, " ").casefold())
    letters = "".join(c for c in spread if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", letters).strip()
