"""The rows of the specification, each as an example: who does what in which state, what follows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from amparo.cases import rules, synthetic
from amparo.cases.case import Case, Facts, Happening, Opening, Step, Who
from amparo.cases.kinds import REMEDIES, Reason, Remedy
from amparo.cases.policy import Policy, load_shipped
from amparo.cases.reasons import ORDER_OF_WORTH
from amparo.kernel.errors import Conflict, Invalid, Problem

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
OLGA, WEI = Who("buyer", "olga"), Who("seller", "wei")
MARTA, LENA, TEO = Who("operator", "marta"), Who("operator", "lena"), Who("supervisor", "teo")
CARRIER, PROVIDER, OUTSIDE = Who("carrier"), Who("provider"), Who("outside")
SENT = Facts(
    currency="EUR",
    country="ES",
    captured=10_000,
    line_total=8000,
    shipped=True,
    tracking="delivered",
    delivered_at=NOW - 5 * DAY,
)
LATE = replace(SENT, tracking="none", delivered_at=None, deliver_by=NOW - 8 * DAY)
UNSENT = replace(
    SENT, shipped=False, tracking="none", delivered_at=None, cancelled=True, ship_by=NOW - 9 * DAY
)
OFFER: dict[str, Any] = {"remedy": "part_refund", "amount": 1000}
RULE: dict[str, Any] = {"rule": "fair_share", "reasons": "Because."}


class Told:
    """A case that things happen to, one line each."""

    def __init__(
        self,
        reason: Reason = "not_as_described",
        remedy: Remedy = "part_refund",
        amount: int | None = 3000,
        facts: Facts = SENT,
        policy: Policy | None = None,
        **opening: Any,
    ) -> None:
        self.facts, self.policy, self.now = facts, policy or load_shipped(), NOW
        asked = Opening(
            "c", reason, remedy, amount, NOW - 3 * DAY, text="-", fields=synthetic.form(reason)
        )
        step = rules.open_case(replace(asked, **opening), facts, self.policy, NOW, OLGA)
        self.effects = list(step.effects)
        self.case: Case = step.case

    def do(self, event: str, who: Who, **data: Any) -> "Told":
        given = {"text": "-", **data}
        return self._took(
            rules.apply(self.case, Happening(event, who, self.now, given), self.facts, self.policy)
        )

    def days(self, days: float) -> "Told":
        self.now += days * DAY
        return self

    def due(self, event: str) -> "Told":
        """Let time go by until that deadline fires; no other one may come before."""
        deadline = rules.next_due(self.case)
        assert deadline is not None
        assert deadline.event == event
        self.now = deadline.due_at
        step = rules.fire(self.case, self.now, self.facts, self.policy)
        assert step is not None
        return self._took(step)

    def _took(self, step: Step) -> "Told":
        self.case = step.case
        self.effects += step.effects
        return self

    @property
    def state(self) -> str:
        return self.case.state

    def refunds(self) -> list[int]:
        return [one.data["amount"] for one in self.effects if one.kind == "refund"]

    def may(self, who: Who) -> set[str]:
        return {one.key for one in rules.available_actions(self.case, who, self.now, self.policy)}


def review() -> Told:
    return Told().do("refuse", WEI).do("escalate", OLGA)


def decided(amount: int = 1000) -> Told:
    return review().do("decide", MARTA, remedy="part_refund", amount=amount, **RULE)


def returning() -> Told:
    """The goods are to go back."""
    return Told(remedy="return_refund", amount=None).do("accept_request", WEI)


def refunding() -> Told:
    return Told().do("accept_request", WEI)


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


# -- goods that travel --------------------------------------------------------------------------


def test_a_return_goes_step_by_step_to_the_money() -> None:
    told = returning()
    assert told.state == "return_label"
    told.do("label", WEI).do("return_shipped", OLGA, tracking="1Z").do("return_delivered", CARRIER)
    assert told.state == "return_inspect"
    assert told.due("inspect_over").refunds() == [8000]


def test_no_label_or_keep_it_means_money_without_a_return() -> None:
    assert returning().due("label_over").refunds() == [8000]
    assert returning().do("keep_item", WEI).refunds() == [8000]


def test_an_unsent_return_closes_after_an_extension_and_two_warnings_only() -> None:
    told = returning().do("label", WEI).due("return_late")
    assert told.state == "return_ship"
    assert told.due("return_abandoned").state == "review"
    warned = returning().do("label", WEI).due("return_late")
    for channels in (["panel"], ["mail"]):
        warned.do("warned", Who("system"), channels=channels)
    assert warned.due("return_abandoned").case.outcome == "return_not_sent"
    one_channel = returning().do("label", WEI).due("return_late")
    for _ in range(2):
        one_channel.do("warned", Who("system"), channels=["mail"])
    assert one_channel.due("return_abandoned").state == "review"


def test_a_contested_return_needs_a_code_and_photos() -> None:
    def back() -> Told:
        return returning().do("label", WEI).do("return_shipped", OLGA, tracking="1Z")

    told = back().do("return_received", WEI)
    with pytest.raises(Invalid):
        told.do("return_contest", WEI, codes=["empty"])
    with pytest.raises(Invalid):
        told.do("return_contest", WEI, codes=["ugly"], photos=1)
    assert told.do("return_contest", WEI, codes=["empty", "used"], photos=2).state == "review"
    assert back().due("return_lost").state == "review"
    second = told.do("decide", MARTA, remedy="return_refund", **RULE)
    assert second.state == "return_label"
    second.do("label", WEI)
    assert rules.next_due(second.case) is not None
    assert rules.next_due(second.case).event == "return_late"  # type: ignore[union-attr]


def test_a_replacement_that_does_not_come_is_paid() -> None:
    def agreed() -> Told:
        return Told(remedy="replacement", amount=None).do("accept_request", WEI)

    assert agreed().due("replacement_not_sent").refunds() == [8000]
    shipped = agreed().do("replacement_shipped", WEI, tracking="1Z")
    assert shipped.due("replacement_lost").refunds() == [8000]
    there = agreed().do("replacement_shipped", WEI, tracking="1Z")
    there.days(10).do("replacement_delivered", CARRIER)
    assert there.may(OLGA) >= {"replacement_ok", "replacement_contest"}
    assert there.due("replacement_unanswered").case.outcome == "replaced"


def test_a_repair_goes_back_to_the_seller_first_and_then_to_the_buyer() -> None:
    told = Told("warranty", "repair", None).do("accept_request", WEI)
    assert told.state == "return_label"
    told.do("label", WEI).do("return_shipped", OLGA, tracking="1Z").do("return_received", WEI)
    assert told.do("return_ok", WEI).state == "replace_ship"


# -- refund, withdrawal, hold ------------------------------------------------------------------


def test_a_refund_keeps_its_key_through_every_try_and_ends_with_an_alarm() -> None:
    told = refunding()
    for _ in range(4):
        told.due("provider_silent").due("retry_due")
    told.due("provider_silent")
    keys = {one.data["key"] for one in told.effects if one.kind in ("refund", "ask_provider")}
    assert (len(told.refunds()), keys) == (5, {"refund-c"})
    told.due("finance_alarm").due("finance_alarm")
    assert [one.data["what"] for one in told.effects if one.kind == "alarm"] == [
        "refund_not_paid"
    ] * 2
    assert (told.state, told.may(MARTA)) == ("refund_failed", {"hold"})
    assert told.do("provider_ok", PROVIDER).case.outcome == "part_refunded"


def test_another_way_only_where_the_first_was_refused() -> None:
    told = refunding().due("provider_silent")
    assert "other_method" not in told.may(OLGA), "unknown is not refused"
    told.do("provider_failed", PROVIDER)
    told.do("other_method", OLGA, method="bank_transfer")
    assert told.effects[-2].data["key"] == "refund-c"
    assert told.state == "refund_pending"


def test_a_withdrawal_can_be_undone_for_three_days() -> None:
    told = Told().do("withdraw", OLGA)
    assert told.may(WEI) == set()
    assert told.do("undo", OLGA).state == "wait_seller"
    assert told.do("withdraw", OLGA).due("withdraw_over").case.outcome == "withdrawn"
    assert "withdraw" not in decided().may(OLGA)


def test_a_chargeback_stops_everything_and_what_came_back_outside_is_subtracted() -> None:
    told = Told(remedy="return_refund", amount=None).do("hold", OUTSIDE, cause="chargeback")
    assert told.state == "on_hold"
    told.days(5).do("release", OUTSIDE, amount=6000)
    assert told.state == "wait_seller"
    told.do("seller_refund", WEI)
    assert told.refunds() == [2000]
    settled = Told().do("hold", OUTSIDE, cause="court").do("settled", MARTA)
    assert settled.case.outcome == "settled_outside"
    assert Told().do("hold", OUTSIDE, cause="adr").due("hold_over").state == "review"


def test_the_seller_may_pay_all_back_at_any_time_before() -> None:
    for told in (Told(), review(), decided(), returning()):
        assert told.do("seller_refund", WEI).refunds() == [8000]


def test_a_closed_case_accepts_nothing_and_has_no_deadline() -> None:
    told = refunding().do("provider_ok", PROVIDER)
    assert not told.case.deadlines
    assert all(not told.may(who) for who in (OLGA, WEI, MARTA, PROVIDER, OUTSIDE))
    with pytest.raises(Problem):
        told.do("provider_ok", PROVIDER)


# -- the right to return without a reason --------------------------------------------------------


def test_cooling_off_needs_no_reason_and_nobodys_consent() -> None:
    told = Told("cooling_off", "return_refund", None, text="", contacted_at=None)
    assert told.state == "return_ship"
    told.do("return_shipped", OLGA, tracking="1Z").do("return_received", WEI)
    assert told.due("inspect_over").refunds() == [8000]
    unsent = Told("cooling_off", "return_refund", None, replace(UNSENT, cancelled=False))
    assert unsent.refunds() == [8000]
