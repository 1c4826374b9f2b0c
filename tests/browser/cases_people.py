"""Ana, Wei, Marta and Lena with a case on the screen: they press what the page offers.

A case's actions and fields are drawn from what the server says, alike in the panel, at the
seller's and at the desk; so one reader finds them everywhere, by the keys that stand in the page.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect
from sqlalchemy.orm import Session

from amparo.kernel.texts import text
from amparo.marketplace import actions as marketplace
from tests.browser import backstage
from tests.browser.clocked_demo import ClockedDemo
from tests.browser.people import Buyer, Operator, Watched
from tests.journeys.cases_stage import cases_orders
from tests.pictures import screenshot

PHOTO: dict[str, Any] = {"name": "photo.png", "mimeType": "image/png", "buffer": screenshot()}
LOOK = "() => document.dispatchEvent(new Event('visibilitychange'))"
Root = Page | FrameLocator | Locator


def word(key: str) -> str:
    """What people read for something of the server's."""
    return text("en", f"cases.{key}")


def put_orders(session: Session, now: datetime) -> None:
    """An order for each reason, of the demo's own products."""
    orders = cases_orders(now, "arc-lamp", "speaker")
    assert not marketplace.import_orders(session, orders, now=now).errors


def press(root: Root, key: str) -> None:
    """The button of an action that the case offers."""
    root.locator(f'.case-buttons [data-key="{key}"]').click()


def fill(root: Root, form: str, **values: Any) -> None:
    """Fields of a form by their names: choose, tick, attach or write."""
    for name, value in values.items():
        id = f"{form}-{name}"
        if value is PHOTO:
            attach = root.locator(".case-attach").filter(has=_by_id(root, id))
            attach.locator('input[type="file"]').set_input_files(PHOTO)
            expect(attach.locator(".case-attached li")).to_have_count(1)
            continue
        choice = root.locator(f'input[type="radio"][name="{id}"][value="{value}"]')
        field = _by_id(root, id)
        expect(choice.or_(field).first).to_be_visible()
        if choice.count():
            choice.check()
        elif value is True:
            field.check()
        elif field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(str(value))


def _by_id(root: Root, id: str) -> Locator:
    return root.locator(f'[id="{id}"]')


def tries(root: Root, key: str, **values: Any) -> None:
    """An action with its form, if it has one."""
    press(root, key)
    form = root.locator("form.case-form")
    if values or form.count():
        fill(root, f"act-{key}", **values)
        form.locator('[type="submit"]').click()


def does(root: Root, key: str, **values: Any) -> None:
    """An action that is taken; returns when it was done."""
    tries(root, key, **values)
    expect(root.locator("form.case-form")).to_have_count(0)
    expect(root.locator('.case-buttons [aria-busy="true"]')).to_have_count(0)
    expect(root.locator(".case-actions .notice.danger")).to_have_count(0)


def sees(root: Root, text: str) -> None:
    """What happens now, who must act, or how it ended: the banner says it."""
    expect(root.locator(".case-due")).to_contain_text(text)


@dataclass
class Claimant(Buyer):
    """Ana, with a case in the panel."""

    demo: ClockedDemo = field(kw_only=True)

    def days_ago(self, days: float) -> str:
        """A day as a date field takes it, on the servers' clock."""
        return (self.demo.now - timedelta(days=days)).date().isoformat()

    def opens(self, order: str, reason: str, remedy: str | None = None, **fields: Any) -> None:
        """From the order to a new case, with what its form asks for."""
        self.page.goto(f"{self.demo.site_url}/")
        expect(self.help_button.or_(self.page.locator("iframe:not([hidden])"))).to_be_visible()
        self.page.evaluate(f"Amparo.open({{ order: '{order}' }})")
        self.button("Open a case").click()
        form = self.panel.locator("form.case-new")
        label = word(f"reason.{reason}")
        form.locator("label.case-option", has_text=label).locator("input").check()
        chosen = {"remedy": remedy} if remedy else {}
        fill(self.panel, "case", **(chosen | fields))
        form.locator('[type="submit"]').click()
        expect(self.panel.locator(".case-due")).to_be_visible()

    def looks_again(self) -> None:
        """Comes back to the page of the case, which then asks what is new."""
        self.panel.locator("body").evaluate(LOOK)

    def until_closed(self) -> None:
        """Looks again until what the servers do by themselves has closed the case."""
        asked = re.compile(r"/api/v1/cases/[0-9a-f-]+$")
        closed = self.panel.locator(".case-due.closed")
        for _ in range(50):  # each look waits for the server's answer
            with self.page.expect_response(asked):
                self.looks_again()
            if closed.count():
                break
        expect(self.panel.locator(".case-buttons li")).to_have_count(0)

    def is_paid(self, amount: str) -> None:
        """The provider has paid, the case is closed, and the page says so."""
        self.until_closed()
        sees(self.panel, "paid back")
        expect(self.panel.locator(".case-money")).to_contain_text(amount)


@dataclass
class Seller(Watched):
    """Wei, at the cases of his store."""

    demo: ClockedDemo = field(kw_only=True)

    def arrive(self) -> None:
        """From the marketplace, as the one who is signed in there."""
        self.page.goto(f"{self.demo.site_url}/as/wei?next=/seller-cases")
        expect(self.page.locator(".work")).to_be_visible()

    def opens(self, order: str) -> None:
        """The case about an order, from the work list; signed in anew, as after some days."""
        self.arrive()
        self.page.locator(".case-line", has_text=case_number(self.demo, order)).click()
        expect(self.page.locator(".case-due")).to_be_visible()

    def looks_again(self) -> None:
        """Comes back to the page of the case, which then asks what is new."""
        self.page.evaluate(LOOK)


def case_number(demo: ClockedDemo, order: str) -> str:
    """The number under which people find the case about an order."""
    [row] = backstage.buyer(demo, at=demo.now).get(f"/cases?order={order}")["items"]
    return str(row["number"])


def at_the_desk(operator: Operator, demo: ClockedDemo, order: str) -> None:
    """An operator opens the case about an order from the list of all."""
    number = case_number(demo, order)
    operator.page.goto(f"{demo.url}/desk/cases?list=all")
    operator.page.get_by_role("link", name=re.compile(number)).first.click()
    expect(operator.page.locator(".desk-case .case-due")).to_be_visible()


def decides(operator: Operator, key: str, **values: Any) -> None:
    """A decision, in the form that shows what both sides will read."""
    page = operator.page
    press(page, key)
    fill(page, "decide", **values)
    form = page.locator("form.decision-form")
    form.locator('[type="submit"]').click()
    expect(form).to_have_count(0)
