"""The index of the shipped content, made once for all tests of the assistant."""

import tomllib
from pathlib import Path

import pytest

import amparo.assistant
from amparo.assistant.model import Example, Index, Thresholds
from amparo.help_centre import shipped


@pytest.fixture(scope="session")
def index() -> Index:
    package = Path(amparo.assistant.__file__).parent
    wordings = tomllib.loads((package / "examples.toml").read_text("utf-8"))
    examples = [Example(text.question, text.title, "title") for text in shipped.read().texts]
    examples += [
        Example(text.question, text.body, "answer") for text in shipped.read().texts if text.body
    ]
    examples += [
        Example(question, wording, "wording")
        for question, by_language in wordings.items()
        for written in by_language.values()
        for wording in written
    ]
    return Index(examples)


@pytest.fixture(scope="session")
def thresholds(index: Index) -> Thresholds:
    return index.thresholds()
