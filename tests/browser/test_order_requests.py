"""Quick fixes from an order, on the demo, whose site answers for real."""

from playwright.sync_api import expect

from tests.browser.conftest import NewBuyer
from tests.browser.people import Buyer


def about(buyer: Buyer, ref: str) -> None:
    """The panel, on the order."""
    buyer.page.get_by_role("button", name="Help with this order").click()
    expect(buyer.panel.get_by_role("heading", name=f"Order {ref}")).to_be_visible()


def press(buyer: Buyer, name: str) -> None:
    """The button of exactly this name."""
    buyer.panel.get_by_role("button", name=name, exact=True).click()


def test_ana_cancels_an_order_that_was_not_sent(new_buyer: NewBuyer) -> None:
    ana = new_buyer("ana", "/orders/M-1009")
    about(ana, "M-1009")
    ana.button("Cancel the order").click()
    expect(ana.panel.get_by_text("Cancel order M-1009?")).to_be_visible()
    press(ana, "No")
    ana.button("Cancel the order").click()
    ana.panel.get_by_role("button", name="Yes", exact=True).dblclick()
    expect(ana.panel.get_by_text("Order M-1009 is cancelled.")).to_be_visible()
    expect(ana.panel.locator(".quick-mark .done")).to_have_text("Done")
    assert ana.panel.get_by_text("Cancel order M-1009", exact=True).count() == 1

    ana.page.reload()
    expect(ana.page.locator("main .state")).to_have_text("Cancelled")
    about(ana, "M-1009")
    expect(ana.panel.locator(".facts .badge")).to_have_text("Refund on its way")
    expect(ana.panel.locator(".quick-request").first).to_contain_text("Done")
    expect(ana.button("Cancel the order")).to_have_count(0)


def test_what_the_carrier_has_is_refused_in_plain_words(new_buyer: NewBuyer) -> None:
    ana = new_buyer("ana", "/orders/M-1010")
    about(ana, "M-1010")
    ana.button("Cancel the order").click()
    press(ana, "Yes")
    refusal = ana.panel.locator(".quick-notice.refused")
    expect(refusal).to_contain_text("Order M-1010 could not be cancelled.")
    expect(refusal).to_contain_text("It has already been handed to the carrier.")
    expect(refusal).to_contain_text("The carrier collected it this morning.")
    ana.page.reload()
    expect(ana.page.locator("main .state")).to_have_text("On the way")


def test_a_question_about_an_order_ends_in_the_conversation(new_buyer: NewBuyer) -> None:
    ana = new_buyer("ana", "/orders/M-1003")
    about(ana, "M-1003")
    ana.button("Where is my parcel").click()
    told = ana.panel.locator(".quick-notice")
    expect(told).to_contain_text("The parcel of order M-1003 is on its way.")
    expect(told).to_contain_text("CS 4810 9031")
    ana.write("I want to cancel my order")
    ana.button("Cancel the order").click()
    expect(ana.panel.locator(".quick-card")).to_contain_text(
        "The order has already been handed to the carrier."
    )
    ana.button("All right").click()


def test_ana_opens_a_case_from_the_order_with_the_keyboard_alone(new_buyer: NewBuyer) -> None:
    ana = new_buyer("ana", "/orders/M-1004")
    about(ana, "M-1004")
    ana.panel.get_by_role("button", name="Open a case").press("Enter")
    ana.panel.get_by_role("radio", name="I have changed my mind").press("Space")
    submit = ana.panel.get_by_role("button", name="Open the case")
    submit.press("Enter")
    expect(ana.panel.locator(".case-due")).to_contain_text("What happens now")
    expect(ana.panel.get_by_role("heading", name="I have changed my mind")).to_be_focused()

    press(ana, "Order M-1004")
    known = ana.panel.get_by_role("region", name="Cases about this order")
    expect(known.locator(".case-line")).to_have_count(1)
    known.get_by_role("button", name="Open a case").press("Enter")
    expect(ana.panel.get_by_text("There is an open case already")).to_be_visible()


def test_what_only_the_site_can_do_is_a_link_to_it(new_buyer: NewBuyer) -> None:
    ana = new_buyer("ana")
    ana.open_help()
    ana.write("Do I have any coupons?")
    link = ana.panel.get_by_role("link", name="See my coupons")
    with ana.page.context.expect_page() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", name="My coupons")).to_be_visible()
