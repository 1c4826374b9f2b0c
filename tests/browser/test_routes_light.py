"""Every route as axe-core sees it: left to right, light."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import axe, walk
from tests.browser.demo import Demo
from tests.browser.routes import ROUTES
from tests.browser.tour import Look, Tour

LOOK = Look("light")


@pytest.fixture(scope="module")
def tour(demo: Demo, browser: Browser) -> Iterator[Tour]:
    yield from walk.walking(demo, browser, LOOK)


@pytest.mark.parametrize("name", ROUTES)
def test_nothing_stands_in_anybodys_way(tour: Tour, name: str) -> None:
    walk.check(tour, name)


BROKEN = """<!doctype html><html lang="en"><title>A control</title><main><h1>Broken</h1>
<p style="color: #ccc; background: #fff">Nobody can read this.</p><img src="/x.png">
<button></button><p style="width: 2000px">Too wide</p></main></html>"""


def test_a_page_with_faults_is_caught(browser: Browser) -> None:
    """The control: without it, an axe that never ran would also find nothing."""
    page = browser.new_page()
    page.set_content(BROKEN)
    found = "\n".join(axe.violations(page))
    for fault in ("color-contrast", "image-alt", "button-name"):
        assert fault in found
    assert page.evaluate(walk.SIDEWAYS) > 0
    page.close()
