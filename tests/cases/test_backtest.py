"""Promise: real orders open the cases that their buyers could have opened, and no others."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from amparo.cases.backtest import facts_on, run
from amparo.cases.policy import load_shipped
from amparo.cli import cli

SAMPLE = Path(__file__).parents[1] / "fixtures" / "olist-300"
PLACED = datetime(2018, 1, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def order(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "ref": "order-000001",
        "state": "delivered",
        "placed_at": PLACED,
        "currency": "BRL",
        "shipping": 500,
        "ship_by": PLACED + 3 * DAY,
        "deliver_by": PLACED + 10 * DAY,
        "delivered_at": PLACED + 8 * DAY,
        "lines": [{"unit_price": 2000}],
        "payments": [{"amount": 2500, "state": "captured", "at": PLACED}],
        "parcels": [{"dispatched_at": PLACED + DAY}],
    }
    return values | changes


def test_an_order_that_came_in_time_opens_nothing() -> None:
    found = run([order()], load_shipped())
    assert (found.orders, sum(found.reasons.values())) == (1, 0)


def test_a_late_order_is_one_that_did_not_come_until_it_came() -> None:
    late = order(delivered_at=PLACED + 30 * DAY)
    assert facts_on(late, PLACED + 20 * DAY).delivered_at is None
    assert facts_on(late, PLACED + 30 * DAY).tracking == "delivered"
    found = run([late], load_shipped())
    assert dict(found.reasons) == {"not_received": 1}
    assert found.late == 1


def test_a_cancelled_order_that_was_paid_is_paid_back() -> None:
    gone = order(state="cancelled", delivered_at=None, parcels=[])
    assert dict(run([gone], load_shipped()).reasons) == {"paid_unavailable": 1}
    unpaid = order(state="cancelled", delivered_at=None, parcels=[], payments=[])
    assert not run([unpaid], load_shipped()).reasons


def test_the_sample_is_lived_without_a_fault_and_the_same_every_time() -> None:
    said = [
        CliRunner()
        .invoke(cli, ["cases", "backtest", "--data", str(SAMPLE)])
        .stdout.splitlines()[-1]
        for _ in range(2)
    ]
    assert said[0] == said[1]
    assert '"orders": 300' in said[0]
    assert '"violations": 0' in said[0]
