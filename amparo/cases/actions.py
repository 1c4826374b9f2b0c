"""The verbs of a case: one transaction for the step, its audit, timers, money and events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.cases.models import CaseRow
from amparo.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does in a case; ``id`` is made by who does it and makes it repeatable.

    Attributes:
        action: an event of the machine, or ``take``, ``release``, ``note`` (operators).
        data: the form's fields by name; an ``amount`` in minor units of the case's currency.
        files: put in before with ``evidence_actions``.
        version: the case as it was seen; None does not ask.
    """

    id: UUID
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[UUID, ...] = ()
    version: int | None = None


def act(session: Session, actor: Actor, case_id: UUID, act: Act, now: datetime) -> CaseRow:
    """Do it, whole or not at all. The same ``id`` again changes nothing.

    Args:
        now: when it was received: an action beats a deadline that is processed later.

    Raises:
        NotFound: no such case, or not the actor's.
        Conflict: ``case_action_not_possible``, ``case_changed``, ``case_offer_changed``,
            ``request_id_used``.
        Invalid: ``case_amount_too_high`` (``max``), a field that is missing or too long.
    """
    raise NotImplementedError
