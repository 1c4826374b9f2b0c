"""Reads of pictures; ``file_for`` is the only door."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.conversations.files_rules import FileView
from amparo.conversations.models import Attachment, Message
from amparo.conversations.queries import conversation_for
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound


def file_for(session: Session, actor: Actor, conversation_id: UUID, file_id: UUID) -> FileView:
    """A picture that the actor may see: of a message to their party, or their own unsent one.

    Raises:
        NotFound: there is no such picture, or it is not the actor's to see.
    """
    row = session.scalars(
        select(Attachment).where(Attachment.id == file_id, Attachment.removed_at.is_(None))
    ).one_or_none()
    if row is None or row.ready_at is None:
        raise NotFound()
    if row.conversation_id != conversation_id and not _copied(session, row, conversation_id):
        raise NotFound()
    if row.message_id is None:
        if row.author_id != actor.person_id:
            raise NotFound()
    elif conversation_for(session, actor, conversation_id).party not in (row.audience or ()):
        raise NotFound()
    return view_of(row)


def _copied(session: Session, row: Attachment, conversation_id: UUID) -> bool:
    """Whether a conversation that was split off has a copy of the message that shows it."""
    if row.message_id is None:
        return False
    copies = select(Message.id).where(
        Message.conversation_id == conversation_id,
        Message.extra["copied"]["message"].astext == str(row.message_id),
        Message.deleted_at.is_(None),
    )
    return session.scalar(copies.limit(1)) is not None


def view_of(row: Attachment) -> FileView:
    """A picture whose bytes are there."""
    return FileView(
        id=row.id,
        conversation_id=row.conversation_id,
        name=row.name,
        media_type=row.media_type or "",
        width=row.width or 0,
        height=row.height or 0,
        bytes=row.size or 0,
        kind="file" if row.kind == "file" else "image",
    )
