"""kill -9 with deadlines pending: what has fired in the end is what an undisturbed run fires."""

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from select import select as wait_for
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from amparo.cases.audit_queries import proved
from amparo.cases.models import CaseRow, CaseStep, RefundOrder
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import Database, connect
from tests.cases.house import DAY, OLGA, WEI, asked, do, furnish, opened, place_order
from tests.conftest import TEMPLATE
from tests.faults.case_worker import Ledger

pytestmark = [pytest.mark.fault, pytest.mark.timeout(240)]
CASES, DAYS, KILLS = 8, 40, 8
Story = dict[str, list[tuple[str, datetime]]]


def people_act(database: Database, now: datetime) -> None:
    """Cases that go different ways when nobody says anything more."""
    with database.transaction() as session:
        furnish(session, now)
        for n in range(CASES):
            place_order(session, f"O-{n}", now)
            moment = now + timedelta(hours=n)
            case = opened(session, asked(f"O-{n}", now), moment).id
            if n % 4 == 1:
                do(session, WEI, case, "refuse", moment, text="It was sent.")
            elif n % 4 == 2:
                do(session, WEI, case, "offer", moment, remedy="return_refund")
                do(session, OLGA, case, "accept_offer", moment, offer_version=2)
            elif n % 4 == 3:
                do(session, WEI, case, "accept_request", moment)


@contextmanager
def fresh(postgres: EmbeddedPostgres, now: datetime) -> Iterator[Database]:
    name = f"kills_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name), pool=4)
    try:
        people_act(database, now)
        yield database
    finally:
        database.close()
        postgres.drop_database(name)


def begin(database: Database, ledger: Path, start: str, now: datetime) -> subprocess.Popen[str]:
    url = database.engine.url.render_as_string(hide_password=False)
    end = (now + DAYS * DAY).isoformat()
    command = [sys.executable, "-m", "tests.faults.case_worker", url, str(ledger), start, end]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def live(database: Database, ledger: Path, now: datetime, kills: int, chance: random.Random) -> int:
    """Until all days are over; returns how often it was killed."""
    place, killed = now.isoformat(), 0
    while place != "done":
        process = begin(database, ledger, place, now)
        assert process.stdout is not None
        patience, wait = chance.randrange(1, 9), chance.random() * 0.05
        try:
            for line in process.stdout:
                place = line.strip()
                patience -= 1
                if killed < kills and place != "done" and patience <= 0:
                    wait_for([process.stdout], [], [], wait)  # somewhere within the step
                    process.kill()
                    killed += 1
                    break
        finally:
            if process.poll() is None and place != "done":
                process.kill()
            process.stdout.close()
            process.wait(30)
    return killed


def story_of(database: Database, now: datetime) -> Story:
    """Each order's deadlines that fired, and when; and every chain is whole."""
    found: Story = {}
    with database.transaction() as session:
        for row in session.scalars(select(CaseRow)).all():
            assert proved(session, row).ok
            steps = session.execute(
                select(CaseStep.event, CaseStep.at)
                .where(CaseStep.case_id == row.id, CaseStep.who == "timer")
                .order_by(CaseStep.no)
            )
            found[row.order_ref] = [(event, at) for event, at in steps]
    assert any(found.values())
    assert all(at >= now for fired in found.values() for _, at in fired)
    return found


def test_what_fires_is_what_an_undisturbed_run_fires(
    postgres: EmbeddedPostgres, now: datetime, tmp_path: Path
) -> None:
    chance = random.Random(random.randrange(10**6))
    with fresh(postgres, now) as calm, fresh(postgres, now) as wild:
        assert live(calm, tmp_path / "calm", now, 0, chance) == 0
        assert live(wild, tmp_path / "wild", now, KILLS, chance) == KILLS
        assert story_of(wild, now) == story_of(calm, now)
        for database, name in ((calm, "calm"), (wild, "wild")):
            with database.reading() as session:
                orders = session.scalars(select(RefundOrder)).all()
                assert {order.state for order in orders} == {"paid"}
                keys = [order.key for order in orders]
            assert sorted(Ledger(tmp_path / name).lines()) == sorted(keys)
            assert keys


def test_the_comparison_would_notice(
    postgres: EmbeddedPostgres, now: datetime, tmp_path: Path
) -> None:
    """The control: a run in which the timers of one case were lost tells another story. (One of
    the two alone would do: whichever fires sets both.)"""
    with fresh(postgres, now) as calm, fresh(postgres, now) as lossy:
        live(calm, tmp_path / "calm", now, 0, random.Random(1))
        with lossy.transaction() as session:
            gone = "DELETE FROM timer WHERE kind LIKE 'case_%' AND subject IN (SELECT id FROM"
            session.execute(text(f"{gone} dispute WHERE order_ref = 'O-1')"))
        live(lossy, tmp_path / "lossy", now, 0, random.Random(1))
        assert story_of(lossy, now) != story_of(calm, now)
