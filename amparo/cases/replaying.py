"""A case made again from its audit: the proof that the rows say all that happened. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from amparo.cases.case import Agreed, Case, Decision, Facts, Step, Transition, Wish
from amparo.cases.codec import build
from amparo.cases.engine import EXTENDED, begin, extend, fire_event, open_at, perform
from amparo.cases.moment import Moment, make_wish, refundable
from amparo.cases.opening_rules import blank
from amparo.cases.policy import Policy
from amparo.cases.reasons import REASON_ROWS
from amparo.cases.table import OPENING


class ReplayError(ValueError):
    """The audit does not tell one story; ``no`` is the first row that does not fit."""

    def __init__(self, no: int) -> None:
        super().__init__(f"row {no} of the audit does not follow from the rows before it")
        self.no = no


def recorded_facts(transition: Transition) -> Facts:
    """The facts that the transition was decided on, as it holds them itself."""
    return Facts.of(transition.data["facts"])


def replay(
    transitions: Iterable[Transition],
    policy_of: Callable[[str], Policy],
    facts_of: Callable[[Transition], Facts] = recorded_facts,
) -> Case:
    """The case that these rows make, from nothing.

    Raises:
        ReplayError: a row is missing, changed or out of place.
    """
    rows = list(transitions)
    if not rows or rows[0].event != "open":
        raise ReplayError(1)
    policy = policy_of(rows[0].data["policy"])
    case: Case | None = None
    place = 0
    while place < len(rows):
        step = _again(case, rows[place], policy, facts_of)
        told = rows[place : place + len(step.transitions)]
        for made, row in zip(step.transitions, told, strict=False):
            if made != row:
                raise ReplayError(row.no)
        if len(told) < len(step.transitions):
            raise ReplayError(step.transitions[len(told)].no)
        case = step.case
        place += len(told)
    assert case is not None
    return case


def _again(
    case: Case | None, row: Transition, policy: Policy, facts_of: Callable[[Transition], Facts]
) -> Step:
    try:
        facts = facts_of(row)
        if case is None:
            return _open_again(row, facts, policy)
        moment = begin(case, row.who, row.at, facts, policy)
        if row.event == EXTENDED:
            upto = datetime.fromisoformat(row.data["upto"])
            return extend(moment, upto, timedelta(microseconds=row.data["microseconds"]))
        if row.who.role == "timer":
            return fire_event(moment, row.event)
        return perform(moment, row.event, row.data, words=False)
    except ReplayError:
        raise
    except Exception as error:  # whatever does not fit: the row is wrong, and we say which
        raise ReplayError(row.no) from error


def _open_again(row: Transition, facts: Facts, policy: Policy) -> Step:
    told: dict[str, Any] = dict(row.data)
    reason, family = told["reason"], told["family"]
    if family == "appeal":
        wish, state = Wish("none", told["amount"]), OPENING["linked"]
    else:
        wish = make_wish(told["remedy"], told["amount"], 1)
        state = OPENING[REASON_ROWS[reason].start]
    case = blank(told["id"], reason, family, wish, facts, policy, row.at)
    case = replace(case, parent=told["parent"], state=state)
    if told.get("seller_refused"):
        case = replace(case, marks=("seller_refused",))
    if state == "execute":
        case = replace(case, agreed=Agreed(wish, refundable(facts), "right"))
    if told.get("decision"):
        case = replace(case, decision=build(Decision, told["decision"]))
    moment = Moment(case, row.who, row.at, facts, policy.at(facts.country, reason))
    return open_at(moment, told)
