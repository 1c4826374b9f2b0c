"""The index of the shipped content, made once for all tests of the assistant."""

import pytest

from amparo.assistant.model import Example, Index, Thresholds
from amparo.assistant.shipped import wordings
from amparo.help_centre import shipped


@pytest.fixture(scope="session")
def index() -> Index:
    examples: list[Example] = []
    for text in shipped.read().texts:
        examples.append(Example(text.question, text.title, "title", text.language))
        if text.body:
            examples.append(Example(text.question, text.body, "answer", text.language))
    for question, by_language in wordings().items():
        for language, written in by_language.items():
            examples += [Example(question, wording, "wording", language) for wording in written]
    return Index(examples)


@pytest.fixture(scope="session")
def thresholds(index: Index) -> Thresholds:
    return index.thresholds()
