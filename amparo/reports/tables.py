"""Reports as tables for other programs. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping

from amparo.reports.queries import Account

COLUMNS = (
    "question",
    "title",
    "language",
    "step",
    "asked",
    "solved",
    "not_solved",
    "recontacted",
    "abandoned",
    "open",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def outcomes_csv(rows: Iterable[Account], titles: Mapping[str, str]) -> str:
    """RFC 4180, one row for each question, language and step."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        key = row.question or ""
        writer.writerow(
            [
                key,
                _harmless(titles.get(key, "")),
                row.language,
                row.step,
                row.asked,
                row.solved,
                row.not_solved,
                row.recontacted,
                row.abandoned,
                row.open,
            ]
        )
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet would compute what begins like a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
