"""``python -m bench.desk --conversations 100000``: every list of the desk, and its search.

An own database is filled with that many conversations of ten messages each, the same every time
(``tests/desk/crowd.py``). Then an operator asks for every view, with every filter and order, page
after page, and searches for rare words, common words, forms of words, addresses and numbers. The
time is that of the whole read as the API makes it, with everything warm, one after the other.
"""

import argparse
import random
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from amparo.conversations.inbox_queries import Filter
from amparo.desk.inbox_queries import Asked, inbox
from amparo.desk.queries import context, counts
from amparo.desk.rules import ORDERS, VIEWS
from amparo.desk.search_queries import Sought, search
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.migrate import upgrade
from amparo.storage.pages import Page
from amparo.storage.session import Database, connect
from bench.common import progress, result
from tests.desk.crowd import NOW, OPERATORS, RARE_TAG, Crowd
from tests.servers import data_folder

Read = Callable[[Session, str | None], Page[object] | None]
ME = OPERATORS[0]
FILTERS: dict[str, Filter] = {
    "": Filter(),
    "language": Filter(language="ru"),
    "rare_language": Filter(language="zh"),
    "channel": Filter(channel="order"),
    "team": Filter(team="safety"),
    "topic": Filter(topic="rules"),
    "operator": Filter(operator=OPERATORS[3].person_id),
    "rare_four": Filter(language="de", channel="store_form", team="safety", topic="rules"),
}
TAGS = ("tag-00", "tag-30", RARE_TAG)


def reads(crowd: Crowd) -> Iterator[tuple[str, Read]]:
    """Everything that is measured, by name; each may have pages."""
    for view in VIEWS:
        for name, wanted in FILTERS.items():
            if not (name == "operator" and view in ("mine", "unassigned")):
                asked = Asked(view, None, "newest", wanted)  # type: ignore[arg-type]
                yield f"{view} {name}".strip(), partial(_list, asked)
        for tag in TAGS:
            yield f"{view} {tag}", partial(_list, Asked(view, tag))  # type: ignore[arg-type]
        for order in ORDERS[1:]:
            asked = Asked(view, None, order)  # type: ignore[arg-type]
            yield f"{view} by {order}", partial(_list, asked)
    for name, sought in _searches(crowd).items():
        yield f"search {name}", partial(_search, sought)
    yield "counts", lambda session, _: _none(counts(session, ME))
    chance = random.Random(crowd.seed)
    some = [row.id for row in crowd.rows[:: max(1, len(crowd.rows) // 200)]]
    yield "context", lambda session, _: _none(context(session, ME, chance.choice(some), NOW))


def _searches(crowd: Crowd) -> dict[str, Sought]:
    year = NOW - timedelta(days=300)
    return {
        "common": Sought("the order"),
        "common one": Sought("you"),
        "form": Sought("отправленные заказы"),
        "rare": Sought("customs declaration"),
        "chinese": Sought("退款"),
        "ukrainian": Sought("повернення коштів"),
        "number": Sought(crowd.orders[len(crowd.orders) // 2]),
        "address": Sought(crowd.emails[len(crowd.emails) // 3]),
        "nothing": Sought("zorkmid"),
        "common, buyer": Sought("order", party="buyer"),
        "common, language": Sought("order", language="en"),
        "common, other language": Sought("order", language="zh"),
        "common, channel": Sought("order", channel="store_form"),
        "common, state": Sought("order", wanted=Filter(state="snoozed")),
        "common, operator": Sought("order", wanted=Filter(operator=ME.person_id)),
        "common, tag": Sought("order", tag=RARE_TAG),
        "common, long ago": Sought("order", until=year),
        "common, two days": Sought("order", since=NOW - timedelta(days=2)),
    }


def _list(asked: Asked, session: Session, cursor: str | None) -> Page[object]:
    page = inbox(session, ME, asked, cursor=cursor)
    return Page(list(page.items), page.next)


def _search(sought: Sought, session: Session, cursor: str | None) -> Page[object]:
    page = search(session, ME, sought, cursor=cursor)
    return Page(list(page.items), page.next)


def _none(_: object) -> None:
    return None


def measured(database: Database, read: Read, rounds: int) -> list[float]:
    """Milliseconds of reads, page after page from the first on, again from there at the end."""
    times: list[float] = []
    cursor: str | None = None
    for turn in range(rounds + 2):
        began = time.perf_counter()
        with database.reading() as session:
            page = read(session, cursor)
        if turn >= 2:  # caches of the database and of the program
            times.append(1_000 * (time.perf_counter() - began))
        cursor = page.next if page is not None else None
    return times


@contextmanager
def filled(crowd: Crowd) -> Iterator[Database]:
    """A database of our own with all of them in it."""
    with data_folder() as data:
        server = EmbeddedPostgres(data)
        server.start()
        try:
            server.ensure_database("desk")
            database = connect(server.url("desk"), pool=4)
            upgrade(database)
            crowd.fill(database)
            yield database
            database.close()
        finally:
            server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000, help="of ten messages each")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is made here")
    parser.add_argument("--rounds", type=int, default=40, help="pages of each list")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `timeout` must leave nothing, too
    crowd = Crowd(given.conversations, given.seed)
    began = time.monotonic()
    with filled(crowd) as database:
        progress(f"filled in {time.monotonic() - began:.0f} s")
        found: dict[str, float] = {}
        middle = 0.0
        for name, read in reads(crowd):
            times = measured(database, read, given.rounds)
            found[name] = round(statistics.quantiles(times, n=20)[18], 1)
            middle = max(middle, statistics.median(times))
            progress(f"{name:32} p50 {statistics.median(times):6.1f}  p95 {found[name]:6.1f} ms")
    worst = {"worst_p95_ms": max(found.values()), "worst_p50_ms": round(middle, 1)}
    result(worst | {"queries": found})


if __name__ == "__main__":
    main()
