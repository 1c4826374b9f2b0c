"""A walk through every route: who looks, in which language and light, and what is prepared."""

from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import backstage
from tests.browser.conftest import NewContext, remember
from tests.browser.demo import Demo
from tests.browser.people import Buyer, Operator

ORDER, LATE_ORDER = "M-1004", "M-1002"
_BADGES = {
    "bot": "Assistant",
    "waiting": "In the queue",
    "assigned": "With a person",
    "resolved": "Solved",
    "deferred": "Answer later",
}
MIRROR = """if (location.origin === '%s') new MutationObserver((_, observer) => {
  if (!document.documentElement) return
  observer.disconnect()
  Object.assign(document.documentElement, { lang: '%s', dir: 'rtl' })
}).observe(document, { childList: true })"""
"""The site speaks no pseudo-language: its pages say that they do, before their scripts run."""
LONG = "Where is my parcel, please? " * 6


@dataclass(frozen=True)
class Look:
    """How the pages are looked at."""

    name: str
    language: str = "en"
    scheme: Literal["light", "dark"] = "light"
    width: int = 1280
    height: int = 800


def prepare(demo: Demo) -> dict[str, str]:
    """One conversation of Ana's in every state; returns their ids by what begins them."""
    ana, marta = backstage.buyer(demo), backstage.staff(demo)
    about = {"topic": "orders", "order_ref": LATE_ORDER}
    return {
        "resolved": backstage.resolved(ana, marta, "Tell me about my resolved matter", **about),
        "assigned": backstage.taken(ana, marta, "Tell me about my assigned matter", **about),
        "deferred": backstage.deferred(ana, "Tell me about my deferred matter"),
        "waiting": backstage.waiting(ana, "Tell me about my waiting matter", **about),
        "bot": backstage.asked(ana, "How do I track my parcel?"),
    }


@dataclass
class Tour:
    """The people of one look. Each route gets a page (and so a session storage) of its own."""

    demo: Demo
    look: Look
    conversations: dict[str, str]
    new_context: NewContext
    pages: list[Page] = field(default_factory=list)
    _contexts: dict[str, BrowserContext] = field(default_factory=dict)

    def site(self, path: str = "/", who: str = "ana") -> Buyer:
        """A page of the site."""
        buyer = Buyer(self._page(who))
        remember(buyer.page.context, self.demo, who)
        buyer.page.goto(f"{self.demo.site_url}{path}")
        return buyer

    def panel(self, path: str = "/", who: str = "ana") -> Buyer:
        """The panel's first view, on a page of the site."""
        buyer = self.site(path, who)
        buyer.open_help()
        return buyer

    def conversation(self, state: str) -> Buyer:
        """Ana's conversation in that state, in the panel."""
        ana = self.panel()
        ana.button("Menu").click()
        ana.button("My conversations").click()
        badge = ana.panel.locator(".badge", has_text=_BADGES[state])
        ana.panel.locator(".row").filter(has=badge).first.click()
        expect(ana.panel.locator(".log .message").first).to_be_visible()
        return ana

    def help(self, path: str) -> Page:
        """A page of the help centre."""
        page = self._page("reader")
        page.goto(f"{self.demo.url}/help/{self.look.language}/{path}")
        return page

    def desk(self, path: str = "", email: str = backstage.MARTA) -> Page:
        """A place of the desk, signed in."""
        return self.staff(f"/desk/{path}", email)

    def admin(self, path: str = "", email: str = backstage.TEO) -> Page:
        """A place of the administration, signed in."""
        return self.staff(f"/admin/{path}", email)

    def staff(self, path: str, email: str) -> Page:
        """A place for staff; the first visit signs in."""
        fresh = email not in self._contexts
        page = self._page(email)
        address = f"{self.demo.url}{path}?lang={self.look.language}"
        if fresh:
            Operator(page).sign_in(address, email)
        page.goto(address)
        expect(page.locator(".presence.online")).to_be_visible()
        return page

    def stranger(self, path: str) -> Page:
        """A place for staff, not signed in."""
        page = self._page("stranger")
        page.goto(f"{self.demo.url}{path}?lang={self.look.language}")
        return page

    def go_home(self) -> None:
        """Close what this route opened; who is signed in stays so."""
        for page in self.pages:
            page.close()
        self.pages.clear()

    def _page(self, who: str) -> Page:
        page = self._context(who).new_page()
        self.pages.append(page)
        return page

    def _context(self, who: str) -> BrowserContext:
        if who not in self._contexts:
            look = self.look
            context = self.new_context(
                color_scheme=look.scheme,
                viewport={"width": look.width, "height": look.height},
                reduced_motion="reduce",
            )
            if look.language != "en":
                context.add_init_script(MIRROR % (self.demo.site_url, look.language))
            self._contexts[who] = context
        return self._contexts[who]
