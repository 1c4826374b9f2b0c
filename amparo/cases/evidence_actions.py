"""Files of evidence: put in, finish, give to what is handed in; whatever is not goes away in a day.

A picture is put in with two transactions, because between them a child process draws it anew and
its bytes are stored. What was handed in stays for ever: nobody takes evidence out of a case.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.cases.doors_queries import case_row_for
from amparo.cases.models import CaseFile
from amparo.conversations.files_rules import checked_name
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unavailable
from amparo.kernel.ids import new_id
from amparo.storage.files import Files
from amparo.storage.timers import clear_timer, set_timer

FILE_UNSENT = "case_file_unsent"
"""Timer: a file was put in and perhaps never handed in."""
FILE_REMOVED = "case_file_removed"
"""Timer: a file is gone for everybody; its bytes and its row follow."""
KEPT_UNSENT = timedelta(hours=24)
MOST_AT_ONCE = 10
"""Files of one step."""
MOST_IN_CASE = 60
"""Files of one party in one case."""
MOST_A_DAY = 100
_MOST_WAITING = 30
_STORE_AGAIN = timedelta(minutes=10)

FileKind = Literal["image", "file"]


@dataclass(frozen=True, slots=True)
class Reserved:
    """A place for a file; ``file`` where it was put in before."""

    id: UUID
    file: CaseFile | None = None


class Content(Protocol):
    """What was made of an upload; a file that is no picture is 0 pixels wide."""

    @property
    def data(self) -> bytes: ...
    @property
    def media_type(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


def reserve(
    session: Session,
    actor: Actor,
    client_id: UUID,
    *,
    name: str,
    source: str,
    kind: FileKind,
    type: str | None,
    case_id: UUID | None,
    now: datetime,
) -> Reserved:
    """Take a place for a file; the same ``client_id`` gets the same place again.

    Args:
        source: SHA-256 of the bytes as they came, hexadecimal.
        case_id: None before a case is opened.

    Raises:
        NotFound: no such case, or not the actor's.
        Forbidden: a visitor has no cases.
        Conflict: ``client_id_used`` for another file, ``too_many_files_waiting``.
        TooMany: ``too_many_files_today``.
    """
    _check_may(session, actor, case_id)
    if found := _again(session, actor, client_id, source):
        return found
    _check_quota(session, actor, now)
    values = {
        "id": new_id(),
        "client_id": client_id,
        "person_id": actor.person_id,
        "party": actor.party,
        "case_id": case_id,
        "type": type,
        "kind": kind,
        "name": checked_name(name) if kind == "image" else name,
        "source": source,
        "created_at": now,
    }
    made = insert(CaseFile).values(values).on_conflict_do_nothing()
    id = session.scalar(made.returning(CaseFile.id))
    if id is None:  # sent twice at the same moment
        if found := _again(session, actor, client_id, source):
            return found
        raise Conflict("client_id_used")
    set_timer(session, FILE_UNSENT, id, now + KEPT_UNSENT)
    return Reserved(id)


def _check_may(session: Session, actor: Actor, case_id: UUID | None) -> None:
    if actor.role not in ("buyer", "seller", "operator", "administrator"):
        raise Forbidden()
    if case_id is not None and case_row_for(session, actor, case_id).closed_at is not None:
        raise Conflict("case_action_not_possible")


def finish(session: Session, id: UUID, content: Content, now: datetime) -> CaseFile:
    """The bytes are stored: from now on the file can be handed in.

    Raises:
        NotFound: it was taken back meanwhile.
    """
    row = _locked(session, id)
    if row is None or row.removed_at is not None:
        raise NotFound()
    if row.ready_at is None:
        row.media_type, row.size = content.media_type, len(content.data)
        row.width, row.height, row.ready_at = content.width, content.height, now
        row.sha256 = hashlib.sha256(content.data).hexdigest()
        session.flush()
    return row


def give_up(session: Session, id: UUID) -> None:
    """A file that could not be read leaves its place."""
    session.execute(delete(CaseFile).where(CaseFile.id == id, CaseFile.ready_at.is_(None)))
    clear_timer(session, FILE_UNSENT, id)


def take_back(session: Session, actor: Actor, id: UUID, now: datetime) -> None:
    """Who put a file in removes it, as long as it was not handed in.

    Raises:
        NotFound: there is none, or it is somebody else's.
        Conflict: ``case_file_kept``: it is evidence.
    """
    row = _locked(session, id)
    if row is None or row.person_id != actor.person_id or row.removed_at is not None:
        raise NotFound()
    if row.entry_id is not None:
        raise Conflict("case_file_kept")
    _remove(session, row, now)


def hand_in(
    session: Session, actor: Actor, ids: Sequence[UUID], case_id: UUID, entry_id: UUID
) -> list[CaseFile]:
    """Files belong to what is said with them now, in the order of ``ids``.

    Raises:
        Invalid: ``too_many_files``; ``file_not_found``: one is missing, not ready, somebody
            else's, or in a case already.
    """
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid("too_many_files", limit=MOST_AT_ONCE)
    if not wanted:
        return []
    rows = session.scalars(
        select(CaseFile).where(CaseFile.id.in_(wanted)).order_by(CaseFile.id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    known = {row.id: row for row in rows if _free(row, actor, case_id)}
    if len(known) < len(wanted):
        raise Invalid("file_not_found")
    mine = select(func.count()).where(
        CaseFile.case_id == case_id, CaseFile.party == actor.party, CaseFile.entry_id.is_not(None)
    )
    if (session.scalar(mine) or 0) + len(wanted) > MOST_IN_CASE:
        raise Invalid("too_many_files", limit=MOST_IN_CASE)
    for row in known.values():
        row.case_id, row.entry_id = case_id, entry_id
        clear_timer(session, FILE_UNSENT, row.id)
    return [known[id] for id in wanted]


def remove_unsent(
    session: Session,
    subject: UUID,
    data: dict[str, Any],  # noqa: ARG001 - what a timer's handler gets
    now: datetime,
) -> None:
    """Handler of :data:`FILE_UNSENT`: a file that nothing took goes away."""
    row = _locked(session, subject)
    if row is not None and row.entry_id is None and row.removed_at is None:
        _remove(session, row, now)


def remover(files: Files) -> Callable[[Session, UUID, dict[str, Any], datetime], None]:
    """Handler of :data:`FILE_REMOVED` for a store: first the bytes, then the row."""

    def remove(
        session: Session,
        subject: UUID,
        data: dict[str, Any],  # noqa: ARG001
        now: datetime,
    ) -> None:
        row = _locked(session, subject)
        if row is None or row.removed_at is None or row.entry_id is not None:
            return
        try:
            files.delete(subject)
        except Unavailable:  # the other timers must not wait for the store
            set_timer(session, FILE_REMOVED, subject, now + _STORE_AGAIN)
        else:
            session.delete(row)

    return remove


def _locked(session: Session, id: UUID) -> CaseFile | None:
    return session.get(CaseFile, id, with_for_update=True, populate_existing=True)


def _free(row: CaseFile, actor: Actor, case_id: UUID) -> bool:
    mine = row.person_id == actor.person_id and row.case_id in (None, case_id)
    ready = row.ready_at is not None and row.removed_at is None
    return mine and ready and row.entry_id is None


def _remove(session: Session, row: CaseFile, now: datetime) -> None:
    """Gone at once; the bytes go after the commit: a transaction that fails must not leave a
    file that is shown and not there."""
    row.removed_at = now
    clear_timer(session, FILE_UNSENT, row.id)
    set_timer(session, FILE_REMOVED, row.id, now)


def _again(session: Session, actor: Actor, client_id: UUID, source: str) -> Reserved | None:
    row = session.scalar(
        select(CaseFile).where(
            CaseFile.person_id == actor.person_id, CaseFile.client_id == client_id
        ),
        execution_options={"populate_existing": True},
    )
    if row is None:
        return None
    if row.source != source or row.removed_at is not None:
        raise Conflict("client_id_used")
    return Reserved(row.id, row if row.ready_at else None)


def _check_quota(session: Session, actor: Actor, now: datetime) -> None:
    waiting, today = session.execute(
        select(
            func.count().filter(CaseFile.entry_id.is_(None), CaseFile.removed_at.is_(None)),
            func.count(),
        ).where(
            CaseFile.person_id == actor.person_id, CaseFile.created_at > now - timedelta(hours=24)
        )
    ).one()
    if waiting >= _MOST_WAITING:
        raise Conflict("too_many_files_waiting", limit=_MOST_WAITING)
    if today >= MOST_A_DAY:
        raise TooMany("too_many_files_today", retry_after=3600, limit=MOST_A_DAY)
