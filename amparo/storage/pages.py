"""Cursor pages: stable under inserts, never an offset."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from amparo.kernel.clock import iso
from amparo.kernel.errors import Invalid

T = TypeVar("T")
LIMIT = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items and where the next ones begin; ``next`` is None on the last page."""

    items: list[T]
    next: str | None = None


def encode_cursor(at: datetime, id: UUID | str) -> str:
    """The place after the row with this time and id."""
    raw = json.dumps([iso_exact(at), str(id)]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[datetime, str]:
    """Read a cursor that :func:`encode_cursor` made.

    Raises:
        Invalid: it is not one of ours.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        at, id = json.loads(raw)
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not isinstance(id, str):
            raise ValueError
        return moment, id
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("cursor_unreadable") from None


def decode_place(cursor: str) -> tuple[datetime, UUID]:
    """Read a cursor whose rows are ordered by a time and a UUID.

    Raises:
        Invalid: it is not one of ours.
    """
    at, id = decode_cursor(cursor)
    try:
        return at, UUID(id)
    except ValueError:
        raise Invalid("cursor_unreadable") from None


def iso_exact(moment: datetime) -> str:
    """With microseconds: a cursor must not round."""
    return moment.isoformat() if moment.microsecond else iso(moment)
