"""Opening a case: once for a line and family, however often and from wherever it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.cases.models import CaseRow
from amparo.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Ask:
    """What a buyer fills in; ``id`` is made by the panel and becomes the case's.

    Attributes:
        line: the position in the order; None for all of it.
        amount: minor units of the order's currency; None leaves it to the remedy.
        contacted_at: when the seller was written to outside of our sight, as the buyer says.
    """

    id: UUID
    order_ref: str
    reason: str
    remedy: str
    line: int | None = None
    amount: int | None = None
    text: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[UUID, ...] = ()
    conversation_id: UUID | None = None
    contacted_at: datetime | None = None
    contacted_way: str | None = None
    language: str = "en"


def open_case(session: Session, actor: Actor, ask: Ask, now: datetime) -> tuple[CaseRow, bool]:
    """Open a case; True where there was one already: under this id, or on this line and family.

    Raises:
        NotFound: no such order or line, or somebody else's.
        Forbidden: the actor buys nothing.
        Conflict: ``case_not_possible`` (``why``), ``case_too_early`` (``not_before``).
        Invalid: ``case_amount_too_high`` (``max``), a field that is missing or too long.
    """
    raise NotImplementedError
