"""Reads of one case. ``case_for`` is the only door: missing and somebody else's look the same."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.accounts.queries import names_of
from amparo.cases import rules, showing, texts
from amparo.cases.case import Case, stage_of
from amparo.cases.doors_queries import case_row_for
from amparo.cases.models import CaseEntry, CaseFile, CaseRow, CaseStep
from amparo.cases.moment import refundable
from amparo.cases.policies_queries import policy_of
from amparo.cases.showing import Reader, Stored
from amparo.cases.shown_actions import shown_actions
from amparo.cases.staff_queries import staff_view
from amparo.cases.views import CaseLine, CaseNumber, CaseOperator, CaseOut
from amparo.cases.who_queries import who_of
from amparo.kernel.actor import SYSTEM, Actor
from amparo.kernel.errors import NotFound
from amparo.kernel.money import Money
from amparo.marketplace.queries import OrderView, order_for

_FRESH = {"populate_existing": True}


def case_for(session: Session, actor: Actor, id: UUID, now: datetime, language: str) -> CaseOut:
    """The case as ``actor`` may see it.

    Raises:
        NotFound: no such case, or somebody else's.
    """
    server = actor.role == "integration"  # the marketplace's own: it acts in cases and reads them
    door = SYSTEM if server else actor
    row = case_row_for(session, door, id)
    stored = stored_case(session, row)
    reader = Reader(viewer="staff" if server else actor.party, language=language)
    order = order_for(session, door, row.order_ref, now=now)
    return _out(session, actor, stored, reader, order, now)


def stored_case(session: Session, row: CaseRow) -> Stored:
    """Everything that is stored of a case, for somebody whose door was asked."""
    steps = session.scalars(
        select(CaseStep).where(CaseStep.case_id == row.id).order_by(CaseStep.no),
        execution_options=_FRESH,
    ).all()
    entries = session.scalars(
        select(CaseEntry).where(CaseEntry.case_id == row.id).order_by(CaseEntry.at, CaseEntry.id),
        execution_options=_FRESH,
    ).all()
    files: dict[UUID, list[CaseFile]] = {}
    handed_in = select(CaseFile).where(CaseFile.case_id == row.id, CaseFile.entry_id.is_not(None))
    for file in session.scalars(handed_in.order_by(CaseFile.created_at, CaseFile.id)):
        if file.entry_id is not None and file.ready_at is not None:
            files.setdefault(file.entry_id, []).append(file)
    case = Case.of(row.data)
    return Stored(
        row=row,
        case=case,
        steps=steps,
        entries=entries,
        files=files,
        names=names_of(session, _staff_in(row, case, steps, entries)),
    )


def case_file_for(session: Session, actor: Actor, id: UUID) -> CaseFile:
    """A file of a case, for whoever may see the case; before it is sent, for who put it in.

    Raises:
        NotFound: no such file, or not the actor's to see.
    """
    file = session.get(CaseFile, id)
    if file is None or file.ready_at is None or file.removed_at is not None:
        raise NotFound("file_not_found")
    if file.entry_id is None or file.case_id is None:
        if file.person_id != actor.person_id:
            raise NotFound("file_not_found")
        return file
    try:
        case_row_for(session, actor, file.case_id)
    except NotFound:
        raise NotFound("file_not_found") from None
    return file


def open_cases_about(session: Session, abouts: Iterable[UUID]) -> dict[UUID, CaseNumber]:
    """The open cases about lines and orders, by id; the caller has asked the order's door."""
    query = (
        select(CaseRow.about_id, CaseRow.id, CaseRow.number)
        .where(CaseRow.about_id.in_(list(abouts)), CaseRow.closed_at.is_(None))
        .order_by(CaseRow.opened_at.desc())
    )
    return {about: CaseNumber(id, number) for about, id, number in session.execute(query)}


def _staff_in(
    row: CaseRow, case: Case, steps: Sequence[CaseStep], entries: Sequence[CaseEntry]
) -> set[UUID]:
    ids = {step.who_id for step in steps if step.who in ("operator", "supervisor")}
    ids |= {str(entry.person_id) for entry in entries if entry.party == "staff"}
    ids |= {str(row.operator_id) if row.operator_id else None}
    ids |= {case.decision.by if case.decision else None}
    return {UUID(id) for id in ids if id}


