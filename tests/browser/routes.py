"""Every route of every surface, in one place: how one gets there, and what is looked at then."""

import re
from collections.abc import Callable

from playwright.sync_api import Frame, Page, expect

from tests.browser.people import cut
from tests.browser.tour import LATE_ORDER, LONG, ORDER, Tour

Place = Page | Frame
Show = Callable[[Tour], Place]
ROUTES: dict[str, Show] = {}


def route(name: str) -> Callable[[Show], Show]:
    """Put a route into the list under a name."""

    def keep(show: Show) -> Show:
        assert name not in ROUTES
        ROUTES[name] = show
        return show

    return keep


for _name, _path in {
    "site home": "/",
    "site product": "/p/teapot",
    "site orders": "/orders",
    "site order": f"/orders/{ORDER}",
    "site not found": "/nothing",
    "site webhooks": "/webhooks",
}.items():
    ROUTES[_name] = lambda tour, path=_path: tour.site(path).page  # type: ignore[misc]


@route("site signed out")
def _(tour: Tour) -> Place:
    return tour.site("/orders", "nobody").page


@route("panel home")
def _(tour: Tour) -> Place:
    return tour.panel().frame


@route("panel home of a visitor")
def _(tour: Tour) -> Place:
    return tour.panel("/", "nobody").frame


@route("panel question too long")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    ana.field.fill(LONG)
    expect(ana.panel.get_by_text("Please shorten it")).to_be_visible()
    return ana.frame


@route("panel topics")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    ana.button("Browse topics").click()
    expect(ana.panel.locator("main .row").first).to_be_visible()
    return ana.frame


@route("panel topic")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    ana.page.evaluate("Amparo.open({ topic: 'returns' })")
    expect(ana.panel.locator("main h2").first).to_be_visible()
    return ana.frame


@route("panel question")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    ana.page.evaluate("Amparo.open({ question: 'returns_refund_not_arrived' })")
    expect(ana.panel.get_by_text("Did this help?")).to_be_visible()
    return ana.frame


@route("panel channels")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    ana.page.evaluate("Amparo.open({ question: 'orders_track_parcel' })")
    ana.button("No").click()
    expect(ana.panel.locator(".channels .card").first).to_be_visible()
    return ana.frame


@route("panel contact")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    ana.button("Speak to a person").click()
    expect(ana.panel.get_by_role("radio").first).to_be_visible()
    return ana.frame


@route("panel orders")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    ana.button("My orders").click()
    expect(ana.panel.locator("main .row").first).to_be_visible()
    return ana.frame


@route("panel orders of a visitor")
def _(tour: Tour) -> Place:
    nobody = tour.panel("/", "nobody")
    nobody.button("My orders").click()
    expect(nobody.panel.get_by_text("once you sign in")).to_be_visible()
    return nobody.frame


@route("panel order")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    ana.page.evaluate(f"Amparo.open({{ order: '{LATE_ORDER}' }})")
    expect(ana.panel.get_by_text("Sorting centre, Zaragoza")).to_be_visible()
    for summary in ana.panel.locator("summary").all():
        summary.click()
    return ana.frame


@route("panel order not found")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    ana.page.evaluate("Amparo.open({ order: 'M-2001' })")
    expect(ana.panel.get_by_role("alert")).to_be_visible()
    return ana.frame


@route("panel menu")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    ana.button("Menu").click()
    expect(ana.panel.get_by_role("dialog")).to_be_visible()
    return ana.frame


@route("panel conversations")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    ana.button("Menu").click()
    ana.button("My conversations").click()
    expect(ana.panel.locator("main .row").first).to_be_visible()
    return ana.frame


@route("panel conversation with the assistant")
def _(tour: Tour) -> Place:
    ana = tour.conversation("bot")
    expect(ana.panel.get_by_text("Did this help?")).to_be_visible()
    return ana.frame


@route("panel conversation waiting")
def _(tour: Tour) -> Place:
    ana = tour.conversation("waiting")
    expect(ana.panel.locator(".queue-number")).to_be_visible()
    return ana.frame


@route("panel conversation assigned")
def _(tour: Tour) -> Place:
    return tour.conversation("assigned").frame


@route("panel conversation resolved")
def _(tour: Tour) -> Place:
    return tour.conversation("resolved").frame


@route("panel conversation deferred")
def _(tour: Tour) -> Place:
    return tour.conversation("deferred").frame


@route("panel without a connection")
def _(tour: Tour) -> Place:
    ana = tour.conversation("assigned")
    cut(ana.page.context)
    expect(ana.panel.get_by_text("No connection.")).to_be_visible()
    return ana.frame


