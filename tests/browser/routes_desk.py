"""Routes of the desk's inbox, its dialogs and its administration."""

from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser import backstage
from tests.browser.routes import Place, route
from tests.browser.tour import Tour


def furnished(tour: Tour) -> None:
    """Tags, a saved list and a macro: once, whichever route comes first."""
    marta = backstage.staff(tour.demo)
    if marta.get("/desk/views"):
        return
    tagged = tour.conversations["assigned"]
    tags = ["late-parcel", "broken", "double-charge"]
    marta.do(f"/desk/conversations/{tagged}/tags", id=str(uuid4()), add=tags)
    query = {"view": "all", "tag": "broken"}
    marta.do("/desk/views", id=str(uuid4()), name="Broken goods", query=query, shared=True)


def inbox(tour: Tour, path: str = "all") -> Page:
    """A list of the desk with rows in it."""
    furnished(tour)
    page = tour.desk(path)
    expect(page.locator(".rows .row").first).to_be_visible()
    return page


@route("desk lists")
def _(tour: Tour) -> Place:
    page = inbox(tour)
    if page.locator(".view-more").is_visible():
        page.locator(".view-more").click()
        expect(page.locator("#view-menu .saved")).to_be_visible()
    return page


@route("desk filters")
def _(tour: Tour) -> Place:
    page = inbox(tour)
    page.keyboard.press("Shift+F")
    page.locator("#inbox-filters select").nth(2).select_option("chat")
    page.locator("#inbox-filters select").nth(6).select_option("oldest")
    expect(page.locator(".chips li")).to_have_count(2)
    return page


@route("desk filters in the way")
def _(tour: Tour) -> Place:
    page = inbox(tour)
    page.keyboard.press("Shift+F")
    page.locator("#inbox-filters select").nth(2).select_option("email")
    page.keyboard.press("Escape")
    expect(page.locator(".rows .empty")).to_be_visible()
    return page


@route("desk selection")
def _(tour: Tour) -> Place:
    page = inbox(tour)
    page.keyboard.press("Shift+J")
    page.keyboard.press("Shift+J")
    expect(page.get_by_role("toolbar")).to_be_visible()
    return page


for _name, _key in {"tags": "l", "snooze": "s", "transfer": "Shift+T", "macro": "m"}.items():

    @route(f"desk selection {_name}")
    def _(tour: Tour, key: str = _key) -> Place:
        page = inbox(tour)
        page.keyboard.press("Shift+J")
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        return page


@route("desk save a list")
def _(tour: Tour) -> Place:
    page = inbox(tour)
    if page.locator(".view-more").is_visible():
        page.locator(".view-more").click()
    page.locator(".view-menu > .button:visible, .view-rail > .button:visible").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


@route("desk own keys")
def _(tour: Tour) -> Place:
    page = inbox(tour)
    page.keyboard.press("?")
    page.locator(".dialog-actions .button").click()
    expect(page.locator(".remap")).to_be_visible()
    page.locator(".key-button").first.click()
    page.keyboard.press("k")
    expect(page.locator(".dialog .notice.warning")).to_be_visible()
    return page


@route("desk search")
def _(tour: Tour) -> Place:
    page = inbox(tour)
    page.keyboard.press("/")
    page.keyboard.type("matter")
    expect(page.locator(".hit mark").first).to_be_visible()
    page.locator(".search-filters summary").click()
    return page


@route("desk search without a result")
def _(tour: Tour) -> Place:
    page = inbox(tour)
    page.keyboard.press("/")
    page.keyboard.type("xyzzyplugh")
    expect(page.locator(".rows .empty")).to_be_visible()
    return page


@route("desk presence")
def _(tour: Tour) -> Place:
    page = inbox(tour)
    page.locator("button.presence").click()
    expect(page.locator(".who li").first).to_be_visible()
    return page


for _page in ("teams", "operators", "macros"):

    @route(f"admin {_page}")
    def _(tour: Tour, name: str = _page) -> Place:
        page = tour.admin(name)
        page.locator(".setting summary").first.click()
        expect(page.locator(".setting-form").first).to_be_visible()
        return page


@route("admin team with hours")
def _(tour: Tour) -> Place:
    page = tour.admin("teams")
    page.locator(".setting summary").last.click()
    expect(page.locator(".week-day").first).to_be_visible()
    return page


@route("admin new macro")
def _(tour: Tour) -> Place:
    page = tour.admin("macros")
    page.locator(".add").click()
    expect(page.locator(".setting-form")).to_be_visible()
    page.locator(".setting-form [type=submit]").click()
    return page


@route("admin answer times")
def _(tour: Tour) -> Place:
    page = tour.admin("sla")
    expect(page.locator(".sla-table")).to_be_visible()
    return page
