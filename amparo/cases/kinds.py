"""The closed lists of words that a case is made of, and whose turn it is in each state."""

from collections.abc import Mapping
from typing import Literal, get_args

Reason = Literal[
    "payment_not_credited",
    "paid_unavailable",
    "not_as_described",
    "compensation",
    "page_removed",
    "warranty",
    "not_received",
    "cooling_off",
]
Remedy = Literal[
    "refund",
    "part_refund",
    "return_refund",
    "replacement",
    "repair",
    "credit_order",
    "continue_order",
    "coupon",
    "none",
]
State = Literal[
    "platform_check",
    "await_confirm",
    "wait_seller",
    "wait_buyer",
    "review",
    "evidence_buyer",
    "evidence_seller",
    "proposed",
    "decided",
    "appeal",
    "execute",
    "return_label",
    "return_ship",
    "return_transit",
    "return_inspect",
    "return_done",
    "replace_ship",
    "replace_transit",
    "refund_pending",
    "refund_failed",
    "withdrawing",
    "on_hold",
    "closed",
]
Stage = Literal["check", "negotiation", "mediation", "decided", "fulfilment", "closed"]
Turn = Literal["buyer", "seller", "platform", "carrier", "provider", "both", "nobody"]
Role = Literal[
    "buyer",
    "seller",
    "operator",
    "supervisor",
    "carrier",
    "provider",
    "outside",
    "system",
    "timer",
]
Family = Literal["payment", "goods", "appeal"]
Tracking = Literal["none", "moving", "delivered", "lost", "returned"]
RefundState = Literal["pending", "unknown", "failed", "paid"]
Side = Literal["buyer", "seller", "platform"]

REASONS: tuple[Reason, ...] = get_args(Reason)
REMEDIES: tuple[Remedy, ...] = get_args(Remedy)
STATES: tuple[State, ...] = get_args(State)
ROLES: tuple[Role, ...] = get_args(Role)

_TURNS: Mapping[State, Turn] = {
    "platform_check": "platform",
    "await_confirm": "buyer",
    "wait_seller": "seller",
    "wait_buyer": "buyer",
    "review": "platform",
    "evidence_buyer": "buyer",
    "evidence_seller": "seller",
    "proposed": "both",
    "decided": "nobody",
    "appeal": "platform",
    "execute": "nobody",
    "return_label": "seller",
    "return_ship": "buyer",
    "return_transit": "carrier",
    "return_inspect": "seller",
    "return_done": "nobody",
    "replace_ship": "seller",
    "replace_transit": "carrier",
    "refund_pending": "provider",
    "refund_failed": "platform",
    "withdrawing": "buyer",
    "on_hold": "nobody",
    "closed": "nobody",
}
_STAGES: Mapping[Stage, tuple[State, ...]] = {
    "check": ("platform_check", "await_confirm"),
    "negotiation": ("wait_seller", "wait_buyer", "withdrawing"),
    "mediation": ("review", "evidence_buyer", "evidence_seller", "proposed", "on_hold"),
    "decided": ("decided", "appeal"),
    "closed": ("closed",),
}
_STAGE_OF: Mapping[State, Stage] = {
    state: stage for stage, states in _STAGES.items() for state in states
}


def turn_of(state: State) -> Turn:
    """Whose turn it is in that state."""
    return _TURNS[state]


def stage_of(state: State) -> Stage:
    """The stage that people are shown."""
    return _STAGE_OF.get(state, "fulfilment")
