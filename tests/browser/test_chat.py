"""Promise J4 in the panel: what both sides notice of each other, and what can be changed."""

import base64
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Locator, Page, Playwright, expect

from tests.browser import axe, backstage, chromium
from tests.browser.conftest import NewBuyer, remember
from tests.browser.demo import Demo
from tests.browser.people import Buyer, cut, mend
from tests.journeys.people import Person
from tests.sockets import Live

_DROP = """(place, [name, type, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
    const data = new DataTransfer()
    data.items.add(new File([bytes], name, { type }))
    place.dispatchEvent(
        new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
}"""


def look(page: Page, name: str) -> None:
    """A screenshot for one's own eyes, where AMPARO_LOOK names a folder."""
    if folder := os.environ.get("AMPARO_LOOK"):
        page.screenshot(path=Path(folder) / f"chat-{name}.png")


class Marta:
    """The operator, without a browser: by HTTP, and with a live connection for what is not."""

    def __init__(self, demo: Demo) -> None:
        self.person: Person = backstage.staff(demo)
        self.live: Live = self.person.live()
        self.conversation = ""

    def take(self, conversation: str) -> None:
        self.conversation = conversation
        self.person.do(f"/desk/conversations/{conversation}/take")
        self.live.subscribe(conversation)

    def say(self, body: str, **rest: Any) -> str:
        found: str = self.live.say(self.conversation, body, **rest)["message_id"]
        return found

    def writes(self, on: bool = True) -> None:
        self.live.send({"type": "typing", "conversation": self.conversation, "on": on})

    def hears(self, kind: str, wanted: dict[str, Any]) -> None:
        """Wait until her stream has such an event."""

        def there() -> bool:
            events = self.live.events(self.conversation, kind)
            return any(wanted.items() <= event["data"].items() for event in events)

        self.live.until(there, f"{kind} {wanted}")

    def reads(self) -> None:
        """Everything that she has."""
        seq = self.live.last_seq(self.conversation)
        frame = {"type": "seen", "conversation": self.conversation, "seq": seq, "read": True}
        self.live.send(frame)

    def resolves(self) -> None:
        path = f"/desk/conversations/{self.conversation}/resolve"
        self.person.do(path, id=str(uuid4()))

    def leaves(self) -> None:
        """The next test finds the same people without an open conversation."""
        self.resolves()
        self.live.close()


def with_marta(demo: Demo, buyer: Buyer) -> Marta:
    """The buyer asks for a person, and Marta takes the conversation."""
    buyer.open_help()
    buyer.ask("Where is my parcel?")
    buyer.button("Speak to a person").click()
    expect(buyer.panel.locator(".queue-number")).to_be_visible()
    marta = Marta(demo)
    (waiting,) = marta.person.get("/desk/inbox?view=waiting")["items"]
    marta.take(waiting["id"])
    expect(buyer.panel.get_by_role("heading", name="Marta")).to_be_visible()
    return marta


def message(buyer: Buyer, text: str) -> Locator:
    return buyer.panel.locator(".log .message", has_text=text)


def choose(buyer: Buyer, text: str, action: str) -> None:
    """An action of a message's own menu, by the keyboard."""
    menu = message(buyer, text).get_by_role("button", name=re.compile("Actions for the message"))
    menu.focus()
    menu.press("Enter")
    buyer.panel.get_by_role("menuitem", name=action).press("Enter")


def clean(buyer: Buyer) -> None:
    assert "\n".join(axe.violations(buyer.frame)) == ""


