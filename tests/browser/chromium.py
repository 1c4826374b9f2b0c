"""Chromium as these tests use it: Debian's, with a profile of its own and third-party cookies
blocked as a buyer's browser may block them."""

import json
import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_ALLOWED, _BLOCKED = 0, 1
"""Chromium's ``profile.cookie_controls_mode``."""


def executable() -> str:
    """Where Chromium is. Without it these tests are skipped, but never in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        missing = "no Chromium here; scripts/browser.sh says how to get it"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


def opened(playwright: Playwright, profile: Path, *, foreign_cookies: bool = False) -> Browser:
    """A browser with a fresh profile; whoever opens it closes it.

    Args:
        profile: an empty folder.
        foreign_cookies: let frames of other sites have cookies (only to show that it matters).
    """
    mode = _ALLOWED if foreign_cookies else _BLOCKED
    preferences = profile / "Default" / "Preferences"
    preferences.parent.mkdir(parents=True)
    wishes = {"profile": {"cookie_controls_mode": mode, "block_third_party_cookies": bool(mode)}}
    preferences.write_text(json.dumps(wishes), "utf-8")
    # Preferences count only in a profile; the contexts made later of its browser obey them too.
    first = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=executable(),
        args=list(FLAGS),
        chromium_sandbox=False,
        headless=True,
    )
    browser = first.browser
    assert browser is not None
    return browser
