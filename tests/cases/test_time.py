"""Time: order, downtime, jumping clocks, late timers, pauses, shifts."""

import copy
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.cases import rules, synthetic
from amparo.cases.case import Case, Deadline, Facts, Happening, Opening, Step, Who
from amparo.cases.policy import Policy, load_shipped
from amparo.cases.simulation import Life
from amparo.cases.synthetic import Scenario
from amparo.kernel.errors import Conflict

POLICY = load_shipped()
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
OLGA, WEI, MARTA = Who("buyer", "olga"), Who("seller", "wei"), Who("operator", "marta")
FACTS = Facts(
    currency="EUR",
    country="ES",
    captured=20_000,
    line_total=20_000,
    shipped=True,
    tracking="delivered",
    delivered_at=NOW - 5 * DAY,
)


def opened(**changes: Any) -> Case:
    asked = Opening(
        "c", "warranty", "repair", None, NOW - 3 * DAY, text="-", fields=synthetic.form("warranty")
    )
    return rules.open_case(replace(asked, **changes), FACTS, POLICY, NOW, OLGA).case


def due(case: Case) -> Deadline:
    found = rules.next_due(case)
    assert found is not None
    return found


def did(case: Case, event: str, who: Who, at: datetime, **data: Any) -> Step:
    return rules.apply(case, Happening(event, who, at, data), FACTS, POLICY)


def test_an_action_before_the_deadline_beats_the_timer_that_is_late() -> None:
    case = opened()
    at = due(case).due_at
    case = did(case, "offer", WEI, at - TICK, remedy="replacement").case
    assert case.state == "wait_buyer"
    assert due(case).due_at > at


def test_an_action_at_the_deadline_comes_after_the_timer_that_has_not_fired_yet() -> None:
    case = opened()
    at = due(case).due_at
    with pytest.raises(Conflict) as caught:
        did(case, "offer", WEI, at, remedy="replacement")
    assert caught.value.code == "case_action_not_possible"
    assert "offer" not in {one.key for one in rules.available_actions(case, WEI, at, POLICY)}
    step = did(case, "add_evidence", OLGA, at)
    assert [row.event for row in step.transitions] == ["seller_silent", "add_evidence"]


def test_a_downtime_over_a_deadline_extends_it_by_its_length() -> None:
    case = opened()
    at, down = due(case).due_at, timedelta(hours=7)
    back = at + timedelta(hours=2)
    step = rules.fire(case, back, FACTS, POLICY, down)
    assert step is not None
    assert [row.event for row in step.transitions] == ["extended"]
    assert due(step.case).due_at == at + down
    assert rules.fire(step.case, at + down - TICK, FACTS, POLICY) is None
    fired = rules.fire(step.case, at + down, FACTS, POLICY)
    assert fired is not None
    assert fired.case.state == "review"
    kept = rules.apply(
        case, Happening("offer", WEI, back, {"remedy": "repair"}), FACTS, POLICY, down
    )
    assert kept.case.state == "wait_buyer", "who came back with us still has the time"


def test_a_better_offer_never_shortens_a_deadline_that_was_extended() -> None:
    case = did(opened(), "offer", WEI, NOW, remedy="repair").case
    at, down = due(case).due_at, 8 * DAY
    moved = rules.fire(case, at, FACTS, POLICY, down)
    assert moved is not None
    extended = {one.event: one.due_at for one in moved.case.deadlines}
    better = did(moved.case, "improve", WEI, at + timedelta(hours=1), remedy="replacement").case
    for one in better.deadlines:
        assert one.due_at >= extended[one.event]
    assert extended["buyer_silent"] == at + down


def test_a_clock_that_jumps_back_fires_nothing_and_time_never_runs_backwards() -> None:
    case = opened()
    dice = random.Random(7)
    now = NOW
    for _ in range(300):
        now = max(now + timedelta(minutes=dice.randint(-2000, 2400)), NOW - DAY)
        deadline = rules.next_due(case)
        step = rules.fire(case, now, FACTS, POLICY)
        assert (step is not None) == (deadline is not None and deadline.due_at <= now)
        if step is not None:
            assert all(row.at >= case.changed_at for row in step.transitions)
            case = step.case
        elif case.state != "closed" and dice.random() < 0.2:
            before = case.changed_at
            try:
                case = did(case, "add_evidence", OLGA, now).case
            except Conflict:
                continue
            assert case.changed_at >= before


def test_a_pause_moves_every_deadline_by_its_length_and_no_more() -> None:
    case = opened()
    before = {one.event: one.due_at for one in case.deadlines}
    case = did(case, "withdraw", OLGA, NOW + DAY).case
    assert {one.event for one in case.deadlines} == {"withdraw_over"}
    case = did(case, "undo", OLGA, NOW + 3 * DAY).case
    assert {one.event: one.due_at - before[one.event] for one in case.deadlines} == {
        "seller_silent": 2 * DAY,
        "negotiation_over": 2 * DAY,
    }


