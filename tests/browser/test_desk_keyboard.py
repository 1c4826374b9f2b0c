"""A day at the desk without a mouse."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser import backstage
from tests.browser.conftest import NewOperator
from tests.browser.demo import Demo
from tests.browser.people import Operator

ROWS = ".rows .row"
MACRO = "We are looking into it, Ana."


@pytest.fixture(scope="module")
def busy(demo: Demo) -> Demo:
    """Three conversations of Marta's, one that waits, and a macro."""
    ana, marta = backstage.buyer(demo), backstage.staff(demo)
    for number in (1, 2, 3):
        backstage.taken(ana, marta, f"My kettle number {number} leaks")
    backstage.waiting(ana, "Is the waiting teapot dishwasher safe?")
    backstage.staff(demo, backstage.TEO).do(
        "/admin/macros",
        id=str(uuid4()),
        key="looking",
        name="Looking into it",
        texts={"en": MACRO},
        actions=[{"do": "tag", "tag": "looked"}],
    )
    return demo


def go_to(page: Page, keys: str, view: str) -> None:
    """Two keys after each other, and the list is there."""
    for key in keys:
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile(f"/desk/{view}"))


def write(marta: Operator, key: str, text: str) -> None:
    """Open the field with its key, write, send, and leave it."""
    keyboard = marta.page.keyboard
    keyboard.press(key)
    expect(marta.field).to_be_focused()
    keyboard.type(text)
    keyboard.press("Control+Enter")
    marta.sees(text)
    keyboard.press("Escape")


def test_from_the_queue_to_the_answer_by_keyboard_alone(
    busy: Demo, new_operator: NewOperator
) -> None:
    marta = new_operator()
    page, keyboard = marta.page, marta.page.keyboard
    go_to(page, "gw", "waiting")
    expect(page.locator(ROWS)).to_have_count(1)
    keyboard.press("j")
    expect(page.locator(".thread-log .message").first).to_be_visible()
    keyboard.press("a")
    expect(page).to_have_url(re.compile("/desk/mine/"))
    expect(page.get_by_label(re.compile("^Reply to"))).to_be_visible()
    write(marta, "r", "Yes, it is.")
    write(marta, "n", "Asked about the teapot.")
    keyboard.press("m")
    expect(page.get_by_role("dialog")).to_be_visible()
    keyboard.type("looking")
    expect(page.get_by_role("option", name="Looking into it")).to_be_visible()
    keyboard.press("Enter")
    expect(marta.field).to_have_value(MACRO)
    keyboard.press("Control+Enter")
    marta.sees(MACRO)
    keyboard.press("Escape")
    keyboard.press("s")
    expect(page.get_by_role("dialog")).to_be_visible()
    keyboard.press("Enter")
    go_to(page, "gs", "snoozed")
    expect(page.locator(ROWS)).to_have_count(1)


def test_filters_are_in_the_address_and_the_back_button_takes_them_back(
    busy: Demo, new_operator: NewOperator
) -> None:
    marta = new_operator()
    page, keyboard = marta.page, marta.page.keyboard
    go_to(page, "ga", "all")
    expect(page.locator(ROWS).first).to_be_visible()
    before = page.url
    keyboard.press("Shift+F")
    expect(page.locator("#inbox-filters select").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    keyboard.type("E-mail")
    expect(page).to_have_url(re.compile(r"channel=email"))
    keyboard.press("Escape")
    expect(page.get_by_text("Nothing in this list fits the filters.")).to_be_visible()
    shared = page.url
    page.go_back()
    expect(page).to_have_url(before)
    expect(page.locator(ROWS).first).to_be_visible()
    page.goto(shared)
    expect(page.get_by_text("Nothing in this list fits the filters.")).to_be_visible()


def test_many_are_resolved_at_once_and_taken_back(busy: Demo, new_operator: NewOperator) -> None:
    marta = new_operator()
    page, keyboard = marta.page, marta.page.keyboard
    go_to(page, "gm", "mine")
    kettles = page.locator(ROWS, has_text="Hello, let me look.")
    expect(kettles).to_have_count(3)
    mine = page.locator(ROWS).count()  # what was put off may be among them
    for _ in range(mine):
        keyboard.press("Shift+J")
    expect(page.get_by_role("toolbar")).to_contain_text(f"{mine} selected")
    keyboard.press("e")
    expect(kettles).to_have_count(0)
    keyboard.press("z")
    expect(kettles).to_have_count(3)
    expect(page.get_by_role("toolbar")).to_contain_text(f"{mine} selected")
    keyboard.press("e")
    expect(kettles).to_have_count(0)
    go_to(page, "gr", "resolved")
    expect(page.locator(ROWS, has_text="Hello, let me look.")).to_have_count(3)


def test_what_was_written_is_found_and_opened_where_it_stands(
    busy: Demo, new_operator: NewOperator
) -> None:
    marta = new_operator()
    page, keyboard = marta.page, marta.page.keyboard
    keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keyboard.type("dishwasher")
    expect(page.locator(".hit mark")).to_have_text("dishwasher")
    expect(page).to_have_url(re.compile("/desk/search.q=dishwasher"))
    keyboard.press("Escape")
    keyboard.press("j")
    expect(page).to_have_url(re.compile(r"at=\d+"))
    marta.sees("Is the waiting teapot dishwasher safe?")


def test_a_key_of_ones_own_is_kept_and_a_clash_is_told(
    busy: Demo, new_operator: NewOperator
) -> None:
    marta = new_operator()
    page, keyboard = marta.page, marta.page.keyboard
    keyboard.press("Control+k")
    keyboard.type("change the keys")
    keyboard.press("Enter")
    change = page.get_by_role("button", name=re.compile("^Go to: Waiting"))
    change.focus()
    keyboard.press("Enter")
    keyboard.press("j")
    expect(page.get_by_text("is the key of “Next conversation”")).to_be_visible()
    change.focus()
    keyboard.press("Enter")
    keyboard.press("w")
    expect(change).to_have_text("W")
    keyboard.press("Escape")
    page.reload()
    expect(page.locator(".presence.online")).to_be_visible()
    go_to(page, "ga", "all")
    keyboard.press("w")
    expect(page).to_have_url(re.compile("/desk/waiting"))
