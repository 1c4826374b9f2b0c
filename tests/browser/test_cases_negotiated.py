"""Promise (J6): buyer and seller settle a case between them, and both see the same all the time."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from amparo.storage.embedded import EmbeddedPostgres
from tests.browser.cases_people import PHOTO, does, put_orders, sees, tries, word
from tests.browser.clocked_demo import ClockedDemo, clocked_demo
from tests.browser.conftest import NewClaimant, NewSeller


@pytest.fixture(scope="module")
def demo(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ClockedDemo]:
    with clocked_demo(postgres, tmp_path_factory.mktemp("demo"), put_orders) as demo:
        yield demo


def test_not_as_described_ends_with_an_offer_that_ana_takes(
    demo: ClockedDemo, new_claimant: NewClaimant, new_seller: NewSeller
) -> None:
    ana, wei = new_claimant(), new_seller()
    ana.opens(
        "C-wrong", "not_as_described", "part_refund", amount="20.00", contacted_at=ana.days_ago(3),
        text="The oak is painted steel.", differs="The wood", evidence_photos=PHOTO,
    )  # fmt: skip
    sees(ana.panel, word("now.wait_seller.buyer").split("{")[0])
    wei.opens("C-wrong")
    expect(wei.page.locator(".case-pane")).to_contain_text("The oak is painted steel.")
    expect(wei.page.locator(".case-pane")).not_to_contain_text("ana@example.com")
    tries(wei.page, "offer", remedy="part_refund", amount="999.00")
    expect(wei.page.locator("form.case-form .case-error")).to_contain_text("€43.00")
    wei.page.keyboard.press("Escape")
    does(wei.page, "offer", remedy="part_refund", amount="5.00", text="Only the foot is painted.")
    ana.looks_again()
    expect(ana.panel.locator(".case-offer")).to_contain_text("€5.00")
    does(ana.panel, "counter", remedy="part_refund", amount="15.00")
    wei.looks_again()
    does(wei.page, "offer", remedy="part_refund", amount="10.00")
    ana.looks_again()
    does(ana.panel, "accept_offer")
    ana.is_paid("€10.00")
    wei.looks_again()
    sees(wei.page, "paid back")
    wei.page.get_by_role("link", name="Closed").click()
    expect(wei.page.locator(".case-line")).to_have_count(2)  # one is the demo's own


def test_a_broken_lamp_goes_back_is_repaired_and_comes_again(
    demo: ClockedDemo, new_claimant: NewClaimant, new_seller: NewSeller
) -> None:
    ana, wei = new_claimant(), new_seller()
    ana.opens(
        "C-broken", "warranty", "repair", contacted_at=ana.days_ago(3), text="It flickers.",
        fault_date=ana.days_ago(9), fault="Flickers", evidence_photos=PHOTO,
    )  # fmt: skip
    wei.opens("C-broken")
    does(wei.page, "accept_request")
    does(wei.page, "label", text="RP 1-R, in any shop of Rápido")
    ana.looks_again()
    does(ana.panel, "return_shipped", tracking="RP 1-R")
    wei.looks_again()
    does(wei.page, "return_received")
    does(wei.page, "return_ok")
    does(wei.page, "replacement_shipped", tracking="RP 2")
    ana.looks_again()
    does(ana.panel, "replacement_ok")
    sees(ana.panel, word("outcome.repaired"))


def test_a_change_of_mind_needs_no_word(
    demo: ClockedDemo, new_claimant: NewClaimant, new_seller: NewSeller
) -> None:
    ana, wei = new_claimant(), new_seller()
    ana.opens("C-regret", "cooling_off")
    does(ana.panel, "return_shipped", tracking="RP 3")
    demo.later(days=4)
    wei.opens("C-regret")
    does(wei.page, "return_received")
    does(wei.page, "return_ok")
    ana.looks_again()
    ana.is_paid("€43.00")
