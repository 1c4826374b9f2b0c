"""Shapes of the editing interface."""

from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from amparo.help_centre.differences import Piece
from amparo.help_centre.rules import DraftText, EditableText, OldText


class TextState(BaseModel):
    """What an editor must know about a text.

    ``made_from`` is the version of the source text that it says, ``source_version`` the present
    one; both are null in the source language. ``reviewed`` says that somebody whose language it
    is has read it.
    """

    key: str
    language: str
    title: str
    version: int
    edited: bool
    updated_at: datetime | None
    made_from: int | None
    source_version: int | None
    stale: bool
    reviewed: bool


class TextRow(TextState):
    """A text in the administrator's list."""

    answered: bool
    drafted: bool

    @classmethod
    def of(cls, text: EditableText) -> Self:
        return cls(**_state(text), answered=bool(text.body), drafted=text.draft is not None)


class TextRows(BaseModel):
    """All texts of one language."""

    items: list[TextRow]


class TextBody(BaseModel):
    """The words of a question: plain text, a line beginning with ``1. `` is a step."""

    title: str = Field(max_length=1_000)
    body: str | None = Field(default=None, max_length=50_000)


class Published(TextBody):
    """Words for the readers.

    ``made_from`` is the version of the source text that they say; without it that stays as it was.
    """

    made_from: int | None = Field(default=None, ge=1, lt=2**63)


class StillRight(BaseModel):
    """The version of the source text that a text says."""

    made_from: int = Field(ge=1, lt=2**63)


class Reviewed(BaseModel):
    """Whether somebody whose language it is has read the text."""

    reviewed: bool


class DraftOut(TextBody):
    """Words that no reader sees yet."""

    saved_by: UUID
    saved_at: datetime

    @classmethod
    def of(cls, draft: DraftText) -> Self:
        return cls(
            title=draft.title, body=draft.body, saved_by=draft.saved_by, saved_at=draft.saved_at
        )


class TextOut(TextState):
    """The words with what an editor must know about them."""

    body: str | None
    draft: DraftOut | None

    @classmethod
    def of(cls, text: EditableText) -> Self:
        return cls(
            **_state(text), body=text.body, draft=DraftOut.of(text.draft) if text.draft else None
        )


class OldTextOut(BaseModel):
    """Words that were published once."""

    version: int
    title: str
    origin: Literal["shipped", "edited", "restored"]
    restored_from: int | None
    made_from: int | None
    made_by: UUID | None
    made_at: datetime

    @classmethod
    def of(cls, text: OldText) -> Self:
        return cls(
            **{name: getattr(text, name) for name in cls.model_fields}  # the names are the same
        )


class VersionRows(BaseModel):
    """Versions, newest first."""

    items: list[OldTextOut]


class PieceOut(BaseModel):
    """A stretch of text that stayed, went or came."""

    kind: Literal["same", "removed", "added"]
    text: str

    @classmethod
    def of(cls, piece: Piece) -> Self:
        return cls(kind=piece.kind, text=piece.text)


class VersionOut(BaseModel):
    """A version, and the way from it to the present text."""

    text: OldTextOut
    body: str | None
    title_changes: list[PieceOut]
    body_changes: list[PieceOut]


class PlaceholderValues(BaseModel):
    """What stands for ``{name}`` in the texts: name of the marketplace, addresses, times.

    Names ending in ``_time`` hold a number and an English unit, e.g. ``3 business days``.
    """

    values: dict[str, str] = Field(max_length=100)


def _state(text: EditableText) -> dict[str, Any]:
    names = TextState.model_fields
    return {name: getattr(text, name) for name in names}
