"""Promise (J6): where the two cannot agree, a person decides, and on appeal another one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from amparo.storage.embedded import EmbeddedPostgres
from tests.browser.cases_people import (
    PHOTO,
    at_the_desk,
    decides,
    does,
    put_orders,
    sees,
    word,
)
from tests.browser.clocked_demo import ClockedDemo, clocked_demo
from tests.browser.conftest import NewClaimant, NewOperator, NewSeller

LENA = "lena@mercadia.example"


@pytest.fixture(scope="module")
def demo(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ClockedDemo]:
    with clocked_demo(postgres, tmp_path_factory.mktemp("demo"), put_orders) as demo:
        yield demo


def test_a_refusal_is_appealed_and_lena_changes_it(
    demo: ClockedDemo,
    new_claimant: NewClaimant,
    new_seller: NewSeller,
    new_operator: NewOperator,
) -> None:
    ana, wei, marta = new_claimant(), new_seller(), new_operator()
    ana.opens(
        "C-damaged", "compensation", "part_refund", amount="20.00", contacted_at=ana.days_ago(3),
        text="The box was crushed.", damage="packing", evidence_receipt=PHOTO,
    )  # fmt: skip
    wei.opens("C-damaged")
    does(wei.page, "refuse", text="It was packed well.")
    ana.looks_again()
    does(ana.panel, "escalate")
    at_the_desk(marta, demo, "C-damaged")
    marta.page.get_by_role("button", name="Take this case").click()
    expect(marta.page.get_by_role("button", name="Give this case back")).to_be_visible()
    does(marta.page, "ask_evidence", party="seller", **{"types.carrier_proof": True})
    wei.looks_again()
    expect(wei.page.locator(".case-asked.yours")).to_be_visible()
    does(wei.page, "submit_evidence", text="The carrier's scale.", carrier_proof=PHOTO)
    marta.page.reload()
    decides(marta, "decide", remedy="none", rule="damage_not_shown", reasons="Not shown.")
    ana.looks_again()
    expect(ana.panel.locator(".case-decision")).to_contain_text("Not shown.")
    does(ana.panel, "appeal", grounds="new_fact", text="Here is the box again.")

    marta.page.reload()
    expect(marta.page.locator(".desk-case .notice.danger")).to_be_visible()
    expect(marta.page.locator('[data-key="change"], [data-key="uphold"]')).to_have_count(0)
    lena = new_operator(LENA)
    at_the_desk(lena, demo, "C-damaged")
    decides(
        lena, "change", remedy="part_refund", amount="20.00", rule="damage_shown",
        reasons="The box shows it.",
    )  # fmt: skip
    ana.looks_again()
    ana.is_paid("€20.00")
    wei.looks_again()
    expect(wei.page.locator(".case-decision")).to_contain_text("The box shows it.")


def test_a_brick_in_the_box_is_no_refund(
    demo: ClockedDemo,
    new_claimant: NewClaimant,
    new_seller: NewSeller,
    new_operator: NewOperator,
) -> None:
    ana, wei, marta = new_claimant(), new_seller(), new_operator()
    ana.opens(
        "C-worse", "not_as_described", "return_refund", contacted_at=ana.days_ago(3),
        text="It is another lamp.", differs="The model", evidence_photos=PHOTO,
    )  # fmt: skip
    wei.opens("C-worse")
    does(wei.page, "accept_request")
    does(wei.page, "label", text="RP 4-R")
    ana.looks_again()
    does(ana.panel, "return_shipped", tracking="RP 4-R")
    wei.looks_again()
    does(wei.page, "return_received")
    does(
        wei.page, "return_contest", text="There was a brick in it.", photos=PHOTO,
        **{"codes.empty": True},
    )  # fmt: skip
    at_the_desk(marta, demo, "C-worse")
    decides(marta, "decide", remedy="none", rule="return_contested", reasons="A brick came back.")
    demo.later(days=15)
    ana.until_closed()
    sees(ana.panel, word("outcome.refused"))
    expect(ana.panel.locator(".case-money .main")).to_have_count(1)  # what was asked, no refund
