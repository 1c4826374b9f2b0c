"""Everybody is there before each test of the desk, in a database that is undone or one's own."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from amparo.storage.session import Database
from tests.people import populate


@pytest.fixture
def people(session: Session, now: datetime) -> None:
    populate(session, now)


@pytest.fixture
def populated(database: Database, now: datetime) -> Database:
    with database.transaction() as session:
        populate(session, now)
    return database


@pytest.fixture
def statements(session: Session) -> Callable[[Callable[[], object]], int]:
    """How many SQL statements some work takes."""
    from sqlalchemy import event

    def count(work: Callable[[], object]) -> int:
        seen = 0

        def noted(*_: object) -> None:
            nonlocal seen
            seen += 1

        session.expire_all()
        event.listen(session.get_bind(), "before_cursor_execute", noted)
        try:
            work()
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", noted)
        return seen

    return count
