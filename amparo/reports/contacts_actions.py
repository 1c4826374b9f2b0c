"""From events to help contacts: each function takes in one event, and taking it in twice is once.

What is written follows from the events and their times alone, so reading the log again from its
beginning gives the same contacts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.kernel.ids import derived_id
from amparo.reports import rules
from amparo.reports.judging_actions import judge
from amparo.reports.masking_rules import masked
from amparo.reports.models import HelpOutcome, HelpThread
from amparo.reports.queries import contact_of
from amparo.storage.events import LoggedEvent


def opened(session: Session, event: LoggedEvent, _: datetime) -> None:
    """A conversation begins: keep what it is about."""
    data = event.data
    session.execute(
        insert(HelpThread)
        .values(
            conversation_id=UUID(data["conversation"]),
            person_id=UUID(data["buyer_id"]),
            language=data["language"],
            question=data["question"],
            order_ref=data["order_ref"],
        )
        .on_conflict_do_nothing()
    )


def joined(session: Session, event: LoggedEvent, _: datetime) -> None:
    """A visitor turned out to be a buyer: what they asked is the buyer's."""
    conversation, person = UUID(event.data["conversation"]), UUID(event.data["buyer"]["id"])
    for model in (HelpThread, HelpOutcome):
        session.execute(
            update(model)
            .where(model.conversation_id == conversation)
            .values(person_id=person)
            .execution_options(synchronize_session="fetch")
        )


def message(session: Session, event: LoggedEvent, now: datetime) -> None:
    """A question to the assistant, or its answer; what people write to people is not read."""
    if _is_question(event.data):
        _asked(session, event, now)
    elif concerns(event.data):
        _answered(session, event, now)


def reworded(session: Session, event: LoggedEvent, now: datetime) -> None:  # noqa: ARG001
    """A question was changed or taken back: nothing of its old words stays."""
    row = session.get(HelpOutcome, derived_id("help", event.data["message_id"]))
    if row is not None and row.text is not None:
        row.text = masked(event.data.get("body") or "") or None


def concerns(data: Mapping[str, Any]) -> bool:
    """Whether a message is a question to the assistant, or its answer."""
    return _is_question(data) or (data["party"], data["kind"]) == ("assistant", "answer")


def _is_question(data: Mapping[str, Any]) -> bool:
    return (data["party"], data["kind"], data["state"]) == ("buyer", "text", "bot")


def _asked(session: Session, event: LoggedEvent, now: datetime) -> None:
    data, conversation = event.data, UUID(event.data["conversation"])
    thread = session.get(HelpThread, conversation)
    row = _begin(
        session,
        derived_id("help", data["message_id"]),
        event.at,
        step="assistant",
        question=data["question"],
        language=data["language"],
        person_id=UUID(data["author_id"]),
        conversation_id=conversation,
        order_ref=thread.order_ref if thread else None,
        text=None if data["question"] else masked(data["body"]) or None,
    )
    if row is None:
        return
    if row.question is not None:
        for unsure in _locked(
            session,
            HelpOutcome.conversation_id == conversation,
            HelpOutcome.decision == "unsure",
            HelpOutcome.chosen_at.is_(None),
            HelpOutcome.asked_at < row.asked_at,
            HelpOutcome.asked_at >= row.asked_at - rules.SITTING,
        ):
            unsure.chosen_at, unsure.instead = row.asked_at, row.question
            judge(session, unsure, now)
    judge(session, row, now)


def _answered(session: Session, event: LoggedEvent, now: datetime) -> None:
    """The answer belongs to the oldest question that has none: they are answered in order."""
    data = event.data
    answer_id, conversation = UUID(data["message_id"]), UUID(data["conversation"])
    if session.scalar(select(HelpOutcome.id).where(HelpOutcome.answer_id == answer_id)):
        return
    waiting = _locked(
        session,
        HelpOutcome.conversation_id == conversation,
        HelpOutcome.step == "assistant",
        HelpOutcome.answered_at.is_(None),
        HelpOutcome.asked_at <= event.at,
    )
    if not waiting:
        return
    row, extra = waiting[0], data["extra"]
    row.answer_id, row.answered_at = answer_id, event.at
    row.decision = rules.decision_of(extra)
    row.language = extra.get("strange") or data["language"]  # asked in one that we do not speak
    if extra.get("question"):
        row.question = extra["question"]["key"]
    _look_back(session, row, now)
    judge(session, row, now)


def shown(session: Session, event: LoggedEvent, now: datetime) -> None:
    """Somebody read an answer in the guide; looking again in one sitting is looking once."""
    data, person = event.data, event.subject
    same = (
        HelpOutcome.step == "guide",
        HelpOutcome.person_id == person,
        HelpOutcome.question == data["question"],
        HelpOutcome.asked_at <= event.at,
        HelpOutcome.asked_at >= event.at - rules.SITTING,
    )
    if session.scalar(select(HelpOutcome.id).where(*same).limit(1)):
        return
    row = _begin(
        session,
        derived_id("help", event.id),
        event.at,
        step="guide",
        question=data["question"],
        language=data["language"],
        person_id=person,
        order_ref=data["order_ref"],
        answered_at=event.at,
    )
    if row is not None:
        _look_back(session, row, now)
        judge(session, row, now)


def feedback(session: Session, event: LoggedEvent, now: datetime) -> None:
    """ "Did this help?" was answered, in the guide or below an answer of the assistant."""
    row = _spoken_of(session, event) or _begin(
        session,
        derived_id("help", event.data["feedback"]),
        event.at,
        step="guide",
        question=event.data["question"],
        language=event.data["language"],
        person_id=event.subject,
        order_ref=event.data.get("order_ref"),
        answered_at=event.at,
    )
    if row is None or (row.said_at is not None and row.said_at > event.at):
        return
    row.said, row.said_at = event.data["helped"], event.at
    judge(session, row, now)


