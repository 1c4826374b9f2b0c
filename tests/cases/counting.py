"""The statements that a read costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []
    connection = session.connection()

    def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(connection, "before_cursor_execute", note)
