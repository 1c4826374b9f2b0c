"""Words of a text as the search compares them, and words that are meant by a slip. Pure.

PostgreSQL's dictionaries know word forms of many languages but no Ukrainian and no Chinese, and
they do not forgive a wrong letter. Chinese is read in overlapping pairs of characters, Ukrainian
without its endings, and every word that texts use is kept with the letter groups under which one
slip, two slips in a long word, or another ending finds it again (``near_keys``).
"""

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_ADDRESS = re.compile(r"\]\(https?://[^)\s]*\)")
_STEP_NUMBER = re.compile(r"^\d{1,3}\. ")
# й and ї are letters of their own, not accented ones: only Latin loses its marks
_ACCENTED = re.compile(r"(^|[\x00-\u024f])[\u0300-\u036f]+")
_MOST_WORDS = 16
_LONGEST_WORD = 40
_SHORTEST_NEAR = 3
_LONG = 7
"""From this length on two slips are forgiven."""
_EDGE = 4
"""Letters of the beginning and of the end that are kept as a group of their own."""
_UKRAINIAN_ENDINGS = sorted(
    "ами ями ові еві єві ого його ому йому ими іми ій ів їв ах ях ам ям ом ем єм ою ею єю ти ть "
    "ла ло ли ив ала али ало ити ати яти ють уть ить ять ає ує ій ий "
    "а я у ю і ї и о е є ь й".split(),
    key=len,
    reverse=True,
)


def words(text: str) -> list[str]:
    """Words as they are compared: no case, no accents, Chinese in overlapping pairs."""
    plain = fold(_PLACEHOLDER.sub(" ", _ADDRESS.sub("] ", text)))
    found: list[str] = []
    for word in _WORD.findall(plain):
        han = _HAN.findall(word)
        if not han:
            found.append(word[:_LONGEST_WORD])
        for run in han:
            found.extend([run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)])
    return found


def asked(query: str) -> list[str]:
    """The different words of a query; of a very long one the first."""
    return list(dict.fromkeys(words(query)))[:_MOST_WORDS]


def fold(text: str) -> str:
    """Compatibility form, no case, no accents on Latin letters, ё as е."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = unicodedata.normalize("NFC", _ACCENTED.sub(r"\1", spread))
    return plain.replace("ё", "е").replace("ʼ", "'")


def term(language: str, word: str) -> str:
    """A word as the dictionary of ``language`` is given it, in documents and in queries.

    Pairs of Chinese characters are spelled in ASCII: how PostgreSQL's parser cuts them depends on
    the locale of the database.
    """
    if _HAN.match(word):
        return "h" + "h".join(f"{ord(character):x}" for character in word)
    return _ukrainian_stem(word) if language == "uk" else word


def terms(language: str, text: str) -> str:
    """A text as the dictionary of ``language`` is given it: each word plain, and as accented."""
    return " ".join([*(term(language, word) for word in words(text)), *accented(text).values()])


def accented(text: str) -> dict[str, str]:
    """Words that carry accents, by their plain form: dictionaries know the endings by them."""
    found: dict[str, str] = {}
    for word in _WORD.findall(_PLACEHOLDER.sub(" ", unicodedata.normalize("NFC", text).casefold())):
        plain = fold(word)
        if plain != word and len(word) <= _LONGEST_WORD and not _HAN.search(word):
            found[plain] = word
    return found


def near_keys(word: str) -> list[str]:
    """Letter groups of a word: it, it without one letter, its beginning, its end.

    Two words that are one slip apart share one of the first; two slips leave the beginning or the
    end of a long word whole.
    """
    if len(word) < _SHORTEST_NEAR or _HAN.match(word):
        return []
    return [*slip_keys(word), *edge_keys(word)]


def slip_keys(word: str) -> list[str]:
    """The word and the word without one letter, each once."""
    if len(word) < _SHORTEST_NEAR or _HAN.match(word):
        return []
    return list(dict.fromkeys([word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]))


def edge_keys(word: str) -> list[str]:
    """Beginning and end of a word that is long enough to have them."""
    if len(word) <= _EDGE or _HAN.match(word):
        return []
    return [f"^{word[:_EDGE]}", f"{word[-_EDGE:]}$"]


def likeness(word: str, known: str) -> float:
    """How much ``known`` may be meant by ``word``: 0 = strangers, below 1 where they differ.

    One slip in a short word, two in a longer one, or a common stem with another ending.
    """
    if word == known:
        return 1.0
    longest = max(len(word), len(known))
    if longest - min(len(word), len(known)) > _EDGE:
        return 0.0
    found = slips(word, known, limit=1 if len(word) < _LONG else 2)
    by_slips = 0.0 if found is None else 1 - found / longest
    stem = next(
        (i for i, (a, b) in enumerate(zip(word, known, strict=False)) if a != b),
        min(len(word), len(known)),
    )
    by_stem = stem / longest if stem >= _EDGE and stem >= 0.6 * longest else 0.0
    return 0.9 * max(by_slips, by_stem)


def slips(word: str, known: str, limit: int) -> int | None:
    """Letters added, lost, replaced or swapped between two words; None above ``limit``.

    Optimal string alignment distance.
    """
    if abs(len(word) - len(known)) > limit:
        return None
    before: list[int] = []
    row = list(range(len(known) + 1))
    for i, a in enumerate(word, start=1):
        last, row, older = row, [i], before
        for j, b in enumerate(known, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == known[j - 2] and word[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = last
        if min(row) > limit:
            return None
    return row[-1] if row[-1] <= limit else None


def stems(query: str) -> list[str]:
    """What of a query's words is looked for in a line."""
    return [word[:5] for word in asked(query) if len(word) > 2 or _HAN.match(word)]


def telling_line(body: str, wanted: Sequence[str]) -> str:
    """The line of an answer that has most of the ``stems``, without its number."""
    lines = [line for line in body.splitlines() if line.strip()]
    if not lines:
        return ""
    folded = [fold(line) for line in lines]
    most = max(range(len(lines)), key=lambda at: sum(stem in folded[at] for stem in wanted))
    return _STEP_NUMBER.sub("", lines[most])


def _ukrainian_stem(word: str) -> str:
    word = word.removesuffix("ся").removesuffix("сь") if len(word) > 5 else word
    for ending in _UKRAINIAN_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _EDGE:
            return word[: -len(ending)]
    return word
