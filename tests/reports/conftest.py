"""One model of the shipped content for all of these tests: making it takes seconds."""

from collections.abc import Iterator

import pytest

from amparo.assistant.library import Library
from amparo.kernel.clock import ManualClock
from amparo.storage.session import Database
from tests.reports.house import House


@pytest.fixture
def library() -> Iterator[Library]:
    library = Library()
    yield library
    library.wait()


@pytest.fixture
def house(database: Database, clock: ManualClock, library: Library) -> House:
    return House(database, clock, library)


@pytest.fixture
def quiet_house(database: Database, clock: ManualClock) -> House:
    """A house whose assistant says only what the test lets it say."""
    return House(database, clock)
