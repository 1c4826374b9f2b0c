"""Reads of measured help: administrators only; for everybody else there is nothing here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound
from amparo.reports import rules
from amparo.reports.models import HelpOutcome, Unanswered
from amparo.reports.rules import COUNTED, Contact, Decision, Step
from amparo.storage.pages import Page, decode_place, encode_cursor


@dataclass(frozen=True, slots=True)
class Account:
    """How often a question was asked at one step in one language, and what became of it.

    Attributes:
        question: None where the assistant knew none.
        open: asked within the last day, nothing said yet.
    """

    question: str | None
    language: str
    step: Step
    asked: int
    open: int
    solved: int
    not_solved: int
    recontacted: int
    abandoned: int


@dataclass(frozen=True, slots=True)
class UnansweredView:
    """A question of the inbox.

    Attributes:
        count: how often it was asked so, and not answered well.
        why: ``unknown``, ``unsure`` or ``not_helped``: the last time.
        answered: the question whose answer did not help.
        instead: what was asked or chosen afterwards.
    """

    id: UUID
    text: str
    language: str
    count: int
    first_at: datetime
    last_at: datetime
    state: str
    question: str | None
    why: str
    answered: str | None
    instead: str | None


def accounts(session: Session, actor: Actor, since: datetime, until: datetime) -> list[Account]:
    """What helped, of everything asked in ``[since, until)``; most asked first.

    Raises:
        NotFound: the actor is no administrator.
    """
    administrators_only(actor)
    counts = [func.count().filter(HelpOutcome.outcome == name).label(name) for name in COUNTED]
    asked = func.count().label("asked")
    rows = session.execute(
        select(HelpOutcome.question, HelpOutcome.language, HelpOutcome.step, asked, *counts)
        .where(
            HelpOutcome.asked_at >= since,
            HelpOutcome.asked_at < until,
            HelpOutcome.outcome.in_(COUNTED),
        )
        .group_by(HelpOutcome.question, HelpOutcome.language, HelpOutcome.step)
        .order_by(asked.desc(), HelpOutcome.question, HelpOutcome.language, HelpOutcome.step)
    )
    return [Account(**row) for row in rows.mappings()]


def unanswered_page(
    session: Session,
    actor: Actor,
    *,
    state: str = "open",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[UnansweredView]:
    """Questions of the inbox in a state, the latest first.

    Raises:
        NotFound: the actor is no administrator.
    """
    administrators_only(actor)
    query = select(Unanswered).where(Unanswered.state == state, _is_asked())
    if cursor:
        query = query.where(tuple_(Unanswered.last_at, Unanswered.id) < decode_place(cursor))
    query = query.order_by(Unanswered.last_at.desc(), Unanswered.id.desc())
    rows = session.scalars(query.limit(limit + 1)).all()
    more = encode_cursor(rows[limit - 1].last_at, rows[limit - 1].id) if len(rows) > limit else None
    return Page(_views(session, rows[:limit]), more)


def unanswered_for(session: Session, actor: Actor, id: UUID) -> UnansweredView:
    """One question of the inbox, in whatever state.

    Raises:
        NotFound: there is none, or the actor is no administrator.
    """
    administrators_only(actor)
    row = session.get(Unanswered, id, populate_existing=True)
    if row is None:
        raise NotFound()
    return _views(session, [row])[0]


def unanswered_count(session: Session, actor: Actor) -> int:
    """How many questions wait for an editor. Raises NotFound for all but administrators."""
    administrators_only(actor)
    query = select(func.count()).select_from(Unanswered)
    return session.scalar(query.where(Unanswered.state == "open", _is_asked())) or 0


def asked_instead(session: Session, actor: Actor, since: datetime) -> dict[tuple[str, str], int]:
    """(answered, asked afterwards) -> how often the first did not help and the second was asked.

    Raises:
        NotFound: the actor is no administrator.
    """
    administrators_only(actor)
    rows = session.execute(
        select(HelpOutcome.question, HelpOutcome.instead, func.count())
        .where(
            HelpOutcome.question.is_not(None),
            HelpOutcome.instead.is_not(None),
            HelpOutcome.decision == "answer",
            HelpOutcome.asked_at >= since,
        )
        .group_by(HelpOutcome.question, HelpOutcome.instead)
    )
    return {(row[0] or "", row[1] or ""): row[2] for row in rows}


def free_questions(session: Session, limit: int) -> list[tuple[str, str]]:
    """(text, language) of the latest different free questions, without personal data."""
    latest = (
        select(HelpOutcome.text, HelpOutcome.language, func.max(HelpOutcome.asked_at).label("at"))
        .where(HelpOutcome.text.is_not(None), HelpOutcome.decision != "talk")
        .group_by(HelpOutcome.text, HelpOutcome.language)
        .order_by(func.max(HelpOutcome.asked_at).desc())
        .limit(limit)
    )
    return [(row.text, row.language) for row in session.execute(latest)]


def contact_of(row: HelpOutcome) -> Contact:
    """A stored contact as the rules see it."""
    return Contact(
        step=cast(Step, row.step),
        asked_at=row.asked_at,
        question=row.question,
        order_ref=row.order_ref,
        conversation=row.conversation_id,
        decision=cast(Decision | None, row.decision),
        answered_at=row.answered_at,
        said=row.said,
        said_at=row.said_at,
        person_at=row.person_at,
        again_at=row.again_at,
        left_at=row.left_at,
        chosen_at=row.chosen_at,
    )


def administrators_only(actor: Actor) -> None:
    """Raises NotFound for everybody else: for them there is nothing here."""
    if not actor.is_administrator:
        raise NotFound()


def _is_asked() -> ColumnElement[bool]:
    """What was answered after all has no contact left, and is no matter for an editor."""
    return select(HelpOutcome.id).where(HelpOutcome.unanswered_id == Unanswered.id).exists()


def _views(session: Session, rows: Collection[Unanswered]) -> list[UnansweredView]:
    latest = _latest_contacts(session, [row.id for row in rows])
    counts = _counts(session, [row.id for row in rows])
    found: list[UnansweredView] = []
    for row in rows:
        contact = latest.get(row.id)
        found.append(
            UnansweredView(
                id=row.id,
                text=row.text,
                language=row.language,
                count=counts.get(row.id, 0),
                first_at=row.first_at,
                last_at=row.last_at,
                state=row.state,
                question=row.question,
                why=rules.why_unanswered(contact_of(contact)) if contact else "unknown",
                answered=contact.question if contact else None,
                instead=contact.instead if contact else None,
            )
        )
    return found


def _latest_contacts(session: Session, ids: Collection[UUID]) -> Mapping[UUID, HelpOutcome]:
    rows = session.scalars(
        select(HelpOutcome)
        .ext(distinct_on(HelpOutcome.unanswered_id))
        .where(HelpOutcome.unanswered_id.in_(ids))
        .order_by(HelpOutcome.unanswered_id, HelpOutcome.asked_at.desc())
    )
    return {row.unanswered_id: row for row in rows if row.unanswered_id is not None}


def _counts(session: Session, ids: Collection[UUID]) -> Mapping[UUID, int]:
    rows = session.execute(
        select(HelpOutcome.unanswered_id, func.count())
        .where(HelpOutcome.unanswered_id.in_(ids))
        .group_by(HelpOutcome.unanswered_id)
    )
    return {id: count for id, count in rows if id is not None}
