"""Taking a file in: batches of at most 500 items, each batch its own transaction."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from amparo.kernel.clock import Clock
from amparo.kernel.errors import Invalid
from amparo.kernel.money import from_decimal
from amparo.marketplace import actions, queries
from amparo.marketplace.batch import ImportProblem, ImportResult
from amparo.marketplace.items import BATCH_LIMIT, OrderItem, Refused, read_item
from amparo.marketplace.report import Report
from amparo.storage.session import Database

T = TypeVar("T")
Item = dict[str, Any]
_AMOUNT = re.compile(r"\d{1,15}(?:\.\d{1,8})?")


@dataclass(frozen=True, slots=True)
class Sourced:
    """An item and the row it came from; an order may bring the stores and products it needs."""

    file: str
    line: int
    item: Item
    stores: dict[str, Item] = field(default_factory=dict)
    products: dict[str, Item] = field(default_factory=dict)


class Intake:
    """Puts what was read into the database and tells the report."""

    def __init__(self, database: Database, clock: Clock, report: Report) -> None:
        self._database, self._clock, self.report = database, clock, report

    def stores(self, batch: list[Sourced]) -> None:
        """Bring stores in."""
        with self._database.transaction() as session:
            items = [row.item for row in batch]
            result = actions.import_stores(session, items, now=self._clock.now())
        self._tell("stores", batch, result)

    def products(self, batch: list[Sourced]) -> None:
        """Bring listings in."""
        with self._database.transaction() as session:
            items = [row.item for row in batch]
            result = actions.import_products(session, items, now=self._clock.now())
        self._tell("products", batch, result)

    def orders(self, batch: list[Sourced]) -> None:
        """Bring orders in, with those of their stores and products that we do not know yet.

        A store or listing that we know already is left as it is: a file of orders tells what was
        bought, not what is on sale today.
        """
        now = self._clock.now()
        good = self._readable(batch)
        stores = {ref: item for row, _ in good for ref, item in row.stores.items()}
        products = {ref: item for row, _ in good for ref, item in row.products.items()}
        with self._database.transaction() as session:
            new_stores = [stores[ref] for ref in sorted(queries.missing_stores(session, stores))]
            made = [actions.import_stores(session, part, now=now) for part in batches(new_stores)]
            missing = queries.missing_products(session, products)
            new_products = [products[ref] for ref in sorted(missing)]
            listed = [
                actions.import_products(session, part, now=now) for part in batches(new_products)
            ]
            result = actions.import_orders(session, [item for _, item in good], now=now)
        why = {error.ref: error for part in (*made, *listed) for error in part.errors}
        for part in made:
            self.report.stored("stores", part)
        for part in listed:
            self.report.stored("products", part)
        self._tell("orders", [row for row, _ in good], result, why)

    def _readable(self, batch: list[Sourced]) -> list[tuple[Sourced, OrderItem]]:
        """Orders that make sense in themselves: the others bring no store and no product in."""
        good = []
        for row in batch:
            try:
                good.append((row, read_item(OrderItem, row.item)))
            except Refused as error:
                self.report.refuse(row.file, row.line, f"{row.item['ref']}: {error.detail}")
        return good

    def _tell(
        self,
        what: str,
        batch: list[Sourced],
        result: ImportResult,
        why: dict[str | None, ImportProblem] | None = None,
    ) -> None:
        self.report.stored(what, result)
        for error in result.errors:
            row = batch[error.index]
            reason = error.detail
            for ref in (*row.products, *row.stores):
                if why and ref in why:
                    reason = f"{ref}: {why[ref].detail}"
            self.report.refuse(row.file, row.line, f"{error.ref}: {reason}")


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Lists of at most ``BATCH_LIMIT``."""
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH_LIMIT)):
        yield batch


def amount(text: str, currency: str) -> int:
    """Minor units of ``12.90``.

    Raises:
        ValueError: it is no amount of this currency.
    """
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"“{text[:40]}” is not an amount like 12.90")
    try:
        return from_decimal(text, currency).amount
    except (Invalid, ValueError):
        raise ValueError(f"“{text[:40]}” is not an amount in {currency[:10]}") from None
