"""``python -m bench.pages``: Lighthouse, axe and bytes of help pages; the worst page counts.

Lighthouse 12.8.2 is installed by npm into a cache folder of its own (never into the product) and
runs with Debian's Chromium in its default form: a phone, simulated slow 4G. ``page_bytes`` is
everything that comes over the wire for a page, its style sheet included, as the server sends it
without a compressing proxy. ``complete_without_js`` compares what can be read and pressed with
scripts switched off and on.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, Response, sync_playwright

from bench.common import mercadia, progress, result
from tests.browser import axe, chromium

VERSION = "12.8.2"
CATEGORIES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best_practices": "best-practices",
    "seo": "seo",
}
PAGES = ("en/", "en/topics/returns", "en/orders_track_parcel", "en/rules_phone_number")
"""The start, a topic, an article, and the page that answers "telephone number"."""
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "amparo-bench"
_READ = """() => [document.body.innerText.replace(/\\s+/g, ' ').trim(),
  ...[...document.querySelectorAll('a[href], button, input, summary')]
    .map((one) => one.outerHTML.slice(0, 200))]"""


def lighthouse() -> Path:
    """The program, installed where it is not there yet."""
    folder = _CACHE / f"lighthouse-{VERSION}"
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.exists():
        progress(f"installing lighthouse {VERSION} into {folder}")
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund"]
        command += ["--no-save", "--loglevel=error", f"lighthouse@{VERSION}"]
        # its puppeteer must not bring a browser along: Debian's is the one we measure with
        environment = os.environ | {"PUPPETEER_SKIP_DOWNLOAD": "1"}
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return program


def scores(program: Path, url: str) -> dict[str, float]:
    """The four categories of a page, 0 to 100."""
    with tempfile.TemporaryDirectory(prefix="amparo-lighthouse-") as folder:
        report = Path(folder) / "report.json"
        flags = " ".join((*chromium.FLAGS, "--headless=new", "--no-sandbox"))
        subprocess.run(
            [
                *("node", str(program), url, "--quiet", "--output=json"),
                *(f"--output-path={report}", f"--chrome-flags={flags}"),
                f"--only-categories={','.join(CATEGORIES.values())}",
            ],
            check=True,
            env=os.environ | {"CHROME_PATH": chromium.executable(), "TMPDIR": folder},
            stdout=subprocess.DEVNULL,
        )
        told: dict[str, Any] = json.loads(report.read_text("utf-8"))
    for audit in told["audits"].values():
        if audit["score"] is not None and audit["score"] < 1:
            progress(f"  {audit['id']}: {audit['score']} {audit.get('displayValue', '')}")
    return {
        name: round(100 * (told["categories"][key]["score"] or 0), 1)
        for name, key in CATEGORIES.items()
    }


def looked_at(browser: Browser, url: str) -> dict[str, int]:
    """Bytes over the wire, violations in both themes, and whether it is whole without scripts."""
    light, told = _opened(browser, url)
    found = len(axe.violations(light))
    with_scripts = light.evaluate(_READ)
    light.context.close()
    dark, _ = _opened(browser, url, color_scheme="dark")
    found += len(axe.violations(dark))
    dark.context.close()
    bare, _ = _opened(browser, url, java_script_enabled=False)
    without = _without_scripts(bare)
    bare.context.close()
    return {"bytes": sum(told), "axe": found, "whole": int(without == with_scripts)}


def _opened(browser: Browser, url: str, **settings: Any) -> tuple[Page, list[int]]:
    context = browser.new_context(viewport={"width": 412, "height": 823}, **settings)
    page = context.new_page()
    told: list[int] = []

    def count(response: Response) -> None:
        # the icon of the tab is no part of the page
        if not response.url.endswith("mark.svg"):
            sizes = response.request.sizes()
            told.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])

    page.on("requestfinished", lambda request: count(request.response() or _none()))
    page.goto(url, wait_until="networkidle")
    return page, told


def _none() -> Response:
    raise SystemExit("a request of the page was not answered")


def _without_scripts(page: Page) -> list[str]:
    """The same as ``_READ``, read from outside: the page itself runs nothing."""
    session = page.context.new_cdp_session(page)
    told = session.send("Runtime.evaluate", {"expression": f"({_READ})()", "returnByValue": True})
    found: list[str] = told["result"].get("value", [])
    return found


def measure(playwright: Playwright, root: str, runs: int) -> dict[str, object]:
    """The worst of all pages; of several runs of Lighthouse the median of each score."""
    program = lighthouse()
    worst: dict[str, float] = dict.fromkeys(CATEGORIES, 100.0)
    sizes: list[int] = []
    violations, whole = 0, True
    with tempfile.TemporaryDirectory(prefix="amparo-pages-") as profile:
        browser = chromium.opened(playwright, Path(profile))
        for path in PAGES:
            seen = looked_at(browser, f"{root}/help/{path}")
            sizes.append(seen["bytes"])
            violations, whole = violations + seen["axe"], whole and bool(seen["whole"])
            progress(f"{path}: {seen}")
        browser.close()
    for path in PAGES:
        told = [scores(program, f"{root}/help/{path}") for _ in range(runs)]
        middle = {name: sorted(one[name] for one in told)[runs // 2] for name in CATEGORIES}
        progress(f"{path}: {middle}")
        worst = {name: min(worst[name], middle[name]) for name in CATEGORIES}
    return {
        **worst,
        "page_bytes": max(sizes),
        "axe_violations": violations,
        "complete_without_js": whole,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="runs of Lighthouse for each page")
    given = parser.parse_args()
    with mercadia() as server, sync_playwright() as playwright:
        figures = measure(playwright, server.url, given.runs)
    result(figures)


if __name__ == "__main__":
    main()
