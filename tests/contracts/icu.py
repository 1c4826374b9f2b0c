"""A second reader of our message format: what a text asks for, and whether it is well formed."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Shape:
    """What must be the same in every language, and what must fit the language.

    Attributes:
        params: parameter -> "value", "plural" or "select" with its sorted options.
        plurals: (parameter, categories) of each plural, exact numbers (``=0``) left out.
    """

    params: dict[str, str] = field(default_factory=dict)
    plurals: list[tuple[str, frozenset[str]]] = field(default_factory=list)


class Malformed(ValueError):
    """The text is no message."""


def shape(message: str) -> Shape:
    """Read a whole message. Raises Malformed."""
    found = Shape()
    end = _message(message, 0, found, nested=False)
    if end != len(message):
        raise Malformed(f"unexpected }} at {end}")
    return found


def _message(text: str, at: int, found: Shape, *, nested: bool) -> int:
    while at < len(text):
        if text[at] == "'" and text[at + 1 : at + 2] in ("{", "}"):
            at += 2
        elif text[at] == "{":
            at = _argument(text, at + 1, found)
        elif text[at] == "}":
            if not nested:
                raise Malformed(f"unexpected }} at {at}")
            return at
        else:
            at += 1
    if nested:
        raise Malformed("a brace is not closed")
    return at


def _argument(text: str, at: int, found: Shape) -> int:
    name, at = _word(text, at, ",}")
    if not name.isidentifier():
        raise Malformed(f"no name of a parameter: {name!r}")
    if text[at] == "}":
        found.params.setdefault(name, "value")
        return at + 1
    kind, at = _word(text, at + 1, ",")
    if kind not in ("plural", "select"):
        raise Malformed(f"unknown kind {kind!r}")
    labels: list[str] = []
    at += 1
    while True:
        label, at = _word(text, at, "{}")
        if text[at] == "}":
            break
        labels.append(label)
        at = _message(text, at + 1, found, nested=True) + 1
    if "other" not in labels:
        raise Malformed(f"{kind} of {name} lacks other")
    categories = frozenset(label for label in labels if not label.startswith("="))
    if kind == "plural":
        found.plurals.append((name, categories))
        found.params[name] = "plural"
    else:
        found.params[name] = "select " + " ".join(sorted(categories))
    return at + 1


def _word(text: str, at: int, stops: str) -> tuple[str, int]:
    end = at
    while end < len(text) and text[end] not in stops:
        end += 1
    if end == len(text):
        raise Malformed("a brace is not closed")
    return text[at:end].strip(), end
