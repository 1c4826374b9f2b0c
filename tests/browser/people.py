"""Ana on the site and Marta at the desk: what they see and what they do, in their words."""

import re
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Frame,
    FrameLocator,
    Locator,
    Page,
    WebSocket,
    expect,
)

from demo.people import PASSWORD

Said = tuple[Literal["buyer", "house", "note"], str]
_NETWORK = re.compile(r"ERR_|Failed to load resource|WebSocket connection")
"""What a browser writes when a connection is cut: our doing in these tests, nobody's bug."""


@dataclass
class Watched:
    """A page and everything that went wrong on it.

    Attributes:
        complaints: exceptions and errors of the console, refusals of a policy among them.
        received: text frames that its live connections received, one list per connection.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    received: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("websocket", self._listen)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _NETWORK.search(message.text):
            self.complaints.append(message.text)

    def _listen(self, socket: WebSocket) -> None:
        frames: list[str] = []
        self.received.append(frames)
        socket.on("framereceived", lambda data: frames.append(str(data)))


class Buyer(Watched):
    """Somebody on the marketplace's site, with the panel in its frame."""

    @property
    def panel(self) -> FrameLocator:
        """The panel; what it shows is found as a person finds it, by role and name."""
        return self.page.frame_locator("iframe")

    @property
    def frame(self) -> Frame:
        """The panel's frame itself."""
        element = self.page.locator("iframe").element_handle()
        frame = element.content_frame()
        assert frame is not None
        return frame

    @property
    def help_button(self) -> Locator:
        """The one thing that the loader draws."""
        return self.page.get_by_role("button", name="Need help?")

    @property
    def field(self) -> Locator:
        """Where one writes, whichever view it is."""
        return self.panel.locator("textarea")

    def open_help(self) -> None:
        """Press the button and wait for the first view."""
        self.help_button.click()
        expect(self.panel.get_by_role("heading", level=1)).to_be_visible()
        expect(self.button("My orders")).to_be_visible()

    def open_if_closed(self) -> None:
        """Open the panel where the page did not come back with it open."""
        expect(self.help_button.or_(self.page.locator("iframe:not([hidden])"))).to_be_visible()
        if self.help_button.is_visible():
            self.open_help()

    def ask(self, question: str) -> None:
        """Ask the assistant, and wait for the answer."""
        self.write(question)
        expect(self.panel.get_by_text("Did this help?")).to_be_visible()

    def write(self, text: str) -> None:
        """Write and send with Enter."""
        self.field.fill(text)
        self.field.press("Enter")

    def button(self, name: str) -> Locator:
        """A button of the panel, in English or in the pseudo-language made of it."""
        return self.panel.get_by_role("button", name=re.compile(rf"^\W*{re.escape(name)}"))

    def said(self) -> list[Said]:
        """The conversation as this page draws it, from top to bottom."""
        return _said(self.panel.locator(".log"), own="buyer", theirs="house")

    def sees(self, text: str) -> None:
        """Wait until a message is there, stored and not only on its way."""
        message = self.panel.locator(".log .message", has_text=text)
        expect(message).to_have_count(1)
        expect(message).not_to_contain_text("Sending")


class Operator(Watched):
    """Somebody at the desk."""

    @property
    def field(self) -> Locator:
        """Where replies and notes are written."""
        return self.page.locator(".reply-box textarea")

    def sign_in(self, desk: str, email: str) -> None:
        """With the demo's password, from an address of the desk or the administration."""
        self.page.goto(desk)
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").first.fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.locator(".presence.online")).to_be_visible()

    def take_next(self) -> None:
        """The next person of the queue, and wait until one can write to them."""
        self.page.get_by_role("button", name="Take next", exact=True).click()
        expect(self.page.get_by_label(re.compile("^Reply to"))).to_be_visible()

    def write(self, text: str) -> None:
        """Reply with Ctrl+Enter."""
        self.page.get_by_label(re.compile("^Reply to")).fill(text)
        self.field.press("Control+Enter")

    def note(self, text: str) -> None:
        """Leave a note, and go back to replying."""
        self.page.locator(".mode-switch label.note").click()
        self.page.get_by_label("Note for staff").fill(text)
        self.page.get_by_role("button", name="Add note").click()
        self.sees(text)
        self.page.locator(".mode-switch label.reply").click()

    def said(self) -> list[Said]:
        """The conversation as the desk draws it, notes and all."""
        return _said(self.page.locator(".thread-log"), own="house", theirs="buyer")

    def sees(self, text: str) -> None:
        """Wait until a message is there and stored."""
        message = self.page.locator(".thread-log .message", has_text=text)
        expect(message).to_have_count(1)
        expect(message).not_to_contain_text("Sending")


def _said(log: Locator, own: str, theirs: str) -> list[Said]:
    """The panel draws the steps of an answer as a list, the desk as they were written."""
    found: list[Said] = log.locator(".message").evaluate_all(
        """(messages, names) => messages.map((message) => [
            Object.keys(names).map((side) => message.classList.contains(side) && names[side])
              .find(Boolean),
            message.querySelector('.message-body').innerText
              .replace(/^\\d+\\. /gm, '').replace(/\\n+/g, '\\n').trim(),
        ])""",
        {"own": own, "theirs": theirs, "note": "note"},
    )
    return [(side, body) for side, body in found]


def cut(context: BrowserContext) -> None:
    """The network is gone."""
    context.set_offline(True)


def mend(context: BrowserContext) -> None:
    """The network is back."""
    context.set_offline(False)
