"""The panel in somebody else's page: two origins that trust each other only as far as they must."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from demo.people import SITE_KEY
from tests.browser import chromium
from tests.browser.conftest import NewBuyer, NewContext
from tests.browser.demo import Demo

HELLO = """
  window.heard = []
  const frame = document.querySelector('iframe')
  const channel = new MessageChannel()
  channel.port1.onmessage = ({ data }) => heard.push(data.type)
  frame.contentWindow.postMessage({ amparo: 'hello', v: 1, identify: false }, '*', [channel.port2])
"""


class Stranger(ThreadingHTTPServer):
    """A site that nobody registered; it serves one page."""

    page = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Answer(BaseHTTPRequestHandler):
    """The page, and a cookie for whoever asks under /cookie."""

    server: Stranger
    headers_of_cookie: ClassVar = "third=1; SameSite=None; Secure; Path=/"

    def do_GET(self) -> None:
        body = self.server.page.encode()
        if self.path == "/cookie":
            body = f"<p>{self.headers.get('cookie', 'none')}</p>".encode()
        self.send_response(200)
        self.send_header("content-type", "text/html")
        if self.path == "/cookie":
            self.send_header("set-cookie", self.headers_of_cookie)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with Stranger(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_no_token_stands_in_an_address_nor_where_the_site_could_read_it(
    new_buyer: NewBuyer,
) -> None:
    ana = new_buyer("ana", "/orders")
    addresses: list[str] = []
    ana.page.on("request", lambda request: addresses.append(request.url))
    ana.page.on("websocket", lambda socket: addresses.append(socket.url))
    ana.page.reload()
    ana.open_help()
    ana.ask("Where is my parcel?")
    assert any("/api/v1/live" in address for address in addresses)
    for address in (*addresses, *(frame.url for frame in ana.page.frames)):
        assert "amp_" not in address
        assert "eyJ" not in address  # how every JWT begins
    kept = ana.page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
    for secret in ("amp_", "eyJ", "parcel"):
        assert secret not in kept
    assert "amparo" in kept, "the control: something is kept, and looked at"


def test_the_sites_scripts_cannot_read_the_panel(new_buyer: NewBuyer) -> None:
    ana = new_buyer()
    ana.open_help()
    seen = ana.page.evaluate("""() => {
      const host = [...document.querySelectorAll('section')].find((one) => one.shadowRoot)
      const { contentDocument, contentWindow } = host.shadowRoot.querySelector('iframe')
      const tries = [() => contentWindow.document, () => contentWindow.sessionStorage]
      return [contentDocument, ...tries.map((attempt) => {
        try { return attempt() } catch (error) { return error.name }
      })]
    }""")
    assert seen == [None, "SecurityError", "SecurityError"]


def test_the_site_needs_no_more_than_a_strict_policy(demo: Demo, new_buyer: NewBuyer) -> None:
    """Any refusal of the policy would be an error of the console, which the fixture forbids."""
    ana = new_buyer()
    answer = ana.page.reload()
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert f"default-src 'none'; script-src 'self' {demo.url}; frame-src {demo.url};" in policy
    assert "unsafe" not in policy
    ana.open_help()
    ana.ask("Where is my parcel?")


def test_an_unregistered_origin_cannot_frame_the_panel(
    demo: Demo, new_context: NewContext, stranger: Stranger
) -> None:
    stranger.page = f"<iframe src='{demo.url}/panel/?site={SITE_KEY}'></iframe>"
    page = new_context().new_page()
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(stranger.url)
    page.frames[1].wait_for_url(re.compile("^chrome-error:"))


def test_a_hello_from_an_unregistered_origin_gets_no_answer(
    demo: Demo, new_context: NewContext, stranger: Stranger
) -> None:
    """Framing is allowed here for once, so that the panel's own check is what is tested."""
    stranger.page = f"<iframe src='{demo.url}/panel/?site={SITE_KEY}'></iframe>"
    page = new_context().new_page()
    page.route("**/panel/?**", _framed_by_anybody)
    page.goto(stranger.url)
    page.evaluate(HELLO)
    expect(page.frame_locator("iframe").locator(".tile").first).to_be_visible()
    assert page.evaluate("heard") == []


def test_a_hello_from_the_site_is_answered(demo: Demo, new_context: NewContext) -> None:
    """The control: the same hello, from where it may come."""
    page = new_context().new_page()
    page.goto(demo.site_url)
    page.evaluate(
        """(source) => new Promise((loaded) => {
          const frame = document.createElement('iframe')
          frame.onload = loaded
          frame.src = source
          document.body.append(frame)
        }).then(() => undefined)""",
        f"{demo.url}/panel/?site={SITE_KEY}",
    )
    page.evaluate(HELLO)
    expect(page.frame_locator("iframe").locator(".tile").first).to_be_visible()
    assert page.evaluate("heard")[0] == "welcome"


def test_an_unknown_site_gets_words_and_no_panel(demo: Demo, new_context: NewContext) -> None:
    page = new_context().new_page()
    answer = page.goto(f"{demo.url}/panel/?site=pk_nobody")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_panel_out_of_reach_leaves_a_link_to_the_help_centre(
    demo: Demo, new_context: NewContext
) -> None:
    page = new_context().new_page()
    page.clock.install()
    page.route("**/panel/**", lambda route: route.abort())
    page.goto(demo.site_url)
    page.get_by_role("button", name="Need help?").click()
    page.clock.fast_forward("00:10")
    link = page.get_by_role("link", name="Open the help centre")
    expect(link).to_have_attribute("href", f"{demo.url}/help/en/")
    expect(link).to_be_focused()
    expect(page.get_by_role("button", name="Need help?")).to_be_hidden()


@pytest.mark.parametrize("allowed", [False, True], ids=["as in these tests", "control"])
def test_third_party_cookies_are_blocked(
    playwright: Playwright,
    browser: Browser,
    stranger: Stranger,
    tmp_path: Path,
    allowed: bool,
) -> None:
    """On in the browser of these tests, and it makes a difference."""
    here = chromium.opened(playwright, tmp_path, foreign_cookies=True) if allowed else browser
    context = here.new_context()
    try:
        page = context.new_page()
        foreign = stranger.url.replace("127.0.0.1", "localhost") + "cookie"
        stranger.page = f"<iframe src='{foreign}'></iframe>"
        for _ in range(2):
            _read_through(page, stranger.url)
        assert page.frame_locator("iframe").locator("p").inner_text() == (
            "third=1" if allowed else "none"
        )
    finally:
        context.close()
        if allowed:
            here.close()


def _read_through(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.frame_locator("iframe").locator("p")).to_be_visible()


def _framed_by_anybody(route: Route) -> None:
    answer = route.fetch()
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("content-security-policy", "cross-origin-resource-policy")
    }
    route.fulfill(response=answer, headers=headers)


def test_signing_out_on_the_site_leaves_nothing_of_the_person(
    demo: Demo, new_buyer: NewBuyer
) -> None:
    ana = new_buyer()
    ana.open_help()
    ana.ask("Where is my parcel?")
    ana.page.goto(f"{demo.site_url}/as/nobody")
    ana.open_if_closed()
    expect(ana.panel.get_by_role("heading", name="Hello. How can we help?")).to_be_visible()
    expect(ana.panel.get_by_text("Your conversation")).to_be_hidden()
    ana.button("My orders").click()
    expect(ana.panel.get_by_text("Your orders appear here once you sign in")).to_be_visible()
    kept = json.loads(ana.page.evaluate("JSON.stringify({ ...sessionStorage })"))
    assert "ana" not in str(kept).lower()
