"""Promise J3: a screenshot is pasted, the operator sees it; nothing is lost on the way."""

import base64
import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewBuyer, NewOperator
from tests.browser.demo import Demo
from tests.browser.people import Buyer, Operator, cut, mend
from tests.browser.tour import MIRROR
from tests.pictures import SVG, screenshot

_GIVEN = """(place, [kind, name, type, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
    const data = new DataTransfer()
    data.items.add(new File([bytes], name, { type }))
    const event = kind === 'paste'
        ? new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true })
        : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true })
    place.dispatchEvent(event)
}"""


def given(place: Locator, kind: str, content: bytes, name: str = "bank.png") -> None:
    """A picture is pasted into a field or dropped onto it, as a browser tells it."""
    place.evaluate(_GIVEN, [kind, name, "image/png", base64.b64encode(content).decode()])


def pictures_in(log: Locator) -> Locator:
    return log.locator(".picture img")


def is_drawn(picture: Locator) -> None:
    """It came and could be read."""
    expect(picture).to_have_js_property("complete", True)
    expect(picture).not_to_have_js_property("naturalWidth", 0)


def look(page: Page, name: str) -> None:
    """A screenshot for one's own eyes, where AMPARO_LOOK names a folder."""
    if folder := os.environ.get("AMPARO_LOOK"):
        page.screenshot(path=Path(folder) / f"pictures-{name}.png")


def with_a_person(ana: Buyer) -> None:
    ana.open_help()
    ana.ask("Where is my parcel?")
    ana.button("Speak to a person").click()
    expect(ana.panel.locator(".queue-number")).to_be_visible()
    expect(ana.panel.get_by_role("button", name="Add a file or picture")).to_be_visible()


def taken(new_operator: NewOperator) -> Operator:
    marta = new_operator()
    marta.take_next()
    return marta


def test_a_pasted_screenshot_reaches_the_operator_and_an_answer_with_one_comes_back(
    new_buyer: NewBuyer, new_operator: NewOperator
) -> None:
    ana = new_buyer("ana")
    with_a_person(ana)
    given(ana.field, "paste", screenshot())
    expect(ana.panel.get_by_text("bank.png: ready to send")).to_be_attached()
    ana.write("It says this since yesterday.")
    is_drawn(pictures_in(ana.panel.locator(".log")))
    expect(ana.panel.locator(".picture-item")).to_have_count(0)

    marta = taken(new_operator)
    marta.sees("It says this since yesterday.")
    shown = pictures_in(marta.page.locator(".thread-log"))
    is_drawn(shown)
    look(marta.page, "desk")
    marta.page.get_by_role("button", name="Open picture: bank").click()
    whole = marta.page.get_by_role("dialog").get_by_role("img", name="bank")
    expect(whole).to_be_visible()
    look(marta.page, "dialog")
    marta.page.keyboard.press("Escape")
    expect(whole).to_have_count(0)

    # an answer that is a picture and nothing else, picked this time
    marta.page.locator("input[type=file]").set_input_files(
        {"name": "where.png", "mimeType": "image/png", "buffer": screenshot(200, 300)}
    )
    expect(marta.page.get_by_text("where.png: ready to send")).to_be_attached()
    marta.field.press("Control+Enter")
    expect(pictures_in(ana.panel.locator(".log"))).to_have_count(2)
    is_drawn(pictures_in(ana.panel.locator(".log")).nth(1))
    look(ana.page, "panel")
    ana.page.reload()
    ana.open_if_closed()
    expect(pictures_in(ana.panel.locator(".log"))).to_have_count(2)
    is_drawn(pictures_in(ana.panel.locator(".log")).nth(1))


def test_a_picture_in_a_note_stays_among_the_staff(
    new_buyer: NewBuyer, new_operator: NewOperator
) -> None:
    ana = new_buyer("nobody")
    with_a_person(ana)
    marta = taken(new_operator)
    marta.page.locator(".mode-switch label.note").click()
    given(marta.page.locator(".thread"), "drop", screenshot(), "secret.png")
    expect(marta.page.get_by_text("secret.png: ready to send")).to_be_attached()
    marta.page.locator(".mode-switch label.reply").click()
    expect(marta.page.locator(".picture-item")).to_have_count(0)  # it waits on its own side
    marta.page.locator(".mode-switch label.note").click()
    marta.page.get_by_role("button", name="Add note").click()
    is_drawn(pictures_in(marta.page.locator(".thread-log")))
    marta.page.locator(".mode-switch label.reply").click()
    marta.write("One moment, please.")
    ana.sees("One moment, please.")
    expect(pictures_in(ana.panel.locator(".log"))).to_have_count(0)
    assert "secret" not in str(ana.received)


