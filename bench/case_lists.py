"""``python -m bench.case_lists --cases 100000``: every list of cases.

An own database is filled with that many cases, the same every time (``tests/cases/crowd.py``).
Then an operator, a buyer with many cases and the sellers of the largest store ask for every list,
with every filter and order, page after page. The time is that of the whole read as the API makes
it, with everything warm, one after the other.
"""

import argparse
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import get_args

from sqlalchemy.orm import Session

from amparo.cases.lists_queries import (
    DeskAsked,
    DeskList,
    DeskOrder,
    OwnAsked,
    cases_for,
    desk_cases,
)
from amparo.kernel.actor import Actor
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.migrate import upgrade
from amparo.storage.session import Database, connect
from bench.common import progress, result
from tests.cases.crowd import OPERATORS, CaseCrowd
from tests.servers import data_folder

Read = Callable[[Session, str | None], str | None]
ME = OPERATORS[0]
STAGES = ("check", "negotiation", "mediation", "decided", "fulfilment")


def reads(crowd: CaseCrowd) -> Iterator[tuple[str, Read]]:
    """Everything that is measured, by name; each has pages."""
    for name in get_args(DeskList):
        for order in get_args(DeskOrder):
            yield f"{name} by {order}", _desk(list=name, order_by=order)
        for reason in ("not_received", "page_removed"):
            yield f"{name} {reason}", _desk(list=name, reason=reason)
    for stage in STAGES:
        yield f"all {stage}", _desk(list="all", stage=stage)
        yield f"all {stage} by amount", _desk(list="all", stage=stage, order_by="amount")
    yield "all rare", _desk(list="all", stage="decided", reason="page_removed", order_by="amount")
    for name, q in (
        ("number", crowd.number(crowd.cases // 2)),
        ("order", f"ORDER-{crowd.cases // 3}"),
        ("buyer", "buyer-3"),
        ("store", "store-0"),
        ("name", "Buyer 7"),
        ("nothing", "zorkmid"),
    ):
        yield f"all q {name}", _desk(list="all", q=q)
        yield f"closed q {name}", _desk(list="closed", q=q)
    for who, actor in (
        ("buyer", crowd.buyer(0)),
        ("store", crowd.seller(0)),
        ("small store", crowd.seller(90)),
        ("no cases", crowd.buyer(10**6)),
    ):
        for order in ("due", "newest"):
            yield f"{who} by {order}", _own(actor, OwnAsked(order_by=order))  # type: ignore[arg-type]
        for state in ("open", "closed"):
            yield f"{who} {state}", _own(actor, OwnAsked(state=state))
    stores = tuple(f"store-{n}" for n in range(12))
    many = Actor(crowd.seller(0).person_id, "seller", store_refs=stores)
    yield "twelve stores by due", _own(many, OwnAsked())
    yield "twelve stores closed", _own(many, OwnAsked(state="closed"))


def _desk(**asked: str) -> Read:
    def read(session: Session, cursor: str | None) -> str | None:
        wanted = DeskAsked(**asked, cursor=cursor)  # type: ignore[arg-type]
        return desk_cases(session, ME, wanted, "en").next

    return read


def _own(actor: Actor, asked: OwnAsked) -> Read:
    return partial(_own_page, actor, asked)


def _own_page(actor: Actor, asked: OwnAsked, session: Session, cursor: str | None) -> str | None:
    wanted = OwnAsked(asked.state, asked.order, asked.order_by, cursor, asked.limit)
    return cases_for(session, actor, wanted, "en").next


def measured(database: Database, read: Read, rounds: int) -> list[float]:
    """Milliseconds of reads, page after page from the first on, again from there at the end."""
    times: list[float] = []
    cursor: str | None = None
    for turn in range(rounds + 2):
        began = time.perf_counter()
        with database.reading() as session:
            cursor = read(session, cursor)
        if turn >= 2:  # caches of the database and of the program
            times.append(1_000 * (time.perf_counter() - began))
    return times


@contextmanager
def filled(crowd: CaseCrowd) -> Iterator[Database]:
    """A database of our own with all of them in it."""
    with data_folder() as data:
        server = EmbeddedPostgres(data)
        server.start()
        try:
            server.ensure_database("cases")
            database = connect(server.url("cases"), pool=4)
            upgrade(database)
            crowd.fill(database)
            yield database
            database.close()
        finally:
            server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1, help="of everything that is made here")
    parser.add_argument("--rounds", type=int, default=40, help="pages of each list")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `timeout` must leave nothing, too
    crowd = CaseCrowd(given.cases, given.seed)
    began = time.monotonic()
    with filled(crowd) as database:
        progress(f"filled in {time.monotonic() - began:.0f} s")
        found: dict[str, float] = {}
        for name, read in reads(crowd):
            times = measured(database, read, given.rounds)
            found[name] = round(statistics.quantiles(times, n=20)[18], 1)
            progress(f"{name:32} p50 {statistics.median(times):6.1f}  p95 {found[name]:6.1f} ms")
    result({"worst_p95_ms": max(found.values()), "queries": found})


if __name__ == "__main__":
    main()
