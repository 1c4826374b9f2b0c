"""What a person sees while a file is taken in: progress, refused rows, and the sum at the end."""

import time
from collections import Counter
from typing import TextIO

from amparo.marketplace.batch import ImportResult

_TTY_STEP = 0.2
_LOG_STEP = 5.0


class Report:
    """Counts, and writes to ``out``: one line that renews itself on a terminal, else a line now
    and then. Refused rows are written at once as ``file:line: reason``."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.rows = self.refused = self.notes = 0
        self.counts: Counter[str] = Counter()
        self._terminal = out.isatty()
        self._begun = self._told = time.monotonic()
        self._total = 0

    def expect(self, size: int) -> None:
        """How many bytes there are to read in all."""
        self._total = size

    def read(self, rows: int, position: int) -> None:
        """``rows`` more rows were read; ``position`` bytes of all files are behind us."""
        self.rows += rows
        now = time.monotonic()
        if now - self._told < (_TTY_STEP if self._terminal else _LOG_STEP):
            return
        self._told = now
        share = f", {100 * position // self._total} %" if self._total else ""
        line = f"{self.rows} rows read{share}, {self.rate():.0f} rows/s"
        self.out.write(f"\r\x1b[K{line}" if self._terminal else f"{line}\n")
        self.out.flush()

    def refuse(self, file: str, line: int, reason: str) -> None:
        """A row that was left out."""
        self.refused += 1
        self._say(f"{file}:{line}: {reason}")

    def note(self, file: str, line: int, text: str) -> None:
        """A row that went in, but not quite as it stands there."""
        self.notes += 1
        self._say(f"{file}:{line}: note: {text}")

    def stored(self, what: str, result: ImportResult) -> None:
        """A batch is in the database."""
        self.counts[f"{what} created"] += result.created
        self.counts[f"{what} updated"] += result.updated
        self.counts[f"{what} unchanged"] += result.unchanged

    def rate(self) -> float:
        """Rows a second so far."""
        return self.rows / max(time.monotonic() - self._begun, 1e-9)

    def total(self) -> str:
        """The sum, one line for each kind of thing."""
        if self._terminal:
            self.out.write("\r\x1b[K")
            self.out.flush()
        lines = []
        for what in ("stores", "products", "orders"):
            made, changed, same = (
                self.counts[f"{what} {verb}"] for verb in ("created", "updated", "unchanged")
            )
            if made or changed or same:
                lines.append(f"{what}: {made} created, {changed} updated, {same} unchanged")
        seconds = time.monotonic() - self._begun
        lines.append(f"{self.rows} rows read in {seconds:.1f} s ({self.rate():.0f} rows/s)")
        lines.append(f"{self.refused} rows refused")
        return "\n".join(lines)

    @property
    def nothing_went_in(self) -> bool:
        """Rows were refused and not one thing was good."""
        return self.refused > 0 and not sum(self.counts.values())

    def _say(self, line: str) -> None:
        self.out.write(f"\r\x1b[K{line}\n" if self._terminal else f"{line}\n")
