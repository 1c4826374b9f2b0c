"""The table as data: complete, reachable, without a dead end, and nothing in it that means
nothing."""

import re
from pathlib import Path

from amparo.cases.checks import CHECKS
from amparo.cases.deeds import DEEDS
from amparo.cases.engine import OUTCOMES
from amparo.cases.guards import GUARDS
from amparo.cases.kinds import STATES, State, stage_of, turn_of
from amparo.cases.policy import load_shipped
from amparo.cases.table import (
    DEADLINES,
    INSTANT,
    OPENING,
    STATE_ROWS,
    TABLE,
    TIMED,
    TIMER,
    Row,
)

PAUSABLE = {row.state for row in TABLE if row.to in ("withdrawing", "on_hold")}


def targets(row: Row) -> set[State]:
    """Where a row can lead; "prior" leads to every state that can be paused."""
    return set(PAUSABLE) if row.to == "prior" else {row.to}


def test_there_are_the_23_states_and_each_has_a_turn_and_a_stage() -> None:
    assert len(STATES) == 23
    for state in STATES:
        assert turn_of(state)
        assert stage_of(state)


def test_every_state_is_reachable() -> None:
    seen: set[State] = set(OPENING.values())
    while True:
        more = {to for row in TABLE if row.state in seen for to in targets(row)} - seen
        if not more:
            break
        seen |= more
    assert seen == set(STATES)


def test_closed_is_reachable_from_every_state() -> None:
    ends: set[State] = {"closed"}
    while True:
        more = {row.state for row in TABLE if targets(row) & ends} - ends
        if not more:
            break
        ends |= more
    assert ends == set(STATES)


def test_every_open_state_has_a_deadline_or_is_left_at_once() -> None:
    for state in STATES:
        if state == "closed":
            assert state not in STATE_ROWS, "a closed case accepts nothing"
        elif state in INSTANT:
            automatic = [row for row in STATE_ROWS[state] if row.auto]
            assert not automatic[-1].when, f"{state}: the last automatic row must always hold"
        else:
            assert TIMED.get(state), f"{state} could wait for ever"


def test_every_deadline_has_a_row_that_always_holds() -> None:
    for timed in DEADLINES:
        rows = [row for row in STATE_ROWS[timed.state] if row.event == timed.event]
        assert rows, f"{timed.state}: {timed.event} leads nowhere"
        assert all(row.by == TIMER for row in rows)
        if timed.event != "hold_over":
            assert not rows[-1].when, f"{timed.state}: {timed.event} may find no row"


def test_the_deadlines_of_a_state_cover_every_condition() -> None:
    """Where deadlines of a state have conditions, one of them runs whatever holds."""
    opposite = {
        "supervised": "not_supervised",
        "extended": "not_extended",
        "delivery_noted": "not_yet_there",
        "tries_over": "tries_left",
    }
    for state, timed in TIMED.items():
        conditions = {one.only for one in timed}
        if () in conditions:
            continue
        names = {only[0] for only in conditions}
        assert any({a, b} <= names for a, b in opposite.items()), state


def test_timer_rows_are_all_armed() -> None:
    armed = {(timed.state, timed.event) for timed in DEADLINES}
    assert {(row.state, row.event) for row in TABLE if row.by == TIMER} == armed


def test_no_row_hides_behind_one_that_always_holds() -> None:
    for rows in STATE_ROWS.values():
        for place, row in enumerate(rows):
            for earlier in rows[:place]:
                same = earlier.event == row.event and set(earlier.by) >= set(row.by)
                assert not (same and not earlier.when), f"{row.state}: {row.event} is never reached"


def test_every_name_in_the_table_means_something_and_all_are_used() -> None:
    guards = {name for row in TABLE for name in row.when}
    guards |= {name for timed in DEADLINES for name in timed.only}
    deeds = {name for row in TABLE for name in row.do}
    needs = {name for row in TABLE for name in row.needs}
    assert guards == set(GUARDS)
    assert deeds == set(DEEDS)
    assert needs == set(CHECKS)


def test_every_span_of_the_table_is_in_the_policy_and_every_deadline_of_it_is_used() -> None:
    named = {timed.span for timed in DEADLINES}
    assert named == set(load_shipped().document["deadlines"])


def test_a_case_only_closes_with_an_outcome() -> None:
    for row in TABLE:
        assert (row.to == "closed") == (row.outcome is not None), f"{row.state}: {row.event}"
    special = {"refund", "goods", "appeal"}
    assert {row.outcome for row in TABLE if row.outcome} - special <= set(OUTCOMES)


def test_the_buyers_silence_alone_closes_only_what_the_spec_says() -> None:
    closing = {row.event for row in TABLE if row.by == TIMER and row.to == "closed"}
    assert closing == {
        "confirm_over",
        "return_abandoned",
        "replacement_unanswered",
        "withdraw_over",
    }


def test_every_row_is_explained_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "cases.md").read_text("utf-8")
    told = set(re.findall(r"`([a-z_]+)`", text))
    assert {row.event for row in TABLE} <= told
    assert set(STATES) <= told
