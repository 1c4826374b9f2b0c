"""What the assistant does when something happens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from amparo.accounts.queries import site_by_key
from amparo.assistant.actions import Asked, answer
from amparo.assistant.events import EXAMPLES_CHANGED
from amparo.assistant.language_model.actions import hand_over
from amparo.assistant.library import Library
from amparo.conversations.actions import head_for, post_messages
from amparo.conversations.events import MESSAGE_POSTED
from amparo.conversations.queries import ConversationView, conversation_for
from amparo.conversations.requests_actions import about_request
from amparo.conversations.rules import Draft
from amparo.kernel.actor import ASSISTANT
from amparo.kernel.errors import NotFound, Problem
from amparo.kernel.languages import CONTENT
from amparo.storage.events import LoggedEvent

log = structlog.get_logger(__name__)


class AssistantAnswers:
    """Answers what a buyer writes while the conversation is the assistant's."""

    name = "assistant_answers"
    kinds = frozenset({MESSAGE_POSTED})

    def __init__(self, library: Library, model: str | None = None) -> None:
        """``model`` is the language model to ask where we are unsure; None asks none."""
        self._library, self._model = library, model

    def wants(self, event: LoggedEvent) -> bool:
        """What a buyer writes while nobody of the staff is there."""
        return _is_for_us(event)

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        """Post one answer per message; a conversation that moved on to a person gets none."""
        questions = [event for event in events if _is_for_us(event)]
        if not questions:
            return
        # Before the locks: the first time it takes seconds, in which a buyer may go to a person.
        self._library.shelf(session)
        questions.sort(key=lambda event: str(event.data["conversation"]))  # one order of locks
        drafts = [draft for event in questions if (draft := self._draft(session, event, now))]
        for draft, outcome in zip(drafts, post_messages(session, drafts, now), strict=True):
            if isinstance(outcome, Problem):
                conversation = str(draft.conversation_id)
                log.warning("answer_refused", conversation=conversation, code=outcome.code)

    def _draft(self, session: Session, event: LoggedEvent, now: datetime) -> Draft | None:
        try:
            view = conversation_for(session, ASSISTANT, UUID(event.data["conversation"]))
        except NotFound:
            return None
        if head_for(session, ASSISTANT, view.id).state != "bot":
            return None
        asked = Asked(
            message_id=UUID(event.data["message_id"]),
            conversation_id=view.id,
            text=event.data["body"],
            language=view.language,
            offered=_offered(session, view),
            chosen=event.data["question"],
        )
        draft = answer(session, self._library, asked, now)
        if self._model is not None and asked.chosen is None:
            handed = (session, asked.message_id, asked.text, draft, self._model, now)
            return None if hand_over(*handed) else draft
        return draft


class AssistantLibrary:
    """Makes a new index soon after the content changed, before the next question needs it."""

    name = "assistant_library"
    kinds = frozenset({"help_content_loaded", "help_text_edited", EXAMPLES_CHANGED})

    def __init__(self, library: Library) -> None:
        self._library = library

    def handle(
        self,
        session: Session,
        events: Sequence[LoggedEvent],  # noqa: ARG002 - the interface names it
        now: datetime,  # noqa: ARG002
    ) -> None:
        """Start the making; other processes notice by the revision when they answer next."""
        self._library.refresh(session)


def _is_for_us(event: LoggedEvent) -> bool:
    data = event.data
    if about_request(data) or data.get("deleted"):  # a quick fix has its own answer
        return False
    return bool(data["party"] == "buyer" and data["kind"] == "text" and data["state"] == "bot")


def _offered(session: Session, view: ConversationView) -> tuple[str, ...]:
    if view.site_key is None:
        return CONTENT
    try:
        return tuple(site_by_key(session, view.site_key).languages)
    except NotFound:
        return CONTENT
