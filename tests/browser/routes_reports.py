"""Routes of the reports and of the contact guide's public pages."""

from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser import backstage
from tests.browser.routes import Place, route
from tests.browser.tour import Tour
from tests.storage.clusters import eventually

INBOX = "/admin/help/unanswered"


def prepared(tour: Tour) -> None:
    """Somebody asks what nobody knows, reads what the assistant says, and goes to a person."""
    teo = backstage.staff(tour.demo, backstage.TEO)
    if teo.get(INBOX)["items"]:
        return
    ana = backstage.buyer(tour.demo)
    chat = backstage.asked(ana, "Do your sellers repair zorkmids too?")
    eventually(lambda: len(messages(ana.stream(chat))) == 2, "the assistant answers", 120)
    ana.do(f"/conversations/{chat}/person", id=str(uuid4()))
    eventually(lambda: bool(teo.get(INBOX)["items"]), "it stands in the inbox")


def messages(stream: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in stream if event["kind"] == "message"]


@route("admin what helped")
def _(tour: Tour) -> Place:
    page = tour.admin("helped")
    expect(page.locator("table.outcomes").first).to_be_visible()
    return page


@route("admin unanswered")
def _(tour: Tour) -> Place:
    prepared(tour)
    page = tour.admin("unanswered")
    expect(page.locator(".unanswered-row").first).to_be_visible()
    return page


@route("admin unanswered becomes a question")
def _(tour: Tour) -> Place:
    prepared(tour)
    page = tour.admin("unanswered")
    row = page.locator(".unanswered-row").first
    row.locator(".unanswered-ways > div.nearest .button").first.click()
    expect(row.locator("textarea")).to_be_visible()
    return page


@route("admin mixed up")
def _(tour: Tour) -> Place:
    page = tour.admin("confused")
    expect(page.get_by_role("table")).to_be_visible()
    return page


@route("admin suggestions")
def _(tour: Tour) -> Place:
    page = tour.admin("suggestions")
    expect(page.locator(".trial li").first).to_be_visible()
    expect(page.get_by_role("table")).to_be_visible()
    return page


for _name, _path in {
    "help contact": "contact",
    "help contact category": "contact?topic=orders&category=orders_delivery",
    "help contact suggestion": "contact?question=orders_late",
    "help contact ways": "contact?question=returns_refund_not_arrived&helped=no",
}.items():
    route(_name)(lambda tour, path=_path: tour.help(path))  # type: ignore[misc]
