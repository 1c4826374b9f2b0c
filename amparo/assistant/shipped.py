"""The wordings that come with the program: one file a language."""

import tomllib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "examples"


@cache
def wordings() -> dict[str, dict[str, list[str]]]:
    """Question -> language -> texts in which people ask it."""
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        for question, texts in tomllib.loads(path.read_text("utf-8")).items():
            found.setdefault(question, {})[path.stem] = texts
    return found
