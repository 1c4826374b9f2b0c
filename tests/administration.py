"""Teo and Marta at their browsers: the administration over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from amparo.accounts.management_actions import create_staff
from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.server.app import create_app
from amparo.storage.session import Database
from tests.accounts.people import PASSWORD, make_marta, make_site


def make_teo(session: Session, now: datetime) -> None:
    """Teo the administrator."""
    create_staff(
        session,
        email="teo@mercadia.example",
        password=PASSWORD,
        name="Teo",
        role="administrator",
        languages=["en"],
        now=now,
    )


@contextmanager
def office(database: Database, clock: ManualClock, settings: Settings) -> Iterator[TestClient]:
    """The application with Mercadia's people, nobody signed in."""
    with database.transaction() as session:
        make_site(session, clock.now())
        make_marta(session, clock.now())
        make_teo(session, clock.now())
    app = create_app(settings, database, clock)
    with TestClient(app, base_url="https://testserver") as client:
        yield client


def sign_in(client: TestClient, name: str) -> None:
    """As ``marta`` or ``teo``, in place of whoever was signed in."""
    body = {"email": f"{name}@mercadia.example", "password": PASSWORD}
    answer = client.post("/api/v1/staff/sessions", json=body)
    assert answer.status_code == 201, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
