"""One step of a case, in the caller's transaction: the row, its audit, words, timers, effects.

Whoever comes here holds the case's row. The order is held next, because its money is decided by
one at a time: always the case before the order before its refunds.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from amparo.cases import audit, evidence_actions, rules
from amparo.cases.about import about
from amparo.cases.case import Case, Facts, Happening, Step, Transition, stage_of, turn_of
from amparo.cases.codec import plain
from amparo.cases.effects_actions import carry_out
from amparo.cases.events import CASE_CHANGED, CASE_CLOSED, CASE_OPENED
from amparo.cases.facts_queries import facts_for, subject_of
from amparo.cases.forms import as_reason
from amparo.cases.models import CaseEntry, CaseFile, CaseRow, CaseStep
from amparo.cases.new_actions import insert_row, new_number
from amparo.cases.outages_actions import outages_over
from amparo.cases.policies_queries import policy_of
from amparo.cases.policy import Policy
from amparo.guard.rules import check
from amparo.kernel.actor import Actor, Party
from amparo.kernel.ids import derived_id, new_id
from amparo.kernel.text import clean
from amparo.marketplace.protection_queries import hold_order
from amparo.storage.events import NewEvent, record_many
from amparo.storage.timers import clear_timers, set_timer

CASE_DEADLINE = "case_deadline"
"""Timer: the earliest deadline of a case is due."""
CASE_REMINDER = "case_reminder"
"""Timer: somebody is to be reminded of one."""
_MOST_AT_ONCE = 40
"""Deadlines of one case that may be due together: more means that the machine runs in a circle."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says or hands in with a step.

    Attributes:
        fields: of the form, by their names.
        files: put in before.
    """

    actor: Actor
    kind: str
    text: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[UUID] = ()
    language: str | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.fields or self.files)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a decision about a case rests on now."""

    facts: Facts
    policy: Policy


def ground_of(session: Session, row: CaseRow, now: datetime) -> Ground:
    """Facts and policy of the case; its order is held until the transaction ends."""
    hold_order(session, row.order_id)
    policy = policy_of(session, row.policy_version)
    days = policy.at(row.country or "", as_reason(row.reason)).limit("grants_days")
    facts = facts_for(
        session,
        subject_of(session, row.order_id, row.line_id),
        case_id=row.id,
        grants_since=now - timedelta(days=days),
    )
    return Ground(facts, policy)


def happens(
    session: Session, row: CaseRow, happening: Happening, now: datetime, said: Said | None = None
) -> Step:
    """What was due before it happens first; then this does, or nothing at all.

    Raises:
        Conflict, Invalid: as ``rules.apply``; the caller's transaction must end then.
    """
    fire_due(session, row, happening.at)
    ground = ground_of(session, row, now)
    case = Case.of(row.data)
    step = rules.apply(case, happening, ground.facts, ground.policy)
    store(session, row, step, now, said)
    return step


def fire_due(session: Session, row: CaseRow, now: datetime) -> int:
    """Fire the case's deadlines that are due at ``now``, the earliest first; returns how many."""
    fired = 0
    while fired < _MOST_AT_ONCE:
        case = Case.of(row.data)
        due = rules.next_due(case)
        if due is None or due.due_at > now:
            return fired
        ground = ground_of(session, row, now)
        down = outages_over(session, due.due_at, now)
        step = rules.fire(case, now, ground.facts, ground.policy, down)
        if step is None:
            return fired
        store(session, row, step, now, None)
        fired += 1
    raise RuntimeError(f"case {row.number} fires without end")


def store(session: Session, row: CaseRow, step: Step, now: datetime, said: Said | None) -> None:
    """Write a step that the rules allowed: all of it, in this transaction."""
    before = row.state if row.version else None
    if not step.transitions:
        _update(row, step.case)
        session.flush()
        set_timers(session, row)
        carry_out(session, row, step.effects, now)
        return
    digest = None
    if said is not None and not said.is_empty:
        digest = add_entry(session, row, said, step.transitions[0].no, now).digest
    _append(session, row, step.transitions, step.case, digest)
    _update(row, step.case)
    session.flush()
    set_timers(session, row)
    left = carry_out(session, row, step.effects, now)
    _record(session, row, step, before, now)
    for effect in left:
        if effect.kind != "linked_case":
            raise ValueError(f"nobody does {effect.kind}")
        _open_linked(session, row, step, said, now)


def add_entry(
    session: Session, row: CaseRow, said: Said, step_no: int | None, now: datetime
) -> CaseEntry:
    """Keep words and files; contact details do not go from buyer to seller, nor back."""
    id = new_id()
    party = said.actor.party
    text = None if said.text is None else _guarded(clean(said.text), party)
    fields = {
        name: _guarded(clean(value), party) if isinstance(value, str) else value
        for name, value in said.fields.items()
    }
    files = evidence_actions.hand_in(session, said.actor, said.files, row.id, id)
    salt = secrets.token_hex(16)
    entry = CaseEntry(
        id=id,
        case_id=row.id,
        step_no=step_no,
        party=party,
        person_id=said.actor.person_id,
        kind=said.kind,
        text=text or None,
        language=said.language or said.actor.language,
        data=fields,
        salt=salt,
        digest=audit.words_digest(text or None, fields, _sums(files), salt),
        at=now,
    )
    session.add(entry)
    session.flush()
    return entry


