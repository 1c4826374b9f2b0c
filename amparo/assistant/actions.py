"""Answering: from a buyer's message to the assistant's own message, and a record of why."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.assistant import rules
from amparo.assistant.language import language_of
from amparo.assistant.library import Library
from amparo.assistant.models import AssistantAnswer
from amparo.assistant.rules import Reply, Step
from amparo.assistant.shelf import Shelf
from amparo.conversations.rules import Draft
from amparo.help_centre import queries as help_centre
from amparo.help_centre.rules import Ref
from amparo.kernel.actor import ASSISTANT
from amparo.kernel.errors import NotFound
from amparo.kernel.languages import CONTENT
from amparo.kernel.texts import text

TO_A_PERSON = "start_chat"
"""The action of the content that passes a buyer to the live chat."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A buyer's message that the assistant shall answer.

    Attributes:
        language: the conversation's, used where the text is too short to tell.
        offered: the languages of the site.
        chosen: key of the suggested question that the buyer picked instead of writing.
    """

    message_id: UUID
    conversation_id: UUID
    text: str
    language: str
    offered: tuple[str, ...] = CONTENT
    chosen: str | None = None


def answer(session: Session, library: Library, asked: Asked, now: datetime) -> Draft:
    """The assistant's message to ``asked``; why it says that is stored beside it.

    The draft's ``client_id`` follows from the message's id: answering twice posts once.
    """
    shelf = library.shelf(session)
    language = asked.language
    if asked.chosen is None:
        language = language_of(asked.text, asked.offered, asked.language)
    reply, language = _decide(asked, shelf, language)
    draft = _draft(session, asked, reply, language, now)
    _remember(session, asked, reply, language, shelf, now)
    return draft


def _decide(asked: Asked, shelf: Shelf, language: str) -> tuple[Reply, str]:
    if asked.chosen is not None and asked.chosen in shelf.questions:
        step = Step("chosen", (asked.chosen,))
        return Reply("answer", asked.chosen, rule="chosen", tried=(step,)), language
    reply = rules.decide(asked.text, shelf, language)
    if reply.decision == "strange":  # what is offered beside it can be read: the reader's own
        return reply, asked.language
    spoken = reply.language if reply.language in asked.offered else None
    return reply, spoken or language


def _draft(session: Session, asked: Asked, reply: Reply, language: str, now: datetime) -> Draft:
    extra: dict[str, Any] = {
        "question": None,
        "suggestions": [],
        "topics": [],
        "sure": reply.decision == "answer",
        "actions": [],
        "helped": None,
    }
    if reply.decision == "strange":
        extra["strange"] = reply.language
    body = "" if reply.question is not None else _without_answer(reply, language)
    if reply.question is not None:
        try:
            found = help_centre.answer_for(session, reply.question, language, now)
        except NotFound:  # taken away since the index was made
            extra["sure"] = False
            body = text(language, "assistant.unknown")
        else:
            url = f"/help/{found.language}/{reply.question}"
            extra["question"] = {"key": reply.question, "title": found.title, "url": url}
            extra["actions"] = list(found.facts.actions)
            body, language = help_centre.plain(found.body) or found.title, found.language
    if not extra["sure"]:
        extra |= _ways_on(session, reply, language)
    return Draft(
        actor=ASSISTANT,
        conversation_id=asked.conversation_id,
        client_id=uuid5(asked.message_id, "assistant"),
        body=body,
        kind="answer",
        language=language,
        extra=extra,
    )


def _without_answer(reply: Reply, language: str) -> str:
    if reply.decision == "strange":
        return rules.said_in(reply.language or "") or text(language, "assistant.unknown")
    return text(language, f"assistant.{reply.decision}")


def _ways_on(session: Session, reply: Reply, language: str) -> dict[str, Any]:
    """What to offer instead of an answer: suggestions, or else the topics and a person."""
    titles = help_centre.titles(session, language)
    suggestions = [
        Ref(question, titles[question]) for question in reply.suggestions if question in titles
    ]
    if suggestions or reply.decision == "thanks":
        return {"suggestions": _titled(suggestions), "actions": [TO_A_PERSON] * bool(suggestions)}
    topics = [Ref(topic.key, topic.title) for topic in help_centre.tree(session, language)]
    unknown = reply.decision != "greeting"
    return {"topics": _titled(topics), "actions": [TO_A_PERSON] * unknown}


def _titled(refs: list[Ref]) -> list[Mapping[str, str]]:
    return [{"key": ref.key, "title": ref.title} for ref in refs]


def _remember(
    session: Session, asked: Asked, reply: Reply, language: str, shelf: Shelf, now: datetime
) -> None:
    session.execute(
        insert(AssistantAnswer)
        .values(
            message_id=asked.message_id,
            conversation_id=asked.conversation_id,
            at=now,
            language=language,
            decision=reply.decision,
            rule=reply.rule,
            question=reply.question,
            suggestions=list(reply.suggestions),
            score=reply.score,
            example=reply.example,
            model=shelf.ranker.name,
            content=shelf.revision,
            tried=[asdict(step) for step in reply.tried],
        )
        .on_conflict_do_nothing(index_elements=["message_id"])
    )
