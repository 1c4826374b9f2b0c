"""What a language model may say: pure decisions over its answer and the articles it was given.

The model is a stranger that writes well. What it says is shown only where every sentence stands on
the article it names; in any other case the buyer reads what they would have read without it.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from amparo.assistant.language_model.redaction import PLACEHOLDER, filled
from amparo.kernel.text import clean

Verdict = Literal[
    "accepted",
    "timed_out",
    "unreachable",
    "http_status",
    "too_large",
    "bad_form",
    "too_late",
    "moved_on",
    "no_answer",
    "too_long",
    "unknown_article",
    "unknown_placeholder",
    "markup",
    "instructions",
    "other_language",
    "not_in_article",
    "money_not_in_article",
]
"""What became of a question: accepted, or the reason why the assistant's own message was sent."""

BROKEN: frozenset[Verdict] = frozenset(
    {"timed_out", "unreachable", "http_status", "too_large", "bad_form"}
)
"""Verdicts that speak against the service, and not against one answer of it."""

SENTENCES = 6
SENTENCE = 320
LENGTH = 900
"""Characters of a whole answer."""
MOST_AT_ONCE = 8
"""Questions that may wait for the model; the others are answered without it."""
REMEMBERED = 3
"""Failures one after the other, after which the model is left alone for a while."""
_REST = timedelta(seconds=30)
_GROUNDED = 0.5
"""Share of a sentence's longer words that its article must have."""
_STEM = 5
_WORD = re.compile(r"[^\W\d_]{4,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_ADDRESS = re.compile(
    r"https?://[^\s<>\"']+|[\w.+-]+@[\w.-]+\w|(?<!\w)@\w+|\b[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}\b(?=[/\s,;:!?)]|$)"
)
_END = re.compile(r"(?<=[.!?。！？…])\s+|\n+|(?<=[。！？])")
_STEP = re.compile(r"^\d+\.\s+", re.MULTILINE)
_MARKUP = re.compile(r"[<>`{}|\\]|\]\(|\*\*|\u202e|https?://[^\s]*@")


class Refused(Exception):
    """The answer is not shown; the verdict says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict: Verdict = verdict


@dataclass(frozen=True, slots=True)
class Article:
    """An article that the model may answer from; ``body`` without orders to machines."""

    key: str
    title: str
    body: str
    url: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the model, and the article it names."""

    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be shown, and the articles it stands on, in the order of their use."""

    text: str
    cited: tuple[Article, ...]


def may_ask(waiting: int, recent: Sequence[tuple[str | None, datetime]], now: datetime) -> bool:
    """Whether the model is asked at all: few wait, and it has not failed time after time.

    Args:
        waiting: questions that were not answered yet.
        recent: verdict and time of the last answers, the latest first.
    """
    if waiting >= MOST_AT_ONCE:
        return False
    last = recent[:REMEMBERED]
    broken = len(last) == REMEMBERED and all(verdict in BROKEN for verdict, _ in last)
    return not (broken and now - last[0][1] < _REST)


def article(key: str, title: str, body: str, url: str) -> Article:
    """An article as it is given away: sentences that speak to machines are left out."""
    steps = _STEP.sub("", body)
    parts = (part.strip() for part in _END.split(steps))
    kept = (part for part in parts if part and not _orders().search(plain(part)))
    return Article(key, title, "\n".join(kept), url)


def checked(
    sentences: Sequence[Sentence],
    articles: Sequence[Article],
    kept_out: Mapping[str, str],
    language: str,
    language_of: Callable[[str], str],
) -> Answer:
    """The answer, where it stands on what was given.

    Raises:
        Refused: with the reason.
    """
    if not sentences:
        raise Refused("no_answer")
    known = {one.key: one for one in articles}
    texts = [clean(sentence.text) for sentence in sentences]
    if len(texts) > SENTENCES or max(map(len, texts)) > SENTENCE or sum(map(len, texts)) > LENGTH:
        raise Refused("too_long")
    for text, sentence in zip(texts, sentences, strict=True):
        if sentence.article not in known:
            raise Refused("unknown_article")
        _check_sentence(text, known[sentence.article], kept_out)
    whole = filled(" ".join(texts), dict(kept_out))
    if language_of(whole) != language:
        raise Refused("other_language")
    cited = dict.fromkeys(sentence.article for sentence in sentences)
    return Answer(whole, tuple(known[key] for key in cited))


def _check_sentence(text: str, source: Article, kept_out: Mapping[str, str]) -> None:
    if not text:
        raise Refused("no_answer")
    if any(name not in kept_out for name in PLACEHOLDER.findall(text)):
        raise Refused("unknown_placeholder")
    if _MARKUP.search(text):
        raise Refused("markup")
    if _orders().search(plain(text)):
        raise Refused("instructions")
    bare = PLACEHOLDER.sub(" ", text)
    ground = f"{source.title}\n{source.body}"
    known = f"{ground}\n" + "\n".join(kept_out.values())
    if not (numbers(bare) <= numbers(known) and addresses(bare) <= addresses(known)):
        raise Refused("not_in_article")
    # Money is never worded anew: a sentence about it is a whole sentence of the article (a part of
    # one may lack its "if"), or is not said.
    whole = {spoken(part) for part in _END.split(ground)}
    if _money().search(plain(text)) and spoken(bare) not in whole:
        raise Refused("money_not_in_article")
    if share_known(bare, ground) < _GROUNDED or not _counted(bare) <= _counted(ground):
        raise Refused("not_in_article")


def numbers(text: str) -> set[str]:
    """The numbers, times and amounts in a text, in digits of one script."""
    digits = "".join(
        str(unicodedata.digit(character)) if character.isdigit() else character
        for character in unicodedata.normalize("NFKC", text)
    )
    return set(_NUMBER.findall(digits))


def addresses(text: str) -> set[str]:
    """Links, names of computers, e-mail addresses and names with @ in a text."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return {found.rstrip(".,;:!?)/") for found in _ADDRESS.findall(folded)}


def share_known(text: str, ground: str) -> float:
    """How many of the longer words of a text the ground has, by their beginnings; 0 to 1."""
    if _HAN.search(text):
        pieces, known = _pairs(text), _pairs(ground)
    else:
        pieces, known = _stems(text), _stems(ground)
    return sum(piece in known for piece in pieces) / len(pieces) if pieces else 1.0


def plain(text: str) -> str:
    """Folded, with one space between words: what patterns of phrases are looked for in."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.replace("’", "'").replace("ё", "е").split())


def spoken(text: str) -> str:
    """Only letters and digits, to see whether a sentence stands in a text word for word."""
    return " ".join("".join(c if c.isalnum() else " " for c in plain(text)).split())


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(plain(text))}


def _pairs(text: str) -> set[str]:
    letters = "".join(character for character in text if character.isalnum())
    return {letters[at : at + 2] for at in range(len(letters) - 1)}


def _counted(text: str) -> set[str]:
    """Numbers that are written in letters."""
    return set(_count_words().findall(plain(text)))


@cache
def _phrases() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "phrases.toml").read_text("utf-8"))


def _pattern(name: str, form: str) -> re.Pattern[str]:
    parts = [part for language in _phrases()[name].values() for part in language]
    return re.compile(form.format("|".join(parts)))


@cache
def _money() -> re.Pattern[str]:
    return _pattern("money", "{}")


@cache
def _orders() -> re.Pattern[str]:
    return _pattern("orders", "{}")


@cache
def _count_words() -> re.Pattern[str]:
    return _pattern("counts", r"(?<!\w)(?:{})(?!\w)")
