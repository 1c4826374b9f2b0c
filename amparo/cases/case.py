"""A case as a value, and the small things it is made of. No rule stands here: see ``rules.py``.

Amounts are whole minor units of the case's currency; times are aware and in UTC. What people write
is never part of a case or of a transition: words are stored beside the step that they belong to,
so that they can be erased without touching what was decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from amparo.cases.codec import build, plain
from amparo.cases.kinds import (
    REASONS as REASONS,
)
from amparo.cases.kinds import (
    REMEDIES as REMEDIES,
)
from amparo.cases.kinds import (
    ROLES as ROLES,
)
from amparo.cases.kinds import (
    STATES as STATES,
)
from amparo.cases.kinds import (
    Family as Family,
)
from amparo.cases.kinds import (
    Reason as Reason,
)
from amparo.cases.kinds import (
    RefundState as RefundState,
)
from amparo.cases.kinds import (
    Remedy as Remedy,
)
from amparo.cases.kinds import (
    Role as Role,
)
from amparo.cases.kinds import (
    Side as Side,
)
from amparo.cases.kinds import (
    Stage as Stage,
)
from amparo.cases.kinds import (
    State as State,
)
from amparo.cases.kinds import (
    Tracking as Tracking,
)
from amparo.cases.kinds import (
    Turn as Turn,
)
from amparo.cases.kinds import (
    stage_of as stage_of,
)
from amparo.cases.kinds import (
    turn_of as turn_of,
)


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts. ``conflict``: staff who is buyer or seller of the order, and so may do nothing."""

    role: Role
    id: str | None = None
    conflict: bool = False


TIMER = Who("timer")
SYSTEM = Who("system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the marketplace knows of the order and the line when something happens.

    Attributes:
        captured: money taken from the buyer for the whole order.
        elsewhere_order, elsewhere_line: refunds of the order and of the line that are paid or on
            their way, by other cases or outside; never this case's own refund nor what it was
            told of as ``outside``.
        line_total: price of the line and its share of the shipping; of the order where the case
            is about all of it.
        paid: the order counts as paid; ``attempted``: a payment was tried.
        seller: a store stands on the other side.
        funds_held: the money has not been paid out to the seller yet.
        grants, grants_sum: automatic decisions for this buyer in the policy's last days.
        risk: something is known against the seller, so contacting it first is not asked for.
    """

    currency: str
    country: str = ""
    captured: int = 0
    elsewhere_order: int = 0
    elsewhere_line: int = 0
    line_total: int = 0
    paid: bool = True
    attempted: bool = True
    seller: bool = True
    cancelled: bool = False
    shipped: bool = False
    tracking: Tracking = "none"
    delivered_at: datetime | None = None
    deliver_by: datetime | None = None
    ship_by: datetime | None = None
    listing_removed_at: datetime | None = None
    warranty_until: datetime | None = None
    funds_held: bool = True
    grants: int = 0
    grants_sum: int = 0
    risk: bool = False

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return plain(self)  # type: ignore[no-any-return]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Facts":
        """From JSON."""
        return build(cls, data)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a buyer asks for. ``amount`` None: all that can be paid back. ``seller_refused``: the
    seller said no when it was written to. ``text`` and ``fields`` are kept beside the case."""

    id: str
    reason: Reason
    remedy: Remedy
    amount: int | None = None
    contacted_at: datetime | None = None
    seller_refused: bool = False
    text: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A remedy that somebody wants; ``amount`` in minor units for money and coupons.

    ``version`` counts every wish of the case, so that nobody accepts what they have not seen.
    ``returns``: the goods go back to the seller first.
    """

    remedy: Remedy
    amount: int | None = None
    version: int = 1
    returns: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A wish on the table. ``by`` platform: a proposal. Its maker has accepted it."""

    version: int
    by: Side
    wish: Wish
    at: datetime
    step: int
    """Number of the transition that made it; its words are stored there."""
    accepted_by: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is to be carried out. ``fallback``: money for goods that do not come, fixed here."""

    wish: Wish
    fallback: int
    how: Literal["parties", "silence", "decision", "seller", "platform", "right"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided. ``by`` None: a deadline decided. ``mode``: when it is carried out."""

    outcome: Literal["for_buyer", "partly", "for_seller"]
    wish: Wish
    by: str | None
    at: datetime
    step: int
    mode: Literal["pay_first", "hold"]
    rule: str | None = None
    appeal_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """The case's one refund order: ``key`` never changes, ``tries`` counts what was sent."""

    key: str
    amount: int
    tries: int
    state: RefundState
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that happens by itself at ``due_at``; ``event`` is its name in the table."""

    event: str
    due_at: datetime
    set_at: datetime
    reminders: tuple[datetime, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of a deadline that is to be sent now. ``number`` counts from 1."""

    event: str
    at: datetime
    due_at: datetime
    number: int
    channels: tuple[str, ...]
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pause:
    """A state that waits below a withdrawal or a hold, with the deadlines it had."""

    state: State
    since: datetime
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Evidence that was asked for."""

    party: Literal["buyer", "seller"]
    types: tuple[str, ...]
    at: datetime
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case. ``no``: how many transitions it has had, which is its version.

    Attributes:
        entered_at: when the state was entered; ``changed_at``: the last transition.
        known: the facts of the last transition.
        clerk: the operator who made the last proposal.
        clocks: moments from which deadlines are counted that a transition does not restart.
        counts: how often something bounded was done (``counters``, ``evidence_rounds``, ...).
        marks: what is true from now on (``seller_answered``, ``seller_refused``, ...).
        outside: money that the buyer got back outside, as this case was told.
        warned: the channels of each delivered notice that the return is awaited.
        paused: what waits below a withdrawal or hold, the topmost last.
    """

    id: str
    reason: Reason
    family: Family
    currency: str
    country: str
    requested: Wish
    state: State
    no: int
    opened_at: datetime
    entered_at: datetime
    changed_at: datetime
    policy_version: str
    known: Facts
    deadlines: tuple[Deadline, ...] = ()
    offers: tuple[Offer, ...] = ()
    agreed: Agreed | None = None
    decision: Decision | None = None
    refund: Refund | None = None
    evidence_asked: Asked | None = None
    clocks: Mapping[str, datetime] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    appealed: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    warned: tuple[tuple[str, ...], ...] = ()
    paused: tuple[Pause, ...] = ()
    outside: int = 0
    outcome: str | None = None
    closed_at: datetime | None = None
    parent: str | None = None
    clerk: str | None = None

    @property
    def version(self) -> int:
        """The same as ``no``."""
        return self.no

    def count(self, name: str) -> int:
        """How often it was done."""
        return self.counts.get(name, 0)

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return plain(self)  # type: ignore[no-any-return]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Case":
        """From JSON."""
        return build(cls, data)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something somebody did, at the time at which it reached us."""

    event: str
    who: Who
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the audit. ``data`` holds what is needed to do it again, and no words."""

    no: int
    event: str
    from_state: State | None
    to_state: State
    at: datetime
    who: Who
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What the world has to do after the transition is stored; kinds: see ``docs/cases.md``."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """The case afterwards, the rows of the audit, and what has to be done."""

    case: Case
    transitions: tuple[Transition, ...]
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody may do now. ``mandatory``: their deadline ``due_at`` waits for it."""

    key: str
    due_at: datetime | None = None
    mandatory: bool = False
    fields: tuple[str, ...] = ()
