"""Everybody is there before each test of conversations; statements can be counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from amparo.storage.session import Database
from tests.people import populate


@pytest.fixture
def people(session: Session, now: datetime) -> None:
    populate(session, now)


@contextmanager
def counted_statements(database: Database) -> Iterator[list[object]]:
    """What is sent to the database meanwhile, also past SQLAlchemy; BEGIN and COMMIT left out."""
    sent: list[object] = []

    class Counting(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **options: Any) -> Any:
            sent.append(query)
            return super().execute(query, *args, **options)

    def count(connection: Any, *_: object) -> None:
        connection.cursor_factory = Counting

    def leave(connection: Any, *_: object) -> None:
        if connection is not None:
            connection.cursor_factory = psycopg.Cursor

    event.listen(database.engine, "checkout", count)
    event.listen(database.engine, "checkin", leave)
    yield sent
    event.remove(database.engine, "checkout", count)
    event.remove(database.engine, "checkin", leave)
