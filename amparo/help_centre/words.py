"""The words around the content, in every content language (not only the interface's three)."""

from amparo.help_centre import shipped
from amparo.kernel import texts
from amparo.kernel.languages import INTERFACE, PSEUDO


def say(language: str, key: str, /, **params: object) -> str:
    """The text ``help_centre.<key>`` in ``language``."""
    if language in INTERFACE or language == PSEUDO:
        return texts.text(language, f"help_centre.{key}", **params)
    pattern = shipped.page_words().get(language, {}).get(key)
    if pattern is None:
        return texts.text(language, f"help_centre.{key}", **params)
    for name, value in params.items():
        pattern = pattern.replace("{" + name + "}", str(value))
    return pattern
