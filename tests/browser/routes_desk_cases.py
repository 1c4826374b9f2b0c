"""Routes of the cases at the desk, and of their policy."""

from playwright.sync_api import Page, expect

from tests.browser.routes import Place, route
from tests.browser.tour import Tour

REVIEWED, APPEALED = "M-3202", "M-3203"
"""Orders of the demo: its case waits for an operator; its case is appealed."""


def cases(tour: Tour, list: str = "all") -> Page:
    """The work list with rows in it."""
    page = tour.desk("cases")
    page.goto(f"{tour.demo.url}/desk/cases?list={list}&lang={tour.look.language}")
    expect(page.locator(".work-row").first).to_be_visible()
    return page


def case(tour: Tour, order: str) -> Page:
    """The page of the case about an order."""
    page = tour.desk("cases")
    page.goto(f"{tour.demo.url}/desk/cases?list=all&q={order}&lang={tour.look.language}")
    expect(page.locator(".work-row")).to_have_count(1)
    page.locator(".work-row").click()
    expect(page.locator(".desk-compare")).to_be_visible()
    return page


@route("desk cases")
def _(tour: Tour) -> Place:
    return cases(tour)


@route("desk cases empty")
def _(tour: Tour) -> Place:
    page = cases(tour)
    page.goto(f"{tour.demo.url}/desk/cases?list=alarms&lang={tour.look.language}")
    expect(page.locator(".work-rows .empty")).to_be_visible()
    return page


@route("desk cases filtered away")
def _(tour: Tour) -> Place:
    page = cases(tour)
    page.goto(f"{tour.demo.url}/desk/cases?list=all&q=nothing&lang={tour.look.language}")
    expect(page.locator(".work-rows .empty .button")).to_be_visible()
    return page


@route("desk case")
def _(tour: Tour) -> Place:
    return case(tour, REVIEWED)


@route("desk case appealed, with a conflict")
def _(tour: Tour) -> Place:
    page = case(tour, APPEALED)
    expect(page.locator(".desk-case > .notice.danger")).to_be_visible()
    return page


@route("desk case being decided")
def _(tour: Tour) -> Place:
    page = case(tour, REVIEWED)
    page.keyboard.press("e")
    expect(page.locator(".decision-form")).to_be_visible()
    page.locator(".decision-form [type=submit]").click()
    expect(page.locator(".decision-form .case-error").first).to_be_visible()
    return page


@route("desk case asking for evidence")
def _(tour: Tour) -> Place:
    page = case(tour, REVIEWED)
    page.locator('.case-buttons [data-key="ask_evidence"]').click()
    expect(page.locator(".case-form")).to_be_visible()
    return page


@route("desk case not found")
def _(tour: Tour) -> Place:
    page = tour.desk("cases/01a20456-23a6-7fce-863e-e2a6171942db")
    expect(page.locator(".desk-case .empty")).to_be_visible()
    return page


@route("desk case commands")
def _(tour: Tour) -> Place:
    page = case(tour, REVIEWED)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("listbox")).to_be_visible()
    return page


@route("admin policy of cases")
def _(tour: Tour) -> Place:
    page = tour.admin("cases")
    field = page.locator(".policy-value .field").nth(2)
    expect(field).to_be_visible()
    field.fill("6d")
    expect(page.locator(".policy-changes li")).to_have_count(2)
    page.locator(".policy-value .field").nth(3).fill("soon")
    return page


@route("admin policy of cases tried")
def _(tour: Tour) -> Place:
    page = tour.admin("cases")
    page.locator(".policy-value .field").nth(2).fill("6d")
    page.locator(".policy-new .button.primary").click()
    expect(page.locator(".policy-simulation table")).to_be_visible(timeout=60_000)
    return page
