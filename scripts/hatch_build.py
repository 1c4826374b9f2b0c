"""Puts the built front end into the wheel and the sdist; an editable install builds nothing."""

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    """Makes sure that what is packed has its pages."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the front end unless ``make setup`` has done it."""
        root = Path(self.root)
        static = root / "amparo" / "server" / "static"
        if version != "editable" and not (static / "widget.js").is_file():
            subprocess.run([str(root / "scripts" / "frontend.sh")], check=True)
        build_data["artifacts"].append("amparo/server/static/**")
