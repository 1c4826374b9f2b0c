"""Routes of the sellers' page."""

from playwright.sync_api import Page, expect

from tests.browser.routes import Place, route
from tests.browser.tour import Tour


def arrived(tour: Tour, path: str = "") -> Page:
    """A place of Wei's, who came from the marketplace."""
    wei = tour.site("/seller-cases", "wei")
    wei.page.wait_for_url(f"{tour.demo.url}/seller/**")
    expect(wei.page.locator(".work")).to_be_visible()
    joint = "&" if "?" in path else "?"
    wei.page.goto(f"{tour.demo.url}/seller/{path}{joint}lang={tour.look.language}")
    return wei.page


def first_case(tour: Tour) -> Page:
    """The case that is due first."""
    page = arrived(tour)
    page.locator(".case-line").first.click()
    expect(page.locator(".case-due")).to_be_visible()
    return page


@route("seller signed out")
def _(tour: Tour) -> Place:
    page = tour.stranger("/seller/")
    expect(page.locator(".sign-in a.button")).to_be_visible()
    return page


@route("seller with a link that was used")
def _(tour: Tour) -> Place:
    page = tour.stranger("/seller/")
    page.goto(f"{page.url}#site=pk_mercadia_demo&token=used")
    page.reload()
    expect(page.locator(".sign-in .notice.warning")).to_be_visible()
    return page


@route("seller work list")
def _(tour: Tour) -> Place:
    page = arrived(tour)
    expect(page.locator(".case-line").first).to_be_visible()
    return page


@route("seller closed cases")
def _(tour: Tour) -> Place:
    page = arrived(tour, "?list=closed")
    expect(page.locator(".case-line, .empty").first).to_be_visible()
    return page


@route("seller menu")
def _(tour: Tour) -> Place:
    page = arrived(tour)
    page.locator(".user-button").click()
    expect(page.locator("#user-menu")).to_be_visible()
    return page


@route("seller case")
def _(tour: Tour) -> Place:
    page = first_case(tour)
    for summary in page.locator(".case summary").all():
        summary.click()
    return page


@route("seller offer")
def _(tour: Tour) -> Place:
    page = arrived(tour)
    page.locator(".case-line").filter(has=page.locator("bdi", has_text="keyboard")).first.click()
    page.locator('[data-key="offer"]').click()
    page.locator("form.case-form [type=submit]").click()
    expect(page.locator("form.case-form .case-error").first).to_be_visible()
    return page


@route("seller case of nobody")
def _(tour: Tour) -> Place:
    page = arrived(tour, "cases/01990000-0000-7000-8000-000000000000")
    expect(page.locator(".case-pane .empty")).to_be_visible()
    return page
