"""axe-core finds nothing on any route: left-to-right and light, right-to-left and dark, narrow;
and nothing has to be scrolled sideways."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import axe
from tests.browser.conftest import contexts_of
from tests.browser.demo import Demo
from tests.browser.people import mend
from tests.browser.routes import ROUTES
from tests.browser.tour import LOOKS, Look, Tour, prepare

BROKEN = """<!doctype html><html lang="en"><title>A control</title><main><h1>Broken</h1>
<p style="color: #ccc; background: #fff">Nobody can read this.</p><img src="/x.png">
<button></button></main></html>"""


SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def conversations(demo: Demo) -> dict[str, str]:
    return prepare(demo)


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: look.name)
def tour(
    request: pytest.FixtureRequest, demo: Demo, browser: Browser, conversations: dict[str, str]
) -> Iterator[Tour]:
    look: Look = request.param
    with ExitStack() as stack:
        yield Tour(demo, look, conversations, contexts_of(browser, stack))


@pytest.mark.parametrize("name", ROUTES)
def test_nothing_stands_in_anybodys_way(tour: Tour, name: str) -> None:
    try:
        place = ROUTES[name](tour)
        if folder := os.environ.get("AMPARO_LOOK"):
            page = tour.pages[-1]
            page.screenshot(path=Path(folder) / f"{name} {tour.look.name}.png".replace(" ", "-"))
        assert "\n".join(axe.violations(place)) == ""
        assert place.evaluate(SIDEWAYS) <= 0
    finally:
        for page in tour.pages:
            mend(page.context)
        tour.go_home()


def test_a_page_with_faults_is_caught(browser: Browser) -> None:
    """The control: without it, an axe that never ran would also find nothing."""
    page = browser.new_page()
    page.set_content(BROKEN)
    found = "\n".join(axe.violations(page))
    page.close()
    for fault in ("color-contrast", "image-alt", "button-name"):
        assert fault in found
