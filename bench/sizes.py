"""``python -m bench.sizes``: what a first view costs on the line, in bytes of brotli.

A fresh Chromium opens the panel and the desk of a running server and tells which files it asked
for; reading names from the build would miss what is loaded by code, and would count what is not.
Each file is then fetched once more with ``Accept-Encoding: br`` and its bytes on the line are
counted: scripts, styles, images, texts. The page itself and the answers of the API are told on
stderr and not counted, as in the goals (loader 2,000, panel 20,000, desk 90,000).
"""

import argparse
import shutil
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page, sync_playwright

from bench.common import mercadia, progress, result
from tests.accounts.people import SITE
from tests.servers import Server

_FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def files_of(page: Page, url: str) -> list[str]:
    """Paths of the built files that a first view of ``url`` asks for, in order, each once."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url, wait_until="networkidle")
    addresses = [urlsplit(one) for one in dict.fromkeys(asked)]
    ours = [one.path for one in addresses if one.netloc == urlsplit(url).netloc]
    for path in ours:
        if not path.startswith("/assets/"):
            progress(f"  not counted: {path}")
    return [path for path in ours if path.startswith("/assets/")]


def bytes_of(server: Server, path: str) -> int:
    """The bytes of a file on the line, which must be brotli."""
    headers = {"Accept-Encoding": "br"}
    with httpx.stream("GET", server.url + path, headers=headers, trust_env=False) as answer:
        size = sum(len(chunk) for chunk in answer.iter_raw())
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}: is the front end built?")
    if answer.headers.get("content-encoding") != "br":
        progress(f"  {path} is not sent as brotli")
    return size


def first_view(server: Server, page: Page, path: str) -> int:
    """All files of a first view together."""
    sizes = {name: bytes_of(server, name) for name in files_of(page, server.url + path)}
    for name, size in sizes.items():
        progress(f"  {size:7,} {name}")
    if not any(name.endswith(".js") for name in sizes):
        raise SystemExit(f"{path} asked for no script: is the front end built?")
    return sum(sizes.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lang", default="en", help="language of the panel's texts")
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with mercadia() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=_FLAGS, chromium_sandbox=False
        )
        figures: dict[str, object] = {"loader_br": bytes_of(server, "/widget.js")}
        views = {
            "panel_first_br": f"/panel/?site={SITE}&lang={given.lang}",
            "desk_first_br": "/desk/",
        }
        for name, path in views.items():
            progress(f"{name}: {path}")
            page = browser.new_context(locale=given.lang).new_page()
            figures[name] = first_view(server, page, path)
        browser.close()
    result(figures)


if __name__ == "__main__":
    main()
