"""A database that is emptied after each test: really committed to, and cheaper than a clone."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text

from amparo.storage.base import Base
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import Database, connect
from tests.conftest import TEMPLATE


@pytest.fixture(scope="session")
def _kept(postgres: EmbeddedPostgres) -> Iterator[Database]:
    name = f"emptied_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name))
    yield database
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def database(_kept: Database) -> Iterator[Database]:
    """Empty tables at the start; commits are real."""
    yield _kept
    tables = [f'DELETE FROM "{table.name}"' for table in reversed(Base.metadata.sorted_tables)]
    with _kept.engine.begin() as connection:
        connection.execute(text("; ".join(tables)))
