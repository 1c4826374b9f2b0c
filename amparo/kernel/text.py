"""Text as people count and write it."""

import unicodedata

import regex

_GRAPHEME = regex.compile(r"\X")
_VISIBLE = regex.compile(r"[^\p{Default_Ignorable_Code_Point}\p{C}\p{Z}\s]")
_CONTROL = regex.compile(r"[\p{Cc}--[\n\t]]|[\p{Cs}]", regex.VERSION1)


def graphemes(text: str) -> int:
    """How many characters a person would count (extended grapheme clusters, UAX #29)."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def clip(text: str, limit: int) -> str:
    """The first ``limit`` characters as people count them, with an ellipsis where text was cut."""
    if len(text) <= limit:
        return text
    for count, match in enumerate(_GRAPHEME.finditer(text), start=1):
        if count == limit:
            end = match.end()
            return text if end == len(text) else text[: match.start()].rstrip() + "…"
    return text


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: spaces, joiners and other invisible characters only."""
    return _VISIBLE.search(text) is None


def clean(text: str) -> str:
    """NFC, line ends as ``\\n``, no control characters or lone surrogates, no space around."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", unified)).strip()
