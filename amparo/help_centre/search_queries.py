"""Search: word forms of PostgreSQL, slips by our own rows, meaning where somebody provides it.

What a search costs does not grow with the number of articles: a word that many texts use is only
looked for in titles, and where all words stand together.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Boolean, Float, Integer, Text

from amparo.help_centre import ngrams, placeholders, queries
from amparo.help_centre.models import QuestionText, SearchWord
from amparo.help_centre.rules import QUERY_LIMIT, SEARCH_RESULTS, Hit, dictionary, reading_order
from amparo.help_centre.search_actions import ALL_TEXTS
from amparo.help_centre.search_rules import (
    CLEAR,
    EXCERPT,
    IN_BODY,
    MOST_LIKELY,
    MOST_MATCHES,
    MOST_NEAR,
    Lookup,
    Match,
    Meant,
    languages_to_try,
    nearest,
    plan,
    scored,
    with_foreign,
    with_meaning,
    worth_showing,
)
from amparo.kernel.languages import CONTENT, PSEUDO
from amparo.kernel.text import clean, clip

log = structlog.get_logger(__name__)

Meaning = Callable[[str, str], Sequence[tuple[str, float]]]
"""(query, language) -> questions that mean the same, with a score from 0 to 1, best first."""

_meanings: list[Meaning] = []


def provide_meaning(fn: Meaning) -> None:
    """Let a module above find questions by meaning, in place of who did; search is right
    without it."""
    _meanings[:] = [fn]


def search(session: Session, language: str, query: str, now: datetime) -> list[Hit]:
    """The questions that fit a free text, best first; never fails, whatever is written.

    First by the words of the reader's language, then, where these do not clearly fit, by those of
    the languages that know the words. What is shown is the reader's title and the answer in the
    best language there is; ``Hit.language`` says which.
    """
    query = clip(" ".join(clean(query).split()), QUERY_LIMIT)
    words = ngrams.asked(query)
    if not words:
        return []
    own, accents = reading_order(language)[0], ngrams.accented(query)
    known = _known(session, words)
    found: dict[str, float] = {}
    for tag in languages_to_try(own, known):
        scores = _scores(session, tag, words, known.get(tag, {}), accents)
        found = scores if tag == own else with_foreign(found, scores)
        if max(found.values(), default=0.0) >= CLEAR:
            break
    found = with_meaning(found, _by_meaning(query, own))
    best = worth_showing(found, SEARCH_RESULTS)
    return _hits(session, language, query, {key: found[key] for key in best}, now)


def _by_meaning(query: str, language: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for meaning in _meanings:
        try:
            found.update(meaning(query, language))
        except Exception:
            # words alone find most; a model that fails must not take search with it
            log.exception("search_meaning_failed")
    return found


def _known(session: Session, words: Sequence[str]) -> dict[str, dict[str, int]]:
    """Which of the words each language's texts use, and in how many texts."""
    rows = session.execute(
        select(SearchWord.language, SearchWord.word, SearchWord.texts).where(
            SearchWord.word.in_([*words, ALL_TEXTS]), SearchWord.texts > 0
        )
    )
    found: dict[str, dict[str, int]] = {}
    for language, word, texts in rows:
        found.setdefault(language, {})[word] = texts
    return found


_NEAR = text(
    "SELECT word, texts FROM help_search_word"
    " WHERE near && :keys AND language = :language AND texts > 0 LIMIT :most"
).bindparams(bindparam("keys", type_=ARRAY(Text)))


def _near(session: Session, language: str, words: Sequence[str]) -> dict[str, list[Meant]]:
    """Words of the texts that may be meant by words that no text uses."""
    if not words:
        return {}
    candidates = _with_keys(session, language, [k for w in words for k in ngrams.slip_keys(w)])
    found = {word: nearest(word, candidates) for word in words}
    for word in words:
        if not found[word] and (keys := ngrams.edge_keys(word)):
            found[word] = nearest(word, _with_keys(session, language, keys))
    return found


def _with_keys(session: Session, language: str, keys: Sequence[str]) -> list[tuple[str, int]]:
    if not keys:
        return []
    given = {"keys": list(keys), "language": language, "most": MOST_NEAR}
    return [(row.word, row.texts) for row in session.execute(_NEAR, given)]


