"""Runs the table: chooses the row, does what it says, arms the deadlines, writes the transition."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from amparo.cases.case import (
    SYSTEM,
    TIMER,
    Case,
    Deadline,
    Facts,
    Happening,
    Step,
    Transition,
    Who,
)
from amparo.cases.checks import CHECKS, fields_of_needs, missing
from amparo.cases.codec import plain
from amparo.cases.deeds import DEEDS
from amparo.cases.fulfilment_deeds import forget, later, resumed, start_refund
from amparo.cases.guards import holds
from amparo.cases.kinds import State
from amparo.cases.moment import Moment
from amparo.cases.policy import Policy
from amparo.cases.reasons import is_goods
from amparo.cases.table import ROWS, STATE_ROWS, TIMED, Row, Timed
from amparo.kernel.errors import Conflict

MOST_AT_ONCE = 60
"""Deadlines that can fire one after the other in one moment; more would be a loop."""
EXTENDED = "extended"
"""The event with which deadlines that fell into a downtime are moved."""


def begin(case: Case, who: Who, at: datetime, facts: Facts, policy: Policy) -> Moment:
    """The moment of something that happens; time never runs backwards in a case."""
    terms = policy.at(case.country, case.reason)
    return Moment(case, who, max(at, case.changed_at), facts, terms)


def refused(moment: Moment, event: str, why: str) -> Conflict:
    """The problem of an action that the table does not have here."""
    return Conflict("case_action_not_possible", action=event, state=moment.case.state, why=why)


def choose(moment: Moment, event: str) -> Row:
    """The row of the table for what happens.

    Raises:
        Conflict: ``case_action_not_possible`` with ``why``.
    """
    rows = [row for row in ROWS.get((moment.case.state, event), ()) if moment.who.role in row.by]
    if not rows:
        raise refused(moment, event, "out_of_turn")
    if moment.who.conflict and moment.who.role in ("operator", "supervisor"):
        raise refused(moment, event, "conflict")
    why = "out_of_turn"
    for row in rows:
        failed = holds(row.when, moment)
        if failed is None:
            return row
        why = failed
    if why.startswith("asks_"):
        raise missing("party")  # there are such rows, but for another party than the one named
    raise refused(moment, event, why)


def perform(moment: Moment, event: str, data: Mapping[str, Any], words: bool = True) -> Step:
    """Do what somebody does now, and what follows from it at once."""
    moment.data = data
    row = choose(moment, event)
    for name in row.words if words else ():
        given = data.get(name)
        if not isinstance(given, str) or not given.strip():
            raise missing(name)
    for need in row.needs:
        CHECKS[need][1](moment)
    fields = fields_of_needs(row.needs)
    kept = plain({name: data[name] for name in fields if data.get(name) is not None})
    first = transit(moment, row, {**kept, "facts": moment.facts.data()})
    return settle(moment, (first,))


def open_at(moment: Moment, data: Mapping[str, Any]) -> Step:
    """The first transition: into the state that the case of the moment already names."""
    state = moment.case.state
    moment.change(no=1)
    _arm(moment, None, Row(state, "open", (moment.who.role,), state))
    first = Transition(1, "open", None, state, moment.at, moment.who, data)
    return settle(moment, (first,))


def settle(moment: Moment, done: tuple[Transition, ...]) -> Step:
    """Leave the instant states by the system's own rows, then close the step."""
    began = moment.who
    while True:
        moment.who = SYSTEM
        rows = STATE_ROWS.get(moment.case.state, ())
        row = next((one for one in rows if one.auto and holds(one.when, moment) is None), None)
        if row is None:
            break
        done = (*done, transit(moment, row, {"auto": True}))
    moment.who = began
    _tell(moment, done)
    return Step(moment.case, done, tuple(moment.effects))


def transit(moment: Moment, row: Row, data: Mapping[str, Any]) -> Transition:
    """One row of the table becomes one row of the audit."""
    before = moment.case.state
    for name in row.do:
        DEEDS[name](moment)
    back = row.to == "prior"
    to: State = resumed(moment) if row.to == "prior" else row.to
    case = moment.case
    moment.change(state=to, no=case.no + 1, changed_at=moment.at, known=moment.facts)
    if to != before:
        moment.change(entered_at=moment.at)
        _enter(moment, before, to, row)
    if not back:
        _arm(moment, before, row)
    return Transition(case.no + 1, row.event, before, to, moment.at, moment.who, data)


def _enter(moment: Moment, before: State, to: State, row: Row) -> None:
    if to == "execute":
        forget(moment)
    elif to == "review":
        moment.clock("review")
    elif to == "refund_pending" and before != "refund_failed":
        start_refund(moment)
    elif to == "closed":
        outcome = _outcome(moment, row)
        moment.change(closed_at=moment.at, outcome=outcome, paused=(), evidence_asked=None)
        moment.effect("payout_release")


def _outcome(moment: Moment, row: Row) -> str:
    case = moment.case
    if row.outcome == "refund" and case.refund is not None:
        full = case.agreed is None or case.refund.amount >= case.agreed.fallback
        return "refunded" if full else "part_refunded"
    if row.outcome == "goods" and case.agreed is not None and is_goods(case.agreed.wish.remedy):
        return "repaired" if case.agreed.wish.remedy == "repair" else "replaced"
    if row.outcome == "appeal":
        return "appeal_changed" if "changed" in case.marks else "appeal_upheld"
    if row.outcome == "no_remedy" and case.agreed is not None and case.agreed.how == "decision":
        return "refused"
    return row.outcome or "closed"