def test_both_sides_notice_each_other_in_every_tab(demo: Demo, new_buyer: NewBuyer) -> None:
    ana = new_buyer("ana")
    marta = with_marta(demo, ana)

    # the same buyer in a second tab of the same browser
    second = Buyer(ana.page.context.new_page())
    second.page.goto(ana.page.url)
    second.open_help()
    second.button("Your conversation").click()

    expect(second.panel.get_by_role("heading", name="Marta")).to_be_visible()

    ana.page.bring_to_front()
    for tab in (second, ana):
        marta.writes()
        expect(tab.panel.get_by_text("Marta is writing")).to_be_visible()
    look(ana.page, "typing")
    marta.say("See https://mercadia.example/track?parcel=7, please.")
    expect(ana.panel.get_by_text("Marta is writing")).to_have_count(0)
    link = ana.panel.get_by_role("link", name="https://mercadia.example/track?parcel=7")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow ugc")

    # what one tab says, the other shows once; it is delivered, then read
    ana.write("I have seen it.")
    for tab in (ana, second):
        tab.sees("I have seen it.")
    expect(message(ana, "I have seen it.").locator(".receipt")).to_contain_text("Sent")
    marta.live.until(lambda: "I have seen it." in marta.live.bodies(marta.conversation), "heard")
    marta.reads()
    for tab in (ana, second):
        expect(message(tab, "I have seen it.").locator(".receipt")).to_contain_text("Read")
    marta.hears("receipt", {"party": "buyer"})
    marta.leaves()


def test_a_message_is_quoted_changed_and_deleted(demo: Demo, new_buyer: NewBuyer) -> None:
    olga = new_buyer("olga")
    marta = with_marta(demo, olga)
    marta.say("Which colour do you want?")
    choose(olga, "Which colour", "Answer this message")
    look(olga.page, "answering")
    olga.write("Blue, plese.")
    answer = message(olga, "Blue, plese.")
    expect(answer.locator(".quote")).to_contain_text("Which colour do you want?")
    answer.locator("button.quote").click()
    expect(message(olga, "Which colour").first).to_be_focused()

    olga.sees("Blue, plese.")
    choose(olga, "Blue, plese.", "Change the text")
    box = olga.panel.get_by_label("New text of your message")
    box.fill("Something else")
    box.press("Escape")
    expect(message(olga, "Blue, plese.")).to_have_count(1)
    olga.field.press("ArrowUp")
    box.fill("Blue, please.")
    look(olga.page, "editing")
    box.press("Enter")
    expect(message(olga, "Blue, please.")).to_contain_text("changed")
    marta.hears("edited", {"body": "Blue, please."})

    olga.write("Wrong window.")
    olga.sees("Wrong window.")
    choose(olga, "Wrong window.", "Delete")
    look(olga.page, "delete")
    olga.panel.get_by_role("button", name="Delete it").click()
    expect(message(olga, "This message was deleted")).to_have_count(1)
    expect(message(olga, "Wrong window.")).to_have_count(0)
    look(olga.page, "changed")
    clean(olga)
    olga.page.reload()
    olga.open_if_closed()
    expect(message(olga, "Blue, please.")).to_contain_text("changed")
    expect(message(olga, "Wrong window.")).to_have_count(0)
    marta.leaves()


def test_a_file_goes_along_and_a_program_is_refused(demo: Demo, new_buyer: NewBuyer) -> None:
    ana = new_buyer("ana")
    marta = with_marta(demo, ana)
    bill = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    content = base64.b64encode(bill).decode()
    ana.field.evaluate(_DROP, ["run.exe", "application/x-msdownload", content])
    expect(ana.panel.get_by_text("This kind of file cannot be added")).to_be_visible()
    look(ana.page, "refused")
    ana.panel.get_by_role("button", name="Remove run.exe").click()
    ana.field.evaluate(_DROP, ["bill.pdf", "application/pdf", content])
    expect(ana.panel.get_by_text("bill.pdf: ready to send")).to_be_attached()
    look(ana.page, "file-waits")
    ana.write("Here is the bill.")
    ana.sees("Here is the bill.")
    look(ana.page, "file-sent")
    with ana.page.expect_download() as download:
        ana.button("Download bill.pdf").click()
    assert Path(download.value.path()).read_bytes() == bill
    clean(ana)
    marta.leaves()


