"""The demo, loaded once into a database of its own."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from uuid import uuid4

import pytest

from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import Database, connect
from demo.identity import Identity
from demo.load import Loaded, load
from tests.conftest import TEMPLATE

SITE = "http://127.0.0.1:8421"
LOOPBACK = (ip_network("127.0.0.0/8"),)
BEGAN = datetime.fromisoformat("2026-04-14T12:00:00.123456Z")


@pytest.fixture(scope="module")
def demo_database(postgres: EmbeddedPostgres) -> Iterator[Database]:
    name = f"demo_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name))
    yield database
    database.close()
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return Identity(tmp_path_factory.mktemp("demo") / "key" / "identity.pem")


@pytest.fixture(scope="module")
def loaded(demo_database: Database, identity: Identity) -> Loaded:
    return load_demo(demo_database, identity, BEGAN)


def load_demo(database: Database, identity: Identity, now: datetime, site: str = SITE) -> Loaded:
    with database.transaction() as session:
        return load(session, site=site, identity=identity, networks=LOOPBACK, now=now)


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777
