"""The guide's words in every content language, not only in the interface's three."""

import tomllib
from functools import cache
from pathlib import Path

from amparo.kernel import texts
from amparo.kernel.languages import INTERFACE, PSEUDO


def say(language: str, key: str, /, **params: object) -> str:
    """The text ``contact_guide.<key>`` in ``language``; English where it has none."""
    pattern = page_words().get(language, {}).get(key)
    if pattern is None or language in INTERFACE or language == PSEUDO:
        return texts.text(language, f"contact_guide.{key}", **params)
    for name, value in params.items():
        pattern = pattern.replace("{" + name + "}", str(value))
    return pattern


@cache
def page_words() -> dict[str, dict[str, str]]:
    """Language -> key -> pattern, of the languages that are not interface languages."""
    return tomllib.loads((Path(__file__).parent / "pages.toml").read_text("utf-8"))
