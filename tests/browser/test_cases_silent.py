"""Promise (J6): what is due to a buyer comes even where nobody answers, and when it was said."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from amparo.storage.embedded import EmbeddedPostgres
from tests.browser.cases_people import at_the_desk, does, put_orders, sees, word
from tests.browser.clocked_demo import ClockedDemo, clocked_demo
from tests.browser.conftest import NewClaimant, NewOperator, NewSeller


@pytest.fixture(scope="module")
def demo(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ClockedDemo]:
    with clocked_demo(postgres, tmp_path_factory.mktemp("demo"), put_orders) as demo:
        yield demo


def test_a_payment_is_found_and_ana_says_that_it_is_right_now(
    demo: ClockedDemo, new_claimant: NewClaimant, new_operator: NewOperator
) -> None:
    ana, marta = new_claimant(), new_operator()
    ana.opens(
        "C-unpaid", "payment_not_credited", "credit_order", text="My bank says it is paid.",
        payment_reference="TR 991", payment_date=ana.days_ago(2),
    )  # fmt: skip
    sees(ana.panel, word("now.platform_check.buyer"))
    at_the_desk(marta, demo, "C-unpaid")
    marta.page.get_by_role("button", name="Take this case").click()
    expect(marta.page.get_by_role("button", name="Give this case back")).to_be_visible()
    does(marta.page, "fixed")
    ana.looks_again()
    does(ana.panel, "confirm")
    sees(ana.panel, word("outcome.confirmed"))


def test_what_was_never_sent_is_paid_back_by_itself(
    demo: ClockedDemo, new_claimant: NewClaimant
) -> None:
    ana = new_claimant()
    ana.opens("C-unsent", "paid_unavailable", "refund", text="Nothing was sent.")
    demo.later(days=5)
    ana.looks_again()
    ana.is_paid("€43.00")


def test_a_removed_page_is_shown_and_the_money_comes_back(
    demo: ClockedDemo, new_claimant: NewClaimant
) -> None:
    ana = new_claimant()
    ana.opens("C-removed", "page_removed", "refund", text="The page is gone.")
    ana.panel.locator("summary", has_text="The page as it was bought").first.click()
    expect(ana.panel.get_by_text("A round speaker with 20 hours of music")).to_be_visible()
    demo.later(days=6)
    ana.looks_again()
    ana.is_paid("€43.00")


def test_what_never_came_is_paid_back_when_the_seller_is_silent(
    demo: ClockedDemo, new_claimant: NewClaimant, new_seller: NewSeller
) -> None:
    ana, wei = new_claimant(), new_seller()
    ana.opens(
        "C-lost", "not_received", "refund", contacted_at=ana.days_ago(3),
        text="Nobody rang.", address_checked=True,
    )  # fmt: skip
    wei.opens("C-lost")
    expect(wei.page.locator(".case-due.yours")).to_be_visible()
    demo.later(days=6)
    ana.looks_again()
    ana.is_paid("€43.00")
    expect(ana.panel.locator(".case-timeline")).to_contain_text("did not answer")
