"""Help about an order: nothing that is known already is asked again."""

from playwright.sync_api import Browser, expect

from tests.browser import picture
from tests.browser.conftest import NewBuyer, NewOperator

NOTE = "Correo Sur answers by 17:00. If it is lost: refund."


def test_about_this_order_from_the_site_to_the_operators_eyes(
    browser: Browser, new_buyer: NewBuyer, new_operator: NewOperator
) -> None:
    ana = new_buyer("ana", "/orders/M-1002", viewport={"width": 660, "height": 820})
    ana.page.get_by_role("button", name="Help with this order").click()
    expect(ana.panel.get_by_role("heading", name="Order M-1002")).to_be_visible()
    ana.button("The delivery date has passed").click()
    expect(ana.panel.get_by_text("Did this help?")).to_be_visible()
    ana.button("Speak to a person").click()
    expect(ana.panel.locator(".queue-number")).to_be_visible()
    ana.write("It has not moved for six days.")

    marta = new_operator(viewport={"width": 1120, "height": 820})
    marta.take_next()
    beside = marta.page.get_by_label("Buyer and orders")
    expect(beside.get_by_text("Order M-1002")).to_be_visible()
    expect(beside.get_by_text("Late", exact=True).first).to_be_visible()
    marta.sees("It has not moved for six days.")
    marta.write("I see it, Ana: held at the sorting centre. I have asked the carrier.")
    marta.note(NOTE)
    marta.write("You will have an answer here today, and you need do nothing until then.")
    ana.sees("You will have an answer here today")
    ana.write("Thank you, Marta.")
    marta.sees("Thank you, Marta.")
    assert ana.said() == [one for one in marta.said() if one[0] != "note"]
    expect(marta.page.locator(".rows .row").first).to_contain_text("Thank you, Marta.")
    picture.side_by_side(browser, "chat", ana.page, marta.page)
