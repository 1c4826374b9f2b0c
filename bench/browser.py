"""``python -m bench.browser``: what an operator waits for, at a round trip of 100 ms.

Chromium shows the desk of a real server through a proxy of our own on loopback that delays every
byte by half of ``--round-trip-ms`` each way (Chromium's own emulation leaves live sockets out).
Medians of ``--runs``:

- ``burst_ms``: 100 messages arrive at once in the open conversation (the proxy holds them back
  and lets them go together); from the first frame in the page until the last message is painted;
- ``plain_dom_ms``: the same 100 rows made by plain DOM code in the same page;
- ``switch_ms``: from the click on a conversation that was open before until it is painted;
- ``sent_visible_ms``: from the press of Ctrl+Enter until the own message is painted.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from bench.common import FAST, progress, result
from bench.delay import Delay
from bench.ours import conversations
from bench.peers.running import free_port
from tests.accounts.people import PASSWORD
from tests.browser import chromium
from tests.journeys.people import MARTA, Person, populate
from tests.servers import Server, embedded_server, left_behind

MESSAGES = 100
_SCRIPT = Path(__file__).with_suffix(".js")
_PATIENCE_MS = 30_000
Chats = Sequence[tuple[Person, str]]


def signed_in(page: Page, address: str) -> None:
    """Marta at the desk, her own conversations before her."""
    page.set_default_timeout(_PATIENCE_MS)
    page.add_init_script(path=_SCRIPT)
    page.goto(f"{address}/desk/mine")
    page.get_by_label("E-mail").fill(MARTA)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("a.row").first.wait_for()


def opened(page: Page, chat: str, text: str) -> float:
    """Open a conversation from the list; milliseconds until it is painted."""
    page.locator(f'a.row[href*="{chat}"]').wait_for()
    took: float = page.evaluate("([id, text]) => bench.opened(id, text)", [chat, text])
    return took


def burst(page: Page, line: Delay, writer: Person, chat: str, run: int) -> tuple[float, float]:
    """Milliseconds for the product, and for plain DOM code, to show what came at once."""
    mark = f"burst {run} number"
    page.evaluate("(words) => { bench.run = bench.burst(...words) }", [mark, f"{mark} {MESSAGES}."])
    live = writer.live()
    line.hold()
    for number in range(1, MESSAGES + 1):
        live.post(chat, f"{mark} {number}. As people write them in a chat, of some length.")
    live.until_acked()
    # the server's events lie at the proxy when the last of them has come to another reader
    live.subscribe(chat)
    live.close()
    time.sleep(2 * line.one_way_s)
    line.release()
    took, came, ready = page.evaluate("() => bench.run")
    progress(f"all frames after {came:.1f} ms, all rows after {ready:.1f}, painted {took:.1f}")
    drawn, plain = page.evaluate("(count) => bench.plain(count)", MESSAGES)
    if drawn != MESSAGES:
        raise SystemExit(f"{drawn} rows of {MESSAGES} messages are drawn")
    return took, plain


def sent(page: Page, run: int) -> float:
    """Milliseconds until an own message is visible."""
    text = f"Answer {run} of the bench"
    field = page.locator(".reply-box textarea")
    field.fill(text)
    page.evaluate("(text) => { bench.run = bench.sent(text) }", text)
    field.press("Control+Enter")
    took: float = page.evaluate("() => bench.run")
    # stored, so that the next one does not wait behind it
    expect(page.locator(".thread-log .message").last).not_to_contain_text("Sending")
    return took


def measure(page: Page, line: Delay, chats: Chats, runs: int) -> dict[str, object]:
    """All figures, in a signed-in page."""
    first = "Where is my parcel?"
    for _, chat in chats:
        opened(page, chat, first)
    bursts = []
    for run, (writer, chat) in enumerate(chats[:runs]):
        opened(page, chat, first)
        bursts.append(burst(page, line, writer, chat, run))
        progress(f"burst {run + 1}: {bursts[-1][0]:.1f} ms, plain DOM {bursts[-1][1]:.1f} ms")
    answers, switches = [], []
    opened(page, chats[-1][1], first)
    for run in range(runs * 2):
        answers.append(sent(page, run))
    last, words = chats[-1][1], f"Answer {runs * 2 - 1} of the bench"
    for run in range(runs):
        switches.append(opened(page, chats[run][1], f"burst {run} number {MESSAGES}."))
        switches.append(opened(page, last, words))
    trip = page.evaluate(
        "async () => { const began = performance.now(); await fetch('/healthz');"
        " return performance.now() - began }"
    )
    product, plain = (statistics.median(one) for one in zip(*bursts, strict=True))
    progress(f"answers {[round(one) for one in answers]}, switches {[round(s) for s in switches]}")
    return {
        "burst_ms": round(product, 1),
        "plain_dom_ms": round(plain, 1),
        "burst_ratio": round(product / plain, 2),
        "switch_ms": round(statistics.median(switches), 1),
        "sent_visible_ms": round(statistics.median(answers), 1),
        "round_trip_ms": round(trip),
        "runs": runs,
    }


def delayed(stack: ExitStack, one_way_s: float) -> tuple[Server, Delay]:
    """A filled server that believes to be at the proxy's address, and the proxy."""
    port = free_port()
    line = stack.enter_context(Delay(port, one_way_s))
    settings = FAST | {"AMPARO_BASE_URL": f"http://localhost:{line.port}"}
    server = stack.enter_context(embedded_server(**settings))
    server.port = port
    server.start()
    server.port = port  # it tells its public address, which is the slow one
    with server.database() as database:
        populate(database)
    return server, line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--round-trip-ms", type=float, default=100)
    given = parser.parse_args()
    with ExitStack() as stack:
        server, line = delayed(stack, given.round_trip_ms / 2000)
        _, chats = conversations(server, given.runs + 1)
        profile = stack.enter_context(tempfile.TemporaryDirectory(prefix="amparo-browser-"))
        playwright = stack.enter_context(sync_playwright())
        browser = chromium.opened(playwright, Path(profile))
        stack.callback(browser.close)
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        signed_in(page, f"http://localhost:{line.port}")
        figures = measure(page, line, chats, given.runs)
    if left := left_behind():
        raise SystemExit(f"processes left behind: {left}")
    result(figures)


if __name__ == "__main__":
    main()
