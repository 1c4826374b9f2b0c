"""A question becomes an answer on the same road as every message, once, with a record of why."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.assistant.followers import AssistantAnswers
from amparo.assistant.library import Library, content_revision
from amparo.assistant.models import AssistantAnswer
from amparo.assistant.shelf import Shelf
from amparo.conversations.actions import change_state, head_for, post_messages
from amparo.conversations.queries import events_after
from amparo.conversations.rules import Draft, Opening
from amparo.help_centre import actions as help_actions
from amparo.help_centre import editing_actions
from amparo.help_centre import queries as help_centre
from amparo.help_centre.editing_actions import Place
from amparo.help_centre.editing_queries import text_for
from amparo.kernel.actor import Actor
from amparo.kernel.ids import new_id
from amparo.storage.events import EventRow, LoggedEvent

OLGA = Actor(new_id(), "buyer", "buyer-olga", "Olga", "ru")
TEO = Actor(new_id(), "administrator", name="Teo")


@pytest.fixture
def content(session: Session, now: datetime) -> None:
    help_actions.load_shipped_content(session, now)


@pytest.fixture
def library() -> Iterator[Library]:
    library = Library()
    yield library
    library.wait()


@pytest.fixture
def follower(library: Library) -> AssistantAnswers:
    return AssistantAnswers(library)


def ask(
    session: Session,
    now: datetime,
    body: str,
    *,
    conversation: UUID | None = None,
    question: str | None = None,
    language: str = "en",
) -> UUID:
    conversation = conversation or new_id()
    draft = Draft(
        actor=OLGA,
        conversation_id=conversation,
        client_id=new_id(),
        body=body,
        question=question,
        opening=Opening(language=language),
    )
    post_messages(session, [draft], now)
    return conversation


def happened(session: Session) -> list[LoggedEvent]:
    """The whole log as a follower would get it."""
    rows = session.scalars(
        select(EventRow).where(EventRow.kind == "message_posted").order_by(EventRow.ordinal)
    )
    return [LoggedEvent(r.id, r.kind, r.subject, r.at, r.data, 0, r.ordinal) for r in rows]


def messages(session: Session, conversation: UUID) -> list[dict[str, Any]]:
    """What Olga sees of her conversation."""
    seen = events_after(session, OLGA, conversation, 0)
    return [event.data for event in seen if event.kind == "message"]


def test_a_sure_answer_cites_its_article_in_the_language_of_the_question(
    session: Session, content: None, follower: AssistantAnswers, now: datetime
) -> None:
    conversation = ask(session, now, "Я забыла пароль от аккаунта", language="en")
    follower.handle(session, happened(session), now)
    asked, answer = messages(session, conversation)
    assert answer["author"]["party"] == "assistant"
    assert (answer["kind"], answer["language"]) == ("answer", "ru")
    assert (
        answer["body"] == help_centre.answer_for(session, "profile_forgot_password", "ru", now).body
    )
    assert answer["extra"]["question"] == {
        "key": "profile_forgot_password",
        "title": "Я забыл пароль",
        "url": "/help/ru/profile_forgot_password",
    }
    assert (answer["extra"]["sure"], answer["extra"]["helped"]) == (True, None)
    assert "reset_password" in answer["extra"]["actions"]
    stored = session.get_one(AssistantAnswer, UUID(asked["message_id"]))
    assert (stored.question, stored.decision, stored.rule) == (
        "profile_forgot_password",
        "answer",
        "model",
    )
    assert stored.score is not None
    assert (stored.model, stored.content) == ("heads-1+use3", content_revision(session))


def test_unsure_offers_suggestions_and_unknown_offers_topics_and_a_person(
    session: Session, content: None, follower: AssistantAnswers, now: datetime
) -> None:
    unsure = ask(session, now, "dinero", language="es")
    unknown = ask(session, now, "weather in Paris tomorrow")
    follower.handle(session, happened(session), now)

    extra = messages(session, unsure)[1]["extra"]
    assert (extra["sure"], extra["question"]) == (False, None)
    assert len(extra["suggestions"]) == 3
    titles = help_centre.titles(session, "es")
    assert all(item["title"] == titles[item["key"]] for item in extra["suggestions"])

    extra = messages(session, unknown)[1]["extra"]
    assert (extra["suggestions"], extra["sure"]) == ([], False)
    assert len(extra["topics"]) == 6
    assert extra["actions"] == ["start_chat"]


def test_who_writes_in_a_language_we_do_not_speak_gets_suggestions_in_the_conversations_own(
    session: Session, content: None, follower: AssistantAnswers, now: datetime
) -> None:
    conversation = ask(session, now, "dov'è il mio pacco, non è ancora arrivato", language="en")
    follower.handle(session, happened(session), now)
    answer = messages(session, conversation)[1]
    assert answer["extra"]["strange"] == "it"
    titles = help_centre.titles(session, "en")
    assert answer["extra"]["suggestions"]
    assert all(item["title"] == titles[item["key"]] for item in answer["extra"]["suggestions"])


def test_a_chosen_suggestion_is_answered_directly(
    session: Session, content: None, follower: AssistantAnswers, now: datetime
) -> None:
    title = "How do I open a dispute?"
    conversation = ask(session, now, title, question="returns_how_to_open_dispute")
    follower.handle(session, happened(session), now)
    asked, answer = messages(session, conversation)
    assert asked["extra"] == {"question": "returns_how_to_open_dispute"}
    assert answer["extra"]["question"]["key"] == "returns_how_to_open_dispute"
    stored = session.get_one(AssistantAnswer, UUID(asked["message_id"]))
    assert (stored.rule, stored.score) == ("chosen", None)


def test_small_talk_is_answered_in_its_language_without_an_article(
    session: Session, content: None, follower: AssistantAnswers, now: datetime
) -> None:
    conversation = ask(session, now, "¡Hola!")
    follower.handle(session, happened(session), now)
    answer = messages(session, conversation)[1]
    assert (answer["language"], answer["extra"]["question"]) == ("es", None)
    assert answer["body"].startswith("¡Hola!")


def test_the_same_event_twice_is_answered_once(
    session: Session, content: None, follower: AssistantAnswers, now: datetime
) -> None:
    conversation = ask(session, now, "where is my parcel")
    events = happened(session)
    follower.handle(session, events, now)
    follower.handle(session, events, now)
    follower.handle(session, happened(session), now)  # with its own answer among them
    assert len(messages(session, conversation)) == 2
    assert len(session.scalars(select(AssistantAnswer)).all()) == 1


def test_once_a_person_was_asked_for_the_assistant_is_silent(
    session: Session, content: None, follower: AssistantAnswers, now: datetime
) -> None:
    conversation = ask(session, now, "where is my parcel")
    change_state(session, head_for(session, OLGA, conversation), "ask_person", now)
    ask(session, now, "hello, is anybody there?", conversation=conversation)
    follower.handle(session, happened(session), now)
    assert [data["author"]["party"] for data in messages(session, conversation)] == [
        "buyer",
        "buyer",
    ]


class MadeWhileSomebodyLeaves(Library):
    """The first index takes seconds; meanwhile the buyer asks for a person."""

    conversation: UUID

    def shelf(self, session: Session) -> Shelf:
        found = super().shelf(session)
        head = head_for(session, OLGA, self.conversation)
        if head.state == "bot":
            change_state(session, head, "ask_person", datetime.now(UTC))
        return found


def test_who_went_to_a_person_while_the_answer_was_made_gets_none(
    session: Session, content: None, now: datetime
) -> None:
    library = MadeWhileSomebodyLeaves()
    library.conversation = ask(session, now, "where is my parcel")
    AssistantAnswers(library).handle(session, happened(session), now)
    library.wait()
    parties = [data["author"]["party"] for data in messages(session, library.conversation)]
    assert parties == ["buyer"]


def test_an_edited_text_counts_as_soon_as_the_new_index_is_made(
    session: Session, content: None, library: Library, now: datetime
) -> None:
    before = library.shelf(session)
    text = text_for(session, TEO, "profile_language", "en")
    editing_actions.publish_text(
        session,
        TEO,
        Place("profile_language", "en", text.edition),
        title="Zorkmid settings",
        body=text.body,
        now=now,
    )
    assert library.shelf(session) is before, "nobody waits: the old index answers meanwhile"
    library.wait()
    after = library.shelf(session)
    assert after.revision == content_revision(session) != before.revision
    found = after.ranker.rank("zorkmid settings", "en").found
    assert found[0].question == "profile_language"
