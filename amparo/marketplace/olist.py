"""Orders from the files that Olist published: ``docs/integrate/olist.md``.

The files are joined through a scratch table, so memory does not grow with them. They hold no
words of listings: the snapshot has category, measures, photos and price, and says that its text
is unknown. An order of which a row is bad is left out: half an order would be a false statement.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from amparo.kernel.clock import Clock
from amparo.kernel.text import clean
from amparo.marketplace.csv_rows import CsvFile, Row
from amparo.marketplace.intake import Intake, Item, Sourced, batches
from amparo.marketplace.olist_rows import COLUMNS, Reader, Values
from amparo.marketplace.report import Report
from amparo.marketplace.spool import Spool
from amparo.storage.session import Database

_TRANSLATION = "product_category_name_translation.csv"
_TABLES = {
    "customer": "id TEXT PRIMARY KEY, buyer TEXT",
    "item": (
        "ref TEXT, line INTEGER, position INTEGER, product TEXT, store TEXT,"
        " ship_by TEXT, price INTEGER, freight INTEGER"
    ),
    "payment": "ref TEXT, line INTEGER, place TEXT, method TEXT, amount INTEGER",
    "spoiled": "ref TEXT PRIMARY KEY, why TEXT",
    "seen": "ref TEXT PRIMARY KEY, line INTEGER",
}
_ITEMS = (
    "SELECT position, product, store, ship_by, price, freight FROM item"
    " WHERE ref = ? ORDER BY position, line"
)
_PAYMENTS = "SELECT place, method, amount FROM payment WHERE ref = ? ORDER BY line"


def import_folder(
    database: Database, clock: Clock, report: Report, folder: Path, zone: ZoneInfo, currency: str
) -> None:
    """Take the folder in; what is there already is left unchanged.

    Args:
        zone: the place whose clock the times mean.
        currency: ISO 4217, of all amounts.

    Raises:
        FileUnreadable: a file or a column is missing.
    """
    olist = _Olist(report, folder, zone, currency)
    intake = Intake(database, clock, report)
    try:
        olist.spool_parts()
        for batch in batches(olist.stores()):
            intake.stores(batch)
        for batch in batches(olist.products()):
            intake.products(batch)
        for batch in batches(olist.orders()):
            intake.orders(batch)
        olist.tell_orphans()
    finally:
        olist.close()


def read_orders(
    report: Report, folder: Path, zone: ZoneInfo, currency: str
) -> Iterator[dict[str, Any]]:
    """The orders of the folder as the import would take them in; nothing is stored.

    Raises:
        FileUnreadable: a file or a column is missing.
    """
    olist = _Olist(report, folder, zone, currency)
    try:
        olist.spool_parts()
        for sourced in olist.orders():
            yield dict(sourced.item)
    finally:
        olist.close()


class _Olist:
    """The open files, the scratch table, and how far we are."""

    def __init__(self, report: Report, folder: Path, zone: ZoneInfo, currency: str) -> None:
        self._report = report
        self._files: dict[str, CsvFile] = {}
        self._behind = 0
        self._spool = Spool(**_TABLES)
        try:
            for name, columns in COLUMNS.items():
                self._files[name] = CsvFile(_find(folder, name), columns, report.refuse)
            self._reader = Reader(zone, currency, _translation(folder / _TRANSLATION, report))
        except BaseException:
            self.close()
            raise
        report.expect(sum(file.size for file in self._files.values()))

    def close(self) -> None:
        """Close the files and forget the scratch table."""
        self._spool.close()
        for file in self._files.values():
            file.close()

    def spool_parts(self) -> None:
        """Read customers, order items and payments into the scratch table."""
        for row in self._rows("customers"):
            self._spool.add("customer", (row["customer_id"], row["customer_unique_id"]))
        for name, table, read in (
            ("order_items", "item", self._reader.line),
            ("order_payments", "payment", self._reader.payment),
        ):
            for row, values in self._read(name, read):
                self._spool.add(table, (row["order_id"], row.line, *values))
            self._spool.index(table, "ref")

    def stores(self) -> Iterator[Sourced]:
        """The sellers."""
        for row, item in self._read("sellers", self._reader.store):
            yield self._sourced("sellers", row, item)

    def products(self) -> Iterator[Sourced]:
        """The products; which stores sell them is told by the order items."""
        for row, item in self._read("products", self._reader.product):
            yield self._sourced("products", row, item)

    def orders(self) -> Iterator[Sourced]:
        """The orders with their items and payments."""
        for row, item in self._read("orders", self._order):
            yield self._sourced("orders", row, item)

    def tell_orphans(self) -> None:
        """Report items and payments of orders that are not in the file of orders."""
        for name, table in (("order_items", "item"), ("order_payments", "payment")):
            query = f"SELECT line, ref FROM {table} WHERE ref NOT IN (SELECT ref FROM seen)"
            for line, ref in self._spool.ask(f"{query} ORDER BY line"):
                self._files[name].refuse(line, f"order {ref} is not in the file of orders")

    def _order(self, row: Values) -> Item:
        ref = row["order_id"]
        for (why,) in self._spool.ask("SELECT why FROM spoiled WHERE ref = ?", ref):
            raise ValueError(f"left out, because {why} was refused")
        buyer = self._spool.ask("SELECT buyer FROM customer WHERE id = ?", row["customer_id"])
        if not buyer or not buyer[0][0]:
            raise ValueError(f"customer_id: {row['customer_id'][:40]} is not in the customers")
        lines, paid = self._spool.ask(_ITEMS, ref), self._spool.ask(_PAYMENTS, ref)
        return self._reader.order(row, buyer[0][0], lines, paid)

    def _read(self, name: str, read: Callable[[Values], Any]) -> Iterator[tuple[Row, Any]]:
        """The rows of a file with what they mean; a row that cannot be read is refused."""
        file = self._files[name]
        for row in self._rows(name):
            try:
                if name == "orders":
                    self._refuse_repeat(row)
                meaning = read(row.values)
            except ValueError as error:
                file.refuse(row.line, str(error))
                self._spoil(name, row)
                continue
            finally:
                for note in self._reader.notes:
                    self._report.note(file.path.name, row.line, note)
                self._reader.notes.clear()
            yield row, meaning

    def _spoil(self, name: str, row: Row) -> None:
        """A row of an order was refused, so the order is left out."""
        if name.startswith("order_"):
            ref = clean(row["order_id"])
            self._spool.add("spoiled", (ref, f"{self._files[name].path.name}:{row.line}"))

    def _refuse_repeat(self, row: Row) -> None:
        before = self._spool.is_new("seen", row["order_id"], row.line)
        if before is not None:
            raise ValueError(f"order {row['order_id']} stands on line {before} already")

    def _rows(self, name: str) -> Iterator[Row]:
        file = self._files[name]
        for row in file.rows(lambda row: self._spoil(name, row)):
            self._report.read(1, self._behind + file.position())
            yield row
        self._behind += file.size

    def _sourced(self, name: str, row: Row, item: Item) -> Sourced:
        return Sourced(self._files[name].path.name, row.line, item)


def _find(folder: Path, name: str) -> Path:
    """The file under its short name or the name under which Olist published it."""
    published = folder / f"olist_{name}_dataset.csv"
    return published if published.exists() else folder / f"{name}.csv"


def _translation(path: Path, report: Report) -> dict[str, str]:
    """English words for categories; none where there is no such file."""
    if not path.exists():
        return {}
    columns = ("product_category_name", "product_category_name_english")
    file = CsvFile(path, columns, report.refuse)
    try:
        return {row[columns[0]]: row[columns[1]] for row in file.rows() if row[columns[1]]}
    finally:
        file.close()