_MATCHES = text(
    """
    WITH q AS MATERIALIZED (
        SELECT n, position, worth, finds, wide,
               to_tsquery(CAST(:dictionary AS regconfig), words) AS query
        FROM unnest(:words, :positions, :worths, :finds, :wide) WITH ORDINALITY
            AS u(words, position, worth, finds, wide, n)
    ),
    found AS (
        SELECT q.position, t.question_key,
               q.worth * CASE WHEN t.title_words @@ q.query THEN 1 ELSE :in_body END AS worth
        FROM q, LATERAL (
            SELECT question_key, title_words FROM help_question_text
            WHERE language = :language AND document @@ q.query LIMIT :most
        ) AS t
        WHERE q.finds AND q.wide
        UNION ALL
        SELECT q.position, t.question_key, q.worth
        FROM q, LATERAL (
            SELECT question_key FROM help_question_text
            WHERE language = :language AND title_words @@ q.query LIMIT :most
        ) AS t
        WHERE q.finds AND NOT q.wide
    ),
    likely AS (
        SELECT question_key FROM (
            SELECT question_key, position, max(worth) AS worth FROM found GROUP BY 1, 2
        ) AS best
        GROUP BY question_key ORDER BY sum(worth) DESC, question_key LIMIT :likely
    )
    SELECT q.n, t.question_key,
           CASE WHEN t.title_words @@ q.query THEN length(t.title_words) ELSE 0 END AS title
    FROM likely JOIN help_question_text AS t USING (question_key), q
    WHERE t.language = :language AND t.document @@ q.query
    """
).bindparams(
    bindparam("words", type_=ARRAY(Text)),
    bindparam("positions", type_=ARRAY(Integer)),
    bindparam("worths", type_=ARRAY(Float)),
    bindparam("finds", type_=ARRAY(Boolean)),
    bindparam("wide", type_=ARRAY(Boolean)),
)
"""The likely texts by what finds them quickly, then each of them against every word."""


def _scores(
    session: Session,
    language: str,
    words: Sequence[str],
    known: Mapping[str, int],
    accents: Mapping[str, str],
) -> dict[str, float]:
    """Questions by how much of the query their text in ``language`` answers."""
    texts = known.get(ALL_TEXTS, 0)
    if not texts:
        return {}
    near = _near(session, language, [word for word in words if word not in known])
    meant = [
        [Meant(word, 1.0, known[word])] if word in known else near.get(word, []) for word in words
    ]
    chosen = plan(meant, texts)
    return scored(chosen, _matches(session, language, chosen.lookups, accents))


def _matches(
    session: Session, language: str, lookups: Sequence[Lookup], accents: Mapping[str, str]
) -> list[Match]:
    if not lookups:
        return []
    given = {
        "language": language,
        "dictionary": dictionary(language),
        "words": [_written(language, lookup, accents) for lookup in lookups],
        "positions": [lookup.position for lookup in lookups],
        "worths": [lookup.worth for lookup in lookups],
        "finds": [lookup.finds for lookup in lookups],
        "wide": [lookup.wide for lookup in lookups],
        "in_body": IN_BODY,
        "most": MOST_MATCHES,
        "likely": MOST_LIKELY,
    }
    rows = session.execute(_MATCHES, given)
    return [Match(row.n - 1, row.question_key, row.title) for row in rows]


def _written(language: str, lookup: Lookup, accents: Mapping[str, str]) -> str:
    """As ``to_tsquery`` reads it: words are letters and digits, nothing in them is an operator."""
    groups = [
        [ngrams.term(language, word) for word in group]
        + [accents[word] for word in group if word in accents]
        for group in lookup.groups
    ]
    return " & ".join("(" + " | ".join(f"'{one}'" for one in group) + ")" for group in groups)


def _hits(
    session: Session, language: str, query: str, scores: Mapping[str, float], now: datetime
) -> list[Hit]:
    order = tuple(dict.fromkeys((*reading_order(language), *CONTENT)))
    texts = _texts(session, list(scores), reading_order(language))
    foreign = [key for key in scores if not any(body for _, body in texts.get(key, {}).values())]
    if foreign:
        texts |= _texts(session, foreign, CONTENT)
    asked = ngrams.stems(query)
    filled = _Filling(session, now)
    found: list[Hit] = []
    for key, score in scores.items():
        written = [tag for tag in order if tag in texts.get(key, {})]
        if not written:
            continue
        tag = next((tag for tag in written if texts[key][tag][1]), written[0])
        title = filled(texts[key][written[0]][0], written[0])
        said = clip(filled(ngrams.telling_line(texts[key][tag][1] or "", asked), tag), EXCERPT)
        shown = PSEUDO if language == PSEUDO else tag
        found.append(
            Hit(key, queries.shown(title, language), queries.shown(said, language), shown, score)
        )
    return found


Texts = dict[str, dict[str, tuple[str, str | None]]]
"""Question -> language -> title and answer."""


def _texts(session: Session, keys: Sequence[str], languages: Sequence[str]) -> Texts:
    rows = session.execute(
        select(
            QuestionText.question_key, QuestionText.language, QuestionText.title, QuestionText.body
        ).where(QuestionText.question_key.in_(keys), QuestionText.language.in_(languages))
    )
    found: Texts = {}
    for key, tag, title, body in rows:
        found.setdefault(key, {})[tag] = title, body
    return found


class _Filling:
    """Puts values in where a text has placeholders, and asks for them only then."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._values: dict[str, dict[str, str]] = {}

    def __call__(self, said: str, tag: str) -> str:
        if not placeholders.names_in(said):
            return said
        if tag not in self._values:
            self._values[tag] = queries.placeholder_values(self._session, tag, self._now)
        return placeholders.fill(said, self._values[tag])
