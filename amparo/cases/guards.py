"""The names in the table's ``when`` and ``only``: what must be true for a row to count."""

from collections.abc import Callable, Mapping

from amparo.cases.moment import Moment, left, standing, worth
from amparo.cases.reasons import is_goods

Guard = Callable[[Moment], bool]


def _marked(name: str) -> Guard:
    return lambda moment: name in moment.case.marks


def _not(guard: Guard) -> Guard:
    return lambda moment: not guard(moment)


def _below(count: str, limit: str) -> Guard:
    return lambda moment: moment.case.count(count) < moment.terms.limit(limit)


def _asks(party: str) -> Guard:
    return lambda moment: moment.data is None or moment.data.get("party") == party


def _has_seller(moment: Moment) -> bool:
    return moment.facts.seller


def _escalate_after(moment: Moment) -> bool:
    return moment.at >= moment.terms.after("escalate_after", moment.case.opened_at)


def _escalation_open(moment: Moment) -> bool:
    refused = "seller_refused" in moment.case.marks
    return refused or moment.facts.risk or _escalate_after(moment)


def _statements_left(moment: Moment) -> bool:
    return moment.case.count(f"statements_{moment.side}") < moment.terms.limit("statements")


def _automatic_money(moment: Moment) -> bool:
    """Whether what the buyer asked for may move without a person: caps of the case, the buyer."""
    facts, terms, currency = moment.facts, moment.terms, moment.case.currency
    amount = worth(moment, moment.case.requested)
    if amount > terms.cap("automatic", currency) or facts.grants >= terms.limit("grants"):
        return False
    return facts.grants_sum + amount <= terms.cap("grants_sum", currency)


def _delivery_not_shown(moment: Moment) -> bool:
    """Only who says that nothing came is refuted by a scan of the delivery."""
    return moment.case.reason != "not_received" or moment.facts.tracking != "delivered"


def _seller_absent_or_no_scan(moment: Moment) -> bool:
    answered = "seller_answered" in moment.case.marks
    return not answered or moment.facts.tracking != "delivered"


def _pay_first(moment: Moment) -> bool:
    decision = moment.case.decision
    if decision is None or decision.outcome == "for_seller" or decision.mode != "pay_first":
        return False
    amount = worth(moment, decision.wish)
    return moment.facts.funds_held and amount <= moment.terms.cap("pay_first", moment.case.currency)


def _all_that_was_asked(moment: Moment) -> bool:
    """Whoever got less than they asked for must have the time to appeal."""
    decision = moment.case.decision
    return decision is not None and decision.outcome == "for_buyer"


def _may_appeal(moment: Moment) -> bool:
    return moment.side not in moment.case.appealed and moment.side not in moment.case.waived


def _appeal_window(moment: Moment) -> bool:
    decision = moment.case.decision
    until = decision.appeal_until if decision else None
    return until is not None and moment.at < until


def _other_waived(moment: Moment) -> bool:
    other = "buyer" if moment.side == "seller" else "seller"
    return other in moment.case.waived or (other == "seller" and not moment.facts.seller)


def _accepted(moment: Moment) -> bool:
    proposal = standing(moment.case, "platform")
    return proposal is not None and moment.side in proposal.accepted_by


def _other_accepted(moment: Moment) -> bool:
    proposal = standing(moment.case, "platform")
    other = "buyer" if moment.side == "seller" else "seller"
    if other == "seller" and not moment.facts.seller:
        return True
    return proposal is not None and other in proposal.accepted_by


def _other_operator(moment: Moment) -> bool:
    decision = moment.case.decision
    if moment.who.id is None:
        return False  # nobody can be told apart from who decided
    return decision is None or decision.by != moment.who.id


def _remedy(*remedies: str) -> Guard:
    def is_it(moment: Moment) -> bool:
        agreed = moment.case.agreed
        return agreed is not None and agreed.wish.remedy in remedies

    return is_it


def _remedy_returns(moment: Moment) -> bool:
    agreed = moment.case.agreed
    return agreed is not None and agreed.wish.returns


def _remedy_goods(moment: Moment) -> bool:
    agreed = moment.case.agreed
    return agreed is not None and is_goods(agreed.wish.remedy)


def _right_to_return(moment: Moment) -> bool:
    agreed = moment.case.agreed
    return agreed is not None and agreed.how == "right"


