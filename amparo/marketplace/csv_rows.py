"""Rows of a CSV file, one at a time, each with the line it begins on.

Takes what spreadsheets really write: a byte order mark, CRLF, quotes, commas or semicolons or
tabs. A row that cannot be read is reported; the rows after it are read on.
"""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

FIELD_LIMIT = 1_000_000
Refuse = Callable[[str, int, str], None]
"""Tells of a row that cannot be used: file, line, reason."""


class FileUnreadable(Exception):
    """Nothing of the file can be used; the message names the file and says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its values by column, without spaces around them, and the line it begins on."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


class CsvFile:
    """An open CSV file.

    Args:
        path: the file; its name stands in every report.
        needed: columns that must be there.
        refuse: is told of the rows that cannot be read.

    Raises:
        FileUnreadable: no such file, nothing in it, or a needed column is missing.
    """

    def __init__(self, path: Path, needed: Sequence[str], refuse: Refuse) -> None:
        self.path, self._refuse = path, refuse
        try:
            self.size = path.stat().st_size
            self._file: IO[str] = path.open(
                encoding=_encoding(path), errors="surrogateescape", newline=""
            )
        except OSError as error:
            raise FileUnreadable(f"{path}: {error.strerror}") from None
        try:
            self._open(needed)
        except BaseException:
            self._file.close()
            raise

    def _open(self, needed: Sequence[str]) -> None:
        first = self._file.readline(FIELD_LIMIT)
        self._file.seek(0)
        csv.field_size_limit(FIELD_LIMIT)
        self._reader = csv.reader(self._file, delimiter=_delimiter(first))
        try:
            header = next(self._reader, [])
        except csv.Error as error:
            raise FileUnreadable(f"{self.path}: {error}") from None
        self.columns = [name.strip().lower() for name in header]
        missing = [name for name in needed if name not in self.columns]
        if missing:
            names = ", ".join(missing)
            raise FileUnreadable(f"{self.path}: there is no column named {names}")
        twice = sorted({name for name in self.columns if self.columns.count(name) > 1})
        if twice:
            raise FileUnreadable(f"{self.path}: two columns are named {', '.join(twice)}")

    def rows(self, broken: Callable[[Row], None] | None = None) -> Iterator[Row]:
        """The good rows; a bad one is told to ``refuse``. Empty lines are passed over.

        Args:
            broken: also gets what could be read of a bad row.
        """
        while True:
            line = self._reader.line_num + 1
            try:
                values = next(self._reader, None)
            except csv.Error as error:
                self.refuse(line, str(error))
                continue
            if values is None:
                return
            if not any(value.strip() for value in values):
                continue
            row = Row(line, dict(zip(self.columns, map(str.strip, values), strict=False)))
            reason = self._fault(values)
            if reason is None:
                yield row
                continue
            self.refuse(line, reason)
            if broken is not None:
                broken(row)

    def _fault(self, values: list[str]) -> str | None:
        if len(values) != len(self.columns):
            return f"{len(values)} values for {len(self.columns)} columns"
        for name, value in zip(self.columns, values, strict=True):
            if any("\udc80" <= character <= "\udcff" for character in value):
                return f"{name}: not UTF-8"
        return None

    def refuse(self, line: int, reason: str) -> None:
        """Report a row of this file."""
        self._refuse(self.path.name, line, reason)

    def position(self) -> int:
        """How many bytes have been read."""
        buffer = getattr(self._file, "buffer", None)
        return int(buffer.tell()) if buffer is not None else 0

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count) if header else ","
