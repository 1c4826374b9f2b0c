"""The names in the table's ``do``: what a transition changes besides the state."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from amparo.cases import fulfilment_deeds as fulfilment
from amparo.cases.case import (
    Agreed,
    Asked,
    Decision,
    Offer,
    Wish,
)
from amparo.cases.moment import Moment, buyer_wish, full_refund, left, make_wish, standing, worth

Deed = Callable[[Moment], None]
How = Literal["parties", "silence", "decision", "seller", "platform", "right"]


# -- offers and agreements ------------------------------------------------------------------


def agree(moment: Moment, wish: Wish, how: How) -> None:
    """Fix what is carried out, and the money that stands for goods that do not come."""
    moment.change(agreed=Agreed(wish, left(moment), how))
    _drop_offers(moment)  # what lay on the table is not to be accepted after a later quarrel


def _put(moment: Moment, by: Literal["buyer", "seller", "platform"]) -> None:
    wish = moment.wish
    assert wish is not None  # a check of the row has read it
    moment.add("wishes")
    offer = Offer(wish.version, by, wish, moment.at, moment.case.no + 1)
    kept = moment.case.offers
    moment.change(offers=(*kept, offer))


def _put_offer(moment: Moment) -> None:
    moment.add("offers")
    _put(moment, "seller")


def _put_counter(moment: Moment) -> None:
    moment.add("counters")
    _put(moment, "buyer")
    _drop_offers(moment)  # who asks for something else has declined what was offered


def _put_proposal(moment: Moment) -> None:
    moment.add("proposals")
    moment.change(clerk=moment.who.id)
    _put(moment, "platform")


def _drop_offers(moment: Moment) -> None:
    moment.change(counts={**moment.case.counts, "dropped_seller": moment.case.count("wishes")})


def _edit_request(moment: Moment) -> None:
    assert moment.wish is not None
    moment.add("edits")
    moment.add("wishes")
    moment.change(requested=moment.wish)


def _agree_request(moment: Moment) -> None:
    agree(moment, buyer_wish(moment.case), "parties")


def _agree_offer(moment: Moment) -> None:
    offer = standing(moment.case, "seller")
    assert offer is not None
    agree(moment, offer.wish, "parties")


def _accept_proposal(moment: Moment) -> None:
    proposal = standing(moment.case, "platform")
    assert proposal is not None
    accepted = replace(proposal, accepted_by=(*proposal.accepted_by, moment.side))
    offers = tuple(
        accepted if one.version == proposal.version else one for one in moment.case.offers
    )
    moment.change(offers=offers)


def _agree_proposal(moment: Moment) -> None:
    proposal = standing(moment.case, "platform")
    assert proposal is not None
    agree(moment, proposal.wish, "parties")


def _agree_by_silence(moment: Moment) -> None:
    agree(moment, buyer_wish(moment.case), "silence")
    _count_grant(moment)


def _count_grant(moment: Moment) -> None:
    moment.effect("grant", amount=worth(moment, moment.case.requested))


def _agree_full_refund(moment: Moment) -> None:
    agree(moment, full_refund(moment), "silence")


def _agree_seller_refund(moment: Moment) -> None:
    agree(moment, full_refund(moment), "seller")


def _agree_platform_refund(moment: Moment) -> None:
    assert moment.wish is not None
    agree(moment, moment.wish, "platform")


# -- evidence, decision, appeal --------------------------------------------------------------


def _ask_evidence(moment: Moment) -> None:
    data = moment.sent
    moment.add("evidence_rounds")
    types = tuple(data.get("types", ()))
    asked = Asked(data.get("party", "buyer"), types, moment.at, moment.case.no + 1)
    moment.change(evidence_asked=asked)


def _evidence_missed(moment: Moment) -> None:
    asked = moment.case.evidence_asked
    moment.mark("evidence_missed_" + (asked.party if asked else "buyer"))
    moment.change(evidence_asked=None)


def _decide_as(moment: Moment, wish: Wish, by: str | None, rule: str | None) -> None:
    if wish.remedy == "none":
        outcome: Literal["for_buyer", "partly", "for_seller"] = "for_seller"
    else:
        outcome = "for_buyer" if _gives_all(moment, wish) else "partly"
    mode: Literal["pay_first", "hold"] = (
        "pay_first" if moment.terms.choice("payout") == "pay_first" else "hold"
    )
    until = moment.terms.after("appeal_window", moment.at)
    decision = Decision(
        outcome, wish, by, moment.at, moment.case.no + 1, mode, rule, appeal_until=until
    )
    moment.change(decision=decision, waived=())


def _gives_all(moment: Moment, wish: Wish) -> bool:
    """Whether the buyer gets what was asked for at the opening or in its last edit, or more."""
    asked = moment.case.requested
    same = wish.remedy == asked.remedy and worth(moment, wish) >= worth(moment, asked)
    return same or (wish.remedy == "refund" and worth(moment, wish) >= left(moment))


def _decide(moment: Moment) -> None:
    assert moment.wish is not None
    moment.add("wishes")
    _decide_as(moment, moment.wish, moment.who.id, moment.sent.get("rule"))


def _decide_by_default(moment: Moment) -> None:
    _decide_as(moment, moment.case.requested, None, "no_answer")


def _decide_over_cap(moment: Moment) -> None:
    wish, offer = moment.case.requested, standing(moment.case, "seller")
    if moment.terms.choice("over_cap_default") == "last_offer" and offer is not None:
        wish = offer.wish
    _decide_as(moment, wish, None, "no_answer")


def _decide_as_proposed(moment: Moment) -> None:
    proposal = standing(moment.case, "platform")
    assert proposal is not None
    _decide_as(moment, proposal.wish, moment.case.clerk, "fair_share")


def _agree_decision(moment: Moment) -> None:
    decision = moment.case.decision
    if decision is None or moment.case.family == "appeal":
        agree(moment, make_wish("none", None, moment.case.count("wishes")), "decision")
        return
    agree(moment, decision.wish, "decision")
    paid_first = moment.who.role == "system" or moment.at < (decision.appeal_until or moment.at)
    if paid_first and moment.case.state == "decided":
        moment.mark("paid_first")


def _supervise(moment: Moment) -> None:
    moment.mark("supervised")
    moment.clock("supervised")


def _note_appeal(moment: Moment) -> None:
    moment.change(appealed=(*moment.case.appealed, moment.side))


def _link_appeal(moment: Moment) -> None:
    moment.effect("linked_case", parent=moment.case.id, by="seller")


def _note_waiver(moment: Moment) -> None:
    moment.change(waived=(*moment.case.waived, moment.side))


def _uphold(moment: Moment) -> None:
    moment.mark("upheld")


def _credit_seller(moment: Moment) -> None:
    moment.mark("changed")
    moment.effect("seller_credit", amount=moment.sent["amount"])


def _count(name: str) -> Deed:
    return lambda moment: _add(moment, name)


def _add(moment: Moment, name: str) -> None:
    moment.add(name)


def _count_statement(moment: Moment) -> None:
    moment.add(f"statements_{moment.side}")


DEEDS: Mapping[str, Deed] = {
    "fixed": lambda moment: moment.mark("fixed"),
    "seller_answered": lambda moment: moment.mark("seller_answered"),
    "seller_refused": lambda moment: moment.mark("seller_refused"),
    "count_statement": _count_statement,
    "count_hold": _count("holds"),
    "put_offer": _put_offer,
    "put_counter": _put_counter,
    "put_proposal": _put_proposal,
    "drop_offers": _drop_offers,
    "edit_request": _edit_request,
    "agree_request": _agree_request,
    "agree_offer": _agree_offer,
    "accept_proposal": _accept_proposal,
    "agree_proposal": _agree_proposal,
    "agree_by_silence": _agree_by_silence,
    "agree_full_refund": _agree_full_refund,
    "agree_seller_refund": _agree_seller_refund,
    "agree_platform_refund": _agree_platform_refund,
    "count_grant": _count_grant,
    "ask_evidence": _ask_evidence,
    "evidence_came": lambda moment: moment.change(evidence_asked=None),
    "evidence_missed": _evidence_missed,
    "decide": _decide,
    "decide_by_default": _decide_by_default,
    "decide_over_cap": _decide_over_cap,
    "decide_as_proposed": _decide_as_proposed,
    "agree_decision": _agree_decision,
    "note_appeal": _note_appeal,
    "link_appeal": _link_appeal,
    "note_waiver": _note_waiver,
    "uphold": _uphold,
    "credit_seller": _credit_seller,
    "supervise": _supervise,
    "contested": lambda moment: moment.mark("return_contested"),
    "extend_return": fulfilment.extend_return,
    "note_warning": fulfilment.note_warning,
    "note_delivery": fulfilment.note_delivery,
    "give_coupon": fulfilment.give_coupon,
    "tell_marketplace": fulfilment.tell_marketplace,
    "refund_paid": fulfilment.refund_paid,
    "refund_refused": fulfilment.refund_refused,
    "ask_provider": fulfilment.ask_provider,
    "try_again": fulfilment.try_again,
    "other_way": fulfilment.other_way,
    "note_outside": fulfilment.note_outside,
    "pause": fulfilment.pause,
    "pause_withdrawal": fulfilment.pause_withdrawal,
    "forget_pauses": fulfilment.forget_pauses,
    "alarm_late": fulfilment.alarm("review_late"),
    "alarm_supervisor": fulfilment.alarm("supervisor"),
    "alarm_appeal": fulfilment.alarm("appeal_late"),
    "alarm_double": fulfilment.alarm("hold_during_refund"),
    "alarm_finance": fulfilment.alarm("refund_not_paid"),
}
