"""Orders from one CSV file, one row for each order line: ``docs/integrate/orders-csv.md``."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from amparo.kernel.clock import Clock
from amparo.marketplace.csv_rows import CsvFile, Row
from amparo.marketplace.intake import Intake, Item, Sourced, amount, batches
from amparo.marketplace.local_time import in_zone
from amparo.marketplace.report import Report
from amparo.marketplace.spool import Spool
from amparo.storage.session import Database

NEEDED = ("order", "buyer", "placed_at", "state", "currency", "product", "store", "unit_price")
OF_THE_ORDER = (
    *("buyer", "placed_at", "state", "currency", "shipping", "total", "ship_by", "deliver_by"),
    *("delivered_at", "payment_method", "payment_amount", "payment_state", "payment_charged"),
    *("paid_at", "carrier", "tracking", "parcel_state", "dispatched_at", "estimated_at"),
)
OF_THE_LINE = (
    *("line", "quantity", "warranty_until", "store_name", "title", "text", "category", "photos"),
    *("image", "product_url", "removed_at"),
)
LINES_LIMIT = 500


class RowFault(Exception):
    """A row that cannot be used."""

    def __init__(self, row: Row, reason: str) -> None:
        super().__init__(reason)
        self.row, self.reason = row, reason


def import_file(
    database: Database, clock: Clock, report: Report, path: Path, zone: ZoneInfo | None = None
) -> None:
    """Take the file in; what is there already is left unchanged.

    Args:
        zone: the place whose clock is meant by times without an offset; without it such a time
            is refused.

    Raises:
        FileUnreadable: nothing of the file can be used.
    """
    file = CsvFile(path, NEEDED, report.refuse)
    spool = Spool(seen="ref TEXT PRIMARY KEY, line INTEGER")
    try:
        report.expect(file.size)
        known = {*NEEDED, *OF_THE_ORDER, *OF_THE_LINE}
        for name in file.columns:
            if name not in known:
                report.note(path.name, 1, f"the column {name or '(no name)'} is not used")
        reader = _Reader(file, report, spool, zone)
        intake = Intake(database, clock, report)
        for batch in batches(reader.orders()):
            intake.orders(batch)
            report.read(reader.take_count(), file.position())
    finally:
        file.close()
        spool.close()


class _Reader:
    """Makes orders of the rows that stand together."""

    def __init__(self, file: CsvFile, report: Report, spool: Spool, zone: ZoneInfo | None) -> None:
        self._file, self._report, self._spool, self._zone = file, report, spool, zone
        self._count = 0

    def take_count(self) -> int:
        """Rows read since this was asked last."""
        count, self._count = self._count, 0
        return count

    def orders(self) -> Iterator[Sourced]:
        """The orders of the file that can be used."""
        for rows in self._groups():
            before = self._spool.is_new("seen", rows[0]["order"], rows[0].line)
            try:
                if before is not None:
                    raise RowFault(
                        rows[0], f"this order began on line {before}: put its rows together"
                    )
                yield self._order(rows)
            except RowFault as fault:
                self._file.refuse(fault.row.line, fault.reason)
                for row in rows:
                    if row is not fault.row:
                        self._file.refuse(row.line, f"left out with line {fault.row.line}")

    def _groups(self) -> Iterator[list[Row]]:
        group: list[Row] = []
        for row in self._file.rows():
            self._count += 1
            if not row["order"]:
                self._file.refuse(row.line, "order: empty")
            elif group and row["order"] == group[0]["order"]:
                if len(group) < LINES_LIMIT:
                    group.append(row)
                else:
                    self._file.refuse(row.line, f"more than {LINES_LIMIT} lines in one order")
            else:
                if group:
                    yield group
                group = [row]
        if group:
            yield group

    def _order(self, rows: list[Row]) -> Sourced:
        first = rows[0]
        for row in rows[1:]:
            for name in OF_THE_ORDER:
                if row[name] and row[name] != first[name]:
                    raise RowFault(row, f"{name}: differs from line {first.line}")
        item: Item = {
            "ref": first["order"],
            "buyer": first["buyer"],
            "state": first["state"],
            "currency": first["currency"],
            "placed_at": self._time(first, "placed_at"),
            "lines": [self._line(row, place) for place, row in enumerate(rows, start=1)],
        }
        for name in ("shipping", "total"):
            if first[name]:
                item[name] = self._amount(first, name)
        for name in ("ship_by", "deliver_by", "delivered_at"):
            item[name] = self._time(first, name)
        item["payments"] = self._payments(first, item["placed_at"])
        item["parcels"] = self._parcels(first)
        stores = {row["store"]: _store(row) for row in reversed(rows)}
        products = {row["product"]: self._product(row) for row in reversed(rows)}
        return Sourced(self._file.path.name, first.line, item, stores, products)

    def _line(self, row: Row, place: int) -> Item:
        line: Item = {
            "position": self._whole(row, "line", place),
            "product": row["product"],
            "store": row["store"],
            "quantity": self._whole(row, "quantity", 1),
            "unit_price": self._amount(row, "unit_price"),
            "warranty_until": self._time(row, "warranty_until"),
        }
        if row["title"]:
            line["snapshot"] = self._listing(row)
        return line

    def _listing(self, row: Row) -> Item:
        return {
            "title": row["title"] or row["product"],
            "text": row["text"] or None,
            "category": row["category"] or None,
            "photos": self._whole(row, "photos", 0),
            "image": row["image"] or None,
            "url": row["product_url"] or None,
        }

    def _product(self, row: Row) -> Item:
        price = {"amount": self._amount(row, "unit_price"), "currency": row["currency"]}
        return {
            **self._listing(row),
            "ref": row["product"],
            "store": row["store"],
            "price": price if row["currency"] else None,
            "removed_at": self._time(row, "removed_at"),
        }

    def _payments(self, row: Row, placed_at: datetime | None) -> list[Item]:
        if not row["payment_state"]:
            return []
        payment: Item = {
            "ref": "1",
            "method": row["payment_method"] or "unknown",
            "amount": self._amount(row, "payment_amount"),
            "state": row["payment_state"],
            "at": self._time(row, "paid_at") or placed_at,
        }
        if row["payment_charged"]:
            payment["charged"] = row["payment_charged"]
        return [payment]

    def _parcels(self, row: Row) -> list[Item]:
        if not row["parcel_state"]:
            return []
        times = ("dispatched_at", "estimated_at", "delivered_at")
        return [
            {
                "ref": "1",
                "state": row["parcel_state"],
                "carrier": row["carrier"] or None,
                "tracking": row["tracking"] or None,
                **{name: self._time(row, name) for name in times},
            }
        ]

    def _amount(self, row: Row, name: str) -> int:
        try:
            return amount(row[name], row["currency"] or "EUR")
        except ValueError as error:
            raise RowFault(row, f"{name}: {error}") from None

    def _whole(self, row: Row, name: str, default: int) -> int:
        text = row[name]
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise RowFault(row, f"{name}: “{text[:40]}” is not a whole number")
        return int(text)

    def _time(self, row: Row, name: str) -> datetime | None:
        text = row[name]
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise RowFault(row, f"{name}: “{text[:40]}” is not a time (ISO 8601)") from None
        if moment.tzinfo is not None:
            return moment
        if self._zone is None:
            raise RowFault(
                row, f"{name}: “{text[:40]}” names no offset from UTC; add one, or --timezone"
            )
        moment, note = in_zone(moment, self._zone)
        if note:
            self._report.note(self._file.path.name, row.line, f"{name}: {note}")
        return moment


def _store(row: Row) -> Item:
    return {"ref": row["store"], "name": row["store_name"] or row["store"]}
