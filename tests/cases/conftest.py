"""Databases with the small marketplace in them."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from amparo.storage.session import Database
from tests.cases.house import furnish


@pytest.fixture
def shop(session: Session, now: datetime) -> Session:
    """The session, with the marketplace in it; undone after the test."""
    furnish(session, now)
    return session


@pytest.fixture
def market(database: Database, now: datetime) -> Database:
    """A database with the marketplace in it, for what must really commit."""
    with database.transaction() as session:
        furnish(session, now)
    return database
