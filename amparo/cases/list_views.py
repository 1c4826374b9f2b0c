"""Cases as lines of a list."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from amparo.cases.views import CaseOperator, Stage, Turn
from amparo.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRowOut:
    """A case as a line of a list.

    ``yours``: it is the reader's turn. ``unread``: something happened since the reader looked.
    """

    id: UUID
    number: str
    order: str
    title: str
    image: str | None
    reason: str
    reason_label: str
    state: str
    stage: Stage
    state_label: str
    turn: Turn
    yours: bool
    due_at: datetime | None
    amount: Money | None
    opened_at: datetime
    closed_at: datetime | None
    outcome_label: str | None
    buyer_name: str | None
    store_name: str | None
    operator: CaseOperator | None
    alarm: bool
    unread: bool


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many open cases each list of the desk holds."""

    due: int
    mine: int
    unassigned: int
    appeals: int
    alarms: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some cases and where the next ones begin."""

    items: list[CaseRowOut]
    next: str | None


@dataclass(frozen=True, slots=True)
class DeskCasePage:
    """The same for the desk, with what each list holds."""

    items: list[CaseRowOut]
    next: str | None
    counts: CaseCounts
