"""The verbs of a case: one transaction for the step, its audit, timers, money and events."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.accounts.queries import staff_actors
from amparo.cases.about import about
from amparo.cases.case import Happening
from amparo.cases.doors_queries import case_row_for
from amparo.cases.events import CASE_CHANGED
from amparo.cases.forms import check_bounds, fields_beside, words_of
from amparo.cases.models import CaseAct, CaseFile, CaseRow, CaseSeen
from amparo.cases.steps_actions import Said, add_entry, happens
from amparo.cases.who_queries import is_conflict, who_of
from amparo.kernel.actor import SYSTEM, Actor
from amparo.kernel.errors import Conflict, Invalid
from amparo.storage.events import record

DESK_ACTIONS = ("take", "release_case", "note")
"""What staff does with a case that is no step of it."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does in a case; ``id`` is made by who does it and makes it repeatable.

    Attributes:
        action: an event of the machine, or ``take``, ``release_case``, ``note`` (operators).
        data: the form's fields by name; an ``amount`` in minor units of the case's currency.
        files: put in before with ``evidence_actions``.
        version: the case as it was seen; None does not ask.
    """

    id: UUID
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[UUID, ...] = ()
    version: int | None = None
    language: str | None = None


def act(session: Session, actor: Actor, case_id: UUID, act: Act, now: datetime) -> CaseRow:
    """Do it, whole or not at all. The same ``id`` again changes nothing.

    Args:
        now: when it was received: an action beats a deadline that is processed later.

    Raises:
        NotFound: no such case, or not the actor's.
        Conflict: ``case_action_not_possible``, ``case_changed``, ``case_offer_changed``,
            ``request_id_used``.
        Invalid: ``case_amount_too_high`` (``max``), a field that is missing or too long.
    """
    # the marketplace's server has asked at its own door: it speaks for all cases
    door = SYSTEM if actor.role == "integration" else actor
    row = case_row_for(session, door, case_id, lock=True)
    if _done_before(session, actor, act, row, now):
        return row
    check_bounds(act.data)
    if act.version is not None and act.version != row.version:
        raise Conflict("case_changed", version=row.version)
    if act.action in DESK_ACTIONS:
        _on_the_desk(session, actor, row, act, now)
    else:
        fields = fields_beside(act.data)
        said = Said(actor, act.action, words_of(act.data), fields, act.files, act.language)
        who = who_of(session, actor, row, act.action)
        data = _for_the_machine(session, act)
        happens(session, row, Happening(act.action, who, now, data), now, said)
        _take_with_it(actor, row)
    _see(session, actor, row)
    return row


def see(session: Session, actor: Actor, case_id: UUID) -> None:
    """The actor has seen the case as it is now.

    Raises:
        NotFound: no such case, or not the actor's.
    """
    _see(session, actor, case_row_for(session, actor, case_id))


def _see(session: Session, actor: Actor, row: CaseRow) -> None:
    seen = insert(CaseSeen).values(case_id=row.id, person_id=actor.person_id, version=row.version)
    newer = func.greatest(CaseSeen.version, seen.excluded.version)
    session.execute(
        seen.on_conflict_do_update(index_elements=["case_id", "person_id"], set_={"version": newer})
    )


def _done_before(session: Session, actor: Actor, act: Act, row: CaseRow, now: datetime) -> bool:
    """Whether this very act was done; a twin that runs at the same moment waits for the row."""
    written = json.dumps([act.action, dict(act.data), [str(id) for id in act.files]], default=str)
    asked = hashlib.sha256(written.encode()).hexdigest()
    values = {"id": act.id, "case_id": row.id, "person_id": actor.person_id}
    first = session.scalar(
        insert(CaseAct)
        .values(**values, asked=asked, version=row.version, at=now)
        .on_conflict_do_nothing()
        .returning(CaseAct.id)
    )
    if first is not None:
        return False
    known = session.get_one(CaseAct, act.id, populate_existing=True)
    if (known.case_id, known.person_id, known.asked) != (row.id, actor.person_id, asked):
        raise Conflict("request_id_used")
    return True


def _for_the_machine(session: Session, act: Act) -> dict[str, Any]:
    """What the rules read: what was sent, and how many pictures came with it."""
    data = {name: value for name, value in act.data.items() if value not in (None, "")}
    if act.files:
        pictures = select(func.count()).where(CaseFile.id.in_(act.files), CaseFile.kind == "image")
        data["photos"] = session.scalar(pictures) or 0
    else:
        data.pop("photos", None)
    return data


def _take_with_it(actor: Actor, row: CaseRow) -> None:
    """Whoever does something with a case that nobody has taken has taken it."""
    if actor.is_staff and actor.role != "system" and row.operator_id is None:
        row.operator_id = actor.person_id


def _on_the_desk(session: Session, actor: Actor, row: CaseRow, act: Act, now: datetime) -> None:
    """Take a case, give it back, write a note: nothing of it is a step of the case.

    Raises:
        Conflict: ``case_action_not_possible``: the actor is not of the staff.
        Conflict: ``case_conflict``: the actor is buyer or seller of it.
    """
    if not actor.is_staff or actor.role == "system":
        raise Conflict("case_action_not_possible", action=act.action)
    if is_conflict(session, actor, row):
        raise Conflict("case_conflict")
    if act.action == "note":
        _write_note(session, actor, row, act, now)
    else:
        _assign(session, actor, row, act)
        told = about(row) | {"event": act.action, "from": row.state, "by": "operator"}
        record(session, CASE_CHANGED, told, now=now, subject=row.id)


def _assign(session: Session, actor: Actor, row: CaseRow, act: Act) -> None:
    """Take it, or (``operator``: an id) give it to a colleague; release it."""
    if act.action == "release_case":
        row.operator_id = None
        return
    whom = actor.person_id
    if act.data.get("operator"):
        try:
            whom = UUID(str(act.data["operator"]))
        except ValueError:
            raise Invalid("case_field_missing", field="operator") from None
        colleague = staff_actors(session, [whom]).get(whom)
        if colleague is None:
            raise Invalid("case_field_missing", field="operator")
        if is_conflict(session, colleague, row):
            raise Conflict("case_conflict")
    if row.closed_at is not None:
        raise Conflict("case_action_not_possible", action="take")
    row.operator_id = whom


def _write_note(session: Session, actor: Actor, row: CaseRow, act: Act, now: datetime) -> None:
    text = words_of(act.data)
    if text is None:
        raise Invalid("case_field_missing", field="text")
    add_entry(session, row, Said(actor, "note", text, {}, act.files, act.language), None, now)


def take_from(session: Session, person_id: UUID) -> None:
    """Somebody of the staff is gone: the open cases they had are nobody's."""
    session.execute(
        update(CaseRow)
        .where(CaseRow.operator_id == person_id, CaseRow.closed_at.is_(None))
        .values(operator_id=None)
    )
