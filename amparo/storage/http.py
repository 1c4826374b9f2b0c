"""What every router shares: the unit of work of a request, the actor, the time, the language."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query, Request
from sqlalchemy.orm import Session

from amparo.config import Settings as SettingsModel
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotSignedIn
from amparo.kernel.ids import derived_id, new_id
from amparo.kernel.languages import INTERFACE, PSEUDO, negotiate
from amparo.storage.session import Database


def _unit(request: Request) -> Iterator[Session]:
    database: Database = request.app.state.database
    with database.transaction() as session:
        yield session


# scope="function" ends the dependency, and so commits, before the answer is sent: an answer that
# says "stored" must come after the commit. The default scope commits after the answer.
Unit = Annotated[Session, Depends(_unit, scope="function")]


def _now(request: Request) -> datetime:
    moment: datetime = request.app.state.clock.now()
    return moment


Now = Annotated[datetime, Depends(_now)]


def _maybe_actor(request: Request, session: Unit) -> Actor | None:
    actor: Actor | None = request.app.state.identify(request, session)
    request.state.actor = actor
    return actor


MaybeActor = Annotated[Actor | None, Depends(_maybe_actor, scope="function")]


def _actor(actor: MaybeActor) -> Actor:
    if actor is None:
        raise NotSignedIn()
    return actor


CurrentActor = Annotated[Actor, Depends(_actor, scope="function")]


def signed_in(request: Request, session: Session) -> Actor:
    """Who asks, for a route that makes its transactions itself.

    Raises:
        NotSignedIn: nobody, or nobody we can believe.
    """
    return _actor(_maybe_actor(request, session))


def _request_id(
    actor: MaybeActor,
    key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=255)] = None,
) -> UUID:
    who = None if actor is None else actor.person_id
    return derived_id("request", who, key) if key else new_id()


RequestId = Annotated[UUID, Depends(_request_id, scope="function")]
"""What makes a POST repeatable: the same for one person's same Idempotency-Key, else new.

An ``id`` in the body means the same and wins.
"""


def reader_language(request: Request, lang: str | None = None) -> str:
    """The interface language of whoever asks: ``?lang=`` first, then Accept-Language."""
    wish = lang or request.query_params.get("lang")
    return negotiate(wish or request.headers.get("accept-language"), (*INTERFACE, PSEUDO))


def _language(request: Request, lang: Annotated[str | None, Query(max_length=35)] = None) -> str:
    return reader_language(request, lang)


Language = Annotated[str, Depends(_language)]


def _settings(request: Request) -> SettingsModel:
    settings: SettingsModel = request.app.state.settings
    return settings


Settings = Annotated[SettingsModel, Depends(_settings)]
