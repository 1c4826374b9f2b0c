"""Pure decisions about changing what was said: who may, how long, and what is left of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from amparo.conversations.rules import Kind, State
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict

EDIT_WITHIN = timedelta(minutes=15)
"""How long its author may change a message; it can be deleted at any time."""
_MINUTES = int(EDIT_WITHIN.total_seconds() // 60)
_WORDED_FOR_THEM = ("question", "request", "copied")
"""What a message carries whose words are not its author's own, or stand elsewhere too: a copy
follows the message that it repeats."""


@dataclass(frozen=True, slots=True)
class Said:
    """A stored message, as far as changing it is concerned."""

    id: UUID
    author_id: UUID
    kind: Kind
    body: str
    extra: Mapping[str, Any]
    created_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a message: None is its deletion.

    Attributes:
        at, by: since when, and through whom.
    """

    body: str | None
    at: datetime
    by: UUID


def check_edit(actor: Actor, said: Said, state: State, now: datetime) -> None:
    """Whether the actor may change the words of a message that it can see.

    Raises:
        Conflict: ``not_your_message``, ``message_deleted``, ``not_editable``,
            ``conversation_resolved``, ``edit_too_late``.
    """
    if said.author_id != actor.person_id:
        raise Conflict("not_your_message")
    if said.deleted_at is not None:
        raise Conflict("message_deleted")
    if said.kind not in ("text", "note") or any(said.extra.get(key) for key in _WORDED_FOR_THEM):
        raise Conflict("not_editable")
    if state == "resolved":
        raise Conflict("conversation_resolved")
    if now - said.created_at > EDIT_WITHIN:
        raise Conflict("edit_too_late", minutes=_MINUTES)


def check_delete(actor: Actor, said: Said) -> None:
    """Whether the actor may delete a message that it can see: its author, or an administrator.

    Raises:
        Conflict: ``not_your_message``.
    """
    if said.author_id != actor.person_id and not actor.is_administrator:
        raise Conflict("not_your_message")


def emptied() -> dict[str, Any]:
    """What the event of a deleted message says from now on, whoever reads it."""
    return {"body": "", "extra": {}, "question": None, "deleted": True}


def wordings(said: Said, changes: Sequence[tuple[str, str, datetime, UUID]]) -> list[Wording]:
    """All wordings of a message, the first one first.

    Args:
        changes: (verb, the text before, when, through whom), in order.
    """
    told: list[Wording] = []
    since, through = said.created_at, said.author_id
    for _, before, at, by in changes:
        told.append(Wording(before, since, through))
        since, through = at, by
    gone = said.deleted_at is not None
    return [*told, Wording(None if gone else said.body, since, through)]