def test_what_is_written_without_a_network_outlives_its_tab_and_is_sent_once(
    demo: Demo, playwright: Playwright, tmp_path: Path
) -> None:
    # where the browser lets a frame of another site keep anything; elsewhere only the tab keeps it
    browser = chromium.opened(playwright, tmp_path, foreign_cookies=True)
    context = browser.new_context(locale="en-GB")
    remember(context, demo, "ana")
    ana = Buyer(context.new_page())
    ana.page.goto(demo.site_url)
    marta = with_marta(demo, ana)
    cut(context)
    ana.write("Written in a tunnel.")
    expect(message(ana, "Written in a tunnel.")).to_contain_text("Sending")
    expect(ana.panel.get_by_text("No connection. Your messages are kept")).to_be_visible()
    look(ana.page, "offline")
    # the tab is closed; another one of the same person finds what it left
    ana.page.close()
    mend(context)
    again = Buyer(context.new_page())
    again.page.goto(demo.site_url)
    again.open_help()
    again.button("Your conversation").click()
    again.sees("Written in a tunnel.")
    marta.live.until(
        lambda: marta.live.bodies(marta.conversation).count("Written in a tunnel.") == 1, "arrived"
    )
    marta.leaves()
    browser.close()


def test_at_the_end_it_is_rated_and_kept(demo: Demo, new_buyer: NewBuyer) -> None:
    olga = new_buyer("olga")
    marta = with_marta(demo, olga)
    marta.say("It is on its way.")
    olga.sees("It is on its way.")
    marta.resolves()
    stars = olga.panel.get_by_role("radio")
    expect(stars).to_have_count(5)
    stars.first.focus()
    stars.first.press("ArrowRight")  # by keyboard: the second star
    expect(olga.panel.get_by_role("button", name="Took too long")).to_be_visible()
    olga.panel.get_by_role("radio", name="4 of 5").check(force=True)
    olga.panel.get_by_role("button", name="Friendly", exact=True).click()
    olga.panel.get_by_label("Anything else we should know").fill("Thank you, Marta")
    look(olga.page, "rating")
    clean(olga)
    olga.panel.get_by_role("region", name="How it was").get_by_role("button", name="Send").click()
    expect(olga.panel.get_by_text("Thank you. We read every answer.")).to_be_visible()
    look(olga.page, "rated")
    wanted = {"score": 4, "reason": "friendly", "comment": "Thank you, Marta"}
    marta.hears("rated", wanted)

    olga.button("Menu").click()
    look(olga.page, "transcript")
    with olga.page.expect_download() as download:
        olga.panel.get_by_role("button", name="Download").click()
    kept = Path(download.value.path()).read_text()
    assert "It is on its way." in kept
    olga.panel.get_by_role("button", name="Send by e-mail").click()
    expect(olga.panel.get_by_role("dialog").get_by_text("It is on its way to")).to_be_visible()
    clean(olga)
    marta.live.close()


def test_the_queue_says_how_long_and_a_blocked_person_when(demo: Demo, new_buyer: NewBuyer) -> None:
    nobody = new_buyer("nobody")
    nobody.open_help()
    nobody.ask("Where is my parcel?")
    nobody.button("Speak to a person").click()
    expect(nobody.panel.locator(".queue-number")).to_be_visible()
    expect(nobody.panel.locator(".queue")).to_contain_text(
        re.compile("Wait: |We cannot say yet how long")
    )
    look(nobody.page, "queue")
    teo = backstage.staff(demo, backstage.TEO)
    (waiting,) = teo.get("/desk/inbox?view=waiting")["items"]
    person = teo.get(f"/conversations/{waiting['id']}")["buyer"]["id"]
    until = (datetime.now(UTC) + timedelta(minutes=90)).isoformat()
    answer = teo.ask("PUT", f"/desk/people/{person}/block", json={"until": until, "reason": "x"})
    assert answer.is_success, answer.text
    nobody.write("Hello?")
    expect(message(nobody, "Hello?")).to_contain_text("You can write again: ")
    look(nobody.page, "blocked")
    clean(nobody)
