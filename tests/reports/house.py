"""A help centre, an assistant and an account of what helped, on a database of the test's own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from amparo.assistant.followers import AssistantAnswers
from amparo.assistant.library import Library
from amparo.contact_guide.actions import Feedback, give_feedback, note_shown
from amparo.conversations.actions import post_messages
from amparo.conversations.posting import Stored
from amparo.conversations.rules import Draft, Opening
from amparo.help_centre import shipped
from amparo.help_centre.actions import load_shipped_content
from amparo.kernel.actor import ASSISTANT, Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.ids import new_id
from amparo.reports.followers import MeasuredHelp
from amparo.reports.judging_actions import ABANDONED, FINAL, look_again
from amparo.reports.models import HelpOutcome, HelpThread, Unanswered
from amparo.routing import actions as routing
from amparo.storage.followers import Follower, FollowerPosition, drain, enrol
from amparo.storage.session import Database
from amparo.storage.timers import TimerRow, fire_next
from tests.people import populate, say

QUESTIONS = (
    "orders_late",
    "orders_track_parcel",
    "profile_forgot_password",
    "payment_methods",
    "returns_refund_when",
    "rules_talk_to_person",
)
"""A help centre small enough that a model of it is made in a moment."""
TIMERS = {ABANDONED: look_again, FINAL: look_again}


def small_content() -> shipped.Shipped:
    """Six of the shipped questions, in English."""
    whole = shipped.read()
    return replace(
        whole,
        questions=[row for row in whole.questions if row["key"] in QUESTIONS],
        texts=[
            text for text in whole.texts if text.question in QUESTIONS and text.language == "en"
        ],
    )


class House:
    """Mercadia's help, and the clock it goes by. Everything commits as it does in the product."""

    def __init__(
        self, database: Database, clock: ManualClock, library: Library | None = None
    ) -> None:
        self.database, self.clock, self._library = database, clock, library
        self._followers: list[Follower] = [MeasuredHelp()]
        if library is not None:
            self._followers.insert(0, AssistantAnswers(library))
        with database.transaction() as session:
            load_shipped_content(session, clock.now(), small_content())
            populate(session, clock.now())
        enrol(database, self._followers)
        self.settle()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def settle(self) -> None:
        """Let everybody react to what happened, and fire what is due; it takes a second."""
        self.clock.advance(timedelta(seconds=1))
        drain(self.database, self.clock, self._followers)
        while fire_next(self.database, TIMERS, self.now):
            pass

    def learn(self) -> None:
        """Wait until the assistant knows what it was taught."""
        assert self._library is not None
        with self.database.reading() as session:
            self._library.refresh(session)
        self._library.wait()

    def later(self, **time: float) -> None:
        """Time passes."""
        self.clock.advance(timedelta(**time))
        self.settle()

    def asks(
        self,
        who: Actor,
        body: str,
        *,
        conversation: UUID | None = None,
        question: str | None = None,
        language: str = "en",
    ) -> UUID:
        """Somebody asks the assistant, which answers; returns the conversation."""
        id = conversation or new_id()
        opening = None if conversation else Opening(language=language)
        with self.database.transaction() as session:
            say(session, who, id, body, self.now, opening=opening, question=question)
        self.settle()
        return id

    def replies(self, conversation: UUID, **extra: object) -> None:
        """The assistant says what the test wants it to say."""
        draft = Draft(ASSISTANT, conversation, new_id(), "So it is.", "answer", "en", extra)
        with self.database.transaction() as session:
            [stored] = post_messages(session, [draft], self.now)
            assert isinstance(stored, Stored)
        self.settle()

    def reads(self, who: Actor | None, question: str) -> None:
        """Somebody reads an answer in the guide."""
        with self.database.transaction() as session:
            note_shown(session, who, question, "en", self.now)
        self.settle()

    def says(
        self, who: Actor | None, question: str, helped: bool, conversation: UUID | None = None
    ) -> None:
        """ "Did this help?" """
        said = Feedback(new_id(), question, "en", helped, conversation)
        with self.database.transaction() as session:
            give_feedback(session, who, said, self.now)
        self.settle()

    def person(self, who: Actor, conversation: UUID) -> None:
        """ "Speak to a person"."""
        with self.database.transaction() as session:
            routing.ask_for_person(session, who, conversation, self.now)
        self.settle()

    def resolve(self, who: Actor, conversation: UUID) -> None:
        with self.database.transaction() as session:
            routing.resolve(session, who, conversation, self.now)
        self.settle()

    def outcomes(self) -> list[tuple[str, str | None, str]]:
        """(step, question, outcome) of every contact, oldest first."""
        with self.database.reading() as session:
            rows = session.scalars(select(HelpOutcome).order_by(HelpOutcome.asked_at))
            return [(row.step, row.question, row.outcome) for row in rows]

    def inbox(self) -> list[tuple[str, str]]:
        """(text, state) of the unanswered questions, oldest first."""
        with self.database.reading() as session:
            rows = session.scalars(select(Unanswered).order_by(Unanswered.first_at))
            return [(row.text, row.state) for row in rows]

    def account(self) -> list[Mapping[str, object]]:
        """Everything that is kept, to compare with what the log gives when it is read again."""
        with self.database.reading() as session:
            return [
                {name: getattr(row, name) for name in model.__table__.columns.keys()}  # noqa: SIM118
                for model in (HelpThread, HelpOutcome, Unanswered)
                for row in session.scalars(select(model).order_by(*model.__table__.primary_key))
            ]

    def forget(self) -> None:
        """As if nothing had been read yet."""
        with self.database.transaction() as session:
            for model in (HelpThread, HelpOutcome, Unanswered):
                session.execute(delete(model))
            session.execute(delete(TimerRow).where(TimerRow.kind.in_(TIMERS)))
            session.execute(
                update(FollowerPosition)
                .where(FollowerPosition.name == MeasuredHelp.name)
                .values(xid=0, ordinal=0)
            )
