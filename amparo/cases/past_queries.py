"""Past cases as scenarios: what people did, and when, to be lived again under another policy."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.cases.case import Facts, Happening, Opening, Transition, Who
from amparo.cases.models import CaseRow, CaseStep
from amparo.cases.synthetic import Scenario, form

_PEOPLE = ("buyer", "seller", "operator", "supervisor", "carrier", "outside", "system")
_WORDS = {"text": "-", "reasons": "-", "tracking": "-"}
"""Words are not needed to live a case again; where the rules want some, any will do."""


def past_scenarios(session: Session, limit: int) -> Iterator[Scenario]:
    """The newest closed cases, newest first."""
    query = (
        select(CaseRow.id)
        .where(CaseRow.closed_at.is_not(None))
        .order_by(CaseRow.closed_at.desc(), CaseRow.id)
        .limit(limit)
    )
    for number, id in enumerate(session.scalars(query).all()):
        scenario = scenario_of(number, _transitions(session, id))
        if scenario is not None:
            yield scenario


def _transitions(session: Session, id: UUID) -> list[Transition]:
    query = select(CaseStep).where(CaseStep.case_id == id).order_by(CaseStep.no)
    return [
        Transition(
            no=step.no,
            event=step.event,
            from_state=step.from_state,  # type: ignore[arg-type]  # columns hold nothing else
            to_state=step.to_state,  # type: ignore[arg-type]
            at=step.at,
            who=Who(step.who, step.who_id),  # type: ignore[arg-type]
            data=step.data,
        )
        for step in session.scalars(query)
    ]


def scenario_of(number: int, rows: list[Transition]) -> Scenario | None:
    """The case that these rows of an audit tell of; None for a linked appeal."""
    told: dict[str, Any] = dict(rows[0].data) if rows else {}
    if not told or told["family"] == "appeal":
        return None
    contacted = told.get("contacted_at")
    opening = Opening(
        id=told["id"],
        reason=told["reason"],
        remedy=told["remedy"],
        amount=told["amount"],
        contacted_at=datetime.fromisoformat(contacted) if contacted else None,
        seller_refused=told.get("seller_refused", False),
        text="-",
        fields=form(told["reason"]),
    )
    script = tuple(
        Happening(row.event, row.who, row.at, {**_WORDS, **row.data})
        for row in rows[1:]
        if row.who.role in _PEOPLE and not row.data.get("auto")
    )
    return Scenario(
        number, Facts.of(told["facts"]), opening, rows[0].at, script=script, scripted=True
    )