def _warned_enough(moment: Moment) -> bool:
    notices, channels = moment.terms.warnings()
    heard = {channel for notice in moment.case.warned for channel in notice}
    return len(moment.case.warned) >= notices and len(heard) >= channels


def _refund_state(*states: str) -> Guard:
    def is_it(moment: Moment) -> bool:
        refund = moment.case.refund
        return refund is not None and refund.state in states

    return is_it


def _tries_left(moment: Moment) -> bool:
    refund = moment.case.refund
    return refund is not None and refund.tries < moment.terms.limit("refund_tries")


def _room_left(moment: Moment) -> bool:
    refund = moment.case.refund
    return refund is not None and refund.amount <= left(moment)


def _nothing_to_pay(moment: Moment) -> bool:
    refund = moment.case.refund
    return refund is not None and refund.amount == 0


def _held_refund(moment: Moment) -> bool:
    return moment.case.refund is not None


GUARDS: Mapping[str, Guard] = {
    # the order and the money
    "has_seller": _has_seller,
    "not_shipped": lambda moment: not moment.facts.shipped,
    "money_left": lambda moment: left(moment) > 0,
    "automatic_money": _automatic_money,
    "refunds_unshipped": lambda moment: moment.case.reason in ("paid_unavailable", "page_removed"),
    "delivery_not_shown": _delivery_not_shown,
    "seller_absent_or_no_scan": _seller_absent_or_no_scan,
    # what was said so far
    "seller_said_nothing": _not(_marked("seller_answered")),
    "silence_grants": lambda moment: moment.terms.choice("silence") == "grant",
    "escalate_after": _escalate_after,
    "escalation_open": _escalation_open,
    "offer_stands": lambda moment: standing(moment.case, "seller") is not None,
    # how often
    "offers_left": _below("offers", "offers"),
    "counters_left": _below("counters", "counters"),
    "edits_left": _below("edits", "edits"),
    "evidence_left": _below("evidence_rounds", "evidence_rounds"),
    "proposals_left": _below("proposals", "proposals"),
    "withdrawals_left": _below("withdrawals", "withdrawals"),
    "statements_left": _statements_left,
    "holds_left": _below("holds", "holds"),
    "warnings_open": _below("warnings", "statements"),
    # mediation, decision, appeal
    "asks_buyer": _asks("buyer"),
    "asks_seller": _asks("seller"),
    "supervised": _marked("supervised"),
    "not_supervised": _not(_marked("supervised")),
    "not_accepted": _not(_accepted),
    "other_accepted": _other_accepted,
    "pay_first": _pay_first,
    "all_that_was_asked": _all_that_was_asked,
    "paid_first": _marked("paid_first"),
    "may_appeal": _may_appeal,
    "appeal_window": _appeal_window,
    "not_waived": lambda moment: moment.side not in moment.case.waived and _may_appeal(moment),
    "other_waived": _other_waived,
    "other_operator": _other_operator,
    "linked": lambda moment: moment.case.family == "appeal",
    "not_linked": lambda moment: moment.case.family != "appeal",
    # carrying out
    "remedy_none": _remedy("none"),
    "remedy_coupon": _remedy("coupon"),
    "remedy_order": _remedy("credit_order", "continue_order"),
    "remedy_returns": _remedy_returns,
    "remedy_goods": _remedy_goods,
    "right_to_return": _right_to_return,
    "extended": _marked("return_extended"),
    "not_extended": _not(_marked("return_extended")),
    "warned_enough": _warned_enough,
    "delivery_noted": _marked("replacement_delivered"),
    "not_yet_there": _not(_marked("replacement_delivered")),
    # the refund
    "nothing_to_pay": _nothing_to_pay,
    "refund_refused": _refund_state("failed"),
    "refund_in_doubt": _refund_state("unknown", "pending"),
    "no_refund_in_doubt": _not(_refund_state("unknown", "pending")),
    "tries_left": _tries_left,
    "tries_over": _not(_tries_left),
    "room_left": _room_left,
    "methods_left": _below("other_methods", "other_methods"),
    "held_refund": _held_refund,
}


def holds(names: tuple[str, ...], moment: Moment) -> str | None:
    """The first of the names that does not hold; None where all do."""
    for name in names:
        if not GUARDS[name](moment):
            return name
    return None
