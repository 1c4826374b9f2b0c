"""What every look of the tour checks on every route (a file for each look: they run beside each
other)."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser import axe
from tests.browser.conftest import contexts_of
from tests.browser.demo import Demo
from tests.browser.people import mend
from tests.browser.routes import ROUTES
from tests.browser.tour import Look, Tour, prepare

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def walking(demo: Demo, browser: Browser, look: Look) -> Iterator[Tour]:
    """A fixture's body: the tour of one look, with a conversation in every state."""
    with ExitStack() as stack:
        yield Tour(demo, look, prepare(demo), contexts_of(browser, stack))


def check(tour: Tour, name: str) -> None:
    """Nothing that axe-core knows of is wrong, and nothing has to be scrolled sideways."""
    try:
        place = ROUTES[name](tour)
        if folder := os.environ.get("AMPARO_LOOK"):
            picture = f"{name} {tour.look.name}.png".replace(" ", "-")
            tour.pages[-1].screenshot(path=Path(folder) / picture)
        assert "\n".join(axe.violations(place)) == ""
        assert place.evaluate(SIDEWAYS) <= 0
    finally:
        for page in tour.pages:
            mend(page.context)
        tour.go_home()
