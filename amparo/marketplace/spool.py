"""A scratch table on disk for what a file tells before it can be used.

Files of orders are joined and checked for repeats without holding them in memory. SQLite's
nameless database is private to the process, spills to disk, and is gone when it is closed; the
marketplace's data itself is only ever stored in PostgreSQL.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any


class Spool:
    """Scratch tables with text and integer columns."""

    def __init__(self, **tables: str) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA cache_size = -8000")  # 8 MB, then the disk
        self._connection.execute("BEGIN")
        for name, columns in tables.items():
            self._connection.execute(f"CREATE TABLE {name} ({columns})")

    def add(self, table: str, row: Sequence[object]) -> None:
        """Add a row; one whose key is there already is left out."""
        marks = ", ".join("?" * len(row))
        self._connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)

    def is_new(self, table: str, key: str, line: int) -> int | None:
        """Note ``key`` with its line; the earlier line where it was noted before, else None."""
        cursor = self._connection.execute(
            f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", (key, line)
        )
        if cursor.rowcount:
            return None
        return int(self.ask(f"SELECT line FROM {table} WHERE ref = ?", key)[0][0])

    def index(self, table: str, column: str) -> None:
        """Make look-ups by ``column`` fast."""
        self._connection.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()
