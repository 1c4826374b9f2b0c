"""Ana asks, Marta answers and takes notes: the conversation that webhooks and mail tell of."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.accounts.actions import upsert_person
from amparo.accounts.queries import actor_of
from amparo.conversations.actions import change_state, head_for, post_messages
from amparo.conversations.posting import Stored
from amparo.conversations.rules import Draft, Kind, Opening, Verb
from amparo.kernel.actor import SYSTEM, Actor
from amparo.kernel.ids import new_id

MARTA = Actor(new_id(), "operator", name="Marta", languages=("en", "ru", "es"))
TEO = Actor(new_id(), "administrator", name="Teo")


def buyer(
    session: Session, ref: str, name: str, language: str, email: str | None, now: datetime
) -> Actor:
    """A buyer whom the marketplace has named to us."""
    person = upsert_person(
        session,
        role="buyer",
        ref=ref,
        name=name,
        email=email,
        language=language,
        fallback_language="en",
        stores=(),
        now=now,
    )
    session.flush()
    return actor_of(person)


@dataclass(frozen=True)
class Talk:
    """A conversation of one buyer with Marta."""

    id: UUID
    buyer: Actor

    @classmethod
    def begun(cls, session: Session, buyer: Actor, now: datetime, body: str = "Hello") -> "Talk":
        talk = cls(new_id(), buyer)
        opening = Opening(language=buyer.language, topic="orders")
        talk._post(session, Draft(buyer, talk.id, new_id(), body, opening=opening), now)
        return talk

    def says(
        self, session: Session, actor: Actor, body: str, now: datetime, kind: Kind = "text"
    ) -> UUID:
        return self._post(session, Draft(actor, self.id, new_id(), body, kind), now)

    def turns(
        self, session: Session, now: datetime, *verbs: Verb, reason: str | None = None
    ) -> None:
        for verb in verbs:
            change_state(session, head_for(session, SYSTEM, self.id), verb, now, reason=reason)

    def _post(self, session: Session, draft: Draft, now: datetime) -> UUID:
        [answer] = post_messages(session, [draft], now)
        assert isinstance(answer, Stored), answer
        return answer.message_id
