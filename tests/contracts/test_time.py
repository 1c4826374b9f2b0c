"""House rule: one clock. The time is an argument, taken from the Clock at the edge, in UTC."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.contracts.sources import module_of, name_of, parsed, python_files

SQL_TIME = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)"
    r"|\bcurrent_(?:timestamp|date|time)\b|\blocaltime(?:stamp)?\b",
    re.IGNORECASE,
)
SQL_FUNCTIONS = {"now", "current_timestamp", "current_date", "localtimestamp", "clock_timestamp"}
NAIVE = {"utcnow", "utcfromtimestamp", "today"}
NEEDS_ZONE = {"now": 1, "fromtimestamp": 2}
"""Methods of datetime that answer without a zone when called with fewer arguments."""

CLOCKS = {"amparo.kernel.clock", "amparo.server.limits"}
"""The only modules that may read the system's date: the Clock itself, and the rate limits, whose
library keeps its windows by it."""


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of string constants that are no docstrings."""
    tree = parsed(path)
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and isinstance(node, ast.Constant) and id(node) not in documents:
            yield node.lineno, text


def calls(path: Path) -> Iterator[tuple[ast.Call, str, str]]:
    """(call, whose, method) of every ``whose.method(...)``."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            whose = node.func.value
            last = whose.attr if isinstance(whose, ast.Attribute) else getattr(whose, "id", "")
            yield node, last, node.func.attr


def test_no_sql_asks_the_database_for_the_time() -> None:
    wrong = [
        f"{name_of(path)}:{line} {text[:60]!r}"
        for path in python_files("amparo")
        for line, text in strings(path)
        if SQL_TIME.search(text) and " " in text
    ]
    wrong += [
        f"{name_of(path)}:{call.lineno} func.{method}"
        for path in python_files("amparo")
        for call, whose, method in calls(path)
        if whose == "func" and method in SQL_FUNCTIONS
    ]
    assert not wrong, "\n".join(wrong)


def test_no_column_fills_in_the_time_by_itself() -> None:
    from amparo.storage.base import Base
    from amparo.storage.migrate import import_models

    import_models()
    wrong = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        for default in (column.default, column.server_default, column.onupdate)
        if default is not None and SQL_TIME.search(str(getattr(default, "arg", "")))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_datetime_is_naive() -> None:
    wrong = []
    for path in python_files("amparo", "tests", "bench", "demo"):
        for call, whose, method in calls(path):
            if whose not in ("datetime", "date"):
                continue
            given = len(call.args) + len(call.keywords)
            if method in NAIVE or given < NEEDS_ZONE.get(method, 0):
                wrong.append(f"{name_of(path)}:{call.lineno} {whose}.{method}")
    assert not wrong, "\n".join(wrong)


def test_only_the_clock_reads_the_clock() -> None:
    """Durations may be measured (``time.monotonic``); the date comes from the Clock."""
    wrong = []
    for path in python_files("amparo"):
        if module_of(path) in CLOCKS:
            continue
        for call, whose, method in calls(path):
            if (whose, method) in {("datetime", "now"), ("time", "time"), ("time", "localtime")}:
                wrong.append(f"{name_of(path)}:{call.lineno} {whose}.{method}")
    assert not wrong, "\n".join(wrong)
