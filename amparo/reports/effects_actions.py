"""The effect of an edit before it is published: computed in a thread, kept for a day.

A model is made for it, which takes seconds of a core: one at a time in a process. The result is
a row, so that any process can be asked for it.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from threading import Semaphore
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.assistant import trial_queries as trials
from amparo.assistant.trial_queries import Edit, Library, Trial
from amparo.help_centre import queries as help_centre
from amparo.kernel.actor import Actor
from amparo.kernel.clock import Clock
from amparo.kernel.errors import NotFound, Unavailable
from amparo.kernel.languages import CONTENT
from amparo.reports.models import EditEffect
from amparo.reports.queries import administrators_only, free_questions
from amparo.storage.session import Database

log = structlog.get_logger(__name__)
ASKED = 500
"""Free questions that an edit is tried on, the latest first; beside all known wordings."""
SHOWN = 100
WAIT_S = 1.0
"""How long a request waits for the result before it answers that it is being made."""
AT_ONCE = 4
GIVEN_UP = timedelta(minutes=5)
_KEPT = timedelta(days=1)

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """``state`` is ``working``, ``done`` (then ``result`` is there) or ``failed``."""

    id: UUID
    state: str
    result: Result | None


class Effects:
    """Computes effects of edits for this process, one after the other."""

    def __init__(self, database: Database | None, clock: Clock, library: Library) -> None:
        self._database, self._clock, self.library = database, clock, library
        self._pool = ThreadPoolExecutor(1, "edit-effect")
        self._places = Semaphore(AT_ONCE)

    def start(self, id: UUID, person: UUID, trial: Trial) -> "Future[Effect]":
        """Start computing.

        Raises:
            Unavailable: too many are being made already.
        """
        if not self._places.acquire(blocking=False):
            raise Unavailable("effects_busy")
        return self._pool.submit(self._compute, id, person, trial)

    def wait(self) -> None:
        """Until everything that was begun is computed and kept."""
        for _ in ("computed", "kept"):
            self._pool.submit(lambda: None).result()

    def _compute(self, id: UUID, person: UUID, trial: Trial) -> Effect:
        try:
            changes, compared = trials.effect(trial)
            shown = [asdict(change) for change in changes[:SHOWN]]
            found = Effect(id, "done", {"compared": compared, "n": len(changes), "changed": shown})
        except Exception:
            log.exception("effect_failed", effect=str(id))
            found = Effect(id, "failed", None)
        finally:
            self._places.release()
        self._pool.submit(self._keep, found, person)  # after the answer: it waits for a commit
        return found

    def _keep(self, effect: Effect, person: UUID) -> None:
        assert self._database is not None
        values = {"state": effect.state, "result": effect.result}
        try:
            with self._database.transaction() as session:
                session.execute(
                    insert(EditEffect)
                    .values(id=effect.id, person_id=person, made_at=self._clock.now(), **values)
                    .on_conflict_do_update(index_elements=["id"], set_=values)
                )
        except Exception:
            log.exception("effect_not_kept", effect=str(effect.id))


def try_edit(
    session: Session, effects: Effects, actor: Actor, id: UUID, edit: Edit, now: datetime
) -> Effect:
    """What the edit would change; asked again with the same id, the same computation.

    Raises:
        NotFound: no such question or language, or the actor is no administrator.
        Unavailable: too many are being computed already.
    """
    administrators_only(actor)
    help_centre.question(session, edit.question)
    if edit.language not in CONTENT:
        raise NotFound()
    session.execute(delete(EditEffect).where(EditEffect.made_at < now - _KEPT))
    made = session.scalar(
        insert(EditEffect)
        .values(id=id, person_id=actor.person_id, state="working", made_at=now)
        .on_conflict_do_nothing()
        .returning(EditEffect.id)
    )
    if made is None:
        return effect_for(session, actor, id, now)
    trial = trials.trial(session, effects.library, edit, free_questions(session, ASKED))
    try:
        return effects.start(id, actor.person_id, trial).result(WAIT_S)
    except NotYet:
        return Effect(id, "working", None)


def effect_for(session: Session, actor: Actor, id: UUID, now: datetime) -> Effect:
    """The effect as far as it is known.

    Raises:
        NotFound: there is none, it is somebody else's, or the actor is no administrator.
    """
    administrators_only(actor)
    row = session.get(EditEffect, id, populate_existing=True)
    if row is None or row.person_id != actor.person_id:
        raise NotFound()
    state = row.state
    if state == "working" and now - row.made_at > GIVEN_UP:
        state = "failed"  # the process that computed it has ended
    return Effect(id, state, row.result)