def _guarded(text: str, party: Party) -> str:
    if party == "staff":
        return text
    other: Party = "seller" if party == "buyer" else "buyer"
    return check(text, party_from=party, party_to=other).masked_text


def _sums(files: Sequence[CaseFile]) -> list[str]:
    return [file.sha256 or "" for file in files]


def _append(
    session: Session,
    row: CaseRow,
    transitions: Sequence[Transition],
    case: Case,
    digest: str | None,
) -> None:
    """One row for each transition; the first one has what was said."""
    rows: list[dict[str, Any]] = []
    before = row.last_hash
    for transition in transitions:
        data = {**plain(transition.data)}
        if digest is not None and not rows:
            data[audit.ENTRY] = digest
        link = audit.Link(
            case_id=row.id,
            no=transition.no,
            at=transition.at,
            who=transition.who.role,
            who_id=transition.who.id,
            event=transition.event,
            from_state=transition.from_state,
            to_state=transition.to_state,
            policy_version=case.policy_version,
            data=data,
            prev_hash=before,
        )
        before = audit.link_hash(link)
        rows.append(
            {
                "case_id": row.id,
                "no": link.no,
                "at": link.at,
                "who": link.who,
                "who_id": link.who_id,
                "event": link.event,
                "from_state": link.from_state,
                "to_state": link.to_state,
                "policy_version": link.policy_version,
                "data": data,
                "prev_hash": link.prev_hash,
                "hash": before,
            }
        )
    session.execute(insert(CaseStep), rows)
    row.last_hash = before


def _update(row: CaseRow, case: Case) -> None:
    """The row says of the case what lists ask for."""
    due = rules.next_due(case)
    row.state, row.stage, row.turn = case.state, stage_of(case.state), turn_of(case.state)
    row.version, row.entered_at = case.no, case.entered_at
    row.due_at = due.due_at if due is not None else None
    row.amount = _at_stake(case)
    row.closed_at, row.outcome = case.closed_at, case.outcome
    if case.decision is not None and case.decision.by is not None and row.decided_by is None:
        row.decided_by = UUID(case.decision.by)
    if case.state == "closed":
        row.alarm = False
    row.data = case.data()


def _at_stake(case: Case) -> int:
    """What it is about in money: what is paid, else what was agreed, else what is wanted."""
    if case.refund is not None:
        return case.refund.amount
    wish = case.agreed.wish if case.agreed is not None else case.requested
    return wish.amount or 0


def set_timers(session: Session, row: CaseRow) -> None:
    """The timers of the case as it is written now."""
    case = Case.of(row.data)
    if row.due_at is None:
        clear_timers(session, (CASE_DEADLINE, CASE_REMINDER), row.id)
        return
    set_timer(session, CASE_DEADLINE, row.id, row.due_at)
    times = [at for one in case.deadlines for at in one.reminders if at > row.reminded_to]
    if times:
        set_timer(session, CASE_REMINDER, row.id, min(times))
    else:
        clear_timers(session, (CASE_REMINDER,), row.id)


def _record(session: Session, row: CaseRow, step: Step, before: str | None, now: datetime) -> None:
    first = step.transitions[0]
    told = about(row) | {"event": first.event, "from": before, "by": first.who.role}
    events = [NewEvent(CASE_OPENED if before is None else CASE_CHANGED, told, row.id)]
    if row.closed_at is not None and before != "closed":
        events.append(NewEvent(CASE_CLOSED, about(row) | {"outcome": row.outcome}, row.id))
    record_many(session, events, now=now)


def _open_linked(
    session: Session, parent: CaseRow, step: Step, said: Said | None, now: datetime
) -> None:
    """A seller's appeal after the money was paid is a case of its own, about the same line."""
    ground = ground_of(session, parent, now)
    id = derived_id("linked case", parent.id)
    who = step.transitions[0].who
    linked = rules.open_linked(step.case, str(id), ground.facts, ground.policy, now, who)
    same = (
        *("order_id", "line_id", "about_id", "order_ref", "position", "title", "image"),
        *("buyer_ref", "buyer_id", "buyer_name", "store_ref", "store_id", "store_name"),
    )
    values = {name: getattr(parent, name) for name in same}
    values |= {
        "number": new_number(session, id),
        "parent_id": parent.id,
        "conversation_id": None,
        "decided_by": parent.decided_by,
    }
    row = insert_row(session, id, values, linked.case, now)
    words = None
    if said is not None and said.text:
        words = Said(said.actor, "opening", said.text, {}, (), said.language)
    store(session, row, linked, now, words)
