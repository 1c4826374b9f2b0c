"""The help centre as a reader without JavaScript has it, and as Teo edits it."""

import re

from playwright.sync_api import Route, expect

from tests.browser.conftest import NewContext, NewOperator
from tests.browser.demo import Demo

TEO = "teo@mercadia.example"
ARTICLE = "orders_track_parcel"
VIDEO = "https://youtu.be/aB3_cD4"
PLAYER = "https://www.youtube-nocookie.com/embed/aB3_cD4"


def test_an_article_is_rated_without_javascript(demo: Demo, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{demo.url}/help/en/{ARTICLE}")
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_label("It is hard to understand").check()
    page.get_by_label("Would you like to add something?").fill("Which carrier is it?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.get_by_role("link", name="Back to the page").click()
    expect(page).to_have_url(f"{demo.url}/help/en/{ARTICLE}")


def test_an_answer_from_draft_to_published_and_back(
    demo: Demo, new_operator: NewOperator, new_context: NewContext
) -> None:
    teo = new_operator(TEO, f"/admin/content/en/{ARTICLE}").page
    reader = new_context().new_page()
    public = f"{demo.url}/help/en/{ARTICLE}?fresh="
    answer = teo.get_by_role("textbox", name="Answer")
    before = answer.input_value()

    answer.fill("Zorkmid, half written.")
    teo.get_by_role("button", name="Save draft").click()
    expect(teo.get_by_text("Draft saved.")).to_be_visible()
    reader.goto(f"{public}1")
    expect(reader.get_by_text("Zorkmid")).to_have_count(0)
    teo.reload()
    expect(answer).to_have_value("Zorkmid, half written.")

    answer.fill(f"Zorkmid, all of it.\n[video]({VIDEO})")
    teo.get_by_role("button", name="Publish", exact=True).click()
    teo.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()
    expect(teo.get_by_text("Published. Buyers see it now.")).to_be_visible()
    reader.goto(f"{public}2")
    expect(reader.get_by_text("Zorkmid, all of it.")).to_be_visible()

    teo.get_by_text("Versions", exact=True).click()
    old = teo.get_by_role("listitem").filter(has_text="Version 1")
    old.get_by_role("button", name=re.compile("^Compare")).click()
    expect(old.locator("ins")).to_contain_text("Zorkmid, all of it.")
    old.get_by_role("button", name="Restore").click()
    expect(teo.get_by_text("Version 1 is published again.")).to_be_visible()
    expect(answer).to_have_value(before)
    reader.goto(f"{public}3")
    expect(reader.get_by_text("Zorkmid")).to_have_count(0)

    teo.goto(f"{demo.url}/admin/content/es/{ARTICLE}")
    expect(teo.get_by_text("has changed since this one was written")).to_be_visible()
    teo.get_by_role("button", name="Mark as still right").click()
    expect(teo.get_by_text("has changed since this one was written")).to_have_count(0)


def test_a_video_comes_when_it_is_pressed(
    demo: Demo, new_operator: NewOperator, new_context: NewContext
) -> None:
    teo = new_operator(TEO, "/admin/content/en/orders_late").page
    teo.get_by_role("textbox", name="Answer").fill(f"Look:\n[video]({VIDEO})")
    teo.get_by_role("button", name="Publish", exact=True).click()
    teo.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()
    expect(teo.get_by_text("Published. Buyers see it now.")).to_be_visible()

    asked: list[str] = []

    def player(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<p>A player</p>", content_type="text/html")

    context = new_context()
    context.route(re.compile(r"^https://"), player)
    page = context.new_page()
    page.goto(f"{demo.url}/help/en/orders_late")
    link = page.get_by_role("link", name=re.compile("^Play the video"))
    expect(link).to_have_attribute("href", VIDEO)
    page.wait_for_load_state("networkidle")
    assert asked == [], "nobody learns of a reader who has pressed nothing"
    link.click()
    expect(page.frame_locator("iframe").get_by_text("A player")).to_be_visible()
    assert asked == [PLAYER]
