"""Without a mouse, on a small screen, without JavaScript: help is there all the same."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewBuyer, NewContext
from tests.browser.demo import Demo

STEPS = 60


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus, as somebody without a mouse does."""
    for _ in range(STEPS):
        if wanted.evaluate("(one) => one.getRootNode().activeElement === one"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not within {STEPS} steps: {wanted}")


def test_from_the_button_to_a_person_by_keyboard_alone(new_buyer: NewBuyer) -> None:
    ana = new_buyer()
    keyboard = ana.page.keyboard
    tab_to(ana.page, ana.help_button)
    keyboard.press("Enter")
    expect(ana.panel.get_by_role("heading", level=1)).to_be_focused()
    tab_to(ana.page, ana.field)
    keyboard.type("Where is my parcel?")
    keyboard.press("Enter")
    expect(ana.panel.get_by_text("Did this help?")).to_be_visible()
    tab_to(ana.page, ana.button("Speak to a person"))
    keyboard.press("Enter")
    expect(ana.panel.locator(".queue-number")).to_be_visible()
    expect(ana.field).to_be_focused()
    keyboard.type("It is the backpack.")
    keyboard.press("Enter")
    ana.sees("It is the backpack.")


def test_escape_closes_and_the_focus_returns_to_the_button(new_buyer: NewBuyer) -> None:
    ana = new_buyer()
    for closing in ("from the first view", "from a field", "from a later view"):
        ana.open_help()
        if closing == "from a field":
            ana.field.focus()
        if closing == "from a later view":
            ana.button("Browse topics").click()
            expect(ana.panel.get_by_role("heading", name="Browse topics")).to_be_focused()
        ana.page.keyboard.press("Escape")
        expect(ana.page.locator("iframe")).to_be_hidden()
        expect(ana.help_button).to_be_focused()


def test_escape_in_the_menu_closes_only_the_menu(new_buyer: NewBuyer) -> None:
    ana = new_buyer()
    ana.open_help()
    ana.button("Menu").click()
    expect(ana.panel.get_by_role("dialog")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(ana.panel.get_by_role("dialog")).to_be_hidden()
    expect(ana.button("Menu")).to_be_focused()
    expect(ana.page.locator("iframe")).to_be_visible()


def test_a_phone_shows_the_panel_on_the_whole_screen(new_buyer: NewBuyer) -> None:
    size = {"width": 390, "height": 844}
    ana = new_buyer(viewport=size, has_touch=True, is_mobile=True)
    ana.open_help()
    box = ana.page.locator("iframe").bounding_box()
    assert box == {"x": 0, "y": 0, **size}
    ana.button("Close help").click()
    expect(ana.help_button).to_be_visible()


@pytest.fixture
def unscripted(new_context: NewContext) -> Page:
    """A browser that runs no scripts."""
    return new_context(java_script_enabled=False).new_page()


def test_without_javascript_the_help_centre_is_complete(demo: Demo, unscripted: Page) -> None:
    unscripted.goto(f"{demo.url}/help/en/")
    unscripted.get_by_role("searchbox").fill("parcels")
    unscripted.keyboard.press("Enter")
    unscripted.get_by_role("link", name="How do I track my parcel?").first.click()
    expect(unscripted.get_by_text("Press Track parcel.")).to_be_visible()
    unscripted.goto(f"{demo.url}/help/en/")
    unscripted.get_by_role("link", name="Payment").first.click()
    expect(unscripted.get_by_role("heading", name="Payment", level=1)).to_be_visible()
    unscripted.get_by_text("Language: English").click()
    unscripted.get_by_role("link", name="Русский").click()
    expect(unscripted.get_by_role("heading", name="Оплата", level=1)).to_be_visible()


def test_without_javascript_the_site_links_to_the_help_centre(demo: Demo, unscripted: Page) -> None:
    unscripted.goto(demo.site_url)
    expect(unscripted.get_by_role("button", name="Need help?")).to_have_count(0)
    unscripted.get_by_role("link", name="Need help?").click()
    expect(unscripted).to_have_url(f"{demo.url}/help/en/")
