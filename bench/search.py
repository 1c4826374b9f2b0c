"""``python -m bench.search [--queries Q.jsonl] [--articles 10000]``: search over many articles.

The articles are the shipped ones and others put together from their sentences, the same every
time. ``Q.jsonl`` has rows ``{"lang", "text", "key"?}``; without it queries are made of titles, each
with one typo. The time is that of a whole search as the page and the API call it, in this process,
one after the other, with everything warm; the database is the embedded one. It is search by words
alone: the meaning that the assistant adds is measured by ``bench.assistant``.
"""

import argparse
import json
import random
import re
import signal
import statistics
import string
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from amparo.contact_guide.queries import live_values
from amparo.help_centre import shipped
from amparo.help_centre.actions import load_shipped_content
from amparo.help_centre.queries import provide_values
from amparo.help_centre.search_queries import search
from amparo.kernel.languages import CONTENT
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.migrate import upgrade
from amparo.storage.session import Database, connect
from bench.common import progress, result
from tests.servers import data_folder

NOW = datetime(2026, 4, 1, tzinfo=UTC)
_SENTENCE = re.compile(r"(?:\d{1,2}\. )?(.+?[.!?。？！])(?:\s|$)?")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")
_FIRST = 5
_LETTERS = string.ascii_lowercase
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшыэюя"


@dataclass(frozen=True, slots=True)
class Query:
    """A question; ``key`` is the article that should be among the first, where one is known."""

    lang: str
    text: str
    key: str | None = None


def grown(content: shipped.Shipped, articles: int, seed: int) -> shipped.Shipped:
    """The content with as many more articles as are wanted, in every language."""
    keys = [f"made_{_letters(number)}" for number in range(articles - len(content.questions))]
    categories = [category["key"] for category in content.categories]
    pattern = content.questions[0]
    questions = [
        pattern | {"key": key, "category_key": categories[n % len(categories)], "place": 1_000 + n}
        for n, key in enumerate(keys)
    ]
    texts = list(content.texts)
    for language in CONTENT:
        bodies = [text.body for text in content.texts if text.language == language and text.body]
        sentences = sorted({found for body in bodies for found in _SENTENCE.findall(body)})
        chance = random.Random(f"{seed}/{language}")
        texts += [_article(key, language, sentences, chance) for key in keys]
    return replace(content, questions=[*content.questions, *questions], texts=texts)


def _article(
    key: str, language: str, sentences: list[str], chance: random.Random
) -> shipped.ShippedText:
    first, second = chance.sample(sentences, 2)
    title = f"{_beginning(first, chance)}: {_beginning(second, chance)}"
    body = "\n".join(chance.sample(sentences, chance.randint(4, 7)))
    return shipped.ShippedText(key, language, title, body)


def _beginning(sentence: str, chance: random.Random) -> str:
    if _HAN.search(sentence):
        return sentence[: chance.randint(5, 9)]
    return " ".join(sentence.split()[: chance.randint(3, 5)]).rstrip(".,;:!?")


def _letters(number: int) -> str:
    """Keys have letters only."""
    out = ""
    for _ in range(4):
        number, digit = divmod(number, 26)
        out = _LETTERS[digit] + out
    return out


def made_queries(content: shipped.Shipped, many: int, seed: int) -> list[Query]:
    """Words of titles as people type them: some of the words, one of them with a slip."""
    chance = random.Random(f"{seed}/queries")
    texts = [text for text in content.texts if text.body and "{" not in text.title]
    asked: list[Query] = []
    while len(asked) < many:
        text = chance.choice(texts)
        words = _WORD.findall(text.title)
        if _HAN.search(text.title):
            words = ["".join(words)]
        elif len(words) > 5:
            # people type the words that say something; length is a fair sign of it
            kept = sorted(sorted(range(len(words)), key=lambda at: -len(words[at]))[:5])
            words = [words[place] for place in kept]
        long = [place for place, word in enumerate(words) if len(word) >= 4]
        if not long:
            continue
        place = chance.choice(long)
        words[place] = slipped(words[place], chance)
        asked.append(Query(text.language, " ".join(words).lower(), text.question))
    return asked


def slipped(word: str, chance: random.Random) -> str:
    """A word with one letter lost, doubled, swapped, replaced or added."""
    at = chance.randrange(len(word) - 1)
    alphabet = _CYRILLIC if "а" <= word[0].lower() <= "я" else _LETTERS
    other = chance.choice(alphabet)
    kinds = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + other + word[at + 1 :],
        word[:at] + other + word[at:],
    )
    return chance.choice([kind for kind in kinds if kind != word])


def read_queries(path: Path) -> list[Query]:
    """Rows ``{"lang", "text", "key"?}``; anything else in them is left aside."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [Query(row["lang"], row["text"], row.get("key")) for row in rows]


@contextmanager
def filled(content: shipped.Shipped) -> Iterator[Database]:
    """A database of our own with the content in it."""
    with data_folder() as data:
        server = EmbeddedPostgres(data)
        server.start()
        try:
            server.ensure_database("search")
            database = connect(server.url("search"), pool=4)
            upgrade(database)
            with database.transaction() as session:
                load_shipped_content(session, NOW, content)
            with database.engine.connect() as connection:
                # a fresh import is what autovacuum would soon tidy up by itself
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                    "VACUUM ANALYZE"
                )
            yield database
            database.close()
        finally:
            server.stop()


def measured(database: Database, asked: list[Query]) -> tuple[list[float], list[bool]]:
    """Milliseconds of each search, and whether the right article was among the first five."""
    times: list[float] = []
    found: list[bool] = []
    for query in asked[:20]:  # caches of the database and of the program
        with database.reading() as session:
            search(session, query.lang, query.text, NOW)
    for query in asked:
        began = time.perf_counter()
        with database.reading() as session:
            hits = search(session, query.lang, query.text, NOW)
        times.append(1_000 * (time.perf_counter() - began))
        if query.key is not None:
            found.append(query.key in [hit.key for hit in hits[:_FIRST]])
    return times, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=Path, help="rows {lang, text, key?}; default: made here")
    parser.add_argument("--articles", type=int, default=10_000, help="articles in each language")
    parser.add_argument("--seed", type=int, default=1, help="of what is made here")
    parser.add_argument("--many", type=int, default=1_000, help="queries that are made")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `timeout` must leave nothing, too
    provide_values(live_values)
    content = grown(shipped.read(), given.articles, given.seed)
    asked = (
        read_queries(given.queries)
        if given.queries
        else made_queries(content, given.many, given.seed)
    )
    progress(
        f"{len(content.texts)} texts of {len(content.questions)} articles, {len(asked)} queries"
    )
    began = time.monotonic()
    with filled(content) as database:
        progress(f"loaded in {time.monotonic() - began:.0f} s")
        times, found = measured(database, asked)
    hundredths = statistics.quantiles(times, n=100)
    progress(f"p50 {hundredths[49]:.1f} ms, p99 {hundredths[98]:.1f} ms, most {max(times):.1f} ms")
    share = round(sum(found) / len(found), 4) if found else None
    result({"p95_ms": round(hundredths[94], 2), "typo_found": share})


if __name__ == "__main__":
    main()
