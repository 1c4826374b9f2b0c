"""``amparo import``: what is printed where, and with which exit code it ends."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from amparo.marketplace.cli import import_group
from amparo.storage.session import Database
from tests.marketplace.test_olist import SAMPLE
from tests.marketplace.test_orders_csv import GOOD, HEAD, row


class Context:
    def __init__(self, database: Database) -> None:
        self._database = database

    def database(self) -> Database:
        return self._database


def run(database: Database, *arguments: str) -> Result:
    return CliRunner().invoke(import_group, list(arguments), obj=Context(database))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.csv"


def test_some_bad_rows_end_with_0_and_a_sum(emptied: Database, file: Path) -> None:
    file.write_text(f"{HEAD}\n{GOOD}\n{row('B', state='?')}\n")
    result = run(emptied, "orders", str(file))
    assert result.exit_code == 0
    assert result.stderr.startswith("orders.csv:3: B: state:")
    assert "orders: 1 created, 0 updated, 0 unchanged" in result.stdout
    assert "1 rows refused" in result.stdout


def test_nothing_usable_ends_with_2(emptied: Database, file: Path) -> None:
    file.write_text(f"{HEAD}\n{row('B', state='?')}\n")
    assert run(emptied, "orders", str(file)).exit_code == 2
    file.write_text("a,b\n")
    result = run(emptied, "orders", str(file))
    assert result.exit_code == 2
    assert "there is no column named order, buyer" in result.stderr
    result = run(emptied, "orders", str(file.parent / "none.csv"))
    assert result.exit_code == 2
    assert "none.csv: No such file or directory" in result.stderr


def test_a_file_without_rows_is_no_fault(emptied: Database, file: Path) -> None:
    file.write_text(f"{HEAD}\n")
    assert run(emptied, "orders", str(file)).exit_code == 0


def test_olist_from_the_command_line(emptied: Database) -> None:
    options = ("--timezone", "America/Sao_Paulo", "--currency", "brl")
    result = run(emptied, "olist", str(SAMPLE), *options)
    assert result.exit_code == 0, result.stderr
    assert "orders: 300 created" in result.stdout
    assert "0 rows refused" in result.stdout


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--timezone", "Mars/Olympus", "--currency", "BRL"), "is not a time zone"),
        (("--timezone", "../../etc/passwd", "--currency", "BRL"), "is not a time zone"),
        (("--timezone", "UTC", "--currency", "€"), "is not a currency"),
        (("--timezone", "UTC"), "--currency"),
    ],
)
def test_a_wrong_option_is_named(emptied: Database, options: tuple[str, ...], reason: str) -> None:
    result = run(emptied, "olist", str(SAMPLE), *options)
    assert result.exit_code == 2
    assert reason in result.stderr