OUTCOMES: tuple[str, ...] = (
    *("refunded", "part_refunded", "nothing_to_refund", "replaced", "repaired", "coupon"),
    *("confirmed", "believed_fixed", "no_remedy", "refused", "return_not_sent"),
    *("withdrawn", "settled_outside", "appeal_upheld", "appeal_changed"),
)
"""How a case can end; each has a text."""


# -- deadlines ---------------------------------------------------------------------------------


def _arm(moment: Moment, before: State | None, row: Row) -> None:
    """Set the deadlines of the state. In the same state what runs goes on, unless it has fired."""
    case = moment.case
    kept = {one.event: one for one in case.deadlines} if case.state == before else {}
    armed = []
    for timed in TIMED.get(case.state, ()):
        if holds(timed.only, moment) is not None:
            continue
        old = kept.get(timed.event)
        fired = row.event == timed.event and case.state == before
        if old is not None and not fired and not row.rearm:
            armed.append(old)
        elif case.state != before or row.rearm or (fired and timed.repeats) or _new(timed, fired):
            armed.append(_deadline(moment, timed, old))
    moment.change(deadlines=tuple(sorted(armed, key=lambda one: (one.due_at, one.event))))


def _new(timed: Timed, fired: bool) -> bool:
    """A deadline that a condition has just brought about."""
    return bool(timed.only) and not timed.only[0].startswith("not_") and not fired


def _deadline(moment: Moment, timed: Timed, old: Deadline | None) -> Deadline:
    start = moment.case.clocks.get(timed.clock, moment.at)
    due = max(moment.terms.after(timed.span, start), moment.at)
    if old is not None and timed.clock == "entered":
        due = max(due, old.due_at)
    reminders: tuple[datetime, ...] = ()
    channels: tuple[str, ...] = ()
    if timed.side in ("buyer", "seller", "both"):
        length = due - moment.at
        reminders = tuple(moment.at + length * part / 100 for part in moment.terms.reminders)
        channels = moment.terms.channels
    return Deadline(timed.event, due, moment.at, reminders, channels)


def next_due(case: Case) -> Deadline | None:
    """The deadline that fires next; None for a closed case."""
    return min(case.deadlines, key=lambda one: (one.due_at, one.event), default=None)


def fire_next(
    case: Case, now: datetime, facts: Facts, policy: Policy, down: timedelta
) -> Step | None:
    """The earliest deadline that is due, or its extension; None where none is due."""
    deadline = next_due(case)
    if deadline is None or deadline.due_at > now:
        return None
    moment = begin(case, TIMER, now, facts, policy)
    if down > timedelta() and deadline.due_at + down > now:
        return extend(moment, now, down)
    return fire_event(moment, deadline.event)


def fire_event(moment: Moment, event: str) -> Step:
    """A deadline happens."""
    row = choose(moment, event)
    first = transit(moment, row, {"facts": moment.facts.data()})
    return settle(moment, (first,))


def extend(moment: Moment, now: datetime, down: timedelta) -> Step:
    """Deadlines that fell into a downtime are later by its length; this is told in the audit."""
    case = moment.case
    moved = tuple(later(one, down) if one.due_at <= now else one for one in case.deadlines)
    moment.change(
        deadlines=tuple(sorted(moved, key=lambda one: (one.due_at, one.event))),
        no=case.no + 1,
        changed_at=moment.at,
        known=moment.facts,
    )
    data = {
        "microseconds": down // timedelta(microseconds=1),
        "upto": now.isoformat(),
        "facts": moment.facts.data(),
    }
    row = Transition(case.no + 1, EXTENDED, case.state, case.state, moment.at, moment.who, data)
    return Step(moment.case, (row,))


def catch_up(case: Case, at: datetime, facts: Facts, policy: Policy, down: timedelta) -> Step:
    """Fire what was due before ``at``: times are compared, not the order of processing."""
    step = Step(case, ())
    for _ in range(MOST_AT_ONCE):
        fired = fire_next(step.case, at, facts, policy, down)
        if fired is None:
            break
        step = joined(step, fired)
    return step


def joined(first: Step, second: Step) -> Step:
    """Two steps as one."""
    return Step(
        second.case,
        (*first.transitions, *second.transitions),
        (*first.effects, *second.effects),
    )


def happen(case: Case, happening: Happening, facts: Facts, policy: Policy, down: timedelta) -> Step:
    """Something happens, after what was due before it."""
    if happening.who.role == "timer":
        raise Conflict("case_action_not_possible", action=happening.event, why="out_of_turn")
    before = catch_up(case, happening.at, facts, policy, down)
    moment = begin(before.case, happening.who, happening.at, facts, policy)
    return joined(before, perform(moment, happening.event, happening.data))


def _tell(moment: Moment, done: tuple[Transition, ...]) -> None:
    """Both parties hear where the case stands now."""
    if not done or done[0].from_state == moment.case.state:
        return
    to = ["buyer", "seller"] if moment.facts.seller else ["buyer"]
    text = moment.case.state if moment.case.outcome is None else f"closed.{moment.case.outcome}"
    moment.effect("notice", to=to, text=text, channels=list(moment.terms.channels))
