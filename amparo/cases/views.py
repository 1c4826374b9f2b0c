"""A case as one reader may see it: plain data, in the reader's language, that every edge can show.

The same shapes answer HTTP, the export and the tests; they hold no session. What is not in a shape
cannot reach its reader: there is no field for the other side's address, e-mail or telephone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from amparo.kernel.money import Money
from amparo.marketplace.views import ParcelView, SnapshotView, StoreView

Viewer = Literal["buyer", "seller", "staff"]
"""On which side the reader stands."""
Party = Literal["buyer", "seller", "staff", "system", "outside"]
"""Who did something: the carrier, the payment provider and courts are ``outside``."""
Turn = Literal["buyer", "seller", "platform", "carrier", "provider", "both", "nobody"]
Stage = Literal["check", "negotiation", "mediation", "decided", "fulfilment", "closed"]
FieldKind = Literal["text", "long_text", "amount", "choice", "date", "check", "files", "number"]


@dataclass(frozen=True, slots=True)
class CaseChoiceOut:
    """Something that can be chosen, with its words."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseField:
    """One field of a form, complete: a screen draws it without knowing what it is for.

    Attributes:
        max: the longest text (characters), the largest number, or the most files.
        max_amount: the largest amount.
        value: what is filled in already.
    """

    name: str
    label: str
    help: str | None = None
    kind: FieldKind
    required: bool = False
    choices: list[CaseChoiceOut] | None = None
    max: int | None = None
    max_amount: Money | None = None
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileOut:
    """A file of a case; ``sha256`` is of the bytes that are kept, ``url`` is where it is read.

    ``type`` is the kind of evidence it is; ``party`` is who put it in.
    """

    id: UUID
    name: str
    size: int
    media_type: str
    kind: Literal["image", "file"]
    type: str
    sha256: str
    url: str
    party: Viewer
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """Which case, and the number people call it by."""

    id: UUID
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvidenceTypeOut:
    """A kind of evidence that helps."""

    type: str
    label: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class CaseOperator:
    """Who of the staff has the case; parties read the name only."""

    id: UUID | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """The thing that the case is about, with its listing as it was when ordered."""

    position: int
    title: str
    quantity: int
    total: Money
    snapshot: SnapshotView
    store: StoreView


@dataclass(frozen=True, slots=True)
class CaseStageOut:
    """One stage of the way, for a line of steps."""

    key: Stage
    label: str
    done: bool
    current: bool


@dataclass(frozen=True, slots=True)
class CaseWish:
    """What is asked for."""

    remedy: str
    label: str
    amount: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOffer:
    """An offer or a proposal; who accepts, accepts exactly this ``version``."""

    version: int
    by: Viewer
    remedy: str
    label: str
    amount: Money | None
    text: str | None
    at: datetime
    accepted_by: list[Viewer]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecision:
    """What the marketplace decided and why, in the words both sides read.

    ``mode`` ``pay_first``: the money goes back now, ``hold``: after the window for an appeal.
    """

    outcome: str
    outcome_label: str
    remedy: str
    label: str
    amount: Money | None
    reasons: str
    rule: str
    rule_label: str
    at: datetime
    by: str
    appeal_until: datetime | None
    mode: Literal["pay_first", "hold"] | None


@dataclass(frozen=True, slots=True)
class CaseRefund:
    """Where the money is."""

    amount: Money
    state: str
    label: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAction:
    """Something that the reader can do now.

    Attributes:
        confirm: what is asked before it is done.
        due_at: until when it has to be done.
        offer_version: what it accepts; it goes back with the action, so that nobody accepts
            something else than was shown.
    """

    key: str
    label: str
    help: str | None
    mandatory: bool
    due_at: datetime | None
    kind: Literal["primary", "plain", "danger"]
    confirm: str | None
    offer_version: int | None = None
    fields: list[CaseField]


@dataclass(frozen=True, slots=True)
class CaseAuthor:
    """Who did it; a person of the staff without a family name."""

    party: Party
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """One thing that happened."""

    no: int
    at: datetime
    by: CaseAuthor
    event: str
    title: str
    text: str | None
    files: list[CaseFileOut]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvidence:
    """What one side put forward."""

    party: Viewer
    type: str
    type_label: str
    text: str | None
    files: list[CaseFileOut]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvidenceAsked:
    """What an operator asked one side for."""

    party: Viewer
    types: list[CaseEvidenceTypeOut]
    text: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """How it ended."""

    code: str
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBuyerHistory:
    """The buyer's cases, for staff only; ``granted`` is what was paid without a person's look."""

    id: UUID | None
    name: str | None
    cases: int
    won: int
    granted: Money


@dataclass(frozen=True, slots=True)
class CaseSellerHistory:
    """The store's cases, for staff only; ``silent``: it never answered."""

    store: str
    cases: int
    lost: int
    silent: int


@dataclass(frozen=True, slots=True)
class CaseNote:
    """What staff says among itself."""

    id: UUID
    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStaffView:
    """What only staff sees.

    Attributes:
        conflict: why this operator may not decide, as a sentence.
        load: how many open cases this operator has.
    """

    buyer: CaseBuyerHistory
    seller: CaseSellerHistory | None
    alarm: str | None
    conflict: str | None
    load: int
    notes: list[CaseNote]
    policy_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOut:
    """A case with everything its reader may see.

    Attributes:
        version: how many steps it has taken; an action names the version it was chosen from.
        now: what happens now. ``who``: who must act. ``silence``: what happens if nobody does.
    """

    id: UUID
    number: str
    version: int
    viewer: Viewer
    order: str
    line: CaseLine | None
    parcels: list[ParcelView]
    reason: str
    reason_label: str
    state: str
    stage: Stage
    state_label: str
    stages: list[CaseStageOut]
    turn: Turn
    yours: bool
    now: str
    who: str
    due_at: datetime | None
    silence: str
    requested: CaseWish
    refundable: Money
    captured: Money
    offer: CaseOffer | None
    proposal: CaseOffer | None
    offers: list[CaseOffer]
    decision: CaseDecision | None
    refund: CaseRefund | None
    actions: list[CaseAction]
    timeline: list[CaseEvent]
    evidence: list[CaseEvidence]
    evidence_asked: CaseEvidenceAsked | None
    outcome: CaseOutcome | None
    opened_at: datetime
    closed_at: datetime | None
    conversation: UUID | None
    parent: CaseNumber | None
    operator: CaseOperator | None
    staff: CaseStaffView | None


@dataclass(frozen=True, slots=True)
class CaseVerification:
    """Whether the chain of steps is whole; ``broken_at`` is the first step that does not fit."""

    ok: bool
    steps: int
    broken_at: int | None
