"""Every route as axe-core sees it: right to left, dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import walk
from tests.browser.demo import Demo
from tests.browser.routes import ROUTES
from tests.browser.tour import Look, Tour

LOOK = Look("mirrored", "ar-XB", "dark")


@pytest.fixture(scope="module")
def tour(demo: Demo, browser: Browser) -> Iterator[Tour]:
    yield from walk.walking(demo, browser, LOOK)


@pytest.mark.parametrize("name", ROUTES)
def test_nothing_stands_in_anybodys_way(tour: Tour, name: str) -> None:
    walk.check(tour, name)