def _out(
    session: Session, actor: Actor, stored: Stored, reader: Reader, order: OrderView, now: datetime
) -> CaseOut:
    row, case, language = stored.row, stored.case, reader.language
    told = showing.params(stored, language)
    who, is_staff = who_of(session, actor, row), actor.is_staff
    policy = policy_of(session, row.policy_version)
    possible = rules.available_actions(case, who, now, policy)
    desk = actor if is_staff and not who.conflict else None
    return CaseOut(
        id=row.id,
        number=row.number,
        version=row.version,
        viewer=reader.viewer,
        order=row.order_ref,
        line=_line(row, case, order),
        parcels=order.parcels,
        reason=row.reason,
        reason_label=texts.reason(row.reason, language),
        state=case.state,
        stage=stage_of(case.state),
        state_label=texts.state(case.state, language),
        stages=showing.stages(case, language),
        turn=row.turn,  # type: ignore[arg-type]
        yours=texts.is_yours(row.turn, reader.viewer),
        now=texts.said(f"now.{case.state}.{reader.viewer}", language, **told),
        who=texts.who(row.turn, reader.viewer, language),
        due_at=row.due_at,
        silence=silence(session, stored, reader),
        requested=showing.requested(stored, reader),
        refundable=Money(left(case), case.currency),
        captured=Money(_captured(case, reader), case.currency),
        offer=showing.offer(showing.on_the_table(stored, reader.viewer), stored, reader),
        proposal=showing.offer(showing.proposal(stored), stored, reader),
        offers=[one for each in case.offers if (one := showing.offer(each, stored, reader))],
        decision=showing.decision(stored, reader),
        refund=showing.refund(stored, reader),
        actions=shown_actions(possible, stored, reader, desk),
        timeline=showing.timeline(stored, reader),
        evidence=showing.evidence(stored, reader),
        evidence_asked=showing.evidence_asked(stored, reader),
        outcome=showing.outcome(stored, reader),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        conversation=row.conversation_id if reader.viewer != "seller" else None,
        parent=_parent(session, row),
        operator=_operator(stored, reader),
        staff=staff_view(session, actor, who, stored, reader) if is_staff else None,
    )


def silence(session: Session, stored: Stored, reader: Reader) -> str:
    """What happens if nobody acts, as a sentence to this reader."""
    language = reader.language
    key = rules.what_if_silent(stored.case, policy_of(session, stored.row.policy_version))
    if key is None:
        return texts.said("silence.none", language)
    told = showing.params(stored, language)
    event = key.split(".")[0]
    to_them = (f"{key}.{reader.viewer}", f"{event}.{reader.viewer}", key)
    found = (texts.maybe(f"silence.{one}", language, **told) for one in to_them)
    exact = next((text for text in found if text is not None), None)
    return exact or texts.known("silence", event, language, **told)


def left(case: Case) -> int:
    """What can still be paid back; nothing once this case has ordered its refund."""
    return 0 if case.refund is not None else refundable(case.known, case.outside)


def _captured(case: Case, reader: Reader) -> int:
    """A seller sees what was paid for the own line, never for the things of others."""
    if reader.viewer == "seller":
        return min(case.known.captured, case.known.line_total)
    return case.known.captured


def _line(row: CaseRow, case: Case, order: OrderView) -> CaseLine | None:
    for line in order.lines:
        if line.position == row.position:
            return CaseLine(
                position=line.position,
                title=line.snapshot.title,
                quantity=line.quantity,
                total=Money(case.known.line_total, case.currency),
                snapshot=line.snapshot,
                store=line.store,
            )
    return None


def _parent(session: Session, row: CaseRow) -> CaseNumber | None:
    if row.parent_id is None:
        return None
    number = session.scalar(select(CaseRow.number).where(CaseRow.id == row.parent_id))
    return CaseNumber(row.parent_id, number) if number else None


def _operator(stored: Stored, reader: Reader) -> CaseOperator | None:
    id = stored.row.operator_id
    return texts.operator(id, stored.names.get(id, ""), reader.viewer) if id else None


def currency_of(session: Session, actor: Actor, id: UUID) -> str:
    """In which currency the case is. Raises NotFound: no such case, or somebody else's."""
    door = SYSTEM if actor.role == "integration" else actor
    return case_row_for(session, door, id).currency
