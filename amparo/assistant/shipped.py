"""The wordings that come with the program: one file a language."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from amparo.assistant.ranking import Example

_FOLDER = Path(__file__).parent / "examples"


@cache
def wordings() -> dict[str, dict[str, list[str]]]:
    """Question -> language -> texts in which people ask it."""
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        for question, texts in tomllib.loads(path.read_text("utf-8")).items():
            found.setdefault(question, {})[path.stem] = texts
    return found


def examples_of(
    texts: Iterable[tuple[str, str, str, str | None]], added: Iterable[Example] = ()
) -> list[Example]:
    """What is learnt from: titles and answers, and the wordings known for those questions.

    Args:
        texts: (question, language, title, answer).
        added: wordings of an administrator; those of a question that is gone teach nothing.
    """
    found: list[Example] = []
    present: dict[str, None] = {}
    for question, language, title, body in texts:
        present[question] = None
        found.append(Example(question, title, "title", language))
        if body:
            found.append(Example(question, body, "answer", language))
    found += [example for example in added if example.question in present]
    for question in present:
        for language, known in wordings().get(question, {}).items():
            found += [Example(question, text, "wording", language) for text in known]
    return found
