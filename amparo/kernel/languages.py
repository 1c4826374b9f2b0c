"""Languages: which we speak, which way they run, and which one a reader gets."""

from collections.abc import Sequence

INTERFACE: tuple[str, ...] = ("en", "es", "ru")
CONTENT: tuple[str, ...] = ("en", "es", "ru", "pt", "fr", "uk", "de", "zh")
PSEUDO = "ar-XB"
"""Right-to-left pseudo-locale made from English: shows what was never translated or mirrored."""
FALLBACK = "en"

_NATIVE = {
    "en": "English",
    "es": "Español",
    "ru": "Русский",
    "pt": "Português",
    "fr": "Français",
    "uk": "Українська",
    "de": "Deutsch",
    "zh": "中文",
    PSEUDO: "Right-to-left test",
}
_RTL = frozenset({"ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv"})
_HEADER_LIMIT = 500


def is_rtl(tag: str) -> bool:
    """Whether the language runs from right to left."""
    return tag.lower().split("-")[0] in _RTL


def native_name(tag: str) -> str:
    """The language's name in itself; the tag where we know none."""
    return _NATIVE.get(tag, tag)


def negotiate(wish: str | None, offered: Sequence[str], default: str = FALLBACK) -> str:
    """Choose one of ``offered`` by an Accept-Language value or a single tag (RFC 9110, 12.5.4)."""
    for tag in _wishes(wish or ""):
        for candidate in offered:
            if candidate.lower() == tag:
                return candidate
        for candidate in offered:
            if candidate.lower() == tag.split("-")[0]:
                return candidate
    return default if default in offered else offered[0]


def _wishes(header: str) -> list[str]:
    weighted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:_HEADER_LIMIT].split(",")):
        tag, _, parameter = part.strip().partition(";")
        weight = _weight(parameter)
        if tag and weight > 0:
            weighted.append((-weight, place, tag.strip().lower()))
    return [tag for _, _, tag in sorted(weighted)]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