@route("panel that cannot load")
def _(tour: Tour) -> Place:
    ana = tour.panel()
    cut(ana.page.context)
    ana.frame.wait_for_function("() => !navigator.onLine")  # the frame may hear of it later
    ana.button("My orders").click()
    expect(ana.panel.get_by_role("alert")).to_be_visible()
    return ana.frame


for _name, _path in {
    "help home": "",
    "help topic": "topics/payment",
    "help article": "orders_track_parcel",
    "help article about the telephone": "rules_phone_number",
    "help rating": "orders_track_parcel/useful?answer=no",
    "help rating thanks": "orders_track_parcel/useful",
    "help search": "search?q=parcel",
    "help search without a result": "search?q=xyzzyplugh",
    "help not found": "no_such_page",
}.items():
    ROUTES[_name] = lambda tour, path=_path: tour.help(path)  # type: ignore[misc]


@route("desk sign-in")
def _(tour: Tour) -> Place:
    page = tour.stranger("/desk/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


@route("desk sign-in refused")
def _(tour: Tour) -> Place:
    page = tour.stranger("/desk/")
    page.get_by_label("E-mail").fill("marta@mercadia.example")
    page.get_by_label("Password").first.fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("do not match")).to_be_visible()
    return page


@route("desk inbox")
def _(tour: Tour) -> Place:
    page = tour.desk()
    expect(page.locator(".rows .row").first).to_be_visible()
    return page


@route("desk empty list")
def _(tour: Tour) -> Place:
    page = tour.desk("mine", "teo@mercadia.example")
    expect(page.get_by_text("You have no open conversations")).to_be_visible()
    return page


@route("desk conversation waiting")
def _(tour: Tour) -> Place:
    return _thread(tour, "waiting")


@route("desk conversation")
def _(tour: Tour) -> Place:
    return _thread(tour, "assigned")


@route("desk conversation resolved")
def _(tour: Tour) -> Place:
    return _thread(tour, "resolved")


def _thread(tour: Tour, state: str) -> Page:
    page = tour.desk(f"all/{tour.conversations[state]}")
    expect(page.locator(".thread-log .message").first).to_be_visible()
    expect(page.get_by_text("Sorting centre, Zaragoza")).to_be_attached()
    return page


@route("desk note")
def _(tour: Tour) -> Place:
    page = _thread(tour, "assigned")
    page.locator(".mode-switch label.note").click()
    page.get_by_label("Note for staff").fill("The carrier lost it.")
    return page


@route("desk conversation not found")
def _(tour: Tour) -> Place:
    page = tour.desk("all/01a20456-23a6-7fce-863e-e2a6171942db")
    expect(page.get_by_text("does not exist")).to_be_visible()
    return page


@route("desk keyboard help")
def _(tour: Tour) -> Place:
    page = tour.desk()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


@route("desk commands")
def _(tour: Tour) -> Place:
    page = tour.desk()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("listbox")).to_be_visible()
    return page


@route("desk account menu")
def _(tour: Tour) -> Place:
    page = tour.desk()
    page.locator(".user-button").click()
    expect(page.locator("#user-menu")).to_be_visible()
    return page


@route("desk without a connection")
def _(tour: Tour) -> Place:
    page = _thread(tour, "assigned")
    cut(page.context)
    expect(page.locator(".connection")).to_be_visible()
    return page


@route("admin overview")
def _(tour: Tour) -> Place:
    page = tour.admin()
    expect(page.get_by_role("heading", name="Teams and hours")).to_be_visible()
    return page


@route("admin content")
def _(tour: Tour) -> Place:
    page = tour.admin("content/es")
    expect(page.get_by_role("link", name=re.compile("paquete")).first).to_be_visible()
    return page


@route("admin editor")
def _(tour: Tour) -> Place:
    page = tour.admin("content/en/orders_track_parcel")
    expect(page.get_by_role("textbox", name="Answer")).to_be_visible()
    return page


@route("admin webhooks")
def _(tour: Tour) -> Place:
    page = tour.admin("deliveries")
    expect(page.get_by_role("table")).to_be_visible()
    return page


@route("admin for an operator")
def _(tour: Tour) -> Place:
    page = tour.admin("", "marta@mercadia.example")
    expect(page.get_by_text("This part is for administrators")).to_be_visible()
    return page


# At the end: it puts its routes into the list above.
from tests.browser import (  # noqa: E402
    routes_chat,
    routes_desk,
    routes_desk_cases,
    routes_panel_cases,
    routes_reports,
    routes_seller,
)

__all__ = [
    "ROUTES",
    "Place",
    "route",
    "routes_chat",
    "routes_desk",
    "routes_desk_cases",
    "routes_panel_cases",
    "routes_reports",
    "routes_seller",
]
