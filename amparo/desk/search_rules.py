"""Words of messages as the desk's search compares them, and what of a message is shown. Pure.

The words are those of the help centre's search: without case and accents, Chinese in overlapping
pairs, Ukrainian without its endings; PostgreSQL's dictionaries add the word forms. Addresses and
numbers with marks in them (``ana@mail.example``, ``M-1001``) are kept whole as well, so that they
are found exactly.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from amparo.help_centre.search_rules import accented, fold, term, terms, words

MOST_WORDS = 12
QUERY_LIMIT = 200
SNIPPET = 180
"""Characters of a snippet, about."""
_BEFORE = 50
_WHOLE = re.compile(r"[^\W_][\w.+@/#:-]{1,78}[^\W_]")
_MARKED = re.compile(r"[.+@/#:_-]")
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_BLOCK, _AGE, _AGES = 16, 256, 16
"""Days that share a word, days that share another, and how many of those are told apart."""
_ENDING = 5
"""Letters that an ending may add to a stem."""

DICTIONARIES: Mapping[str, str] = {
    "en": "english",
    "es": "spanish",
    "ru": "russian",
    "pt": "portuguese",
    "fr": "french",
    "de": "german",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a query.

    Attributes:
        plain: as it is compared; for a thing with marks in it, the whole of it.
        spelled: what PostgreSQL's dictionaries are asked for their stems of.
        fixed: what finds it, apart from those stems.
    """

    plain: str
    spelled: tuple[str, ...]
    fixed: tuple[str, ...]


def dictionary(language: str | None) -> str:
    """PostgreSQL's configuration for a language."""
    return DICTIONARIES.get((language or "").split("-")[0], "simple")


def spelled_out(language: str | None, body: str) -> str:
    """A message as the dictionary of its language is given it."""
    return terms((language or "").split("-")[0], body)


def plain_terms(body: str) -> list[str]:
    """The words of a message as they stand, and what in it has marks."""
    found = dict.fromkeys(term("", word) for word in words(body))
    return [*found, *dict.fromkeys(f"={whole}" for whole in _wholes(body))]


def facets(*, party: str, author: object, language: str, channel: str) -> list[str]:
    """What the filters ask for, as words that nobody can write."""
    return [f"@p:{party}", f"@a:{author}", f"@l:{language}", f"@c:{channel}"]


def time_words(at: datetime) -> list[str]:
    """The day of a message and its blocks of days, as words that nobody can write."""
    day = _day(at)
    return [f"@d:{day}", f"@e:{day // _BLOCK}", f"@f:{day // _AGE}"]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of days: the words of which one stands in each of its messages (none: everything
    before ``before``), and when it ends."""

    words: tuple[str, ...]
    before: datetime


def windows(latest: datetime, earliest: datetime) -> list[Window]:
    """The time between two moments in stretches, the latest first: a day, some days, some months,
    some years, everything else.

    A search looks through one after the other until it has enough. So it never collects much more
    than it shows: where a word is common, a day suffices; where it is rare, there are few.
    """
    day = _day(latest)
    block = day // _BLOCK
    age = block // (_AGE // _BLOCK)
    found = [
        Window((f"@d:{day}",), _midnight(day + 1)),
        Window(tuple(f"@d:{n}" for n in range(block * _BLOCK, day)), _midnight(day)),
        Window(
            tuple(f"@e:{n}" for n in range(age * _AGE // _BLOCK, block)), _midnight(block * _BLOCK)
        ),
        Window(tuple(f"@f:{n}" for n in range(age - _AGES, age)), _midnight(age * _AGE)),
    ]
    first = _midnight(_day(earliest))
    kept = [one for one in found if one.words and one.before > first]
    last = (age - _AGES) * _AGE
    return [*kept, Window((), _midnight(last))] if _midnight(last) > first else kept


def _day(at: datetime) -> int:
    return at.astimezone(UTC).toordinal()


def _midnight(day: int) -> datetime:
    return datetime.combine(date.fromordinal(max(1, day)), time(), UTC)


def query_words(query: str) -> list[Wanted]:
    """What a query asks for; of a long one the first words."""
    query = query[:QUERY_LIMIT]
    found: dict[str, Wanted] = {}
    rest = query
    for whole in _wholes(query):
        found[whole] = Wanted(whole, (), (f"={whole}",))
        rest = re.sub(re.escape(whole), " ", fold(rest), flags=re.IGNORECASE)
    marked = accented(rest)
    for word in words(rest):
        spelled = tuple(dict.fromkeys((word, marked.get(word, word))))
        if _HAN.match(word):
            spelled = ()
        fixed = tuple(dict.fromkeys((term("", word), term("uk", word))))
        found.setdefault(word, Wanted(word, spelled, fixed))
    return list(found.values())[:MOST_WORDS]


def tsquery(
    wanted: Sequence[Wanted], stems: Mapping[str, Iterable[str]], asked: Sequence[str]
) -> str:
    """What PostgreSQL is asked: each word in any of its forms, and every filter."""
    groups = []
    for one in wanted:
        forms = dict.fromkeys(one.fixed)
        forms |= dict.fromkeys(stem for word in one.spelled for stem in stems.get(word, ()))
        groups.append("(" + " | ".join(_quoted(form) for form in forms) + ")")
    return " & ".join([*groups, *(_quoted(one) for one in asked)])


def within(asked: str, window: Window) -> str:
    """What is asked, in one stretch of days."""
    days = " | ".join(_quoted(word) for word in window.words)
    return f"{asked} & ({days})" if days else asked


def snippet(
    body: str, wanted: Sequence[Wanted], stems: Mapping[str, Iterable[str]]
) -> list[tuple[str, bool]]:
    """The part of a message around what was found, in pieces: text, and whether it is a hit."""
    hits = _hits(body, wanted, stems)
    start = max(0, hits[0][0] - _BEFORE) if hits else 0
    if start:
        start = body.find(" ", start, hits[0][0]) + 1 or start
    end = min(len(body), start + SNIPPET)
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for begin, stop in hits:
        if begin < at or stop > end:
            continue
        if begin > at:
            pieces.append((body[at:begin], False))
        pieces.append((body[begin:stop], True))
        at = stop
    if at < end:
        pieces.append((body[at:end], False))
    return [*pieces, ("…", False)] if end < len(body) else pieces


def _hits(
    body: str, wanted: Sequence[Wanted], stems: Mapping[str, Iterable[str]]
) -> list[tuple[int, int]]:
    plain = {one.plain for one in wanted if one.spelled}
    roots = {fold(stem) for one in wanted for word in one.spelled for stem in stems.get(word, ())}
    roots |= {form for one in wanted if one.spelled for form in one.fixed}
    whole = [one.plain for one in wanted if not one.spelled]
    lower = body.casefold()
    found = []
    for match in _WORD.finditer(body):
        word = fold(match[0])
        if word in plain or any(
            word.startswith(root) and len(word) - len(root) <= _ENDING
            for root in roots
            if len(root) >= 3
        ):
            found.append(match.span())
    if len(lower) == len(body):  # some letters grow when their case goes
        for thing in whole:
            found += [match.span() for match in re.finditer(re.escape(thing), lower)]
    return _apart(sorted(found))


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch or overlap become one."""
    found: list[tuple[int, int]] = []
    for begin, stop in spans:
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((begin, stop))
    return found


def _wholes(text: str) -> list[str]:
    """What has marks in it; Chinese is written without spaces, so there they tell nothing."""
    found = dict.fromkeys(match[0] for match in _WHOLE.finditer(fold(text)))
    return [one for one in found if _MARKED.search(one) and not _HAN.search(one)]


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
