"""The rows of the specification, each as an example: who does what in which state, what follows."""

from dataclasses import replace

import pytest

from amparo.cases import rules
from amparo.cases.case import Who
from amparo.cases.kinds import REMEDIES
from amparo.cases.reasons import ORDER_OF_WORTH
from amparo.kernel.errors import Conflict, Invalid
from tests.cases.told import (
    DAY,
    LATE,
    LENA,
    MARTA,
    NOW,
    OFFER,
    OLGA,
    PROVIDER,
    RULE,
    SENT,
    TEO,
    UNSENT,
    WEI,
    Told,
    decided,
    review,
)

# -- check ----------------------------------------------------------------------------------


def test_an_unsent_order_is_paid_back_by_itself_after_one_business_day() -> None:
    told = Told("paid_unavailable", "refund", None, UNSENT)
    assert told.state == "platform_check"
    told.due("check_over")
    assert (told.state, told.refunds()) == ("refund_pending", [8000])
    assert told.now == NOW + DAY


def test_a_seller_who_answers_brings_it_to_a_person_instead() -> None:
    told = Told("paid_unavailable", "refund", None, UNSENT).do("answer", WEI).due("check_over")
    assert told.state == "review"


def test_a_removed_page_waits_two_business_days_and_goes_to_review_where_it_was_sent() -> None:
    facts = replace(SENT, listing_removed_at=NOW - DAY)
    told = Told("page_removed", "continue_order", None, facts).due("check_over")
    assert (told.state, told.now) == ("review", NOW + 2 * DAY)


def test_the_ledger_matches_and_the_buyer_says_whether_it_is_so() -> None:
    facts = replace(SENT, paid=False, seller=False, shipped=False, delivered_at=None)
    told = Told("payment_not_credited", "credit_order", None, facts)
    told.do("fixed", Who("system"))
    assert told.state == "await_confirm"
    assert Told("payment_not_credited", "credit_order", None, facts).do("fixed", MARTA).do(
        "not_fixed", OLGA
    ).state == "review"  # fmt: skip
    told.due("confirm_over")
    assert (told.state, told.case.outcome) == ("closed", "believed_fixed")


def test_nothing_captured_is_explained_and_nothing_is_paid() -> None:
    facts = replace(SENT, paid=False, seller=False, captured=0, delivered_at=None)
    told = Told("payment_not_credited", "refund", None, facts).due("check_over")
    told.do("decide", MARTA, remedy="refund", **RULE)
    told.do("waive", OLGA) if told.state == "decided" else None
    assert (told.state, told.case.outcome, told.refunds()) == ("closed", "nothing_to_refund", [])


def test_the_platform_asks_for_evidence_or_the_seller_or_pays() -> None:
    def new() -> Told:
        return Told("paid_unavailable", "refund", None, UNSENT)

    assert new().do("ask_evidence", MARTA, types=["photos"]).state == "evidence_buyer"
    assert new().do("ask_seller", MARTA).state == "wait_seller"
    assert new().do("order_refund", MARTA, amount=500).refunds() == [500]
    with pytest.raises(Invalid, match="case_amount_too_high"):
        new().do("order_refund", MARTA, amount=8001)


# -- negotiation -----------------------------------------------------------------------------


def test_the_seller_accepts_offers_or_refuses() -> None:
    assert Told().do("accept_request", WEI).refunds() == [3000]
    assert Told().do("offer", WEI, **OFFER).state == "wait_buyer"
    assert Told().do("refuse", WEI).may(OLGA) >= {"escalate", "counter", "withdraw"}
    with pytest.raises(Invalid, match="case_amount_too_high"):
        Told().do("offer", WEI, remedy="part_refund", amount=8001)


def test_only_the_offer_that_was_seen_is_accepted() -> None:
    told = Told().do("offer", WEI, **OFFER)
    version = rules.standing(told.case, "seller")
    assert version is not None
    told.do("improve", WEI, remedy="part_refund", amount=2000)
    with pytest.raises(Conflict, match="case_offer_changed"):
        told.do("accept_offer", OLGA, offer_version=version.version)
    assert told.do("accept_offer", OLGA, offer_version=version.version + 1).refunds() == [2000]


