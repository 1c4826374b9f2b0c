"""One browser for these tests and one demo a file; everybody gets a context (cookies, storage) of
their own."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from amparo.storage.embedded import EmbeddedPostgres
from tests.browser import chromium
from tests.browser.cases_people import Claimant, Seller
from tests.browser.clocked_demo import ClockedDemo
from tests.browser.demo import Demo
from tests.browser.people import Buyer, Operator, Watched
from tests.conftest import TEMPLATE
from tests.servers import Server, left_behind

PATIENCE_MS = 20_000
NewContext = Callable[..., BrowserContext]
NewBuyer = Callable[..., Buyer]
NewOperator = Callable[..., Operator]
NewClaimant = Callable[..., Claimant]
NewSeller = Callable[..., Seller]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder carry the marker."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """What the server said last stands beside a failure."""
    report = yield
    used = getattr(item, "funcargs", {})
    for server in (used.get("demo"), used.get("busy"), used.get("stage")):
        if report.failed and isinstance(server, Server):
            report.sections.append(("server", server.log()[-6_000:]))
            break
    return report


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """For this folder only: its event loop must not run below other tests."""
    chromium.executable()
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with third-party cookies blocked."""
    browser = chromium.opened(playwright, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def demo(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Amparo and the site, with the demo's data, on a database of their own."""
    name = f"browser_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    demo = Demo(tmp_path_factory.mktemp("demo"), postgres.url(name))
    try:
        yield demo.start()
    finally:
        demo.close()
        postgres.drop_database(name)
    assert not left_behind(demo.mark)


def contexts_of(browser: Browser, stack: ExitStack) -> NewContext:
    """Opens contexts that end with the stack."""

    def open_context(**settings: Any) -> BrowserContext:
        wishes = {
            "locale": "en-GB",
            "timezone_id": "Europe/Madrid",
            "viewport": {"width": 1280, "height": 800},
        }
        context = browser.new_context(**(wishes | settings))
        context.set_default_timeout(PATIENCE_MS)
        stack.callback(context.close)
        return context

    return open_context


def remember(
    context: BrowserContext, demo: Demo | ClockedDemo, who: str, language: str = "en"
) -> None:
    """Somebody (or ``nobody``) is signed in on the site already."""
    wanted = {"mercadia_person": who, "mercadia_language": language}
    context.add_cookies(
        [{"name": name, "value": value, "url": demo.site_url} for name, value in wanted.items()]
    )


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Opens a person's own browser: cookies and storage are theirs alone."""
    with ExitStack() as stack:
        yield contexts_of(browser, stack)


@pytest.fixture
def watched() -> Iterator[list[Watched]]:
    """Every page of the test; at its end none may have complained."""
    pages: list[Watched] = []
    yield pages
    assert [complaint for page in pages for complaint in page.complaints] == []


@pytest.fixture
def new_buyer(demo: Demo, new_context: NewContext, watched: list[Watched]) -> NewBuyer:
    """Somebody on a page of the site: signed in there, or nobody."""

    def arrive(who: str = "ana", path: str = "/", **settings: Any) -> Buyer:
        context = new_context(**settings)
        remember(context, demo, who)
        buyer = Buyer(context.new_page())
        watched.append(buyer)
        buyer.page.goto(f"{demo.site_url}{path}")
        return buyer

    return arrive


@pytest.fixture
def new_operator(demo: Demo, new_context: NewContext, watched: list[Watched]) -> NewOperator:
    """Somebody of the staff, signed in."""

    def arrive(
        email: str = "marta@mercadia.example", path: str = "/desk/", **settings: Any
    ) -> Operator:
        operator = Operator(new_context(**settings).new_page())
        watched.append(operator)
        operator.sign_in(f"{demo.url}{path}", email)
        return operator

    return arrive


@pytest.fixture
def new_claimant(demo: ClockedDemo, new_context: NewContext, watched: list[Watched]) -> NewClaimant:
    """Ana on the site, who has something to complain about."""

    def arrive(**settings: Any) -> Claimant:
        context = new_context(**settings)
        remember(context, demo, "ana")
        ana = Claimant(context.new_page(), demo=demo)
        watched.append(ana)
        return ana

    return arrive


@pytest.fixture
def new_seller(demo: ClockedDemo, new_context: NewContext, watched: list[Watched]) -> NewSeller:
    """Wei with a browser of his own, nowhere yet."""

    def arrive(**settings: Any) -> Seller:
        wei = Seller(new_context(**settings).new_page(), demo=demo)
        watched.append(wei)
        return wei

    return arrive
