"""What search reads is written with the words themselves, in the same transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from amparo.help_centre import ngrams
from amparo.help_centre.models import SearchWord
from amparo.help_centre.rules import dictionary

_AT_ONCE = 2_000
"""Rows of one statement: an import of 10,000 articles must not be one statement."""
ALL_TEXTS = ""
"""The word that every text has: its row counts the texts of a language."""

T = TypeVar("T")
Words = tuple[str, str | None]
"""Title and answer."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text in one language that says something else from now on; ``before`` is None if new."""

    question: str
    language: str
    before: Words | None
    after: Words


_DOCUMENTS = text(
    """
    UPDATE help_question_text AS t
    SET title_words = strip(to_tsvector(CAST(n.dictionary AS regconfig), n.title)),
        document = strip(to_tsvector(CAST(n.dictionary AS regconfig), n.title || ' ' || n.body))
    FROM unnest(:keys, :languages, :dictionaries, :titles, :bodies)
        AS n(question_key, language, dictionary, title, body)
    WHERE t.question_key = n.question_key AND t.language = n.language
    """
).bindparams(
    *(
        bindparam(name, type_=ARRAY(Text))
        for name in ("keys", "languages", "dictionaries", "titles", "bodies")
    )
)


def index_texts(session: Session, changes: Sequence[TextChange]) -> None:
    """Let search find the texts by their new words, and no longer by the old ones."""
    session.flush()
    counts: Counter[tuple[str, str]] = Counter()
    for some in batches(changes):
        _write_documents(session, some)
    for change in changes:
        counts.update(_vocabulary(change.language, change.after))
        if change.before is not None:
            counts.subtract(_vocabulary(change.language, change.before))
    # in one order, so that two editors who save at once wait for each other and no more
    changed = sorted((at, count) for at, count in counts.items() if count)
    for rows in batches(changed):
        _write_words(session, rows)


def _vocabulary(language: str, said: Words) -> Iterator[tuple[str, str]]:
    title, body = said
    yield ALL_TEXTS, language
    for word in set(ngrams.words(f"{title}\n{body or ''}")):
        yield word, language


def _write_documents(session: Session, changes: Sequence[TextChange]) -> None:
    session.execute(
        _DOCUMENTS,
        {
            "keys": [change.question for change in changes],
            "languages": [change.language for change in changes],
            "dictionaries": [dictionary(change.language) for change in changes],
            "titles": [ngrams.terms(change.language, change.after[0]) for change in changes],
            "bodies": [ngrams.terms(change.language, change.after[1] or "") for change in changes],
        },
    )


def _write_words(session: Session, rows: Sequence[tuple[tuple[str, str], int]]) -> None:
    statement = insert(SearchWord).values(
        [
            {"word": word, "language": language, "texts": count, "near": ngrams.near_keys(word)}
            for (word, language), count in rows
        ]
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["word", "language"],
            set_={"texts": SearchWord.texts + statement.excluded.texts},
        )
    )


def batches(things: Iterable[T]) -> Iterator[list[T]]:
    """Lists of so many things that one statement takes them."""
    rest = iter(things)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
