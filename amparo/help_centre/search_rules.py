"""How a search is planned and what its finds are worth. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from amparo.help_centre import ngrams
from amparo.help_centre.ngrams import accented as accented
from amparo.help_centre.ngrams import fold as fold
from amparo.help_centre.ngrams import term as term
from amparo.help_centre.ngrams import terms as terms
from amparo.help_centre.ngrams import words as words
from amparo.kernel.languages import CONTENT

MOST_MATCHES = 300
"""Texts that one word may bring; a word of more texts is looked for in titles."""
MOST_WORDS = 8
"""Words of a query that are looked for: the rarest say what it is about."""
MOST_FINDING = 4
"""Words of a query by which texts are found; all of them then say how well they fit."""
MOST_LIKELY = 60
"""Texts that are compared with every word of the query."""
MOST_NEAR = 400
"""Known words that are compared with a word that nobody uses."""
ALTERNATIVES = 3
"""Words that may be meant by one that nobody uses."""
OTHER_LANGUAGES = 2
"""Languages besides the reader's that are looked through."""
EXCERPT = 160
"""Characters of an answer that a result shows."""
CLEAR = 0.35
"""From this score on nobody looks further in other languages."""
WORTH_SHOWING = 0.1
"""A result below this score has too little to do with the question."""
BEHIND_THE_BEST = 0.3
"""A result below this share of the best one's score is noise beside it."""
_ELSEWHERE = 0.8
"""What a find in another language is worth."""
_MEANING = 0.5
_ALL_WORDS = 0.25
IN_BODY = 1 / 3
"""A word of the answer against a word of the title."""
_COMMON = 0.4
"""A word in more than this share of the texts says nothing about any of them."""
_HARDLY = 0.05
EVERYTHING = -1
"""The place of a lookup for all words together."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A word of the texts that a word of the query may mean.

    Attributes:
        likeness: 1 where it is the same word.
        texts: how many texts use it.
    """

    word: str
    likeness: float
    texts: int


@dataclass(frozen=True, slots=True)
class Lookup:
    """Texts to fetch: those with all ``groups``, a group being alternatives of one word.

    Attributes:
        position: the word of the query, or EVERYTHING where all are looked for together.
        worth: of a title that has it.
        finds: what it matches is looked at at all, else it only counts for what others found.
        wide: found in the whole text, else in the title only.
    """

    position: int
    groups: tuple[tuple[str, ...], ...]
    worth: float
    finds: bool
    wide: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for; ``total`` is the worth of a title that has every word of the query."""

    lookups: tuple[Lookup, ...]
    total: float


@dataclass(frozen=True, slots=True)
class Match:
    """A text that a lookup found; ``title`` counts the words of its title, 0 = found elsewhere."""

    lookup: int
    question: str
    title: int


def nearest(word: str, candidates: Iterable[tuple[str, int]]) -> list[Meant]:
    """The known words that ``word`` most likely means; (word, texts) candidates."""
    found = [
        Meant(known, likeness, texts)
        for known, texts in dict(candidates).items()
        if (likeness := ngrams.likeness(word, known)) > 0
    ]
    return sorted(found, key=lambda one: (-one.likeness, -one.texts, one.word))[:ALTERNATIVES]


def plan(meant: Sequence[Sequence[Meant]], texts: int) -> Plan:
    """What to look for in a language of so many texts, given what each word may mean."""
    worths = [max((rarity(one.texts, texts) for one in options), default=1.0) for options in meant]
    told = sorted(
        (position for position, options in enumerate(meant) if options),
        key=lambda position: -worths[position],
    )[:MOST_WORDS]
    lookups = [
        Lookup(
            position,
            ((one.word,),),
            rarity(one.texts, texts) * one.likeness,
            place < MOST_FINDING,
            one.texts <= MOST_MATCHES,
        )
        for place, position in enumerate(told)
        for one in meant[position]
    ]
    groups = tuple(tuple(one.word for one in meant[position]) for position in sorted(told))
    if groups:
        lookups.append(Lookup(EVERYTHING, groups, _ALL_WORDS * sum(worths), True, True))
    return Plan(tuple(lookups), sum(worths))


def scored(chosen: Plan, matches: Iterable[Match]) -> dict[str, float]:
    """Questions by the share of the query that their text answers; above 1 where all is there."""
    worth: dict[int, dict[str, float]] = {}
    complete: set[str] = set()
    for match in matches:
        lookup = chosen.lookups[match.lookup]
        if lookup.position == EVERYTHING:
            complete.add(match.question)
            continue
        # of two titles with the same words the shorter one says it more plainly
        place = 0.8 + 0.2 / match.title if match.title else IN_BODY
        at = worth.setdefault(lookup.position, {})
        at[match.question] = max(at.get(match.question, 0.0), lookup.worth * place)
    scores: dict[str, float] = {}
    for found in worth.values():
        for question, points in found.items():
            scores[question] = scores.get(question, 0.0) + points
    total = chosen.total or 1.0
    return {
        question: points / total + _ALL_WORDS * (question in complete)
        for question, points in scores.items()
    }


def rarity(with_it: int, texts: int) -> float:
    """1 for a word of one text, hardly anything for a word of most."""
    share = with_it / max(texts, 1)
    if share > _COMMON:
        return _HARDLY
    return max(math.log(1 / share) / math.log(max(texts, 2)), _HARDLY) if share else 1.0


def languages_to_try(own: str, known: Mapping[str, Mapping[str, int]]) -> list[str]:
    """The reader's language, then those whose texts use the most words of the query."""
    others = sorted(
        (tag for tag in CONTENT if tag != own and len(known.get(tag, {})) > 1),
        key=lambda tag: -len(known[tag]),
    )
    return [own, *others[:OTHER_LANGUAGES]]


def with_foreign(found: Mapping[str, float], foreign: Mapping[str, float]) -> dict[str, float]:
    """Scores with those of another language beside them; the better one of a question stays."""
    merged = dict(found)
    for question, score in foreign.items():
        merged[question] = max(merged.get(question, 0.0), _ELSEWHERE * score)
    return merged


def with_meaning(found: Mapping[str, float], meant: Mapping[str, float]) -> dict[str, float]:
    """Scores with what the meaning of the query adds."""
    merged = dict(found)
    for question, score in meant.items():
        merged[question] = merged.get(question, 0.0) + _MEANING * min(max(score, 0.0), 1.0)
    return merged


def worth_showing(scores: Mapping[str, float], most: int) -> list[str]:
    """The questions that have enough to do with the query, best first."""
    floor = max(WORTH_SHOWING, BEHIND_THE_BEST * max(scores.values(), default=0.0))
    kept = [question for question, score in scores.items() if score >= floor]
    return sorted(kept, key=lambda question: (-scores[question], question))[:most]
