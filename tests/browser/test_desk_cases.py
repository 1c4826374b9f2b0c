"""Promise (J10): an operator works through cases from the keyboard, with both sides' evidence
beside the listing, and decides in words that both sides read."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import backstage
from tests.browser.conftest import NewOperator
from tests.browser.demo import Demo
from tests.browser.people import Operator

LENA = "lena@mercadia.example"
ROWS = ".work-row"
REVIEWED, APPEALED, ASKED = "M-3202", "M-3203", "M-3201"
"""Orders of the demo whose cases are with an operator."""
REASONS = "The photo shows the scratch. The listing says the glass is new."


def go_to(page: Page, keys: str, address: str) -> None:
    """Two keys after each other, and the list is there."""
    for key in keys:
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile(address))


def find(operator: Operator, order: str) -> Page:
    """The case about an order, found and opened by keyboard."""
    page, keyboard = operator.page, operator.page.keyboard
    go_to(page, "gc", "/desk/cases")
    go_to(page, "ga", "list=all")
    expect(page.locator(ROWS).first).to_be_visible()
    keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keyboard.type(order)
    expect(page).to_have_url(re.compile(f"q={order}"))
    expect(page.locator(ROWS)).to_have_count(1)
    keyboard.press("Escape")
    keyboard.press("j")
    expect(page.locator(ROWS)).to_be_focused()
    keyboard.press("Enter")
    expect(page.locator(".desk-compare")).to_be_visible()
    return page


def sums(page: Page) -> list[float]:
    """The amounts of the rows, from top to bottom."""
    texts = page.locator(".work-sum").all_inner_texts()
    return [float(re.sub(r"[^\d.]", "", text)) for text in texts]


@pytest.fixture
def marta(demo: Demo, new_operator: NewOperator) -> Operator:
    operator = new_operator()
    assert isinstance(operator, Operator)
    return operator


def test_the_list_is_ordered_and_narrowed_by_its_address(marta: Operator) -> None:
    page, keyboard = marta.page, marta.page.keyboard
    go_to(page, "gc", "/desk/cases$")
    expect(page.locator(ROWS).first).to_be_visible()
    go_to(page, "ga", "list=all")
    page.get_by_role("link", name="By amount").click()
    expect(page).to_have_url(re.compile("order_by=amount"))
    expect(page.locator(ROWS).nth(3)).to_be_visible()
    keyboard.press("Shift+F")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.get_by_label("Reason").select_option("compensation")
    expect(page).to_have_url(re.compile("reason=compensation"))
    expect(page.locator(ROWS)).to_have_count(2)
    found = sums(page)
    assert found == sorted(found, reverse=True)
    shared = page.url
    page.go_back()
    expect(page).not_to_have_url(re.compile("reason="))
    expect(page.locator(ROWS).nth(3)).to_be_visible()
    page.goto(shared)
    expect(page.locator(ROWS)).to_have_count(2)


def test_both_sides_and_the_listing_stand_side_by_side(marta: Operator) -> None:
    page = find(marta, REVIEWED)
    boxes = [
        page.locator(f".desk-compare > .of-{side}").bounding_box()
        for side in ("buyer", "listing", "seller")
    ]
    assert len({box["y"] for box in boxes if box}) == 1
    starts = [box["x"] for box in boxes if box]
    assert starts == sorted(starts)
    expect(page.locator(".of-buyer .case-evidence img")).to_be_visible()
    expect(page.locator(".of-buyer .desk-words")).to_contain_text("Стекло поцарапано")
    expect(page.locator(".of-seller")).to_contain_text("before it is packed")
    expect(page.locator(".of-listing .case-words")).not_to_be_empty()
    expect(page.get_by_role("heading", name="Earlier cases")).to_be_visible()
    expect(page.locator(".desk-facts").first).to_contain_text(re.compile(r"Cases\s*\d"))


def test_a_case_is_taken_noted_and_decided_without_a_mouse(marta: Operator) -> None:
    page = find(marta, REVIEWED)
    keyboard = page.keyboard
    keyboard.press("a")
    expect(page.locator(".desk-case-hands")).to_contain_text("with me")
    keyboard.press("n")
    keyboard.type("The scratch is on the photo.")
    keyboard.press("Control+Enter")
    expect(page.locator(".desk-note")).to_contain_text("The scratch is on the photo.")
    keyboard.press("Escape")
    keyboard.press("e")
    form = page.locator("form.decision-form")
    expect(form.locator("input").first).to_be_focused()
    form.locator('[name="decide-remedy"][value="return_refund"]').focus()
    keyboard.press("Space")
    form.locator('[id="decide-rule"]').select_option("differs_from_listing")
    form.locator('[id="decide-reasons"]').focus()
    keyboard.type(REASONS)
    expect(page.locator(".decision-preview")).to_contain_text(REASONS)
    keyboard.press("Control+Enter")
    expect(page.locator(".case-decision")).to_contain_text(REASONS)
    expect(form).to_have_count(0)


def test_an_appeal_is_answered_by_somebody_else(
    demo: Demo, marta: Operator, new_operator: NewOperator
) -> None:
    page = find(marta, APPEALED)
    expect(page.locator(".desk-case > .notice.danger")).to_be_visible()
    expect(page.locator('.case-buttons [data-key="uphold"]')).to_have_count(0)
    lena = new_operator(LENA)
    go_to(lena.page, "gp", "list=appeals")
    lena.page.locator(ROWS).first.click()
    expect(lena.page.locator('.case-buttons [data-key="uphold"]')).to_be_visible()
    expect(lena.page.locator(".desk-case > .notice.danger")).to_have_count(0)
    lena.page.keyboard.press("Control+k")
    expect(lena.page.get_by_role("dialog")).to_be_visible()
    lena.page.keyboard.type("Uphold")
    lena.page.keyboard.press("Enter")
    expect(lena.page.locator("form.decision-form")).to_be_visible()


def test_a_buyers_cases_stand_beside_the_conversation(demo: Demo, marta: Operator) -> None:
    ana = backstage.buyer(demo)
    chat = backstage.taken(ana, backstage.staff(demo), "What about my keyboard?")
    page = marta.page
    page.goto(f"{demo.url}/desk/all/{chat}")
    beside = page.locator(".context section", has=page.get_by_role("heading", name="Cases"))
    expect(beside.get_by_role("link").first).to_be_visible()
    beside.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/desk/cases/"))
    expect(page.locator(".desk-compare")).to_be_visible()


def test_a_policy_is_tried_before_it_counts(demo: Demo, new_operator: NewOperator) -> None:
    teo = new_operator(backstage.TEO, "/admin/cases")
    page = teo.page
    seller = page.get_by_label("The seller answers", exact=True).first
    expect(seller).to_have_value("5d")
    seller.fill("soon")
    expect(page.get_by_text("Write it as it stood")).to_be_visible()
    seller.fill("6d")
    expect(page.locator(".policy-changes")).to_contain_text("5 days → 6 days")
    expect(page.get_by_role("button", name="Switch it on")).to_have_count(0)
    page.get_by_role("button", name="Try it on cases").click()
    expect(page.locator(".policy-simulation table")).to_be_visible(timeout=60_000)
    page.get_by_label("The buyer answers", exact=True).first.fill("8d")
    expect(page.get_by_text("Try it again before it is switched on")).to_be_visible()
    expect(page.get_by_role("button", name="Switch it on")).to_have_count(0)
    page.get_by_label("The buyer answers", exact=True).first.fill("7d")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("counts for new cases")).to_be_visible()
    page.reload()
    expect(page.get_by_label("The seller answers", exact=True).first).to_have_value("6d")
