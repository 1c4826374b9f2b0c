"""What people write is kept, counted as people count, and sent when they say so."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewBuyer
from tests.browser.people import Buyer

FAMILY = "👨‍👩‍👧‍👦"
SHORTEN = "The assistant reads up to 140 characters."


@pytest.fixture
def ana(new_buyer: NewBuyer) -> Buyer:
    ana = new_buyer()
    ana.open_help()
    return ana


def test_a_question_that_is_too_long_says_so_and_stays(ana: Buyer) -> None:
    expect(ana.panel.get_by_text("0 of 140")).to_be_visible()
    ana.field.fill("x" * 140)
    expect(ana.panel.get_by_text("140 of 140")).to_be_visible()
    expect(ana.panel.get_by_text(SHORTEN)).to_be_hidden()
    ana.field.press_sequentially("y")
    expect(ana.panel.get_by_text("141 of 140")).to_be_visible()
    expect(ana.panel.get_by_role("status").filter(has_text=SHORTEN)).to_be_visible()
    expect(ana.field).to_have_attribute("aria-invalid", "true")
    ana.field.press("Enter")
    ana.button("Ask").click(force=True)  # it says that it is disabled; people press all the same
    expect(ana.field).to_have_value("x" * 140 + "y")
    expect(ana.panel.locator(".log")).to_have_count(0)
    ana.field.press("Backspace")
    expect(ana.panel.get_by_text(SHORTEN)).to_be_hidden()
    ana.field.press("Enter")
    ana.sees("x" * 140)


def test_a_family_of_emoji_is_one_character_here_and_at_the_server(ana: Buyer) -> None:
    ana.field.fill(FAMILY * 140)
    expect(ana.panel.get_by_text("140 of 140")).to_be_visible()
    ana.field.press("Enter")
    ana.sees(FAMILY * 140)


@pytest.mark.parametrize("ref", ["M-9999", "M-2001"], ids=["unknown", "of somebody else"])
def test_an_order_that_is_not_there_and_one_of_somebody_else_look_the_same(
    ana: Buyer, ref: str
) -> None:
    ana.page.evaluate(f"Amparo.open({{ order: '{ref}' }})")
    expect(ana.panel.get_by_role("alert")).to_contain_text(
        "It does not exist, or it is not yours to see."
    )


def test_a_draft_survives_a_reload(ana: Buyer) -> None:
    ana.field.fill("Where is my")
    ana.page.reload()
    expect(ana.field).to_have_value("Where is my")
    ana.field.press("End")
    ana.field.press_sequentially(" parcel?")
    ana.field.press("Enter")
    ana.sees("Where is my parcel?")
    ana.field.fill("And the ")
    ana.page.reload()
    expect(ana.field).to_have_value("And the ")
    ana.sees("Where is my parcel?")


def test_enter_ends_a_composition_and_sends_nothing(ana: Buyer) -> None:
    """As with Japanese, Chinese and Korean keyboards: the first Enter chooses the word."""
    ana.field.focus()
    keyboard = ana.page.context.new_cdp_session(ana.frame)
    composing = {"text": "にもつ", "selectionStart": 3, "selectionEnd": 3}
    keyboard.send("Input.imeSetComposition", composing)
    expect(ana.field).to_have_value("にもつ")
    ana.field.evaluate("(field) => field.addEventListener('keydown', (event) => {"
                       " window.composing = event.isComposing }, { capture: true })")  # fmt: skip
    # Without a character: the input method keeps that for itself.
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    keyboard.send("Input.dispatchKeyEvent", enter | {"type": "rawKeyDown"})
    keyboard.send("Input.dispatchKeyEvent", enter | {"type": "keyUp"})
    assert ana.frame.evaluate("window.composing") is True
    keyboard.send("Input.insertText", {"text": "荷物"})
    expect(ana.field).to_have_value("荷物")
    expect(ana.panel.locator(".log")).to_have_count(0)
    ana.page.keyboard.press("Enter")
    ana.sees("荷物")


def test_shift_and_enter_make_a_line(ana: Buyer) -> None:
    ana.field.press_sequentially("Two")
    ana.field.press("Shift+Enter")
    ana.field.press_sequentially("lines")
    expect(ana.field).to_have_value("Two\nlines")
    ana.field.press("Enter")
    ana.sees("Two\nlines")
    assert ("buyer", "Two\nlines") in ana.said()
