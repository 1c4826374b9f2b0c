"""The people of the tests, each with an identity that was proved already, and what they do."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.accounts.models import Person
from amparo.conversations.actions import Outcome, post_messages
from amparo.conversations.posting import Stored
from amparo.conversations.rules import Draft, Opening
from amparo.kernel.actor import Actor
from amparo.kernel.ids import derived_id, new_id
from amparo.routing.actions import load_default_teams


def _person(role: Any, name: str, language: str, **rest: Any) -> Actor:
    return Actor(derived_id("test", name), role, name=name, language=language, **rest)


ANA = _person("buyer", "Ana", "es", ref="buyer-ana")
OLGA = _person("buyer", "Olga", "ru", ref="buyer-olga")
WEI = _person("seller", "Wei", "zh", ref="seller-wei", store_refs=("store-wei",))
MARTA = _person("operator", "Marta", "en", languages=("en", "ru"))
PAVEL = _person("operator", "Pavel", "ru", languages=("ru",))
TEO = _person("administrator", "Teo", "en", languages=("en",))
VISITOR = _person("visitor", "", "en")
EVERYBODY = (ANA, OLGA, WEI, MARTA, PAVEL, TEO, VISITOR)


def populate(session: Session, now: datetime) -> None:
    """Put everybody and the default teams into a database."""
    for actor in EVERYBODY:
        session.add(
            Person(
                id=actor.person_id,
                role=actor.role,
                ref=actor.ref,
                name=actor.name,
                language=actor.language,
                stores=list(actor.store_refs),
                created_at=now,
                updated_at=now,
            )
        )
    load_default_teams(session)
    session.flush()


def draft(actor: Actor, conversation: UUID, body: str, **rest: Any) -> Draft:
    """A message under a fresh ``client_id``."""
    return Draft(actor, conversation, rest.pop("client_id", None) or new_id(), body, **rest)


def say(
    session: Session, actor: Actor, conversation: UUID, body: str, now: datetime, **rest: Any
) -> Stored:
    """Post one message that must be accepted."""
    outcome: Outcome = post_messages(session, [draft(actor, conversation, body, **rest)], now)[0]
    assert isinstance(outcome, Stored), outcome
    return outcome


def open_chat(
    session: Session, actor: Actor, now: datetime, body: str = "Where is my parcel?"
) -> UUID:
    """A conversation that begins with a question to the assistant."""
    conversation = new_id()
    say(session, actor, conversation, body, now, opening=Opening(language=actor.language))
    return conversation
