"""Routes of the buyer's cases in the panel."""

from playwright.sync_api import expect

from tests.browser.people import Buyer
from tests.browser.routes import Place, route
from tests.browser.tour import Tour


def mine(tour: Tour) -> Buyer:
    """Ana, before the list of her cases."""
    ana = tour.panel()
    ana.button("Menu").click()
    ana.button("My cases").click()
    expect(ana.panel.locator(".case-line").first).to_be_visible()
    return ana


def new(tour: Tour, order: str) -> Buyer:
    """Ana, before the form for a case about an order."""
    ana = tour.panel()
    ana.page.evaluate(f"Amparo.open({{ order: '{order}' }})")
    ana.panel.get_by_role("button", name="Open a case").click()
    expect(ana.panel.locator("#case-reason")).to_be_visible()
    return ana


@route("panel cases")
def _(tour: Tour) -> Place:
    ana = mine(tour)
    ana.button("Show closed cases").click()
    expect(ana.panel.get_by_role("heading", name="Closed cases")).to_be_visible()
    return ana.frame


@route("panel case")
def _(tour: Tour) -> Place:
    ana = mine(tour)
    ana.panel.locator(".case-line.yours").first.click()
    expect(ana.panel.locator(".case-due")).to_be_visible()
    for summary in ana.panel.locator("summary").all():
        summary.click()
    return ana.frame


@route("panel new case")
def _(tour: Tour) -> Place:
    ana = new(tour, "M-1004")
    for summary in ana.panel.locator("summary").all():
        summary.click()
    return ana.frame


@route("panel new case with what is missing")
def _(tour: Tour) -> Place:
    ana = new(tour, "M-1004")
    ana.panel.locator("#case-reason").check()
    ana.panel.locator('form [type="submit"]').click()
    expect(ana.panel.locator(".case-error").first).to_be_visible()
    return ana.frame
