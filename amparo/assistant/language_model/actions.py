"""Asking the model instead of sending an unsure answer, and sending what came of it.

The question is a row: it is put down in the transaction that would have sent the assistant's own
message, the call is made outside of any transaction by a sender, and the message follows in
another. So no conversation is locked while the model thinks, no other answer waits for it, and a
process that dies in the middle leaves a row that another one ends.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.assistant.language_model import rules
from amparo.assistant.language_model.redaction import redacted
from amparo.assistant.language_model.rules import Answer, Article, Verdict
from amparo.assistant.models import AssistantModelCall
from amparo.conversations.actions import head_for, post_messages
from amparo.conversations.rules import Draft
from amparo.help_centre import queries as help_centre
from amparo.kernel.actor import ASSISTANT
from amparo.kernel.errors import NotFound, Problem
from amparo.kernel.ids import new_id
from amparo.storage.outbox import HINT, Outcome
from amparo.storage.session import hint

log = structlog.get_logger(__name__)
LANE = "language_model"
_ARTICLES = 3


@dataclass(frozen=True, slots=True)
class Question:
    """What a call needs, read before it is made."""

    text: str
    kept_out: dict[str, str]
    articles: tuple[Article, ...]
    language: str
    model: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Told(Outcome):
    """How a call ended: the verdict, and the answer where it was accepted."""

    verdict: Verdict = "unreachable"
    answer: Answer | None = None
    milliseconds: int = 0


def hand_over(
    session: Session, message_id: UUID, text: str, fallback: Draft, model: str, now: datetime
) -> bool:
    """Let the model try to answer, where the assistant found articles and is unsure.

    Returns:
        whether it was handed over; the caller then does not send ``fallback``: it is sent
        within seconds unless the model's answer is better.
    """
    articles = [one["key"] for one in fallback.extra.get("suggestions", ())][:_ARTICLES]
    if not articles or fallback.extra.get("sure") or not _may_ask(session, now):
        return False
    question = redacted(text)
    session.execute(
        insert(AssistantModelCall)
        .values(
            id=new_id(),
            message_id=message_id,
            conversation_id=fallback.conversation_id,
            language=fallback.language or fallback.actor.language,
            question=question.text,
            kept_out=question.kept_out,
            articles=articles,
            fallback={"body": fallback.body, "extra": dict(fallback.extra)},
            model=model,
            lane=LANE,
            state="pending",
            attempts=0,
            next_at=now,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["message_id"])
    )
    hint(session, HINT)
    return True


def prepare(session: Session, row: AssistantModelCall) -> Question:
    """The question with the articles in the buyer's language."""
    articles = []
    for key in row.articles:
        try:
            found = help_centre.answer_for(session, key, row.language, row.created_at)
        except NotFound:  # taken away meanwhile
            continue
        if found.language == row.language and found.body:
            url = f"/help/{found.language}/{key}"
            articles.append(rules.article(key, found.title, found.body, url))
    return Question(
        text=row.question,
        kept_out={name: str(value) for name, value in row.kept_out.items()},
        articles=tuple(articles),
        language=row.language,
        model=row.model,
        asked_at=row.created_at,
    )


def settled(session: Session, row: AssistantModelCall, outcome: Outcome, now: datetime) -> None:
    """Send the model's answer, or else what the assistant would have said by itself."""
    told = outcome if isinstance(outcome, Told) else Told("dead")
    row.verdict, row.milliseconds = told.verdict, told.milliseconds
    row.answer = told.answer.text if told.answer else None
    try:
        head = head_for(session, ASSISTANT, row.conversation_id)
    except NotFound:
        row.verdict = "moved_on"
        return
    if head.state != "bot":  # the buyer went to a person meanwhile
        row.verdict = "moved_on"
        return
    sent = post_messages(session, [_draft(row, told.answer)], now)[0]
    if isinstance(sent, Problem):
        log.warning("answer_refused", conversation=str(row.conversation_id), code=sent.code)


def _draft(row: AssistantModelCall, answer: Answer | None) -> Draft:
    extra, body = dict(row.fallback["extra"]), str(row.fallback["body"])
    if answer is not None:
        body = answer.text
        cited = [{"key": one.key, "title": one.title, "url": one.url} for one in answer.cited]
        extra |= {"machine": True, "citations": cited, "question": cited[0]}
    return Draft(
        actor=ASSISTANT,
        conversation_id=row.conversation_id,
        client_id=uuid5(row.message_id, "assistant"),
        body=body,
        kind="answer",
        language=row.language,
        extra=extra,
    )


def _may_ask(session: Session, now: datetime) -> bool:
    table = AssistantModelCall
    waiting = session.scalar(
        select(func.count()).select_from(table).where(table.state == "pending")
    )
    recent = session.execute(
        select(table.verdict, table.finished_at)
        .where(table.finished_at.is_not(None))
        .order_by(table.finished_at.desc())
        .limit(rules.REMEMBERED)
    )
    return rules.may_ask(waiting or 0, [(v, at) for v, at in recent if at is not None], now)
