"""The main story with two people at once: a buyer asks, waits, talks to an operator, and the
matter is resolved, through a reload, a cut connection and a restart of the server."""

import json
from collections import defaultdict
from collections.abc import Sequence

import pytest
from playwright.sync_api import expect

from demo.people import SITE_KEY
from tests.browser.conftest import NewBuyer, NewOperator
from tests.browser.demo import Demo
from tests.browser.people import Buyer, Operator, Said, cut, mend
from tests.journeys.people import arrived, new_chat, request_id

ANSWERED = "Open My orders and choose the order."
NOTE = "Ana is right, the carrier lost it. Do not tell her yet."


@pytest.mark.timeout(300)
def test_a_buyer_gets_help_whatever_happens_on_the_way(
    demo: Demo, new_buyer: NewBuyer, new_operator: NewOperator
) -> None:
    somebody_waits(demo)
    ana = new_buyer("ana")
    ana_asks_and_wants_a_person(ana)
    expect(ana.panel.locator(".queue-number")).to_have_text("2")
    marta = new_operator()
    marta.take_next()
    expect(ana.panel.locator(".queue-number")).to_have_text("1")
    marta.take_next()
    they_talk(ana, marta)
    ana_reloads(ana, marta)
    the_connection_is_cut(ana, marta)
    the_server_is_killed(demo, ana, marta)
    marta.note(NOTE)
    the_matter_is_resolved_and_comes_back(ana, marta)

    told = [(who, body) for who, body in marta.said() if who != "note"]
    assert ana.said() == told
    assert [body for _, body in told if not body.startswith(ANSWERED)] == [
        "Where is my parcel?",
        *("Hello Ana, I am looking into it.", "Thank you. It is the backpack."),
        "Written after a reload",
        *("Written to nobody's screen", "Written without a connection"),
        *in_either_order(told, "Written to a dead server", "Answered to a dead server"),
        *("It will arrive on Friday.", "It is Friday and it is not here."),
    ]
    nothing_tells_of_the_note(ana)
    for one in (ana, marta):
        before = one.said()
        one.page.reload()
        one.sees("It is Friday and it is not here.")
        assert one.said() == before


def somebody_waits(demo: Demo) -> None:
    """A visitor who came first."""
    visitor = arrived(demo, {"site": SITE_KEY, "language": "en"})
    live = visitor.live()
    conversation = new_chat(live, site=SITE_KEY)
    visitor.do(f"/conversations/{conversation}/person", id=request_id(), language="en")
    live.close()


def ana_asks_and_wants_a_person(ana: Buyer) -> None:
    ana.open_help()
    ana.ask("Where is my parcel?")
    expect(ana.panel.get_by_text(ANSWERED)).to_be_visible()
    source = ana.panel.get_by_role("link", name="From: How do I track my parcel?")
    expect(source).to_have_attribute("href", "/help/en/orders_track_parcel")
    ana.button("No").click()
    expect(ana.panel.get_by_text("Then let us find the right way to help.")).to_be_visible()
    ana.button("Speak to a person").click()


def they_talk(ana: Buyer, marta: Operator) -> None:
    expect(ana.panel.get_by_text("Marta has joined.")).to_be_visible()
    marta.sees("Where is my parcel?")
    marta.write("Hello Ana, I am looking into it.")
    ana.sees("Hello Ana, I am looking into it.")
    ana.write("Thank you. It is the backpack.")
    marta.sees("Thank you. It is the backpack.")


def ana_reloads(ana: Buyer, marta: Operator) -> None:
    """The page comes back as it was: panel open, the same conversation, ready to go on."""
    ana.page.reload()
    ana.sees("Thank you. It is the backpack.")
    ana.write("Written after a reload")
    marta.sees("Written after a reload")


def the_connection_is_cut(ana: Buyer, marta: Operator) -> None:
    cut(ana.page.context)
    marta.write("Written to nobody's screen")
    marta.sees("Written to nobody's screen")
    ana.write("Written without a connection")
    late = ana.panel.locator(".message", has_text="Written without a connection")
    expect(late).to_contain_text("Sending")
    expect(ana.panel.get_by_text("No connection.")).to_be_visible()
    mend(ana.page.context)
    marta.sees("Written without a connection")
    ana.sees("Written without a connection")
    ana.sees("Written to nobody's screen")
    expect(ana.panel.get_by_text("No connection.")).to_be_hidden()


def the_server_is_killed(demo: Demo, ana: Buyer, marta: Operator) -> None:
    demo.kill()
    ana.write("Written to a dead server")
    marta.write("Answered to a dead server")
    for one in (ana.panel.locator("body"), marta.page.locator("body")):
        expect(one.locator(".message", has_text="to a dead server")).to_contain_text("Sending")
    demo.start()
    for person in (ana, marta):
        person.sees("Written to a dead server")
        person.sees("Answered to a dead server")


def the_matter_is_resolved_and_comes_back(ana: Buyer, marta: Operator) -> None:
    marta.write("It will arrive on Friday.")
    ana.sees("It will arrive on Friday.")
    marta.page.get_by_role("button", name="Resolve", exact=True).click()
    expect(ana.panel.get_by_text("This was marked as solved.")).to_be_visible()
    ana.write("It is Friday and it is not here.")
    ana.sees("It is Friday and it is not here.")
    expect(ana.panel.get_by_text("The conversation goes on.")).to_be_visible()
    marta.page.get_by_role("link", name="Waiting").click()
    marta.page.locator(".rows").get_by_role("link", name="Ana").click()
    marta.sees("It is Friday and it is not here.")


def in_either_order(told: Sequence[Said], one: str, other: str) -> list[str]:
    """Two who write at the same moment: whoever came first, both screens say the same."""
    return [body for _, body in told if body in (one, other)]


def nothing_tells_of_the_note(ana: Buyer) -> None:
    """Neither the page nor what it was sent: not the text, and not as a missing number."""
    assert NOTE not in ana.frame.content()
    for connection in ana.received:
        seqs = defaultdict(list)
        for text in connection:
            assert NOTE not in text
            frame = json.loads(text)
            if frame["type"] == "event":
                seqs[frame["conversation"]].append(frame["seq"])
        for got in seqs.values():
            assert got == list(range(got[0], got[0] + len(got)))
    assert sum(len(frames) for frames in ana.received) > 20
