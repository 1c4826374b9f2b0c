"""One server for the stories that do not end it, on a copy of the run's template database."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import connect
from tests.conftest import TEMPLATE
from tests.journeys.people import populate
from tests.servers import Server

NewServer = Callable[..., Server]


def started(
    postgres: EmbeddedPostgres, data: Path, stack: ExitStack, settings: Mapping[str, str]
) -> Server:
    """A running server on a database of its own, with the people of the tests."""
    name = f"journey_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    stack.callback(postgres.drop_database, name)
    database = connect(postgres.url(name), pool=2)
    populate(database)
    database.close()
    server = Server(data, database_url=postgres.url(name), settings=settings)
    stack.callback(server.close)
    return server.start()


@pytest.fixture(scope="session")
def server(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The server that these stories share; each brings its own buyers."""
    with ExitStack() as stack:
        yield started(postgres, tmp_path_factory.mktemp("server"), stack, {})


@pytest.fixture
def new_server(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[NewServer]:
    """Starts a server of the test's own, which it may kill; settings as keywords."""
    with ExitStack() as stack:
        yield lambda **settings: started(postgres, tmp_path, stack, settings)
