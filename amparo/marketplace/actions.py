"""Imports: stores, products and orders, each known by its ``ref``.

Bringing the same again changes nothing; a bad item is reported and the good ones go in. A batch
of up to 500 items costs a fixed number of statements. An import adds and updates, it never
deletes; and the snapshot of an order line is written once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert
from sqlalchemy.orm import DeclarativeBase, Session

from amparo.marketplace.batch import (
    ImportProblem,
    ImportResult,
    KnownOrder,
    KnownProduct,
    Written,
    line_row,
    order_fault,
    order_row,
    parcel_rows,
    payment_rows,
    product_row,
    read_items,
    store_row,
)
from amparo.marketplace.items import OrderItem, ProductItem, StoreItem, content_hash
from amparo.marketplace.models import Order, OrderLine, Parcel, Payment, Product, Store
from amparo.storage.events import NewEvent, record_many

__all__ = ["ImportProblem", "ImportResult", "import_orders", "import_products", "import_stores"]

_LISTING = ("title", "text", "text_known", "category", "photos", "image", "url", "attributes")


def import_stores(session: Session, items: Sequence[object], *, now: datetime) -> ImportResult:
    """Bring stores in.

    Raises:
        Invalid: the batch is too long.
    """
    result = ImportResult()
    rows = [store_row(item, now) for item in read_items(StoreItem, items, result).values()]
    result.count(len(rows), _upsert(session, Store, rows))
    return result


def import_products(session: Session, items: Sequence[object], *, now: datetime) -> ImportResult:
    """Bring listings in, as they are now; their stores must be known.

    Raises:
        Invalid: the batch is too long.
    """
    result = ImportResult()
    good = read_items(ProductItem, items, result)
    stores = _stores(session, {item.store for item in good.values()})
    rows = []
    for index, item in good.items():
        if item.store is None or item.store in stores:
            rows.append(product_row(item, stores.get(item.store or ""), now))
        else:
            result.refuse(index, item.ref, "unknown_store", f"store: {item.store}")
    result.count(len(rows), _upsert(session, Product, rows))
    return result


def import_orders(session: Session, items: Sequence[object], *, now: datetime) -> ImportResult:
    """Bring orders in, and write ``order_changed`` for each that really changed.

    Raises:
        Invalid: the batch is too long.
    """
    result = ImportResult()
    good = read_items(OrderItem, items, result)
    known = _known_orders(session, good.values())
    changed = {
        index: item
        for index, item in good.items()
        if item.ref not in known or known[item.ref].hash != content_hash(item)
    }
    result.unchanged = len(good) - len(changed)
    products = _products(session, changed.values())
    named = {line.store for item in changed.values() for line in item.lines}
    named |= {parcel.store for item in changed.values() for parcel in item.parcels}
    stores = _stores(session, named)
    fit = []
    for index, item in changed.items():
        fault = order_fault(item, known.get(item.ref), products, stores)
        if fault is None:
            fit.append(item)
        else:
            result.refuse(index, item.ref, *fault)
    written = _upsert(session, Order, [order_row(item, now) for item in fit])
    result.count(len(fit), written)
    really = [(item, written[item.ref]) for item in fit if item.ref in written]
    _write_parts(session, really, products, stores)
    record_many(session, [_event(*pair, known.get(pair[0].ref)) for pair in really], now=now)
    result.errors.sort(key=lambda error: error.index)
    return result


def _event(item: OrderItem, row: Written, before: KnownOrder | None) -> NewEvent:
    data = {
        "ref": item.ref,
        "buyer_ref": item.buyer,
        "created": row.created,
        "state": item.state,
        "state_before": before.state if before else None,
    }
    return NewEvent("order_changed", data, row.id)


def _write_parts(
    session: Session,
    orders: Sequence[tuple[OrderItem, Written]],
    products: Mapping[str, KnownProduct],
    stores: Mapping[str, UUID],
) -> None:
    lines = [
        line_row(line, item.currency, order.id, products[line.product], stores)
        for item, order in orders
        for line in item.lines
    ]
    _upsert_parts(
        session, OrderLine, "position", lines, ("quantity", "unit_amount", "warranty_until")
    )
    payments = [row for item, order in orders for row in payment_rows(item, order.id)]
    _upsert_parts(session, Payment, "ref", payments, ("method", "amount", "state", "charged", "at"))
    parcels = [row for item, order in orders for row in parcel_rows(item, order.id, stores)]
    keys = {"id", "order_id", "ref"}
    _upsert_parts(session, Parcel, "ref", parcels, [c for c in _columns(Parcel) if c not in keys])


def _upsert(
    session: Session, model: type[DeclarativeBase], rows: list[dict[str, Any]]
) -> dict[str, Written]:
    """Insert or update by ref with one statement; answers only the rows it really wrote.

    Rows go in the order of their refs, so that two imports at once cannot wait for each other.
    """
    if not rows:
        return {}
    table = _table(model)
    statement = _insert(table)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["ref"],
        set_={name: new[name] for name in _columns(model) if name not in ("id", "ref")},
        where=table.c.content_hash != new.content_hash,
    )
    # xmax is 0 in a row that this statement inserted, and not in one that it updated.
    answer = statement.returning(table.c.ref, table.c.id, literal_column(f"{table.name}.xmax = 0"))
    ordered = sorted(rows, key=lambda row: str(row["ref"]))
    written = session.execute(answer, _arrays(table, ordered))
    return {ref: Written(id, bool(created)) for ref, id, created in written}


def _upsert_parts(
    session: Session,
    model: type[DeclarativeBase],
    key: str,
    rows: list[dict[str, Any]],
    changing: Sequence[str],
) -> None:
    """Insert or update the parts of orders by (order, key); only ``changing`` is ever updated."""
    if not rows:
        return
    table = _table(model)
    statement = _insert(table)
    new = statement.excluded
    # Two imports at once may bring a line as two products: the first one stays as it is.
    same = table.c.product_id == new.product_id if "product_id" in table.c else None
    statement = statement.on_conflict_do_update(
        index_elements=["order_id", key],
        set_={name: new[name] for name in changing},
        where=same,
    )
    session.execute(statement, _arrays(table, rows))


def _insert(table: Table) -> Insert:
    """An insert of many rows, given as one array for each column.

    The statement is the same for any number of rows; one with a place for each value has to be
    parsed anew, in Python (measured: 22 % of an import's processor time).
    """
    names = [column.name for column in table.columns]
    arrays = [bindparam(f"all_{c.name}", type_=ARRAY(c.type, dimensions=1)) for c in table.columns]
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    return insert(table).from_select(names, select(*(rows.c[name] for name in names)))


def _arrays(table: Table, rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {f"all_{c.name}": [row[c.name] for row in rows] for c in table.columns}


def _known_orders(session: Session, items: Iterable[OrderItem]) -> dict[str, KnownOrder]:
    refs = [item.ref for item in items]
    if not refs:
        return {}
    found = session.execute(
        select(Order.ref, Order.id, Order.content_hash, Order.state).where(Order.ref.in_(refs))
    )
    orders = {ref: KnownOrder(id, hash, state) for ref, id, hash, state in found}
    by_id = {order.id: order for order in orders.values()}
    if by_id:
        lines = (
            select(OrderLine.order_id, OrderLine.position, Product.ref)
            .join(Product, Product.id == OrderLine.product_id)
            .where(OrderLine.order_id.in_(list(by_id)))
        )
        for order_id, position, product in session.execute(lines):
            by_id[order_id].lines[position] = product
    return orders


def _products(session: Session, orders: Iterable[OrderItem]) -> dict[str, KnownProduct]:
    refs = {line.product for order in orders for line in order.lines}
    if not refs:
        return {}
    listing = [getattr(Product, name) for name in _LISTING]
    query = select(Product.ref, Product.id, Product.store_id, *listing)
    return {
        ref: KnownProduct(id, store_id, dict(zip(_LISTING, shown, strict=True)))
        for ref, id, store_id, *shown in session.execute(query.where(Product.ref.in_(refs)))
    }


def _stores(session: Session, refs: set[str | None]) -> dict[str, UUID]:
    wanted = [ref for ref in refs if ref is not None]
    if not wanted:
        return {}
    found = session.execute(select(Store.ref, Store.id).where(Store.ref.in_(wanted)))
    return {row.ref: row.id for row in found}


def _table(model: type[DeclarativeBase]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _columns(model: type[DeclarativeBase]) -> list[str]:
    return [column.name for column in _table(model).columns]
