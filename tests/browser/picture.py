"""Pictures for the documentation, made by the tests so that they show what is."""

import os
from base64 import b64encode

from playwright.sync_api import Browser, Page

from tests.storage.clusters import PROJECT

_FOLDER = PROJECT / "docs" / "images"
_WIDTH = 1400
_FRAME = """<body style="margin: 0; display: flex; align-items: start; gap: 20px; padding: 20px;
  background: #d9d3c8">{images}</body>"""
_IMAGE = """<img src="data:image/png;base64,{data}" style="flex: {width} 1 0; min-width: 0;
  border-radius: 10px; box-shadow: 0 2px 6px #0003">"""


def side_by_side(browser: Browser, name: str, *pages: Page) -> None:
    """Write ``docs/images/NAME.png``, where ``AMPARO_SCREENSHOTS=1`` asks for it."""
    if os.environ.get("AMPARO_SCREENSHOTS") != "1":
        return
    images = []
    for page in pages:
        size = page.viewport_size
        assert size is not None
        data = b64encode(page.screenshot(animations="disabled")).decode()
        images.append(_IMAGE.format(data=data, width=size["width"]))
    sheet = browser.new_page(viewport={"width": _WIDTH, "height": 400})
    sheet.set_content(_FRAME.format(images="".join(images)))
    sheet.screenshot(path=_FOLDER / f"{name}.png", full_page=True)
    sheet.close()
