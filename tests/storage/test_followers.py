"""Followers: every event once in effect, whatever fails in between."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.kernel.clock import ManualClock
from amparo.storage.events import LoggedEvent, record
from amparo.storage.followers import Runner, drain, enrol, take_turn
from amparo.storage.session import Database


class Counting:
    """Writes what it sees into a table; fails where it is told to."""

    name = "counting"
    kinds = frozenset({"wanted"})

    def __init__(self) -> None:
        self.fail_at: int | None = None

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        for event in events:
            session.execute(
                text("INSERT INTO seen VALUES (:number)"), {"number": event.data["number"]}
            )
            if event.data["number"] == self.fail_at:
                raise RuntimeError("told to fail")


@pytest.fixture
def follower(database: Database) -> Counting:
    with database.transaction() as session:
        session.execute(text("CREATE TABLE seen (number int)"))
    follower = Counting()
    enrol(database, [follower])
    return follower


def happen(database: Database, now: datetime, *numbers: int, kind: str = "wanted") -> None:
    for number in numbers:
        with database.transaction() as session:
            record(session, kind, {"number": number}, now=now)


def seen(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(text("SELECT number FROM seen")))


def test_each_event_once_and_in_order(
    database: Database, follower: Counting, clock: ManualClock
) -> None:
    happen(database, clock.now(), 1, 2)
    drain(database, clock, [follower])
    happen(database, clock.now(), 3)
    drain(database, clock, [follower])
    drain(database, clock, [follower])
    assert seen(database) == [1, 2, 3]


def test_other_kinds_are_passed_over(
    database: Database, follower: Counting, clock: ManualClock
) -> None:
    happen(database, clock.now(), 1, kind="other")
    happen(database, clock.now(), 2)
    assert take_turn(database, follower, clock.now()) == 2
    assert seen(database) == [2]


def test_a_failure_undoes_the_turn_and_it_comes_again_later(
    database: Database, follower: Counting, clock: ManualClock
) -> None:
    happen(database, clock.now(), 1, 2, 3)
    follower.fail_at = 2
    runner = Runner(database, clock, [follower])
    assert runner.run_once() == 0
    assert seen(database) == []
    follower.fail_at = None
    assert runner.run_once() == 0  # not at once: it waits longer after each failure
    clock.advance(timedelta(seconds=2))
    assert runner.run_once() == 3
    assert seen(database) == [1, 2, 3]


def test_one_failing_follower_does_not_stop_another(
    database: Database, follower: Counting, clock: ManualClock
) -> None:
    broken = Counting()
    broken.name, broken.fail_at = "broken", 1
    enrol(database, [broken])
    happen(database, clock.now(), 1)
    Runner(database, clock, [broken, follower]).run_once()
    assert seen(database) == [1]


def test_two_processes_share_a_follower(
    database: Database, follower: Counting, clock: ManualClock
) -> None:
    happen(database, clock.now(), 1)
    with database.transaction() as other:
        other.execute(text("SELECT 1 FROM follower_position FOR UPDATE"))
        assert take_turn(database, follower, clock.now()) == 0
    assert take_turn(database, follower, clock.now()) == 1
    assert seen(database) == [1]


def test_a_new_follower_begins_at_the_beginning(
    database: Database, follower: Counting, clock: ManualClock
) -> None:
    happen(database, clock.now(), 1, 2)
    late = Counting()
    late.name = "late"
    enrol(database, [late])
    drain(database, clock, [late])
    assert seen(database) == [1, 2]


def test_a_dump_restored_into_a_new_cluster_loses_and_repeats_nothing(
    database: Database, follower: Counting, clock: ManualClock
) -> None:
    """Transaction ids of the old cluster lie in the new one's future."""
    happen(database, clock.now(), 1, 2, 3)
    with database.transaction() as session:
        session.execute(text("UPDATE event SET xid = (xid::text::bigint + 1000000)::text::xid8"))
    with database.transaction() as session:  # it had read the first two of them
        session.execute(
            text(
                "UPDATE follower_position SET (xid, ordinal) = (SELECT xid::text::bigint, ordinal"
                " FROM event ORDER BY xid, ordinal OFFSET 1 LIMIT 1)"
            )
        )
    enrol(database, [follower])
    happen(database, clock.now(), 4)
    drain(database, clock, [follower])
    assert seen(database) == [3, 4]
