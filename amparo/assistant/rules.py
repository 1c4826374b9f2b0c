"""What the assistant says to a text: pure decisions over what the ranker found."""

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from amparo.assistant.grams import plain
from amparo.assistant.language import strange_language
from amparo.assistant.ranking import Ranker, Ranking, Thresholds
from amparo.assistant.shelf import Shelf
from amparo.assistant.translit import russian_reading
from amparo.kernel.text import is_blank

Decision = Literal["answer", "suggest", "unknown", "greeting", "thanks", "picture", "strange"]

SUGGESTIONS = 3
_READ = 400
"""Characters that small talk and safety words are looked for in; free questions have 140."""
_LONGEST_SMALL_TALK = 8
_NEVER = 2.0
"""More than any confidence."""
_CLEARLY = 0.1
"""How much better another reading of the letters must fit, to be taken."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say.

    Attributes:
        question: key of the answer to give, with the decision ``answer`` only.
        suggestions: keys of questions to offer instead.
        score: how well the best question fitted; None where a rule decided.
        rule: what decided: ``chosen``, ``picture``, ``safety``, ``small_talk``,
            ``empty``, ``language`` or ``model``.
        example: the known wording that was nearest.
        language: the text's own, where a rule knows it better than statistics.
        tried: what was tried, in this order, and what it found.
    """

    decision: Decision
    question: str | None = None
    suggestions: tuple[str, ...] = ()
    score: float | None = None
    rule: str = "model"
    example: str | None = None
    language: str | None = None
    tried: tuple["Step", ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried; ``found`` are questions (or a kind of small talk), best first."""

    rule: str
    found: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """A greeting or thanks, and the language it is said in where only one language has it."""

    decision: Literal["greeting", "thanks"]
    language: str | None


def decide(text: str, shelf: Shelf, language: str | None = None) -> Reply:
    """What to say to a free text: small talk first, then safety, then what was learnt.

    ``language`` is the text's own, where it is known.
    """
    if is_blank(text):  # a picture and not a word: we do not guess from pictures
        return Reply("picture", rule="picture", tried=(Step("picture"),))
    talk = small_talk(text)
    tried = [Step("small_talk", (talk.decision,) if talk else ())]
    if talk is not None:
        return Reply(talk.decision, rule="small_talk", language=talk.language, tried=tuple(tried))
    reply = by_rule(text, shelf.questions)
    tried.append(Step("safety", (reply.question,) if reply and reply.question else ()))
    if reply is None and not plain(text):
        reply = Reply("unknown", rule="empty")  # signs and digits only
    if reply is None:
        ranking, read_as = best_reading(text, shelf.ranker, language)
        found = tuple(ranked.question for ranked in ranking.found)
        scores = tuple(round(ranked.score, 4) for ranked in ranking.found)
        tried.append(Step("model", found, scores))
        thresholds = shelf.thresholds
        if names_only(text):
            thresholds = replace(thresholds, sure=_NEVER)
        reply = replace(by_ranking(ranking, thresholds), language=read_as)
        strange = strange_language(text) if read_as is None else None
        if strange is not None:
            tried.append(Step("language", (strange,)))
            reply = _to_a_stranger(text, strange, shelf)
    return replace(reply, tried=tuple(tried))


def _to_a_stranger(text: str, language: str, shelf: Shelf) -> Reply:
    """We do not speak the language, but the encoder may have understood: so we only suggest."""
    ranking = shelf.ranker.rank(text)
    known = ranking.familiarity >= shelf.thresholds.known
    keys = tuple(ranked.question for ranked in ranking.found[:SUGGESTIONS]) if known else ()
    score = ranking.confidence
    return Reply("strange", None, keys, score, "language", language=language)


def said_in(language: str) -> str | None:
    """What we say to somebody who writes in a language that we do not, in that language."""
    found: dict[str, str] = _phrases()["strange"]
    return found.get(language)


def best_reading(text: str, ranker: Ranker, language: str | None) -> tuple[Ranking, str | None]:
    """The ranking of the text, or of the Russian that was meant where it was typed in Latin
    letters; with the language in which it was understood, where that is not the text's own."""
    ranking = ranker.rank(text, language)
    russian = russian_reading(text)
    if russian is not None:
        other = ranker.rank(russian, "ru")
        if other.familiarity > ranking.familiarity + _CLEARLY:
            return other, "ru"
    return ranking, None


def names_only(text: str) -> bool:
    """One word names a matter and asks nothing of it ("money"): whatever is near is a guess.

    Writing without spaces between words is not judged.
    """
    words = plain(text[:_READ]).split()
    return len(words) == 1 and not any("\u3040" <= sign <= "\u9fff" for sign in words[0])


def by_rule(text: str, known: Collection[str]) -> Reply | None:
    """The reply that must not be guessed: safety words lead to their article.

    ``known`` are the questions that exist; an article that was taken away is not cited.
    """
    words = plain(text[:_READ])
    for question, patterns, unless in _safety():
        if question in known and patterns.search(words) and not (unless and unless.search(words)):
            return Reply("answer", question, rule="safety")
    return None


def small_talk(text: str) -> SmallTalk | None:
    """A text that is nothing but a greeting or thanks."""
    words = plain(text[:_READ]).split()
    if not 0 < len(words) <= _LONGEST_SMALL_TALK:
        return None
    kinds: tuple[Literal["greeting", "thanks"], ...] = ("greeting", "thanks")
    for kind in kinds:
        core, around = _small_talk_words(kind)
        said = [word for word in words if word in core]
        if said and all(word in core or word in around for word in words):
            languages = set.intersection(*(core[word] for word in said))
            return SmallTalk(kind, languages.pop() if len(languages) == 1 else None)
    return None


def by_ranking(ranking: Ranking, thresholds: Thresholds) -> Reply:
    """Sure: the answer. Unsure: three suggestions. Nothing near: say so."""
    if not ranking.found or ranking.familiarity < thresholds.known:
        return Reply("unknown", score=ranking.confidence)
    best = ranking.found[0]
    if ranking.confidence >= thresholds.sure:
        return Reply("answer", best.question, score=ranking.confidence, example=best.example)
    keys = tuple(ranked.question for ranked in ranking.found[:SUGGESTIONS])
    return Reply("suggest", suggestions=keys, score=ranking.confidence, example=best.example)


@cache
def _phrases() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "phrases.toml").read_text("utf-8"))


@cache
def _safety() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (
            item["question"],
            re.compile("|".join(item["patterns"])),
            re.compile("|".join(item["unless"])) if "unless" in item else None,
        )
        for item in _phrases()["safety"]
    )


@cache
def _small_talk_words(kind: str) -> tuple[dict[str, set[str]], frozenset[str]]:
    core: dict[str, set[str]] = {}
    for language, word in _words(_phrases()[kind]["core"]):
        core.setdefault(word, set()).add(language)
    return core, frozenset(word for _, word in _words(_phrases()[kind]["with"]))


def _words(by_language: dict[str, str]) -> Iterator[tuple[str, str]]:
    for language, words in by_language.items():
        for word in plain(words).split():
            yield language, word
