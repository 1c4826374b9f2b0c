"""House rule: logical properties only, so that every screen runs from right to left as well."""

import re

from tests.contracts.sources import PACKAGE, frontend_files, name_of

_SIDES = r"(?:left|right|top|bottom)"
PHYSICAL = re.compile(
    rf"(?<![\w-])(?:(?:margin|padding|border|inset)-{_SIDES}(?:-(?:width|color|style))?"
    rf"|border-(?:top|bottom)-(?:left|right)-radius"
    rf"|(?:scroll-(?:margin|padding))-{_SIDES}|left|right|top|bottom)\s*:"
    r"|(?<![\w-])(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
"""Directions of the screen instead of directions of the text."""

FOUR_SIDES = re.compile(r"(?<![\w-])(?:margin|padding|inset)\s*:\s*([^;{}]+)")
_INLINE = re.compile(
    r"(?<![\w-])(?:margin|padding|border)(?:Left|Right|Top|Bottom)\w*\s*:"
    r"|textAlign:\s*['\"](?:left|right)['\"]"
)


def test_no_style_says_left_or_right() -> None:
    wrong = []
    styles = [*frontend_files(".css"), *PACKAGE.rglob("*.css")]
    for path in styles:
        if "static" in path.parts:
            continue
        text = re.sub(r"/\*.*?\*/", lambda m: " " * len(m[0]), path.read_text("utf-8"), flags=re.S)
        for match in PHYSICAL.finditer(text):
            line = text[: match.start()].count("\n") + 1
            wrong.append(f"{name_of(path)}:{line} {match[0]}")
        for match in FOUR_SIDES.finditer(text):
            values = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "", match[1]).split()
            if len(values) == 4 and values[1] != values[3]:
                line = text[: match.start()].count("\n") + 1
                wrong.append(f"{name_of(path)}:{line} {match[0]}: sides differ")
    assert not wrong, "\n".join(wrong)


def test_no_style_in_markup_says_left_or_right() -> None:
    wrong = [
        f"{name_of(path)}: {match[0]}"
        for path in frontend_files(".tsx", ".ts")
        for match in _INLINE.finditer(path.read_text("utf-8"))
    ]
    assert not wrong, "\n".join(wrong)
