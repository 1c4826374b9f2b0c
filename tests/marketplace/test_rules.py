"""What is wrong with an order: a table of examples, and what holds for every order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.marketplace.rules import ORDER_STATES, PROBLEMS, OrderFacts, order_problem

NOW = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)

TABLE: list[tuple[str, OrderFacts, str | None]] = [
    ("paid and in time", OrderFacts("paid", deliver_by=NOW + DAY), None),
    ("promised moment is now", OrderFacts("dispatched", deliver_by=NOW), None),
    ("promised moment passed", OrderFacts("dispatched", deliver_by=NOW - DAY), "late"),
    ("never dispatched", OrderFacts("processing", deliver_by=NOW - DAY), "late"),
    ("nothing was promised", OrderFacts("dispatched"), None),
    ("delivered late is delivered", OrderFacts("delivered", deliver_by=NOW - DAY), None),
    ("cancelled is not late", OrderFacts("cancelled", deliver_by=NOW - DAY), None),
    ("unpaid", OrderFacts("unpaid", deliver_by=NOW - DAY), None),
    ("unpaid but charged", OrderFacts("unpaid", charged=True), "unpaid_charged"),
    ("removed while open", OrderFacts("paid", removed=True), "listing_removed"),
    (
        "removed, delivered last week",
        OrderFacts("delivered", delivered_at=NOW - 7 * DAY, removed=True),
        "listing_removed",
    ),
    (
        "removed, delivered long ago, warranty runs",
        OrderFacts(
            "delivered", delivered_at=NOW - 90 * DAY, removed=True, warranty_until=NOW + DAY
        ),
        "under_warranty",
    ),
    ("late wins over removed", OrderFacts("paid", NOW - DAY, removed=True), "late"),
    ("warranty runs", OrderFacts("delivered", warranty_until=NOW + DAY), "under_warranty"),
    ("warranty is over", OrderFacts("delivered", warranty_until=NOW), None),
    ("warranty before delivery", OrderFacts("paid", warranty_until=NOW + DAY), None),
    ("refund", OrderFacts("cancelled", charged=True, refunding=True), "refund_pending"),
]


@pytest.mark.parametrize(
    ("facts", "problem"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_table(facts: OrderFacts, problem: str | None) -> None:
    assert order_problem(facts, NOW) == problem


_times = st.none() | st.timedeltas(-400 * DAY, 400 * DAY).map(lambda step: NOW + step)
_facts = st.builds(
    OrderFacts,
    state=st.sampled_from(ORDER_STATES),
    deliver_by=_times,
    delivered_at=_times,
    charged=st.booleans(),
    refunding=st.booleans(),
    removed=st.booleans(),
    warranty_until=_times,
)


@given(_facts)
def test_every_order_has_one_known_problem_or_none(facts: OrderFacts) -> None:
    assert order_problem(facts, NOW) in (*PROBLEMS, None)


@given(_facts, st.timedeltas(timedelta(0), 400 * DAY))
def test_once_late_an_unchanged_order_stays_late(facts: OrderFacts, step: timedelta) -> None:
    if order_problem(facts, NOW) == "late":
        assert order_problem(facts, NOW + step) == "late"


@given(_facts)
def test_what_is_delivered_or_over_is_never_late(facts: OrderFacts) -> None:
    if facts.state in ("delivered", "cancelled", "unavailable", "unpaid"):
        assert order_problem(facts, NOW) != "late"
