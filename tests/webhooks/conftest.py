"""Senders and followers commit: each test gets a database that is emptied after it."""

from collections.abc import Iterator

import pytest

from amparo.kernel.clock import ManualClock
from amparo.storage.session import Database
from tests.emptied import _kept, database
from tests.storage.receivers import Receiver, receiver
from tests.webhooks.desk import Desk

__all__ = ["_kept", "database"]


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return Desk(database, clock)


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found
