"""Promise (J6): every reason for a case goes from its opening to its end, with everybody it needs.

Told over HTTP, on a clock that the test turns; ``tests/browser/test_cases_*.py`` tells the same
with eyes and hands.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from amparo.kernel.clock import ManualClock
from amparo.storage.embedded import EmbeddedPostgres
from tests.journeys.cases_stage import DAY, Stage, Story, opened, staged, uploaded

HALF = 2000


@pytest.fixture(scope="module")
def house(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Stage]]:
    clock = ManualClock(datetime(2026, 4, 14, 12, tzinfo=UTC))
    with staged(postgres, tmp_path_factory.mktemp("cases"), clock) as stage:
        yield [stage]


@pytest.fixture
def stage(house: list[Stage]) -> Stage:
    """Where the last story left the clock, with an Ana and orders of its own."""
    house.append(house[-1].next_story())
    return house[-1]


def asked_of_wei(stage: Stage, name: str, reason: str, remedy: str, **rest: object) -> Story:
    """A case whose seller was written to three days ago, outside of our sight."""
    contacted = {"way": "store_page", "at": (stage.now - 3 * DAY).isoformat()}
    return opened(stage, name, reason, remedy, contacted=contacted, **rest)


def test_a_payment_that_did_not_arrive_is_found_and_the_order_credited(stage: Stage) -> None:
    story = opened(stage, "unpaid", "payment_not_credited", "credit_order")
    assert story.seen(stage.ana)["state"] == "platform_check"
    story.does(stage.marta, "take")
    story.does(stage.marta, "fixed")
    assert story.seen(stage.ana)["yours"]
    story.does(stage.ana, "confirm")
    assert story.seen(stage.ana)["outcome"]["code"] == "confirmed"


def test_a_payment_that_was_not_credited_comes_back(stage: Stage) -> None:
    story = opened(stage, "unpaid", "payment_not_credited", "refund")
    story.does(stage.marta, "fixed")
    story.does(stage.ana, "not_fixed", text="It still says unpaid.")
    assert story.seen(stage.ana)["state"] == "review"
    story.does(stage.marta, "decide", remedy="refund", rule="payment_found", reasons="We found it.")
    story.paid_back(4300)


def test_what_was_paid_and_never_sent_is_paid_back_when_nobody_answers(stage: Stage) -> None:
    story = opened(stage, "unsent", "paid_unavailable", "refund")
    stage.later(days=4)  # one business day, whatever day it is
    story.paid_back(4300)
    assert "check_over" in story.events()


def test_what_is_not_as_described_is_settled_between_the_two(stage: Stage) -> None:
    story = asked_of_wei(stage, "wrong", "not_as_described", "part_refund", amount=HALF)
    assert story.seen(stage.wei)["yours"]
    status, code = story.refused(stage.wei, "offer", remedy="part_refund", amount=999_999)
    assert (status, code) == (422, "case_amount_too_high")
    story.does(stage.wei, "offer", remedy="part_refund", amount=500, text="It is only a scratch.")
    first = story.seen(stage.ana)["offer"]
    assert first["amount"]["amount"] == 500
    story.does(stage.ana, "counter", remedy="part_refund", amount=1500, text="It is a deep one.")
    story.does(stage.wei, "offer", remedy="part_refund", amount=800)
    old = story.refused(stage.ana, "accept_offer", offer_version=first["version"])
    assert old == (409, "case_offer_changed")
    story.accepts(stage.ana, "accept_offer")
    story.paid_back(800)
    assert len(story.seen(stage.ana)["offers"]) >= 2


def test_a_damage_is_refused_and_granted_by_another_operator_on_appeal(stage: Stage) -> None:
    story = asked_of_wei(stage, "damaged", "compensation", "part_refund", amount=HALF)
    story.does(stage.wei, "refuse", text="It was packed well.")
    story.does(stage.ana, "escalate")
    story.does(stage.marta, "take")
    story.does(stage.marta, "ask_evidence", party="seller", **{"types.carrier_proof": True})
    assert story.seen(stage.wei)["evidence_asked"]["party"] == "seller"
    proof = uploaded(stage.wei, "carrier_proof", story.id)
    story.does(stage.wei, "submit_evidence", proof, text="The carrier's scale.")
    story.does(stage.marta, "decide", remedy="none", rule="damage_not_shown", reasons="Not shown.")
    story.does(stage.ana, "appeal", grounds="new_fact", text="Here is the photo of the box.")
    assert {"uphold", "change"}.isdisjoint(story.offered(stage.marta)), "she decided it"
    assert story.refused(stage.marta, "uphold", rule="damage_not_shown", reasons="x")[0] == 409
    story.does(
        stage.lena, "change", remedy="part_refund", amount=HALF, rule="damage_shown",
        reasons="The photo shows it.",
    )  # fmt: skip
    story.paid_back(HALF)


def test_a_removed_listing_is_still_shown_and_paid_back(stage: Stage) -> None:
    story = opened(stage, "removed", "page_removed", "refund")
    for person in (stage.ana, stage.wei, stage.marta):
        assert story.seen(person)["line"]["snapshot"]["title"] == "Lamp shade"
    stage.later(days=5)  # two business days
    story.paid_back(4300)


def test_a_broken_lamp_is_repaired_under_warranty(stage: Stage) -> None:
    story = asked_of_wei(stage, "broken", "warranty", "repair")
    story.accepts(stage.wei, "accept_request")
    story.does(stage.wei, "label", text="CS 7781")
    story.does(stage.ana, "return_shipped", tracking="CS 7781")
    story.does(stage.wei, "return_received")
    story.does(stage.wei, "return_ok")
    story.does(stage.wei, "replacement_shipped", tracking="CS 7790")
    case = story.does(stage.ana, "replacement_ok")
    assert (case["state"], case["outcome"]["code"]) == ("closed", "repaired")


def test_what_never_came_is_paid_back_when_the_seller_is_silent(stage: Stage) -> None:
    story = asked_of_wei(stage, "lost", "not_received", "refund")
    stage.later(days=2)
    assert story.seen(stage.ana)["state"] == "wait_seller"
    stage.later(days=4)  # three business days in all
    story.paid_back(4300)
    assert "seller_silent" in story.events()


def test_a_change_of_mind_needs_no_reason(stage: Stage) -> None:
    story = opened(stage, "regret", "cooling_off", "return_refund", text="")
    assert story.seen(stage.ana)["state"] == "return_ship"
    story.does(stage.ana, "return_shipped", tracking="CS 5001")
    story.does(stage.wei, "return_received")
    story.does(stage.wei, "return_ok")
    story.paid_back(4300)


def test_what_came_back_wrong_goes_to_a_person(stage: Stage) -> None:
    story = asked_of_wei(stage, "worse", "not_as_described", "return_refund")
    story.accepts(stage.wei, "accept_request")
    story.does(stage.wei, "label", text="CS 9")
    story.does(stage.ana, "return_shipped", tracking="CS 9")
    story.does(stage.wei, "return_received")
    photo = uploaded(stage.wei, "photos", story.id)
    story.does(
        stage.wei, "return_contest", photo, text="There was a brick in it.", **{"codes.empty": True}
    )
    assert story.seen(stage.ana)["state"] == "review"
    story.does(
        stage.marta, "decide", remedy="none", rule="return_contested", reasons="An empty box."
    )
    assert stage.ana.get(f"/cases/{story.id}")["decision"]["appeal_until"]
    stage.later(days=15)
    case = story.until("closed")
    assert case["outcome"]["code"] == "refused"
    assert case["refund"] is None


def test_a_withdrawal_can_be_undone_for_three_days(stage: Stage) -> None:
    story = asked_of_wei(stage, "other", "not_as_described", "part_refund", amount=HALF)
    story.does(stage.ana, "withdraw")
    stage.later(days=2)
    story.does(stage.ana, "undo")
    assert story.seen(stage.ana)["state"] == "wait_seller"
    story.does(stage.ana, "withdraw")
    stage.later(days=3.1)
    assert story.until("closed")["outcome"]["code"] == "withdrawn"
    status, code = story.refused(stage.wei, "offer", remedy="part_refund", amount=1)
    assert (status, code) == (409, "case_action_not_possible")


def test_the_marketplaces_proposal_is_taken_by_both(stage: Stage) -> None:
    story = asked_of_wei(stage, "wrong", "not_as_described", "part_refund", amount=HALF)
    story.does(stage.wei, "refuse", text="It is as shown.")
    story.does(stage.ana, "escalate")
    story.does(stage.marta, "propose", remedy="part_refund", amount=1200, text="Half way.")
    story.accepts(stage.ana, "accept_proposal")
    assert story.seen(stage.wei)["state"] == "proposed"
    story.accepts(stage.wei, "accept_proposal")
    story.paid_back(1200)
