"""Text that wants to be a script stays text, everywhere a person reads it.

The policy of our pages (CSP) is switched off here: what is tested is that no text becomes HTML.
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, expect

from amparo.kernel.text import clean
from amparo.marketplace import actions as marketplace
from demo.people import PEOPLE
from demo.people import Person as Somebody
from tests.browser import backstage
from tests.browser.conftest import contexts_of, remember
from tests.browser.demo import Demo
from tests.browser.people import Buyer, Operator
from tests.marketplace.conftest import order
from tests.storage.clusters import PROJECT

FIXTURE = PROJECT / "tests" / "fixtures" / "hostile" / "xss.jsonl"
PAYLOADS = [json.loads(line)["payload"] for line in FIXTURE.read_text("utf-8").splitlines()]
SOME = PAYLOADS[::10]
QUESTION = "orders_track_parcel"
ORDER = "M-hostile"
HOOK = """for (const name of ['alert', 'confirm', 'prompt', 'print'])
  window[name] = (...values) => { __ran(window.name || location.href); return true }"""
CONTROL_HOOK = """for (const name of ['alert', 'confirm', 'prompt', 'print'])
  window[name] = () => { (top.ran ??= new Set()).add(window.name); return true }"""
UNFOLD = "(all) => { for (const one of all) one.open = true }"
CONTROL = """(payloads) => payloads.map((payload, index) => {
  const frame = document.createElement('iframe')
  frame.name = `payload ${index}`
  frame.srcdoc = payload
  document.body.append(frame)
}).length"""


class Trap:
    """A context in which every script that a text brings along is noticed."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.ran: list[str] = []
        context.expose_binding("__ran", lambda _, where: self.ran.append(where))
        context.add_init_script(HOOK)

    def page(self) -> Page:
        """A page whose dialogs count as scripts that ran."""
        page = self.context.new_page()
        page.on("dialog", self._dismiss)
        return page

    def _dismiss(self, dialog: Dialog) -> None:
        self.ran.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def trap(browser: Browser) -> Iterator[Trap]:
    """At the end of a test nothing may have run."""
    with ExitStack() as stack:
        trap = Trap(contexts_of(browser, stack)(bypass_csp=True))
        yield trap
        assert trap.ran == []


@pytest.fixture(scope="module")
def poisoned(demo: Demo) -> str:
    """Hostile text in every place where somebody may write; returns Ana's conversation."""
    marta = backstage.staff(demo)
    _poison_the_order(demo)
    for number, payload in enumerate(SOME):
        name = Somebody(f"b{number}", f"buyer-{number}", payload, "buyer", "en", "b@example.com")
        backstage.waiting(backstage.buyer(demo, name), payload[:140])
    ana = backstage.buyer(demo, PEOPLE["ana"])
    conversation = backstage.taken(ana, marta, "Where is my parcel?", order_ref=ORDER)
    live = ana.live()
    for payload in PAYLOADS:
        live.say(conversation, payload)
    live.close()
    for payload in SOME:
        backstage.say(marta, conversation, payload)
        path = f"/desk/conversations/{conversation}/notes"
        marta.do(path, client_id=str(uuid4()), body=payload)
    _poison_the_help_centre(demo)
    return conversation


def _poison_the_order(demo: Demo) -> None:
    """As a seller could: in a store's name, a title, a text, an attribute, a parcel's step."""
    now = datetime.now(UTC)
    everything = "\n".join(PAYLOADS)[:9_000]
    product: dict[str, Any] = {
        "ref": "hostile",
        "store": "store-hostile",
        "title": PAYLOADS[0][:200],
        "text": everything,
        "attributes": {payload[:60]: payload[:60] for payload in PAYLOADS[:10]},
    }
    parcel = {
        "ref": "1",
        "carrier": PAYLOADS[1][:60],
        "tracking": PAYLOADS[2][:60],
        "state": "in_transit",
        "dispatched_at": now,
        "steps": [{"at": now, "text": payload[:200]} for payload in PAYLOADS[:20]],
    }
    bought = [{"position": 1, "product": "hostile", "unit_price": 3500}]
    with demo.database() as database, database.transaction() as session:
        stores = [{"ref": "store-hostile", "name": PAYLOADS[3][:100]}]
        orders = [order(ORDER, placed_at=now, lines=bought, parcels=[parcel])]
        assert not marketplace.import_stores(session, stores, now=now).errors
        assert not marketplace.import_products(session, [product], now=now).errors
        assert not marketplace.import_orders(session, orders, now=now).errors