def test_an_offer_may_only_get_better() -> None:
    told = Told().do("offer", WEI, **OFFER)
    for worse in ({"remedy": "part_refund", "amount": 999}, {"remedy": "none"}):
        with pytest.raises(Invalid, match="case_offer_worse"):
            told.do("improve", WEI, **worse)


def test_every_remedy_has_a_place_in_the_order_of_worth() -> None:
    assert set(ORDER_OF_WORTH) == set(REMEDIES)


def test_three_counter_offers_and_no_more() -> None:
    told = Told()
    for _ in range(3):
        told.do("offer", WEI, **OFFER).do("counter", OLGA, remedy="part_refund", amount=2500)
        assert told.state == "wait_seller"
    assert rules.buyer_wish(told.case).amount == 2500
    assert "counter" not in told.do("offer", WEI, **OFFER).may(OLGA)


def test_a_silent_seller_grants_up_to_the_cap_and_below_the_buyers_own() -> None:
    granted = Told().due("seller_silent")
    assert granted.refunds() == [3000]
    assert {"kind": "grant", "amount": 3000} in [
        {"kind": one.kind, **one.data} for one in granted.effects
    ]
    for facts in (
        replace(SENT, grants=3),
        replace(SENT, grants_sum=7001),
        replace(SENT, currency="CHF"),
    ):
        assert Told(facts=facts).due("seller_silent").state == "review"
    expensive = replace(SENT, captured=20_000, line_total=20_000)
    assert Told(amount=10_001, facts=expensive).due("seller_silent").state == "review"


def test_a_silent_seller_of_what_did_not_come_after_three_business_days() -> None:
    told = Told("not_received", "refund", None, LATE).due("seller_silent")
    assert (told.now, told.refunds()) == (NOW + 3 * DAY, [8000])
    shown = replace(LATE, tracking="delivered")
    assert Told("not_received", "refund", None, shown).due("seller_silent").state == "review"


def test_who_calls_the_marketplace_and_when() -> None:
    assert "escalate" not in Told().days(2.9).may(OLGA)
    assert "escalate" in Told().days(3).may(OLGA)
    assert "escalate" in Told(facts=replace(SENT, risk=True)).may(OLGA)
    assert "escalate" in Told(seller_refused=True).may(OLGA)
    offered = Told().do("offer", WEI, **OFFER)
    assert "escalate" in offered.may(OLGA)
    assert "escalate" not in offered.may(WEI)
    assert "escalate" in offered.days(3).may(WEI)


def test_a_silent_buyer_loses_nothing() -> None:
    assert Told().do("offer", WEI, **OFFER).due("buyer_silent").state == "review"


# -- mediation -------------------------------------------------------------------------------


def test_evidence_is_asked_for_three_times_and_missing_it_is_a_fact() -> None:
    told = review()
    for _ in range(3):
        told.do("ask_evidence", MARTA, party="seller", types=["carrier_proof"])
        assert told.state == "evidence_seller"
        told.due("evidence_over")
    assert "evidence_missed_seller" in told.case.marks
    assert (told.state, "ask_evidence" in told.may(MARTA)) == ("review", False)
    with pytest.raises(Invalid, match="case_field_missing"):
        review().do("ask_evidence", MARTA, party="seller", types=["blood"])


def test_a_proposal_binds_when_both_accept_and_becomes_the_decision_when_nobody_objects() -> None:
    def proposed() -> Told:
        return review().do("propose", MARTA, **OFFER)

    version = {"offer_version": 2}
    told = proposed().do("accept_proposal", OLGA, **version)
    assert told.state == "proposed"
    assert told.do("accept_proposal", WEI, **version).refunds() == [1000]
    assert proposed().do("reject_proposal", WEI).state == "review"
    silent = proposed().due("proposal_over")
    assert silent.state == "decided"
    assert silent.case.decision is not None
    assert silent.case.decision.by == "marta"


