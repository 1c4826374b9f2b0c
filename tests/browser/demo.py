"""Amparo and the demo's site as one program that a test starts, kills and starts again."""

import sys
from pathlib import Path
from typing import Self

from tests.servers import Server


class Demo(Server):
    """``python -m demo``: two addresses that are two *sites* for a browser."""

    def __init__(self, data: Path, database_url: str) -> None:
        settings = {"AMPARO_LOG_LEVEL": "info"}
        super().__init__(data, database_url=database_url, settings=settings)
        self.site_url = ""

    def command(self) -> list[str]:
        """The demo on the ports of its first start."""
        site_port = self.site_url.rpartition(":")[2] or "0"
        return [
            *(sys.executable, "-m", "demo"),
            *("--data", str(self.data)),
            *("--port", str(self.port)),
            *("--site-port", site_port),
        ]

    def start(self) -> Self:
        """Start both and wait until both answer."""
        before = len(self.entries("site_serving"))
        super().start()
        self.wait_for(lambda: len(self.entries("site_serving")) > before, "the site serves")
        self.site_url = self.entries("site_serving")[-1]["address"]
        return self
