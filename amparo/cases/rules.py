"""Decisions about cases. Pure: the time and the facts are given. The table is in ``table.py``.

``open_case`` and ``apply`` give a ``Step``: the case afterwards, one ``Transition`` for each row of
the audit, and the effects that the world has to carry out once it is stored. ``fire`` does the same
for a deadline, ``available_actions`` reads the same table, ``replay`` makes the case again from its
audit.
"""

from datetime import datetime, timedelta

from amparo.cases.case import Action, Case, Facts, Happening, Reminder, Step, Who
from amparo.cases.checks import fields_of_needs
from amparo.cases.engine import OUTCOMES, begin, catch_up, fire_next, happen, next_due
from amparo.cases.guards import holds
from amparo.cases.kinds import Family, Reason, Remedy
from amparo.cases.moment import Moment, buyer_wish, refundable, standing
from amparo.cases.opening_rules import open_case, open_linked, openable
from amparo.cases.policy import Policy
from amparo.cases.reasons import REASON_ROWS, EvidenceType, FormField, decidable
from amparo.cases.replaying import ReplayError, replay
from amparo.cases.table import STATE_ROWS, TIMED, TIMER, Row

__all__ = [
    "OUTCOMES",
    "SILENCES",
    "ReplayError",
    "apply",
    "available_actions",
    "buyer_wish",
    "decidable",
    "evidence_of",
    "family_of",
    "fields_of",
    "fire",
    "next_due",
    "open_case",
    "open_linked",
    "openable",
    "refundable",
    "remedies_of",
    "reminders_due",
    "replay",
    "standing",
    "what_if_silent",
]
NOTHING = timedelta()

SILENCES: tuple[str, ...] = tuple(
    dict.fromkeys(
        f"{row.event}.{row.to}" for rows in STATE_ROWS.values() for row in rows if row.by == TIMER
    )
)
"""Everything that can happen if nobody acts; each has a text."""


def apply(
    case: Case, happening: Happening, facts: Facts, policy: Policy, down: timedelta = NOTHING
) -> Step:
    """What somebody does, after the deadlines that were due before it.

    Args:
        down: how long the platform was away over those deadlines (see ``fire``).

    Raises:
        Conflict: ``case_action_not_possible{action,state,why}``, ``case_offer_changed{version}``.
        Invalid: ``case_field_missing{field}``, ``case_amount_too_high{max}``,
            ``case_amount_unreadable``, ``case_remedy_not_possible``, ``case_offer_worse``.
    """
    return happen(case, happening, facts, policy, down)


def fire(
    case: Case, now: datetime, facts: Facts, policy: Policy, down: timedelta = NOTHING
) -> Step | None:
    """The earliest deadline that is due; None where none is. Call again until None.

    Args:
        down: the length of a downtime that the due deadline fell into. Where the deadline and it
            together are not over yet, the step moves the deadline instead of firing it.
    """
    return fire_next(case, now, facts, policy, down)


def available_actions(case: Case, who: Who, now: datetime, policy: Policy) -> tuple[Action, ...]:
    """What ``who`` may do at ``now``; every one of them is accepted if its fields are right."""
    current = catch_up(case, now, case.known, policy, NOTHING).case
    if who.conflict and who.role in ("operator", "supervisor"):
        return ()
    moment = begin(current, who, now, current.known, policy)
    found: dict[str, Action] = {}
    for row in STATE_ROWS.get(current.state, ()):
        mine = who.role in row.by and not row.auto and row.by != TIMER
        if mine and row.event not in found and holds(row.when, moment) is None:
            found[row.event] = _action(moment, row)
    return tuple(found.values())


def _action(moment: Moment, row: Row) -> Action:
    side = moment.side
    waiting = {
        timed.event for timed in TIMED.get(moment.case.state, ()) if timed.side in (side, "both")
    }
    due = [one.due_at for one in moment.case.deadlines if one.event in waiting]
    fields = tuple(dict.fromkeys((*fields_of_needs(row.needs), *row.words)))
    return Action(row.event, min(due) if due and row.must else None, row.must, fields)


def reminders_due(case: Case, after: datetime, now: datetime) -> tuple[Reminder, ...]:
    """Reminders whose time came after ``after`` and not after ``now``, oldest first."""
    sides = {timed.event: timed.side for timed in TIMED.get(case.state, ())}
    found = []
    for one in case.deadlines:
        side = sides.get(one.event, "")
        to = ("buyer", "seller") if side == "both" else (str(side),)
        for number, at in enumerate(one.reminders, start=1):
            if after < at <= now < one.due_at:
                found.append(Reminder(one.event, at, one.due_at, number, one.channels, to))
    return tuple(sorted(found, key=lambda reminder: reminder.at))


def what_if_silent(case: Case, policy: Policy) -> str | None:
    """One of ``SILENCES``: what happens at the next deadline that moves the case; None: nothing."""
    told: str | None = None
    for deadline in sorted(case.deadlines, key=lambda one: (one.due_at, one.event)):
        moment = begin(case, Who("timer"), deadline.due_at, case.known, policy)
        row = next(
            (
                one
                for one in STATE_ROWS[case.state]
                if one.event == deadline.event and holds(one.when, moment) is None
            ),
            None,
        )
        if row is not None:
            told = told or f"{row.event}.{row.to}"
            if row.to != case.state:
                return f"{row.event}.{row.to}"
    return told


def remedies_of(reason: Reason) -> tuple[Remedy, ...]:
    """What a buyer may ask for."""
    return REASON_ROWS[reason].remedies


def evidence_of(reason: Reason) -> tuple[EvidenceType, ...]:
    """What a buyer is asked to show at the opening."""
    return REASON_ROWS[reason].evidence


def fields_of(reason: Reason) -> tuple[FormField, ...]:
    """The questions of the form beside the text."""
    return REASON_ROWS[reason].fields


def family_of(reason: Reason) -> Family:
    """Of each family, a line (or order) has at most one open case."""
    return REASON_ROWS[reason].family