def _poison_the_help_centre(demo: Demo) -> None:
    teo = backstage.staff(demo, backstage.TEO)
    path = f"/admin/questions/{QUESTION}/texts/en"
    tag = teo.ask("GET", path).headers["etag"]
    words = {"title": PAYLOADS[0][:120], "body": "\n\n".join(PAYLOADS[::4])[:5_900]}
    saved = teo.ask("PUT", path, json=words, headers={"If-Match": tag})
    assert saved.is_success, saved.text


def test_the_control_runs_most_of_them(browser: Browser) -> None:
    """Shown as HTML they do run: otherwise these tests would test nothing."""
    with ExitStack() as stack:
        page = contexts_of(browser, stack)().new_page()
        page.add_init_script(CONTROL_HOOK)
        page.route("**/*", lambda route: route.abort())
        page.evaluate(CONTROL, PAYLOADS)
        page.wait_for_function("() => window.ran?.size > 60")


def test_in_a_buyers_panel(demo: Demo, poisoned: str, trap: Trap) -> None:
    remember(trap.context, demo, "ana")
    ana = Buyer(trap.page())
    ana.page.goto(demo.site_url)
    ana.open_help()
    ana.page.evaluate(f"Amparo.open({{ order: '{ORDER}' }})")
    expect(ana.panel.locator(".steps li")).to_have_count(20)
    ana.panel.locator("details").evaluate_all(UNFOLD)
    ana.page.evaluate(f"Amparo.open({{ question: '{QUESTION}' }})")
    expect(ana.panel.get_by_text("Did this help?")).to_be_visible()
    assert clean(PAYLOADS[8]).split("\n")[0].strip() in ana.panel.locator(".prose").inner_text()
    ana.button("Menu").click()
    ana.button("My conversations").click()
    mine = ana.panel.locator(".badge", has_text="With a person")
    ana.panel.locator(".row").filter(has=mine).first.click()
    only_text(ana.panel.locator(".log"), 2 + len(PAYLOADS) + len(SOME))


def test_at_the_desk(demo: Demo, poisoned: str, trap: Trap) -> None:
    marta = Operator(trap.page())
    marta.sign_in(f"{demo.url}/desk/", backstage.MARTA)
    expect(marta.page.locator(".rows .row")).to_have_count(len(SOME))
    for row in marta.page.locator(".rows .row").all()[:5]:
        row.click()
        expect(marta.page.locator(".thread-log .message").first).to_be_visible()
    marta.page.goto(f"{demo.url}/desk/all/{poisoned}")
    expect(marta.page.get_by_text(ORDER).first).to_be_visible()
    marta.page.locator("details").evaluate_all(UNFOLD)
    only_text(marta.page.locator(".thread-log"), 3 + len(PAYLOADS) + 2 * len(SOME))


def test_in_the_help_centre(demo: Demo, poisoned: str, trap: Trap) -> None:
    page = trap.page()
    for payload in PAYLOADS[::2]:
        address = f"{demo.url}/help/en/search?q={quote(payload)}"
        page.goto(address, wait_until="domcontentloaded")
        assert page.url == address
        assert (
            page.locator("main :is(script, iframe, object, embed, img, audio, video)").count() == 0
        )
    page.goto(f"{demo.url}/help/en/{QUESTION}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(PAYLOADS[0][:20].split("\n")[0])
    page.goto(f"{demo.url}/help/en/")


def test_in_the_editor(demo: Demo, poisoned: str, trap: Trap) -> None:
    teo = Operator(trap.page())
    teo.sign_in(f"{demo.url}/admin/content/en/{QUESTION}", backstage.TEO)
    expect(teo.page.get_by_role("textbox", name="Answer")).to_have_value(re.compile("alert"))
    expect(teo.page.get_by_text("Preview").first).to_be_visible()


READ_UP = """log => {
  let area = log
  while (area.scrollHeight <= area.clientHeight) area = area.parentElement
  area.scrollTop = area.scrollHeight
  area.scrollTop = 0
}"""


def only_text(log: Locator, messages: int) -> None:
    """All these messages are there (the assistant may have answered, too): texts, no elements."""
    said = log.locator(".message-body")
    expect(said.first).to_be_attached()
    while (drawn := said.count()) < messages:  # the earlier ones are drawn when somebody reads up
        log.evaluate(READ_UP)
        expect(said.nth(drawn)).to_be_attached()
    steps = ".prose, .prose > p, .prose > ol, .prose > ol > li"  # how the panel draws an answer
    links = "bdi, bdi > a[rel~=noopener][rel~=noreferrer]:is([href^='http'], [href^='mailto:'])"
    assert log.locator(f".message-body :not({steps}, {links})").count() == 0