def test_editing_the_request_does_not_restart_the_sellers_clock() -> None:
    case = opened()
    edited = did(case, "edit_request", OLGA, NOW + 2 * DAY, remedy="replacement").case
    assert edited.deadlines == case.deadlines
    assert edited.requested.remedy == "replacement"


def test_offers_and_counter_offers_never_last_longer_than_the_negotiation() -> None:
    case = opened()
    now = NOW
    for _ in range(20):
        if case.state not in ("wait_seller", "wait_buyer"):
            break
        event, who = (
            ("offer", WEI)
            if case.state == "wait_seller"
            else ("counter", OLGA)
            if case.count("counters") < 3
            else ("improve", WEI)
        )
        now += 2 * DAY
        data = {"remedy": "replacement"}
        if event not in {a.key for a in rules.available_actions(case, who, now, POLICY)}:
            now = due(case).due_at
            step = rules.fire(case, now, FACTS, POLICY)
            assert step is not None
        else:
            step = did(case, event, who, now, **data)
        case = step.case
    assert case.state == "review"
    assert now <= NOW + 15 * DAY


def test_reminders_come_at_half_and_nine_tenths_on_two_channels() -> None:
    case = did(opened(), "offer", WEI, NOW, remedy="repair").case
    told = rules.reminders_due(case, NOW, NOW + 7 * DAY - TICK)
    assert [(one.event, one.at - NOW, one.channels) for one in told if one.to == ("buyer",)] == [
        ("buyer_silent", 3.5 * DAY, ("panel", "mail")),
        ("buyer_silent", 6.3 * DAY, ("panel", "mail")),
    ]
    assert not rules.reminders_due(case, told[-1].at, NOW + 6.9 * DAY)


@given(seed=st.integers(0, 5000), late=st.integers(0, 400))
@settings(max_examples=100, deadline=None)
def test_late_timers_are_the_same_timers(seed: int, late: int) -> None:
    """After a crash the set of what fires is that of an uninterrupted run, possibly later."""
    scenario = synthetic.scenario(seed, silent=True)
    prompt = Life(scenario, POLICY).run()
    life = Life(scenario, POLICY, restart=1.0)
    life.slow = timedelta(minutes=late)
    delayed = life.run()
    assert [row.event for row in delayed.transitions] == [row.event for row in prompt.transitions]
    assert delayed.case.closed_at is not None
    assert prompt.case.closed_at is not None


def in_plain_days() -> Policy:
    """The shipped policy without business days, which depend on the date by design."""
    text = json.dumps(copy.deepcopy(dict(POLICY.document)))
    return Policy.of(json.loads(text.replace('bd"', 'd"')))


def shifted(scenario: Scenario, by: timedelta) -> Scenario:
    moved = {
        name: value + by
        for name in ("delivered_at", "deliver_by", "ship_by", "listing_removed_at")
        if (value := getattr(scenario.facts, name)) is not None
    }
    facts = replace(scenario.facts, **moved)
    contacted = scenario.opening.contacted_at
    opening = replace(scenario.opening, contacted_at=contacted + by if contacted else None)
    return replace(scenario, facts=facts, opening=opening, at=scenario.at + by)


@given(seed=st.integers(0, 5000), minutes=st.integers(-(60 * 24 * 400), 60 * 24 * 1600))
@settings(max_examples=100, deadline=None)
def test_shifting_all_times_does_not_change_the_path(seed: int, minutes: int) -> None:
    policy, by = in_plain_days(), timedelta(minutes=minutes)
    scenario = synthetic.scenario(seed)
    here = Life(scenario, policy, "flaky").run()
    there = Life(shifted(scenario, by), policy, "flaky").run()
    assert [(row.event, row.to_state, row.at + by) for row in here.transitions] == [
        (row.event, row.to_state, row.at) for row in there.transitions
    ]


@pytest.mark.parametrize("country", ["ES", "DE", "RU", ""])
@pytest.mark.parametrize("start", ["2028-02-28T23:30", "2026-03-27T01:30", "2026-12-24T12:00"])
def test_everybody_silent_ends_within_56_days_on_any_date(country: str, start: str) -> None:
    at = datetime.fromisoformat(start).replace(tzinfo=UTC)
    for seed in range(40):
        scenario = synthetic.scenario(seed, silent=True)
        moved = shifted(scenario, at - scenario.at)
        moved = replace(moved, facts=replace(moved.facts, country=country))
        for warned in (True, False):
            lived = Life(replace(moved, warned=warned), POLICY).run()
            assert lived.case.closed_at is not None
            assert lived.days <= 56, (seed, warned)
            assert not lived.violations
