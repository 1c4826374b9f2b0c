"""Two colleagues and one conversation: who looks, who answers, and everything done beside it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import backstage
from tests.browser.conftest import NewOperator
from tests.browser.demo import Demo
from tests.browser.people import Operator, cut, mend

ASKED = "Where is my parcel, please?"


@pytest.fixture
def conversation(demo: Demo) -> str:
    """Ana's, answered by Marta."""
    ana, marta = backstage.buyer(demo), backstage.staff(demo)
    about = {"topic": "orders", "order_ref": "M-1002"}
    return backstage.taken(ana, marta, f"{ASKED} {uuid4().hex[:6]}", **about)


@pytest.fixture
def marta(new_operator: NewOperator, conversation: str) -> Operator:
    """With her conversation on the screen."""
    return at(new_operator(path=f"/desk/mine/{conversation}"))


@pytest.fixture
def teo(new_operator: NewOperator, conversation: str) -> Operator:
    """Looking at the same conversation."""
    return at(new_operator(backstage.TEO, path=f"/desk/all/{conversation}"))


def at(operator: Operator) -> Operator:
    expect(operator.page.locator(".thread-log .message").first).to_be_visible()
    return operator


def key(operator: Operator, name: str) -> None:
    """Press a single key of the desk, outside of every field."""
    operator.page.locator(".thread-log").focus()
    operator.page.keyboard.press(name)


def menu(operator: Operator, message: str) -> Locator:
    """Open what can be done with a message."""
    found = operator.page.locator(".thread-log .message", has_text=message)
    found.hover()
    found.get_by_role("button", name=re.compile("^What to do")).click()
    return operator.page.get_by_role("menu")


def choose(operator: Operator, text: str) -> None:
    """Choose in a dialog by typing."""
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_role("combobox").fill(text)
    dialog.get_by_role("combobox").press("Enter")


def made_macro(demo: Demo, **more: Any) -> None:
    """Teo has written a prepared answer."""
    teo = backstage.staff(demo, backstage.TEO)
    macro = {"id": str(uuid4()), "key": f"late-{uuid4().hex[:6]}", "shared": True}
    teo.do("/admin/macros", **macro, **more)


def test_colleagues_see_each_other_look_and_answer(marta: Operator, teo: Operator) -> None:
    people = marta.page.locator(".signs-people")
    expect(people).to_have_text("Teo is looking")
    teo.page.locator(".mode-switch label.reply").click()
    expect(teo.page.get_by_text("This is the conversation of Marta.")).to_be_visible()
    teo.field.press_sequentially("Hello")
    expect(people).to_have_text("Teo is replying")
    marta.field.press_sequentially("Dear Ana")
    expect(people).to_have_text("Teo is replying too")
    teo.page.goto("about:blank")
    expect(people).to_be_empty()


def test_a_note_in_the_making_is_nobodys_business(marta: Operator, teo: Operator) -> None:
    expect(marta.page.locator(".signs-people")).to_have_text("Teo is looking")
    teo.field.press_sequentially("Looks stolen")
    marta.field.press_sequentially("Dear Ana")
    expect(teo.page.locator(".signs-people")).to_have_text("Marta is replying")
    expect(marta.page.locator(".signs-people")).to_have_text("Teo is looking")


def test_an_answer_that_comes_while_one_writes_is_shown_first(
    marta: Operator, teo: Operator
) -> None:
    marta.field.fill("It is on its way.")
    teo.page.locator(".mode-switch label.reply").click()
    teo.write("It comes tomorrow.")
    warning = marta.page.locator(".meanwhile")
    expect(warning).to_contain_text("Teo has answered meanwhile")
    expect(warning).to_contain_text("It comes tomorrow.")
    marta.field.press("Control+Enter")
    expect(warning.get_by_role("button", name="Send mine too")).to_be_focused()
    expect(marta.field).to_have_value("It is on its way.")
    warning.get_by_role("button", name="Go on writing").click()
    expect(warning).to_be_hidden()
    marta.field.press("Control+Enter")
    marta.sees("It is on its way.")


def test_the_later_answer_is_refused_and_waits_for_a_decision(
    demo: Demo, conversation: str, marta: Operator
) -> None:
    cut(marta.page.context)
    marta.write("It is on its way.")
    expect(marta.page.locator(".said", has_text="Sending")).to_be_visible()
    backstage.say(backstage.staff(demo, backstage.TEO), conversation, "It comes tomorrow.")
    mend(marta.page.context)
    decision = marta.page.get_by_role("alertdialog", name="Teo has answered meanwhile")
    expect(decision).to_contain_text("It comes tomorrow.")
    expect(decision).to_contain_text("It is on its way.")
    marta.page.reload()
    at(marta)
    expect(decision).to_contain_text("It is on its way.")
    assert ("house", "It is on its way.") not in marta.said()
    decision.get_by_role("button", name="Send mine too").click()
    marta.sees("It is on its way.")
    expect(decision).to_be_hidden()


def test_the_later_answer_can_be_kept_instead(
    demo: Demo, conversation: str, marta: Operator
) -> None:
    cut(marta.page.context)
    marta.write("It is on its way.")
    expect(marta.page.locator(".said", has_text="Sending")).to_be_visible()
    backstage.say(backstage.staff(demo, backstage.TEO), conversation, "It comes tomorrow.")
    mend(marta.page.context)
    marta.page.get_by_role("button", name="Keep as draft").click()
    expect(marta.field).to_have_value("It is on its way.")
    assert ("house", "It is on its way.") not in marta.said()
    marta.field.fill("And it is well packed.")
    marta.field.press("Control+Enter")
    marta.sees("And it is well packed.")