def _spoken_of(session: Session, event: LoggedEvent) -> HelpOutcome | None:
    """The contact that "did this help?" is about; None where nothing is known of it."""
    data = event.data
    about: list[ColumnElement[bool]] = [
        HelpOutcome.question == data["question"],
        HelpOutcome.asked_at <= event.at,
    ]
    if data["conversation"]:
        about.append(HelpOutcome.conversation_id == UUID(data["conversation"]))
        about.append(HelpOutcome.step == "assistant")
    elif event.subject is not None:
        about.append(HelpOutcome.person_id == event.subject)
        about.append(HelpOutcome.step == "guide")
        about.append(HelpOutcome.asked_at >= event.at - rules.RECONTACT_WITHIN)
    else:
        about.append(HelpOutcome.id == derived_id("help", data["feedback"]))
    found = _locked(session, *about)
    return found[-1] if found else None


def page_rated(session: Session, event: LoggedEvent, now: datetime) -> None:
    """A page of the help centre was judged, by nobody in particular."""
    data = event.data
    row = _begin(
        session,
        derived_id("help", event.id),
        event.at,
        step="help_page",
        question=data["question"],
        language=data["language"],
        answered_at=event.at,
        said=bool(data["useful"]),
        said_at=event.at,
    )
    if row is not None:
        judge(session, row, now)


def state_changed(session: Session, event: LoggedEvent, now: datetime) -> None:
    """A person was asked for, a matter was settled, or somebody went away."""
    before, after = event.data["from"], event.data["to"]
    if after == "waiting" and before in ("bot", "resolved"):
        _person_asked(session, event, now)
    elif after == "resolved":
        _settled(session, event, now)
    elif after == "deferred" and event.data["reason"] == "absent":
        for row in _latest(session, event, "operator"):
            row.left_at = event.at
            judge(session, row, now)


def _person_asked(session: Session, event: LoggedEvent, now: datetime) -> None:
    conversation = UUID(event.data["conversation"])
    thread = session.get(HelpThread, conversation)
    asked = _latest(session, event, "assistant")
    for row in asked:
        if row.person_at is None and event.data["from"] == "bot":
            row.person_at = event.at
            judge(session, row, now)
    question = asked[0].question if asked else None
    row_or_none = _begin(
        session,
        derived_id("help", "operator", event.id),
        event.at,
        step="operator",
        question=question or (thread.question if thread else None),
        language=thread.language if thread else "en",
        person_id=thread.person_id if thread else None,
        conversation_id=conversation,
        order_ref=thread.order_ref if thread else None,
    )
    if row_or_none is not None:
        _look_back(session, row_or_none, now)
        judge(session, row_or_none, now)


def _settled(session: Session, event: LoggedEvent, now: datetime) -> None:
    """Settled is helped, except where the buyer closed what nobody had answered."""
    before, by_buyer = event.data["from"], event.data["reason"] == "by_buyer"
    for row in _latest(session, event, "assistant" if before == "bot" else "operator"):
        if row.said_at is not None:
            continue
        if by_buyer and (before in ("waiting", "deferred") or _nothing_told(row, before)):
            row.left_at = event.at
        else:
            row.said, row.said_at = True, event.at
        judge(session, row, now)


def _nothing_told(row: HelpOutcome, before: str) -> bool:
    return before == "bot" and row.decision != "answer"


def _latest(session: Session, event: LoggedEvent, step: rules.Step) -> list[HelpOutcome]:
    """The last contact of that step in the event's conversation, as it was then; at most one."""
    found = _locked(
        session,
        HelpOutcome.conversation_id == UUID(event.data["conversation"]),
        HelpOutcome.step == step,
        HelpOutcome.asked_at <= event.at,
        or_(HelpOutcome.decision.is_(None), HelpOutcome.decision != "talk"),
    )
    return list(found[-1:])


def _begin(session: Session, id: UUID, at: datetime, **values: Any) -> HelpOutcome | None:
    """A new contact; None where this event has made it before."""
    made = session.scalar(
        insert(HelpOutcome)
        .values(id=id, asked_at=at, outcome="open", final=False, **values)
        .on_conflict_do_nothing()
        .returning(HelpOutcome.id)
    )
    return None if made is None else session.get_one(HelpOutcome, id)


def _look_back(session: Session, row: HelpOutcome, now: datetime) -> None:
    """Does this contact say that an earlier one of the same person did not help?"""
    if row.person_id is None:
        return
    later, at = contact_of(row), row.asked_at
    told = func.coalesce(HelpOutcome.said_at, HelpOutcome.answered_at, HelpOutcome.asked_at)
    earlier = _locked(
        session,
        HelpOutcome.person_id == row.person_id,
        HelpOutcome.id != row.id,
        HelpOutcome.asked_at < at,
        told >= at - rules.RECONTACT_WITHIN,
    )
    for one in earlier:
        before = contact_of(one)
        if rules.is_same_matter(before, later) and not rules.came_again(before):
            one.again_at = at
        elif _did_not_help(before, at) and row.question and one.instead is None:
            if one.question != row.question:
                one.instead = row.question
        else:
            continue
        judge(session, one, now)


def _did_not_help(contact: rules.Contact, at: datetime) -> bool:
    return rules.is_unanswered(contact) and at - contact.since <= rules.SITTING


def _locked(session: Session, *which: ColumnElement[bool]) -> Sequence[HelpOutcome]:
    """Contacts, oldest first, held until the end of the transaction."""
    return session.scalars(
        select(HelpOutcome)
        .where(*which)
        .order_by(HelpOutcome.asked_at, HelpOutcome.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
