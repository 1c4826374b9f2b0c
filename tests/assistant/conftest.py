"""What the shipped content teaches, loaded once for all tests of the assistant."""

from uuid import UUID

import pytest

from amparo.assistant import keeping, prepare
from amparo.assistant.embedder import embedders
from amparo.assistant.keeping import PREPARED
from amparo.assistant.shelf import Shelf, by_letters, by_model
from amparo.assistant.training import teaching

NOBODYS = UUID(int=0)


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    """As a new installation has it: `make setup` has learnt it."""
    prepare.main()
    examples, encoders = prepare.shipped_examples(), embedders(extra=False)
    taught = teaching(examples)
    learnt = keeping.kept(PREPARED / keeping.file_name(taught, encoders), taught, encoders)
    assert learnt is not None
    return by_model(examples, NOBODYS, *learnt)


@pytest.fixture(scope="session")
def letters() -> Shelf:
    """As an installation without an encoder has it."""
    return by_letters(prepare.shipped_examples(), NOBODYS)