def test_the_first_question_can_bring_a_picture(new_buyer: NewBuyer) -> None:
    olga = new_buyer("nobody")
    olga.open_help()
    olga.field.fill("Where is my parcel?")
    expect(olga.panel.get_by_role("button", name="Add a file or picture")).to_be_visible()
    given(olga.field, "paste", screenshot(), "first.png")
    expect(olga.panel.get_by_text("first.png: ready to send")).to_be_attached()
    look(olga.page, "home")
    olga.field.press("Enter")
    is_drawn(pictures_in(olga.panel.locator(".log")))
    expect(olga.panel.get_by_text("Did this help?")).to_be_visible()
    assert [who for who, _ in olga.said()] == ["buyer", "house"]


def test_what_is_no_picture_is_said_and_the_text_stays(new_buyer: NewBuyer) -> None:
    ana = new_buyer("nobody")
    with_a_person(ana)
    ana.field.fill("Please look at this")
    given(ana.field, "paste", SVG, "drawing.png")
    problem = ana.panel.get_by_role("alert")
    expect(problem).to_contain_text("PNG, JPEG, WebP and GIF")
    ana.field.press("Enter")
    expect(ana.panel.get_by_text("Remove the file that could not be added")).to_be_visible()
    expect(ana.field).to_have_value("Please look at this")
    look(ana.page, "refused")
    ana.panel.get_by_role("button", name="Remove drawing.png").press("Enter")
    expect(problem).to_have_count(0)
    expect(ana.field).to_be_focused()
    given(ana.field, "paste", bytes(10 * 1024 * 1024), "huge.png")
    expect(problem).to_contain_text("8 MB")
    expect(ana.field).to_have_value("Please look at this")


def test_a_picture_survives_a_cut_and_leaves_with_its_text_by_itself(new_buyer: NewBuyer) -> None:
    ana = new_buyer("nobody")
    with_a_person(ana)
    cut(ana.page.context)
    given(ana.field, "paste", screenshot())
    expect(ana.panel.get_by_text("No connection. We try again by ourselves.")).to_be_visible()
    ana.write("Written without a connection")
    expect(ana.panel.get_by_text("Your message is sent as soon as")).to_be_visible()
    look(ana.page, "cut")
    mend(ana.page.context)
    ana.sees("Written without a connection")
    expect(ana.field).to_have_value("")
    is_drawn(pictures_in(ana.panel.locator(".log")))


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("phone", {"viewport": {"width": 360, "height": 640}, "has_touch": True}),
        ("dark", {"color_scheme": "dark"}),
        ("mirrored", {}),
    ],
)
def test_pictures_fit_on_a_telephone_in_the_dark_and_from_right_to_left(
    demo: Demo, new_buyer: NewBuyer, name: str, settings: dict[str, Any]
) -> None:
    ana = new_buyer("nobody", **settings)
    if name == "mirrored":
        ana.page.context.add_init_script(MIRROR % (demo.site_url, "ar-XB"))
        ana.page.reload()
    ana.help_button.or_(ana.page.locator("button.amparo")).first.click()
    expect(ana.panel.get_by_role("heading", level=1)).to_be_visible()
    ana.write("Where is my parcel?")
    expect(ana.panel.locator(".did-help")).to_be_visible()
    pick = ana.panel.locator(".pick")
    expect(pick).to_be_visible()
    box = pick.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    given(ana.field, "paste", screenshot(900, 1600), "a very long name of a screenshot.png")
    given(ana.field, "paste", screenshot(), "two.png")
    expect(ana.panel.locator(".picture-item.ready")).to_have_count(2)
    look(ana.page, f"{name}-waiting")
    ana.field.press("Enter")
    expect(pictures_in(ana.panel.locator(".log"))).to_have_count(2)
    is_drawn(pictures_in(ana.panel.locator(".log")).nth(1))
    wide = ana.frame.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    expect(ana.panel.locator(".log .message")).to_have_count(4)  # the assistant says it cannot see
    expect(ana.panel.locator(".message").nth(3)).to_contain_text(re.compile("read pictures|ŕéåð"))
    look(ana.page, f"{name}-sent")
