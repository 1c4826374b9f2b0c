"""One PostgreSQL for the whole run, one template made by the migrations, a clone or a rollback
for each test."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from amparo.kernel.clock import ManualClock
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.migrate import upgrade
from amparo.storage.session import Database, connect

FOLDER = "AMPARO_TEST_POSTGRES"
TEMPLATE = "amparo_template"
_owned: list[EmbeddedPostgres] = []
_SLOW = (
    "tests/journeys/",
    "tests/cases/test_model.py",
    "tests/cases/test_races.py",
    "tests/contracts/test_authorization.py",
    "tests/contracts/test_live_authorization.py",
    "tests/conversations/test_order_request_races.py",
    "tests/routing/test_assignment_races.py",
    "tests/routing/test_machine.py",
    "tests/server/test_hostile_input.py",
)
"""Real servers, whole matrices, a state machine: in every `make test`, not in `make fast`."""


def pytest_configure(config: pytest.Config) -> None:
    """The process that starts the run owns the server; xdist's workers find it by its folder."""
    if FOLDER not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="amparo-tests-"))
        folder.chmod(0o755)  # PostgreSQL runs as another user when we are root
        os.environ[FOLDER] = str(folder)
        _owned.append(EmbeddedPostgres(folder))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(_SLOW):
            item.add_marker("slow")


def pytest_unconfigure(config: pytest.Config) -> None:
    for server in _owned:
        server.stop()
        shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)
    _owned.clear()


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    """The last check: made before every other fixture, so it looks when all have ended."""
    yield
    if "tests.servers" in sys.modules:
        from tests.servers import left_behind

        assert not left_behind()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedPostgres:
    """The run's PostgreSQL, with the template database in it."""
    from amparo.storage.folder_lock import exclusive

    server = EmbeddedPostgres(Path(os.environ[FOLDER]))
    with exclusive(Path(os.environ[FOLDER]) / "template.lock"):
        server.start()
        _make_template(server)
    return server


def _make_template(server: EmbeddedPostgres) -> None:
    marker = Path(os.environ[FOLDER]) / "template.ready"
    if marker.exists():
        return
    server.ensure_database(TEMPLATE)
    database = connect(server.url(TEMPLATE))
    upgrade(database)
    database.close()
    marker.touch()


@pytest.fixture(scope="session")
def _shared(postgres: EmbeddedPostgres) -> Iterator[Database]:
    name = f"shared_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name), pool=4)
    yield database
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def session(_shared: Database) -> Iterator[Session]:
    """A session whose work is undone after the test."""
    with _shared.engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture
def database(postgres: EmbeddedPostgres) -> Iterator[Database]:
    """A database of the test's own, for what must really commit."""
    name = f"test_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name))
    yield database
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def now() -> datetime:
    """A Tuesday in spring, 12:00 UTC: 15:00 in Moscow, when the Russian team works."""
    return datetime(2026, 4, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(now: datetime) -> ManualClock:
    return ManualClock(now)
