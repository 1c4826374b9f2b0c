"""When each reason opens, why not, and from when on; what the form must say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from amparo.cases import rules, synthetic
from amparo.cases.case import Facts, Opening, Who
from amparo.cases.kinds import REASONS, Reason
from amparo.cases.openings import CONDITIONS
from amparo.cases.policy import load_shipped
from amparo.cases.reasons import REASON_ROWS
from amparo.kernel.errors import Conflict, Invalid

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = load_shipped()
OLGA = Who("buyer", "olga")
BASE = Facts(currency="EUR", country="ES", captured=5000, line_total=5000)
HERE = replace(BASE, shipped=True, tracking="delivered", delivered_at=NOW - 5 * DAY)
LATE = replace(BASE, shipped=True, tracking="moving", deliver_by=NOW - 4 * DAY)
UNPAID = replace(BASE, paid=False)
UNSENT = replace(BASE, ship_by=NOW - 3 * DAY)
GONE = replace(BASE, listing_removed_at=NOW - DAY)
GOOD: dict[Reason, Facts] = {
    "payment_not_credited": UNPAID,
    "paid_unavailable": UNSENT,
    "not_as_described": HERE,
    "compensation": HERE,
    "page_removed": GONE,
    "warranty": HERE,
    "not_received": LATE,
    "cooling_off": HERE,
}


def why(
    reason: Reason, facts: Facts, contacted: datetime | None = NOW - 3 * DAY, **more: Any
) -> tuple[str | None, datetime | None]:
    _, reason_why, not_before = rules.openable(reason, facts, contacted, POLICY, NOW, **more)
    return reason_why, not_before


def opening(reason: Reason, **changes: Any) -> Opening:
    remedy = REASON_ROWS[reason].remedies[0]
    amount = 100 if remedy in ("part_refund", "coupon") else None
    asked = Opening(
        "c", reason, remedy, amount, NOW - 3 * DAY, text="-", fields=synthetic.form(reason)
    )
    return replace(asked, **changes)


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_opens_with_each_of_its_remedies(reason: Reason) -> None:
    for remedy in rules.remedies_of(reason):
        amount = 100 if remedy in ("part_refund", "coupon") else None
        asked = opening(reason, remedy=remedy, amount=amount)
        step = rules.open_case(asked, GOOD[reason], POLICY, NOW, OLGA)
        assert step.transitions[0].event == "open"
        assert step.effects[0].kind == "payout_block"
        assert rules.replay(step.transitions, lambda _: POLICY) == step.case


@pytest.mark.parametrize(
    ("reason", "facts", "expected"),
    [
        ("payment_not_credited", BASE, "not_paid"),
        ("payment_not_credited", replace(UNPAID, attempted=False), "attempted"),
        ("paid_unavailable", replace(UNSENT, captured=0), "captured"),
        ("paid_unavailable", replace(UNSENT, shipped=True), "not_shipped"),
        ("paid_unavailable", BASE, "cancelled_or_late"),
        ("not_as_described", LATE, "delivered"),
        ("not_as_described", replace(HERE, delivered_at=NOW - 60 * DAY), "in_window"),
        ("not_as_described", replace(HERE, seller=False), "seller_known"),
        ("page_removed", HERE, "listing_removed"),
        ("warranty", replace(HERE, warranty_until=NOW), "in_guarantee"),
        ("warranty", replace(HERE, delivered_at=NOW - 730 * DAY), "in_guarantee"),
        ("not_received", BASE, "overdue_or_lost"),
        ("not_received", replace(LATE, deliver_by=NOW - 61 * DAY), "in_window"),
        ("cooling_off", replace(HERE, delivered_at=NOW - 14 * DAY), "cooling_off_window"),
    ],
)
def test_why_not(reason: Reason, facts: Facts, expected: str) -> None:
    assert why(reason, facts) == (expected, None)


@pytest.mark.parametrize(
    ("reason", "facts", "opens"),
    [
        ("paid_unavailable", replace(BASE, ship_by=NOW - DAY), NOW + DAY),
        ("not_received", replace(LATE, deliver_by=NOW - 2 * DAY), NOW + DAY),
    ],
)
def test_not_before(reason: Reason, facts: Facts, opens: datetime) -> None:
    assert why(reason, facts)[1] == opens
    assert rules.openable(reason, facts, NOW - 9 * DAY, POLICY, opens)[0]
    assert not rules.openable(reason, facts, NOW - 9 * DAY, POLICY, opens - timedelta(seconds=1))[0]


def test_what_is_lost_or_cancelled_need_not_be_waited_for() -> None:
    assert why("not_received", replace(BASE, tracking="lost")) == (None, None)
    assert why("paid_unavailable", replace(BASE, cancelled=True)) == (None, None)


def test_warranty_opens_long_after_the_window() -> None:
    assert why("warranty", replace(HERE, delivered_at=NOW - 700 * DAY)) == (None, None)
    until = replace(HERE, delivered_at=NOW - 900 * DAY, warranty_until=NOW + DAY)
    assert why("warranty", until) == (None, None)


def test_the_seller_comes_first_for_48_hours() -> None:
    assert why("warranty", HERE, None) == ("contacted", None)
    assert why("warranty", HERE, NOW - DAY) == ("contacted", NOW + DAY)
    assert why("warranty", HERE, NOW - 2 * DAY) == (None, None)
    assert why("warranty", HERE, None, seller_refused=True) == (None, None)
    assert why("warranty", replace(HERE, risk=True), None) == (None, None)
    with pytest.raises(Conflict) as caught:
        rules.open_case(opening("warranty", contacted_at=NOW - DAY), HERE, POLICY, NOW, OLGA)
    assert caught.value.code == "case_too_early"
    assert caught.value.params["not_before"] == "2026-03-03T10:00:00.000Z"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"remedy": "coupon"}, "case_remedy_not_possible"),
        ({"amount": 5001}, "case_amount_too_high"),
        ({"amount": None}, "case_field_missing"),
        ({"amount": 0}, "case_field_missing"),
        ({"amount": -1}, "case_amount_unreadable"),
        ({"amount": True}, "case_amount_unreadable"),
        ({"text": "  "}, "case_field_missing"),
        ({"fields": {}}, "case_field_missing"),
        ({"fields": {"differs": "x" * 201}}, "case_field_missing"),
    ],
)
def test_a_wrong_form_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        rules.open_case(opening("not_as_described", **changes), HERE, POLICY, NOW, OLGA)
    assert caught.value.code == code


@pytest.mark.parametrize("role", ["seller", "operator", "carrier", "timer"])
def test_only_the_buyer_opens(role: Any) -> None:
    with pytest.raises(Conflict):
        rules.open_case(opening("warranty"), HERE, POLICY, NOW, Who(role, "x"))


def test_every_condition_is_used() -> None:
    assert {name for row in REASON_ROWS.values() for name in row.opens_when} == set(CONDITIONS)


def test_no_words_are_in_a_case_or_its_audit() -> None:
    secret = "my neighbour Ivan has it"
    step = rules.open_case(opening("warranty", text=secret), HERE, POLICY, NOW, OLGA)
    assert secret not in repr(step)
