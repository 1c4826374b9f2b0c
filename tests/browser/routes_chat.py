"""Routes of a conversation in which everything has happened that can."""

import re
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser import backstage
from tests.browser.people import Buyer
from tests.browser.routes import Place, route
from tests.browser.tour import Tour

_BILL = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def lived(tour: Tour) -> Buyer:
    """Ana's conversation with Marta, with an answer, a change, a deletion and a file in it."""
    ana, marta = backstage.buyer(tour.demo), backstage.staff(tour.demo)
    chat = tour.conversations["assigned"]
    path = f"/conversations/{chat}"
    if not any(event["kind"] == "deleted" for event in ana.stream(chat)):
        about = "Look at https://mercadia.example/a/very/long/address?that=does&not=end, please."
        backstage.say(marta, chat, about)
        question = said(ana.stream(chat), about)
        backstage.say(ana, chat, "I have looked, and it is blue.", quote=question)
        backstage.say(ana, chat, "It is gren.")
        backstage.say(ana, chat, "This is not for you.")
        stream = ana.stream(chat)
        changed, gone = said(stream, "It is gren."), said(stream, "This is not for you.")
        words = {"id": str(uuid4()), "body": "It is green."}
        assert ana.ask("PATCH", f"{path}/messages/{changed}", json=words).is_success
        query = f"client_id={uuid4()}&name=The%20bill%20of%20March.pdf"
        put = ana.ask("POST", f"{path}/files?{query}", content=_BILL)
        assert put.is_success, put.text
        backstage.say(ana, chat, "And this is the bill.", files=[put.json()["id"]])
        assert ana.ask("DELETE", f"{path}/messages/{gone}").is_success
    buyer = tour.conversation("assigned")
    expect(buyer.panel.locator(".file-chip")).to_be_visible()
    return buyer


def said(stream: list[dict[str, Any]], body: str) -> str:
    """The id of a message by its words."""
    found: str = next(
        event["data"]["message_id"]
        for event in stream
        if event["kind"] == "message" and event["data"]["body"] == body
    )
    return found


def menu_of(ana: Buyer, text: str) -> None:
    message = ana.panel.locator(".log .message", has_text=text)
    message.get_by_role("button", name=re.compile("Actions for the message")).click()
    expect(ana.panel.get_by_role("menu")).to_be_visible()


@route("panel conversation lived")
def _(tour: Tour) -> Place:
    return lived(tour).frame


@route("panel menu of a message")
def _(tour: Tour) -> Place:
    ana = lived(tour)
    menu_of(ana, "It is green.")
    return ana.frame


@route("panel answer to a message")
def _(tour: Tour) -> Place:
    ana = lived(tour)
    menu_of(ana, "It is green.")
    ana.panel.get_by_role("menuitem", name="Answer this message").click()
    expect(ana.panel.locator(".answering")).to_be_visible()
    return ana.frame


@route("panel message being changed")
def _(tour: Tour) -> Place:
    ana = lived(tour)
    menu_of(ana, "It is green.")
    ana.panel.get_by_role("menuitem", name="Change the text").click()
    expect(ana.panel.get_by_role("textbox", name="New text of your message")).to_be_visible()
    return ana.frame


@route("panel rating")
def _(tour: Tour) -> Place:
    ana = tour.conversation("resolved")
    ana.panel.get_by_role("radio").nth(3).check(force=True)
    expect(ana.button("Friendly")).to_be_visible()
    return ana.frame