def test_the_parties_may_still_agree_before_a_person() -> None:
    told = Told().do("offer", WEI, **OFFER).do("escalate", OLGA)
    assert told.do("accept_offer", OLGA, offer_version=2).refunds() == [1000]
    assert review().do("accept_request", WEI).refunds() == [3000]


def test_nobody_decides_in_time() -> None:
    silent_seller = Told(facts=replace(SENT, grants=3)).due("seller_silent")
    silent_seller.facts = SENT
    assert silent_seller.due("review_late").due("review_over").refunds() == [3000]
    told = review().due("review_late").due("review_over")
    assert (told.state, told.case.marks[-1]) == ("review", "supervised")
    assert [one.data["what"] for one in told.effects if one.kind == "alarm"] == [
        "review_late",
        "supervisor",
    ]
    assert told.may(TEO) >= {"decide"}
    assert told.due("supervisor_silent").refunds() == [3000]


def test_who_is_a_party_decides_nothing() -> None:
    sister = Who("operator", "sister", conflict=True)
    assert not review().may(sister)
    with pytest.raises(Conflict):
        review().do("decide", sister, remedy="none", **RULE)


def test_a_decision_needs_reasons_and_a_rule() -> None:
    for missing in ("reasons", "rule"):
        with pytest.raises(Invalid, match="case_field_missing"):
            review().do("decide", MARTA, **OFFER, **{**RULE, missing: ""})


# -- decision and appeal -----------------------------------------------------------------------


def test_all_that_was_asked_is_paid_at_once_where_the_money_is_held() -> None:
    assert decided(3000).refunds() == [3000]
    assert decided(1000).state == "decided", "who got less may appeal first"
    unheld = review()
    unheld.facts = replace(SENT, funds_held=False)
    assert unheld.do("decide", MARTA, remedy="part_refund", amount=3000, **RULE).state == "decided"


def test_an_appeal_goes_to_another_operator() -> None:
    told = decided().do("appeal", OLGA, grounds="wrong_fact")
    assert told.state == "appeal"
    assert told.may(MARTA) <= {"hold"}
    assert told.do("change", LENA, remedy="part_refund", amount=2000, **RULE).refunds() == [2000]
    upheld = decided().do("appeal", OLGA, grounds="new_fact").do("uphold", LENA, **RULE)
    assert upheld.refunds() == [1000]
    assert decided().do("appeal", WEI, grounds="new_fact").due("appeal_over").refunds() == [1000]


def test_without_an_appeal_the_decision_is_carried_out_after_the_window() -> None:
    assert decided().due("appeal_window_over").refunds() == [1000]
    lost = review().do("decide", MARTA, remedy="none", **RULE)
    assert lost.do("waive", WEI).state == "decided"
    assert lost.do("waive", OLGA).case.outcome == "refused"


def test_a_sellers_appeal_against_what_was_paid_is_a_case_of_its_own() -> None:
    told = decided(3000)
    told.do("appeal", WEI, grounds="wrong_rule")
    assert told.state == "refund_pending"
    assert "linked_case" in [one.kind for one in told.effects]
    told.do("provider_ok", PROVIDER)
    step = rules.open_linked(told.case, "d", told.facts, told.policy, told.now, WEI)
    assert (step.case.state, step.case.parent, step.case.family) == ("appeal", "c", "appeal")
    told.case = step.case
    assert told.may(MARTA) == set()
    told.do("change", LENA, amount=3000, **RULE)
    assert (told.state, told.case.outcome) == ("closed", "appeal_changed")
    assert told.effects[-1].kind in ("notice", "payout_release")
    assert "seller_credit" in [one.kind for one in told.effects]
    assert told.refunds() == [3000], "the buyer is not paid a second time"
    late = decided(3000).do("provider_ok", PROVIDER)
    with pytest.raises(Conflict):
        rules.open_linked(late.case, "d", late.facts, late.policy, NOW + 15 * DAY, WEI)
