"""More rows as examples: goods that travel, refunds, withdrawal, hold, the end, cooling off."""

from dataclasses import replace

import pytest

from amparo.cases import rules
from amparo.cases.case import Who
from amparo.kernel.errors import Invalid, Problem
from tests.cases.told import (
    CARRIER,
    MARTA,
    OLGA,
    OUTSIDE,
    PROVIDER,
    RULE,
    UNSENT,
    WEI,
    Told,
    decided,
    refunding,
    returning,
    review,
)

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
        late = returning().do("label", WEI).due("return_late")
        return late.do("return_shipped", OLGA, tracking="1Z")

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
