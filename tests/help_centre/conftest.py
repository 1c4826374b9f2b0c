"""A help centre with the shipped content, once for all reads; a house with people for the rest."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from amparo.accounts import management_actions
from amparo.config import Settings
from amparo.help_centre.actions import load_shipped_content
from amparo.kernel.actor import Actor, Role
from amparo.kernel.clock import ManualClock
from amparo.kernel.ids import new_id
from amparo.routing.actions import load_default_teams
from amparo.server.app import create_app
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import Database, connect
from tests.accounts.people import PASSWORD, make_marta, make_site
from tests.conftest import TEMPLATE

BASE = "https://testserver"
LOADED_AT = datetime(2026, 4, 1, tzinfo=UTC)


def person(role: Role) -> Actor:
    return Actor(new_id(), role)


TEO = person("administrator")
MARTA = person("operator")


def fill(session: Session) -> None:
    """Mercadia: its site, its staff, its teams, its help centre."""
    make_site(session, LOADED_AT)
    make_marta(session, LOADED_AT)
    management_actions.create_staff(
        session,
        email="teo@mercadia.example",
        password=PASSWORD,
        name="Teo",
        role="administrator",
        languages=["en", "es"],
        now=LOADED_AT,
    )
    load_shipped_content(session, LOADED_AT)
    load_default_teams(session)


@pytest.fixture(scope="package")
def help_database(postgres: EmbeddedPostgres) -> Iterator[Database]:
    """A filled database that tests of this package read, and do not change for good."""
    name = f"help_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name), pool=6)
    with database.transaction() as session:
        fill(session)
    yield database
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def loaded(help_database: Database) -> Iterator[Session]:
    """A session with the content, whose work is undone after the test."""
    with help_database.engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture
def reader(help_database: Database, clock: ManualClock) -> Iterator[TestClient]:
    """Anybody's browser, on the public pages."""
    app = create_app(Settings(base_url="https://help.mercadia.example"), help_database, clock)
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        yield client


def sign_in(client: TestClient, email: str) -> dict[str, str]:
    """Headers for unsafe requests of somebody of the staff."""
    answer = client.post("/api/v1/staff/sessions", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return {"X-CSRF-Token": answer.json()["csrf"]}
