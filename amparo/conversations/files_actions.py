"""The verbs of pictures: put in, finish, give to a message, remove.

A picture is put in with two transactions, because between them a child process draws it anew and
its bytes are stored: ``reserve`` asks the door and takes a place, ``finish`` says that the bytes
are there. Whatever is not sent within a day goes away, also what was left half-way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from amparo.conversations import files_rules as rules
from amparo.conversations.files_queries import view_of
from amparo.conversations.files_rules import FileKind, FileView
from amparo.conversations.models import Attachment, Conversation
from amparo.conversations.queries import conversation_for
from amparo.conversations.rules import Draft, Opening, check_open
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Invalid, NotFound, TooMany, Unavailable
from amparo.kernel.ids import new_id
from amparo.storage.files import Files
from amparo.storage.timers import clear_timer, set_timer

FILE_UNSENT = "file_unsent"
"""Timer: a picture was put in and perhaps never sent."""
FILE_REMOVED = "file_removed"
"""Timer: a picture is gone for everybody; its bytes and its row follow."""
_STORE_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Reserved:
    """A place for a picture.

    Attributes:
        file: the picture, where it was put in before.
    """

    id: UUID
    file: FileView | None = None


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
    conversation_id: UUID,
    client_id: UUID,
    *,
    name: str,
    source: str,
    opens: bool,
    now: datetime,
    kind: FileKind = "image",
) -> Reserved:
    """Take a place for a picture; the same ``client_id`` gets the same place again.

    Args:
        source: SHA-256 of the bytes, in hexadecimal.
        opens: the conversation may not exist yet; the message with the picture will open it.

    Raises:
        NotFound: there is no such conversation, or it is not the actor's to enter.
        Invalid: ``channel_not_available``: the actor may not open one.
        Conflict: ``client_id_used`` for another picture, ``too_many_files_waiting``.
        TooMany: ``too_many_files_today``.
    """
    _enter(session, actor, conversation_id, opens)
    if found := _again(session, actor, conversation_id, client_id, source):
        return found
    _check_quota(session, actor, now)
    id = session.scalar(
        insert(Attachment)
        .values(
            id=new_id(),
            conversation_id=conversation_id,
            author_id=actor.person_id,
            client_id=client_id,
            kind=kind,
            name=rules.checked_name(name) if kind == "image" else name,
            source=source,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["author_id", "client_id"])
        .returning(Attachment.id)
    )
    if id is None:  # sent twice at the same moment
        if found := _again(session, actor, conversation_id, client_id, source):
            return found
        raise Conflict("client_id_used")
    set_timer(session, FILE_UNSENT, id, now + rules.KEPT_UNSENT)
    return Reserved(id)


def finish(session: Session, id: UUID, picture: Content, now: datetime) -> FileView:
    """The bytes of a picture are stored: from now on it can be sent.

    Raises:
        NotFound: it was taken back meanwhile.
    """
    row = session.get(Attachment, id, with_for_update=True)
    if row is None or row.removed_at is not None:
        raise NotFound()
    if row.ready_at is None:
        row.media_type, row.size = picture.media_type, len(picture.data)
        row.width, row.height, row.ready_at = picture.width, picture.height, now
        session.flush()
    return view_of(row)


def give_up(session: Session, id: UUID) -> None:
    """A picture that could not be drawn leaves its place."""
    gone = delete(Attachment).where(Attachment.id == id, Attachment.ready_at.is_(None))
    session.execute(gone)
    clear_timer(session, FILE_UNSENT, id)


def take_back(
    session: Session, actor: Actor, conversation_id: UUID, id: UUID, now: datetime
) -> None:
    """The author removes a picture that was not sent.

    Raises:
        NotFound: there is none, it is somebody else's, or it was sent.
    """
    row = session.get(Attachment, id, with_for_update=True)
    mine = row is not None and row.author_id == actor.person_id
    if row is None or not mine or row.conversation_id != conversation_id or row.message_id:
        raise NotFound()
    _remove(session, [row], now)


def files_of_drafts(session: Session, drafts: Sequence[Draft]) -> Mapping[UUID, Attachment]:
    """The pictures that these drafts name, locked; who may use which is asked of each draft."""
    ids = {id for draft in drafts for id in draft.files[: rules.MOST_IN_MESSAGE]}
    if not ids:
        return {}
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.id.in_(ids), Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def shown_in(
    draft: Draft,
    known: Mapping[UUID, Attachment],
    message_free: Callable[[str], bool],
) -> list[dict[str, Any]]:
    """What a message will say about its pictures.

    Args:
        message_free: whether a name may be read by the other side.

    Raises:
        Invalid: ``too_many_files``; ``file_not_found``: one is missing, somebody else's, another
            conversation's, or in another message.
    """
    rules.check_count(draft.files)
    pictures: list[dict[str, Any]] = []
    for id in dict.fromkeys(draft.files):
        row = known.get(id)
        if (
            row is None
            or row.author_id != draft.actor.person_id
            or row.conversation_id != draft.conversation_id
            or row.ready_at is None
            or row.message_id is not None
        ):
            raise Invalid("file_not_found")
        if not message_free(row.name):
            row.name = ""
        pictures.append(rules.shown(view_of(row)))
    return pictures


def give_to_message(
    known: Mapping[UUID, Attachment], draft: Draft, message_id: UUID, audience: Sequence[str]
) -> None:
    """The pictures belong to a message now, and to whoever may read it."""
    for id in dict.fromkeys(draft.files):
        known[id].message_id, known[id].audience = message_id, list(audience)


def follow_owner(
    session: Session, conversations: Sequence[UUID], before: UUID, after: UUID
) -> None:
    """A visitor turned out to be a buyer: what they had put in goes with them, so that they can
    send it, and so that an upload which is repeated after signing in is known again."""
    known = aliased(Attachment)
    session.execute(
        update(Attachment)
        .where(
            Attachment.conversation_id.in_(conversations),
            Attachment.author_id == before,
            ~select(known.id)
            .where(known.author_id == after, known.client_id == Attachment.client_id)
            .exists(),
        )
        .values(author_id=after)
    )


def remove_files_of_message(session: Session, message_id: UUID, now: datetime) -> None:
    """A message was deleted: what it showed goes with it."""
    shown = select(Attachment).where(
        Attachment.message_id == message_id, Attachment.removed_at.is_(None)
    )
    _remove(session, session.scalars(shown.order_by(Attachment.id).with_for_update()).all(), now)


def erase_files_of(session: Session, person_id: UUID, now: datetime) -> int:
    """Remove every picture that a person ever added; returns how many."""
    mine = select(Attachment).where(
        Attachment.author_id == person_id, Attachment.removed_at.is_(None)
    )
    rows = session.scalars(mine.order_by(Attachment.id).with_for_update()).all()
    _remove(session, rows, now)
    return len(rows)


def remove_unsent(
    session: Session,
    subject: UUID,
    data: dict[str, Any],  # noqa: ARG001 - what a timer's handler gets
    now: datetime,
) -> None:
    """Handler of :data:`FILE_UNSENT`: a picture that no message took goes away."""
    row = session.get(Attachment, subject, with_for_update=True)
    if row is not None and row.message_id is None and row.removed_at is None:
        _remove(session, [row], now)


def remover(files: Files) -> Callable[[Session, UUID, dict[str, Any], datetime], None]:
    """Handler of :data:`FILE_REMOVED` for a store: first the bytes, then the row."""

    def remove(
        session: Session,
        subject: UUID,
        data: dict[str, Any],  # noqa: ARG001
        now: datetime,
    ) -> None:
        row = session.get(Attachment, subject, with_for_update=True)
        if row is None or row.removed_at is None:
            return
        try:
            files.delete(subject)
        except Unavailable:  # the other timers must not wait for the store
            set_timer(session, FILE_REMOVED, subject, now + _STORE_AGAIN)
        else:
            session.delete(row)

    return remove


def _remove(session: Session, rows: Sequence[Attachment], now: datetime) -> None:
    """Gone at once for everybody. The bytes go after the commit: a transaction that fails must
    not leave a picture that is shown and not there."""
    for row in rows:
        row.removed_at = now
        clear_timer(session, FILE_UNSENT, row.id)
        set_timer(session, FILE_REMOVED, row.id, now)


def _enter(session: Session, actor: Actor, conversation_id: UUID, opens: bool) -> None:
    try:
        conversation_for(session, actor, conversation_id)
    except NotFound:
        known = select(Conversation.id).where(Conversation.id == conversation_id)
        if not opens or session.scalar(known) is not None:
            raise
        check_open(Opening(), actor)


def _again(
    session: Session, actor: Actor, conversation_id: UUID, client_id: UUID, source: str
) -> Reserved | None:
    row = session.scalars(
        select(Attachment)
        .where(Attachment.author_id == actor.person_id, Attachment.client_id == client_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    same = (row.conversation_id, row.source) == (conversation_id, source)
    if not same or row.removed_at is not None:
        raise Conflict("client_id_used")
    return Reserved(row.id, view_of(row) if row.ready_at else None)


def _check_quota(session: Session, actor: Actor, now: datetime) -> None:
    waiting, today = session.execute(
        select(
            func.count().filter(Attachment.message_id.is_(None), Attachment.removed_at.is_(None)),
            func.count(),
        ).where(
            Attachment.author_id == actor.person_id,
            Attachment.created_at > now - timedelta(hours=24),
        )
    ).one()
    if waiting >= rules.MOST_WAITING:
        raise Conflict("too_many_files_waiting", limit=rules.MOST_WAITING)
    if today >= rules.MOST_A_DAY:
        raise TooMany("too_many_files_today", retry_after=3600, limit=rules.MOST_A_DAY)
