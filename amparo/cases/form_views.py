"""The form of a new case, complete: a screen draws it without knowing what it is for."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.views import CaseEvidenceTypeOut, CaseField, CaseFileOut, CaseNumber
from amparo.kernel.money import Money
from amparo.marketplace.views import SnapshotView, StoreView


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRemedyOut:
    """What can be asked for; ``amount``: how much must be said."""

    key: str
    label: str
    amount: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReasonOut:
    """A reason for a case: whether it is possible now, and what is asked.

    Attributes:
        why: why it is not possible, as a sentence.
        not_before: from when it will be.
        per_line: it is about one thing of the order, not about the whole order.
        silence: what happens if the other side does not answer.
        contact_first: only that the seller was not written to stands in the way; a buyer who did
            so elsewhere says when (``contacted``).
    """

    key: str
    label: str
    help: str
    possible: bool
    why: str | None
    not_before: datetime | None
    per_line: bool
    remedies: list[CaseRemedyOut]
    fields: list[CaseField]
    evidence: list[CaseEvidenceTypeOut]
    silence: str
    contact_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFormLine:
    """One line of the order; ``case`` is the case that is open about it."""

    position: int
    title: str
    quantity: int
    total: Money
    refundable: Money
    snapshot: SnapshotView
    store: StoreView
    case: CaseNumber | None


@dataclass(frozen=True, slots=True)
class CasePrefill:
    """What was said and uploaded before, so that nobody says it twice."""

    text: str
    files: list[CaseFileOut]
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFormOut:
    """Everything that a form for a new case needs."""

    order: str
    currency: str
    lines: list[CaseFormLine]
    reasons: list[CaseReasonOut]
    contacted_at: datetime | None
    prefill: CasePrefill