def test_a_macro_says_what_it_will_do_and_does_it_once(demo: Demo, marta: Operator) -> None:
    text = "Dear {buyer}, order {order} is late. {operator}"
    deeds = [{"do": "tag", "tag": "late"}, {"do": "priority", "priority": 1}]
    made_macro(demo, name="Parcel overdue", texts={"en": text}, actions=deeds)
    marta.field.press_sequentially("/overd")
    option = marta.page.get_by_role("option", name="Parcel overdue")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(marta.page.locator(".suggest-preview")).to_contain_text("tag “late” · priority Urgent")
    marta.field.press("Enter")
    expect(marta.field).to_have_value("Dear Ana, order M-1002 is late. Marta")
    expect(marta.page.locator(".macro-after")).to_contain_text("tag “late” · priority Urgent")
    marta.field.press("Control+Enter")
    marta.sees("Dear Ana, order M-1002 is late. Marta")
    expect(marta.page.locator(".thread-log")).to_contain_text("Tag added: late · you")
    expect(marta.page.locator(".thread-head")).to_contain_text("Urgent")
    marta.page.reload()
    expect(at(marta).page.locator(".change", has_text="Tag added")).to_have_count(1)


def test_a_note_names_a_colleague(marta: Operator) -> None:
    key(marta, "n")
    marta.field.press_sequentially("Please look, @te")
    expect(marta.page.get_by_role("option", name="Teo")).to_be_visible()
    marta.field.press("Enter")
    expect(marta.field).to_have_value("Please look, @Teo ")
    marta.field.press_sequentially("thank you")
    marta.field.press("Control+Enter")
    note = marta.page.locator(".by-note", has_text="thank you")
    expect(note.locator(".mention")).to_have_text("@Teo")


def test_snoozing_can_be_undone(marta: Operator, conversation: str) -> None:
    key(marta, "s")
    choose(marta, "hour")
    toast = marta.page.locator(".toast", has_text="Snoozed until")
    expect(toast).to_be_visible()
    expect(marta.page).not_to_have_url(re.compile(conversation))
    toast.get_by_role("button", name="Undo").click()
    expect(marta.page).to_have_url(re.compile(conversation))
    expect(marta.page.locator(".thread-log")).to_contain_text("No longer snoozed")
    expect(marta.page.locator(".thread-head .badge").first).to_have_text("Being answered")


def test_passing_on_tells_the_colleague_why(marta: Operator, teo: Operator) -> None:
    key(marta, "Shift+T")
    dialog = marta.page.get_by_role("dialog")
    expect(dialog.get_by_role("option", name="Teo")).to_contain_text("here")
    dialog.get_by_label("A word for them").fill("She waits since Monday.")
    choose(marta, "teo")
    expect(marta.page.locator(".toast", has_text="Passed to Teo")).to_be_visible()
    passed = teo.page.locator(".change", has_text="Passed to you · Marta")
    expect(passed).to_contain_text("She waits since Monday.")
    expect(teo.page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()


def test_what_was_written_can_be_changed_and_taken_back(marta: Operator, teo: Operator) -> None:
    marta.write("It comes on Munday.")
    marta.sees("It comes on Munday.")
    menu(marta, "It comes on Munday.").get_by_role("menuitem", name="Edit").click()
    marta.page.get_by_label("Text of the message").fill("It comes on Monday.")
    marta.page.get_by_label("Text of the message").press("Control+Enter")
    for somebody in (marta, teo):
        changed = somebody.page.locator(".message", has_text="It comes on Monday.")
        expect(changed).to_contain_text("edited")
    teo.page.get_by_role("button", name="edited").click()
    history = teo.page.get_by_role("dialog", name="What the message said")
    expect(history.locator(".edition")).to_have_text(["It comes on Munday.", "It comes on Monday."])
    expect(history).to_contain_text("Marta")
    teo.page.keyboard.press("Escape")

    remove = menu(marta, "It comes on Monday.").get_by_role("menuitem", name="Delete")
    remove.click()
    marta.page.locator(".toast").get_by_role("button", name="Undo").click()
    marta.sees("It comes on Monday.")
    menu(marta, "It comes on Monday.").get_by_role("menuitem", name="Delete").click()
    expect(teo.page.get_by_text("This message was deleted.")).to_be_visible()


def test_a_quote_says_what_is_answered_and_leads_to_it(marta: Operator) -> None:
    menu(marta, ASKED).get_by_role("menuitem", name="Quote").click()
    expect(marta.page.locator(".answering")).to_contain_text("Answers Ana")
    marta.page.locator(".mode-switch label.reply").click()
    marta.field.fill("In Madrid, since this morning.")
    marta.field.press("Control+Enter")
    answer = marta.page.locator(".message", has_text="In Madrid, since this morning.")
    expect(answer.locator(".quote")).to_contain_text(ASKED)
    expect(marta.page.locator(".answering")).to_be_hidden()
    answer.get_by_title("Go to the quoted message").click()
    expect(marta.page.locator(".message.found")).to_contain_text(ASKED)


def test_an_address_opens_the_thread_at_its_message(
    marta: Operator, conversation: str, demo: Demo
) -> None:
    marta.page.goto(f"{demo.url}/desk/mine/{conversation}?at=1")
    expect(marta.page.locator(".message.found")).to_contain_text(ASKED)
