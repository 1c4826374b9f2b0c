"""Russian typed in Latin letters ("gde moya posylka"), read back."""

import re

_LETTERS = {
    "shch": "щ", "sch": "щ", "yo": "ё", "jo": "ё", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч",
    "sh": "ш", "yu": "ю", "ju": "ю", "ya": "я", "ja": "я", "iy": "ий", "yj": "ый", "ye": "е",
    "a": "а", "b": "б", "v": "в", "g": "г", "d": "д", "e": "е", "z": "з", "i": "и", "j": "й",
    "y": "ы", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с",
    "t": "т", "u": "у", "f": "ф", "h": "х", "c": "ц", "w": "в", "x": "кс", "q": "к", "'": "ь",
}  # fmt: skip
_LONGEST_FIRST = re.compile("|".join(sorted(map(re.escape, _LETTERS), key=len, reverse=True)))
_AFTER_VOWEL = re.compile("(?<=[аеёиоуыэюя])ы")
_LATIN = re.compile(r"[a-z\d\s\W]+")


def russian_reading(text: str) -> str | None:
    """The text in Cyrillic letters; None where it has others than plain Latin ones."""
    small = text.lower()
    if not _LATIN.fullmatch(small) or not small.isascii():
        return None
    read = _LONGEST_FIRST.sub(lambda match: _LETTERS[match[0]], small)
    return _AFTER_VOWEL.sub("й", read)
