"""THE table of cases: every state, event, actor, guard, deadline and next state. Data only.

Read it like this. ``Row("wait_seller", "offer", SELLER, "wait_buyer", when, needs, words, do)``: in
that state the seller may offer; the names in ``when`` must hold (``guards.py``), else the next row
of the same state and event is tried; ``needs`` are the parts of what was sent that are checked
(``checks.py``); ``words`` are texts that must be there; ``do`` is what changes besides the state
(``deeds.py``). ``rules.py`` runs it: guards, deadlines, next states and the list of available
actions all come from here. Spans are names of the policy (``policy.toml``).
"""

from dataclasses import dataclass
from typing import Literal

from amparo.cases.kinds import Role, State

Next = State | Literal["prior"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ``to`` "prior": the state below a withdrawal or hold.

    Attributes:
        auto: done at once by the system when the state is entered and ``when`` holds.
        rearm: a transition to the same state starts its deadlines anew (never earlier).
        must: the deadline of the actor's side waits for this.
        outcome: where ``to`` is closed.
    """

    state: State
    event: str
    by: tuple[Role, ...]
    to: Next
    when: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    outcome: str | None = None
    must: bool = False
    auto: bool = False
    rearm: bool = False


@dataclass(frozen=True, slots=True)
class Timed:
    """A deadline of a state: ``event`` happens when ``span`` is over, counted from ``clock``.

    Attributes:
        clock: ``entered``, or a named moment that a transition does not restart.
        side: whom it waits for, and so who is reminded.
        only: guards that must hold for it to run.
        repeats: it is set again after it has fired.
    """

    state: State
    event: str
    span: str
    clock: str = "entered"
    side: Literal["buyer", "seller", "both", "platform", "provider", "outside"] = "platform"
    only: tuple[str, ...] = ()
    repeats: bool = False


BUYER: tuple[Role, ...] = ("buyer",)
SELLER: tuple[Role, ...] = ("seller",)
PARTIES: tuple[Role, ...] = ("buyer", "seller")
STAFF: tuple[Role, ...] = ("operator", "supervisor")
CARRIER: tuple[Role, ...] = ("carrier",)
PROVIDER: tuple[Role, ...] = ("provider",)
SYSTEM: tuple[Role, ...] = ("system",)
TIMER: tuple[Role, ...] = ("timer",)

BEFORE_DECISION: tuple[State, ...] = (
    "platform_check",
    "await_confirm",
    "wait_seller",
    "wait_buyer",
    "review",
    "evidence_buyer",
    "evidence_seller",
    "proposed",
)
FULFILMENT: tuple[State, ...] = (
    "return_label",
    "return_ship",
    "return_transit",
    "return_inspect",
    "replace_ship",
    "replace_transit",
)
BEFORE_REFUND: tuple[State, ...] = (*BEFORE_DECISION, "decided", "appeal", *FULFILMENT)
SPEAKING: tuple[State, ...] = tuple(one for one in BEFORE_DECISION if one != "await_confirm")
INSTANT: tuple[State, ...] = ("execute", "return_done")
"""States that are left in the same moment: no deadline can be set in them."""

_CHECK = (
    Row("platform_check", "fixed", (*STAFF, "system"), "await_confirm", do=("fixed",), must=True),
    Row("platform_check", "ask_evidence", STAFF, "evidence_buyer", ("evidence_left",),
        ("types",), do=("ask_evidence",), must=True),
    Row("platform_check", "ask_seller", STAFF, "wait_seller", ("has_seller",), must=True),
    Row("platform_check", "order_refund", STAFF, "refund_pending", ("money_left",),
        ("refund_amount",), do=("agree_platform_refund",), must=True),
    Row("platform_check", "answer", SELLER, "platform_check", ("has_seller", "statements_left"),
        words=("text",), do=("count_statement", "seller_answered"), must=True),
    Row("platform_check", "check_over", TIMER, "refund_pending",
        ("refunds_unshipped", "not_shipped", "seller_said_nothing", "money_left"),
        do=("agree_full_refund",)),
    Row("platform_check", "check_over", TIMER, "review"),
    Row("await_confirm", "confirm", BUYER, "closed", outcome="confirmed", must=True),
    Row("await_confirm", "not_fixed", BUYER, "review", words=("text",), must=True),
    Row("await_confirm", "confirm_over", TIMER, "closed", outcome="believed_fixed"),
)  # fmt: skip
_NEGOTIATION = (
    Row("wait_seller", "accept_request", SELLER, "execute", needs=("wish_version",),
        do=("seller_answered", "agree_request"), must=True),
    Row("wait_seller", "offer", SELLER, "wait_buyer", ("offers_left",), ("wish",),
        do=("seller_answered", "put_offer"), must=True),
    Row("wait_seller", "refuse", SELLER, "wait_buyer", words=("text",),
        do=("seller_answered", "seller_refused", "drop_offers"), must=True),
    Row("wait_seller", "edit_request", BUYER, "wait_seller", ("edits_left",), ("request",),
        do=("edit_request",)),
    Row("wait_seller", "escalate", BUYER, "review", ("escalation_open",)),
    Row("wait_seller", "seller_silent", TIMER, "execute",
        ("silence_grants", "seller_said_nothing", "automatic_money", "delivery_not_shown"),
        do=("agree_by_silence",)),
    Row("wait_seller", "seller_silent", TIMER, "review"),
    Row("wait_seller", "negotiation_over", TIMER, "review"),
    Row("wait_buyer", "accept_offer", BUYER, "execute", ("offer_stands",), ("offer_version",),
        do=("agree_offer",), must=True),
    Row("wait_buyer", "counter", BUYER, "wait_seller", ("counters_left",), ("request",),
        do=("put_counter",), must=True),
    Row("wait_buyer", "escalate", BUYER, "review", must=True),
    Row("wait_buyer", "escalate", SELLER, "review", ("escalate_after",)),
    Row("wait_buyer", "improve", SELLER, "wait_buyer", ("offers_left",), ("wish", "not_worse"),
        do=("put_offer",), rearm=True),
    Row("wait_buyer", "buyer_silent", TIMER, "review"),
    Row("wait_buyer", "negotiation_over", TIMER, "review"),
)  # fmt: skip
_MEDIATION = (
    Row("review", "ask_evidence", STAFF, "evidence_buyer", ("asks_buyer", "evidence_left"),
        ("party", "types"), do=("ask_evidence",), must=True),
    Row("review", "ask_evidence", STAFF, "evidence_seller",
        ("asks_seller", "has_seller", "evidence_left"), ("party", "types"), do=("ask_evidence",),
        must=True),
    Row("review", "propose", STAFF, "proposed", ("proposals_left",), ("wish",), ("text",),
        do=("put_proposal",), must=True),
    Row("review", "decide", STAFF, "decided", (), ("wish", "rule"), ("reasons",), do=("decide",),
        must=True),
    Row("review", "accept_offer", BUYER, "execute", ("offer_stands",), ("offer_version",),
        do=("agree_offer",)),
    Row("review", "accept_request", SELLER, "execute", ("has_seller",), ("wish_version",),
        do=("seller_answered", "agree_request")),
    Row("review", "review_late", TIMER, "review", do=("alarm_late",)),
    Row("review", "review_over", TIMER, "decided", ("seller_absent_or_no_scan", "automatic_money"),
        do=("decide_by_default", "count_grant")),
    Row("review", "review_over", TIMER, "review", do=("supervise", "alarm_supervisor")),
    Row("review", "supervisor_silent", TIMER, "decided", do=("decide_over_cap",)),
    Row("evidence_buyer", "submit_evidence", BUYER, "review", do=("evidence_came",), must=True),
    Row("evidence_buyer", "evidence_over", TIMER, "review", do=("evidence_missed",)),
    Row("evidence_seller", "submit_evidence", SELLER, "review",
        do=("seller_answered", "evidence_came"), must=True),
    Row("evidence_seller", "evidence_over", TIMER, "review", do=("evidence_missed",)),
    Row("proposed", "accept_proposal", PARTIES, "execute", ("not_accepted", "other_accepted"),
        ("proposal_version",), do=("accept_proposal", "agree_proposal"), must=True),
    Row("proposed", "accept_proposal", PARTIES, "proposed", ("not_accepted",),
        ("proposal_version",), do=("accept_proposal",), must=True),
    Row("proposed", "reject_proposal", PARTIES, "review", ("not_accepted",), must=True),
    Row("proposed", "proposal_over", TIMER, "decided", do=("decide_as_proposed",)),
)  # fmt: skip
_DECIDED = (
    Row("decided", "pay_first", SYSTEM, "execute", ("pay_first", "all_that_was_asked"), auto=True,
        do=("agree_decision",)),
    Row("decided", "appeal", PARTIES, "appeal", ("may_appeal",), ("grounds",), ("text",),
        do=("note_appeal",)),
    Row("decided", "waive", BUYER, "execute", ("not_waived", "pay_first"),
        do=("note_waiver", "agree_decision")),
    Row("decided", "waive", PARTIES, "execute", ("not_waived", "other_waived"),
        do=("note_waiver", "agree_decision")),
    Row("decided", "waive", PARTIES, "decided", ("not_waived",), do=("note_waiver",)),
    Row("decided", "appeal_window_over", TIMER, "execute", do=("agree_decision",)),
    Row("appeal", "uphold", STAFF, "execute", ("other_operator",), ("rule",), ("reasons",),
        do=("uphold", "agree_decision"), must=True),
    Row("appeal", "change", STAFF, "execute", ("other_operator", "linked"), ("seller_amount",),
        ("reasons",), do=("credit_seller", "agree_decision"), must=True),
    Row("appeal", "change", STAFF, "execute", ("other_operator",), ("wish", "rule"), ("reasons",),
        do=("decide", "agree_decision"), must=True),
    Row("appeal", "appeal_over", TIMER, "execute", do=("agree_decision", "alarm_appeal")),
)  # fmt: skip
_FULFILMENT = (
    Row("execute", "route", SYSTEM, "closed", ("linked",), auto=True, outcome="appeal"),
    Row("execute", "route", SYSTEM, "closed", ("remedy_none",), auto=True, outcome="no_remedy"),
    Row("execute", "route", SYSTEM, "closed", ("remedy_coupon",), auto=True, do=("give_coupon",),
        outcome="coupon"),
    Row("execute", "route", SYSTEM, "await_confirm", ("remedy_order",), auto=True,
        do=("tell_marketplace",)),
    Row("execute", "route", SYSTEM, "return_ship", ("remedy_returns", "right_to_return"),
        auto=True),
    Row("execute", "route", SYSTEM, "return_label", ("remedy_returns",), auto=True),
    Row("execute", "route", SYSTEM, "replace_ship", ("remedy_goods",), auto=True),
    Row("execute", "route", SYSTEM, "refund_pending", auto=True),
    Row("return_label", "label", ("seller", *STAFF), "return_ship", must=True),
    Row("return_label", "keep_item", SELLER, "refund_pending", must=True),
    Row("return_label", "label_over", TIMER, "refund_pending"),
    Row("return_ship", "return_shipped", BUYER, "return_transit", words=("tracking",), must=True),
    Row("return_ship", "cannot_ship", BUYER, "review", words=("text",), must=True),
    Row("return_ship", "warned", SYSTEM, "return_ship", ("warnings_open",), ("channels",),
        do=("note_warning",)),
    Row("return_ship", "return_late", TIMER, "return_ship", do=("extend_return",)),
    Row("return_ship", "return_abandoned", TIMER, "closed", ("warned_enough",),
        outcome="return_not_sent"),
    Row("return_ship", "return_abandoned", TIMER, "review"),
    Row("return_transit", "return_delivered", CARRIER, "return_inspect"),
    Row("return_transit", "return_received", SELLER, "return_inspect", must=True),
    Row("return_transit", "return_lost", TIMER, "review"),
    Row("return_inspect", "return_ok", SELLER, "return_done", must=True),
    Row("return_inspect", "return_contest", SELLER, "review", needs=("codes", "photos"),
        words=("text",), do=("contested",), must=True),
    Row("return_inspect", "inspect_over", TIMER, "return_done"),
    Row("return_done", "route", SYSTEM, "replace_ship", ("remedy_goods",), auto=True),
    Row("return_done", "route", SYSTEM, "refund_pending", auto=True),
    Row("replace_ship", "replacement_shipped", SELLER, "replace_transit", words=("tracking",),
        must=True),
    Row("replace_ship", "replacement_not_sent", TIMER, "refund_pending"),
    Row("replace_transit", "replacement_ok", BUYER, "closed", outcome="goods", must=True),
    Row("replace_transit", "replacement_contest", BUYER, "review", words=("text",), must=True),
    Row("replace_transit", "replacement_delivered", CARRIER, "replace_transit", ("not_yet_there",),
        do=("note_delivery",)),
    Row("replace_transit", "replacement_unanswered", TIMER, "closed",
        outcome="goods"),
    Row("replace_transit", "replacement_lost", TIMER, "refund_pending"),
)  # fmt: skip
_REFUND = (
    Row("refund_pending", "route", SYSTEM, "closed", ("nothing_to_pay",), auto=True,
        outcome="nothing_to_refund"),
    Row("refund_pending", "provider_ok", PROVIDER, "closed", do=("refund_paid",),
        outcome="refund"),
    Row("refund_pending", "provider_failed", PROVIDER, "refund_failed", do=("refund_refused",)),
    Row("refund_pending", "hold", ("outside", *STAFF), "refund_pending", ("holds_left",),
        ("cause",), do=("count_hold", "alarm_double")),
    Row("refund_pending", "provider_silent", TIMER, "refund_failed", do=("ask_provider",)),
    Row("refund_failed", "provider_ok", PROVIDER, "closed", do=("refund_paid",),
        outcome="refund"),
    Row("refund_failed", "provider_failed", PROVIDER, "refund_failed", ("refund_in_doubt",),
        do=("refund_refused",)),
    Row("refund_failed", "retry", (*STAFF, "system"), "refund_pending",
        ("refund_refused", "tries_left", "room_left"), do=("try_again",), must=True),
    Row("refund_failed", "other_method", BUYER, "refund_pending",
        ("refund_refused", "methods_left", "room_left"), ("method",), do=("other_way",)),
    Row("refund_failed", "retry_due", TIMER, "refund_pending", ("room_left",),
        do=("try_again",)),
    Row("refund_failed", "retry_due", TIMER, "refund_failed", do=("alarm_finance",)),
    Row("refund_failed", "finance_alarm", TIMER, "refund_failed", do=("alarm_finance",)),
    Row("refund_failed", "hold", ("outside", *STAFF), "on_hold", ("holds_left",), ("cause",),
        do=("count_hold", "pause")),
    Row("refund_failed", "settled", (*STAFF, "outside"), "closed", ("refund_refused",),
        ("outside_amount",), do=("note_outside",), outcome="settled_outside"),
)  # fmt: skip
_OVERLAYS = (
    *(
        Row(state, "seller_refund", SELLER, "refund_pending", ("not_linked", "money_left"),
            do=("seller_answered", "agree_seller_refund"))
        for state in BEFORE_REFUND
    ),
    *(
        Row(state, "hold", ("outside", *STAFF), "on_hold", ("not_linked", "holds_left"),
            ("cause",), do=("count_hold", "pause"))
        for state in (*BEFORE_REFUND, "withdrawing")
    ),
    *(
        Row(state, "withdraw", BUYER, "withdrawing", ("withdrawals_left",),
            do=("pause_withdrawal",))
        for state in BEFORE_DECISION
    ),
    *(
        Row(state, "add_evidence", BUYER, state, ("statements_left",), do=("count_statement",))
        for state in (*SPEAKING, "appeal")
        if state != "evidence_buyer"
    ),
    *(
        Row(state, "add_evidence", SELLER, state, ("has_seller", "statements_left"),
            do=("count_statement", "seller_answered"))
        for state in (*SPEAKING, "appeal")
        if state not in ("evidence_seller", "platform_check")
    ),
    *(
        Row(state, "appeal", SELLER, state, ("paid_first", "may_appeal", "appeal_window"),
            ("grounds",), ("text",), do=("note_appeal", "link_appeal"))
        for state in (*FULFILMENT, "refund_pending", "refund_failed")
    ),
    Row("withdrawing", "undo", BUYER, "prior", must=True),
    Row("withdrawing", "withdraw_over", TIMER, "closed", outcome="withdrawn"),
    Row("on_hold", "release", ("outside", *STAFF), "prior", (), ("outside_amount",),
        do=("note_outside",), must=True),
    Row("on_hold", "settled", ("outside", *STAFF), "closed", ("no_refund_in_doubt",),
        ("outside_amount",), do=("note_outside",), outcome="settled_outside", must=True),
    Row("on_hold", "provider_ok", PROVIDER, "closed", ("held_refund",), do=("refund_paid",),
        outcome="refund"),
    Row("on_hold", "provider_failed", PROVIDER, "on_hold", ("held_refund", "refund_in_doubt"),
        do=("refund_refused",)),
    Row("on_hold", "hold_over", TIMER, "refund_failed", ("held_refund",), do=("forget_pauses",)),
    Row("on_hold", "hold_over", TIMER, "review", do=("forget_pauses",)),
)  # fmt: skip

TABLE: tuple[Row, ...] = (
    *_CHECK, *_NEGOTIATION, *_MEDIATION, *_DECIDED, *_FULFILMENT, *_REFUND, *_OVERLAYS
)  # fmt: skip

DEADLINES: tuple[Timed, ...] = (
    Timed("platform_check", "check_over", "check"),
    Timed("await_confirm", "confirm_over", "confirm", side="buyer"),
    Timed("wait_seller", "seller_silent", "seller", side="seller"),
    Timed("wait_seller", "negotiation_over", "negotiation", "opened", side="both"),
    Timed("wait_buyer", "buyer_silent", "buyer", side="buyer"),
    Timed("wait_buyer", "negotiation_over", "negotiation", "opened", side="both"),
    Timed("review", "review_late", "review", only=("not_supervised",)),
    Timed("review", "review_over", "review_limit", "review", only=("not_supervised",)),
    Timed("review", "supervisor_silent", "supervisor", "supervised", only=("supervised",)),
    Timed("evidence_buyer", "evidence_over", "evidence", side="buyer"),
    Timed("evidence_seller", "evidence_over", "evidence", side="seller"),
    Timed("proposed", "proposal_over", "proposal", side="both"),
    Timed("decided", "appeal_window_over", "appeal_window", side="both"),
    Timed("appeal", "appeal_over", "appeal"),
    Timed("return_label", "label_over", "label", side="seller"),
    Timed("return_ship", "return_late", "return_ship", side="buyer", only=("not_extended",)),
    Timed("return_ship", "return_abandoned", "return_extension", "extended", side="buyer",
          only=("extended",)),
    Timed("return_transit", "return_lost", "return_transit", side="outside"),
    Timed("return_inspect", "inspect_over", "inspect", side="seller"),
    Timed("replace_ship", "replacement_not_sent", "replace_ship", side="seller"),
    Timed("replace_transit", "replacement_lost", "replace_transit", side="outside",
          only=("not_yet_there",)),
    Timed("replace_transit", "replacement_unanswered", "replace_confirm", "delivered",
          side="buyer", only=("delivery_noted",)),
    Timed("refund_pending", "provider_silent", "provider", side="provider"),
    Timed("refund_failed", "retry_due", "retry", only=("tries_left",), repeats=True),
    Timed("refund_failed", "finance_alarm", "finance", only=("tries_over",), repeats=True),
    Timed("withdrawing", "withdraw_over", "withdrawal", side="buyer"),
    Timed("on_hold", "hold_over", "hold", side="outside"),
)  # fmt: skip

OPENING: dict[str, State] = {
    "platform": "platform_check",
    "seller": "wait_seller",
    "right": "execute",
    "linked": "appeal",
}
"""Where a case begins, by ``reasons.ReasonRow.start``."""

ROWS: dict[tuple[State, str], tuple[Row, ...]] = {}
for _row in TABLE:
    ROWS[_row.state, _row.event] = (*ROWS.get((_row.state, _row.event), ()), _row)
EVENTS: tuple[str, ...] = tuple(dict.fromkeys(row.event for row in TABLE))
STATE_ROWS: dict[State, tuple[Row, ...]] = {}
for _row in TABLE:
    STATE_ROWS[_row.state] = (*STATE_ROWS.get(_row.state, ()), _row)
TIMED: dict[State, tuple[Timed, ...]] = {}
for _timed in DEADLINES:
    TIMED[_timed.state] = (*TIMED.get(_timed.state, ()), _timed)
