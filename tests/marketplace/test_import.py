"""Imports: the same again changes nothing, bad items are reported, the snapshot never changes."""

import json
from copy import deepcopy
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from amparo.kernel.errors import Invalid
from amparo.marketplace import actions, queries
from amparo.marketplace.models import OrderLine, Product
from tests.marketplace.conftest import ANA, PRODUCTS, STORES, order


def counts(result: actions.ImportResult) -> tuple[int, int, int, int]:
    return result.created, result.updated, result.unchanged, len(result.errors)


def events(session: Session) -> list[dict[str, Any]]:
    rows = session.execute(
        text("SELECT data FROM event WHERE kind = 'order_changed' ORDER BY ordinal")
    )
    return [row.data for row in rows]


def test_the_same_again_is_unchanged_and_tells_nobody(catalogue: Session, now: datetime) -> None:
    orders = [order("A-1"), order("A-2", "buyer-olga")]
    assert counts(actions.import_orders(catalogue, orders, now=now)) == (2, 0, 0, 0)
    assert len(events(catalogue)) == 2
    later = now + timedelta(hours=1)
    assert counts(actions.import_orders(catalogue, orders, now=later)) == (0, 0, 2, 0)
    assert counts(actions.import_stores(catalogue, STORES, now=later)) == (0, 0, 2, 0)
    assert counts(actions.import_products(catalogue, PRODUCTS, now=later)) == (0, 0, 3, 0)
    assert len(events(catalogue)) == 2


def test_a_change_is_an_update_with_one_event(catalogue: Session, now: datetime) -> None:
    actions.import_orders(catalogue, [order("A-1"), order("A-2")], now=now)
    changed = [order("A-1", state="dispatched"), order("A-2")]
    assert counts(actions.import_orders(catalogue, changed, now=now)) == (0, 1, 1, 0)
    last = events(catalogue)[-1]
    assert (last["ref"], last["state_before"], last["state"]) == ("A-1", "paid", "dispatched")
    assert last["created"] is False
    assert queries.order_for(catalogue, ANA, "A-1", now=now).state == "dispatched"


def test_the_same_moment_in_another_zone_is_no_change(catalogue: Session, now: datetime) -> None:
    actions.import_orders(catalogue, [order("A-1")], now=now)
    elsewhere = order("A-1", placed_at="2026-04-10T12:00:00+03:00")
    assert counts(actions.import_orders(catalogue, [elsewhere], now=now)) == (0, 0, 1, 0)


def test_the_snapshot_of_a_line_never_changes(catalogue: Session, now: datetime) -> None:
    actions.import_orders(catalogue, [order("A-1")], now=now)
    before = queries.order_for(catalogue, ANA, "A-1", now=now).lines[0].snapshot
    assert (before.title, before.text, before.photos) == ("Desk lamp", "Warm light, 7 W.", 3)
    assert (before.price.amount, before.price.currency) == (3500, "EUR")

    gone = PRODUCTS[0] | {"title": "Sold out", "text": "-", "removed_at": "2026-04-12T00:00:00Z"}
    actions.import_products(catalogue, [gone], now=now)
    again = order("A-1", state="dispatched")
    again["lines"][0] |= {"snapshot": {"title": "Forged"}, "unit_price": 1, "quantity": 2}
    assert counts(actions.import_orders(catalogue, [again], now=now)) == (0, 1, 0, 0)

    seen = queries.order_for(catalogue, ANA, "A-1", now=now)
    assert seen.lines[0].snapshot == before
    assert seen.lines[0].quantity == 2
    assert seen.lines[0].product.title == "Sold out"
    assert seen.lines[0].product.removed_at is not None
    assert seen.problem == "listing_removed"


def test_another_snapshot_alone_is_no_change(catalogue: Session, now: datetime) -> None:
    actions.import_orders(catalogue, [order("A-1")], now=now)
    again = order("A-1")
    again["lines"][0]["snapshot"] = {"title": "Another"}
    assert counts(actions.import_orders(catalogue, [again], now=now)) == (0, 0, 1, 0)


def test_a_snapshot_told_with_the_order_wins_over_the_listing(
    catalogue: Session, now: datetime
) -> None:
    told = order("A-1")
    told["lines"][0]["snapshot"] = {"title": "Desk lamp, old edition", "category": "Lamps"}
    actions.import_orders(catalogue, [told], now=now)
    shown = queries.order_for(catalogue, ANA, "A-1", now=now).lines[0].snapshot
    assert (shown.title, shown.text, shown.text_known) == ("Desk lamp, old edition", None, False)


def test_a_line_never_becomes_another_product(catalogue: Session, now: datetime) -> None:
    actions.import_orders(catalogue, [order("A-1")], now=now)
    other = order("A-1", lines=[{"position": 1, "product": "mug", "unit_price": 900}])
    result = actions.import_orders(catalogue, [other, order("A-2")], now=now)
    assert counts(result) == (1, 0, 0, 1)
    assert (result.errors[0].index, result.errors[0].code) == (0, "line_changed")
    assert queries.order_for(catalogue, ANA, "A-1", now=now).lines[0].product.ref == "lamp"


def test_lines_left_out_stay_and_new_ones_are_added(catalogue: Session, now: datetime) -> None:
    actions.import_orders(catalogue, [order("A-1")], now=now)
    more = order("A-1", lines=[{"position": 2, "product": "mug", "unit_price": 900}], total=4400)
    actions.import_orders(catalogue, [more], now=now)
    seen = queries.order_for(catalogue, ANA, "A-1", now=now)
    assert [line.product.ref for line in seen.lines] == ["lamp", "mug"]
    assert seen.total.amount == 4400


BAD: list[tuple[object, str]] = [
    (order("B", state="lost in space"), "unreadable"),
    (order("B", placed_at="2026-04-10T09:00:00"), "unreadable"),
    (order("B", placed_at="0001-01-01T00:00:00Z"), "unreadable"),
    (order("B", total=-1), "unreadable"),
    (order("B", total=12.5), "unreadable"),
    (order("B", total=10**30), "unreadable"),
    (order("B", currency="eur"), "unreadable"),
    (order("B", colour="red"), "unknown_field"),
    (order("", state="paid"), "unreadable"),
    (order("\x00\x07"), "unreadable"),
    (order("B\ud800"), "unreadable"),
    (order("B") | {"\ud800" * 500: 1}, "unreadable"),
    (order("B") | {"x" * 500: 1}, "unknown_field"),
    (order("B", attributes={"x": "y" * 30_000}), "unreadable"),
    (order("B", lines=[{"position": 1, "product": "ghost", "unit_price": 1}]), "unknown_product"),
    (order("B", parcels=[{"ref": "1", "state": "lost", "store": "ghost"}]), "unknown_store"),
    (order("B", lines=order("B")["lines"] * 2), "inconsistent"),
    ({"ref": "B"}, "missing"),
    ([], "unreadable"),
    (None, "unreadable"),
    ("B", "unreadable"),
]


@pytest.mark.parametrize(("bad", "code"), BAD, ids=[str(n) for n in range(len(BAD))])
def test_a_bad_order_is_reported_and_the_good_ones_go_in(
    catalogue: Session, now: datetime, bad: object, code: str
) -> None:
    result = actions.import_orders(catalogue, [order("A-1"), bad, order("A-2")], now=now)
    assert counts(result) == (2, 0, 0, 1)
    assert (result.errors[0].index, result.errors[0].code) == (1, code)
    assert result.errors[0].detail
    json.dumps([asdict(error) for error in result.errors], ensure_ascii=False).encode()


def test_the_same_ref_twice_in_a_call_is_reported(catalogue: Session, now: datetime) -> None:
    result = actions.import_orders(catalogue, [order("A-1"), order("A-1", state="paid")], now=now)
    assert counts(result) == (1, 0, 0, 1)
    assert result.errors[0].code == "repeated"


def test_more_than_a_batch_is_refused_whole(catalogue: Session, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        actions.import_orders(catalogue, [order(f"A-{n}") for n in range(501)], now=now)
    assert refused.value.code == "import_too_many"
    assert catalogue.scalar(select(OrderLine.id)) is None


def test_hostile_text_is_stored_clean(catalogue: Session, now: datetime) -> None:
    hostile = PRODUCTS[1] | {
        "title": "a\x00b<script>\u202e",
        "attributes": {"k\x00": ["\x00\ud800x", {"n": "\x00"}]},
    }
    assert counts(actions.import_products(catalogue, [hostile], now=now)) == (0, 1, 0, 0)
    row = catalogue.execute(
        select(Product.title, Product.attributes).where(Product.ref == "shade")
    ).one()
    assert row.title == "ab<script>\u202e"
    assert row.attributes == {"k": ["x", {"n": ""}]}


def test_a_batch_costs_a_fixed_number_of_statements(catalogue: Session, now: datetime) -> None:
    seen: list[str] = []

    def count(*args: Any) -> None:
        seen.append(args[2])

    engine = catalogue.get_bind().engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        for size in (5, 200):
            seen.clear()
            orders = [deepcopy(order(f"{size}-{n}")) for n in range(size)]
            assert actions.import_orders(catalogue, orders, now=now).created == size
            assert len(seen) <= 8, seen
            seen.clear()
            queries.orders_for(catalogue, ANA, now=now, limit=min(size, 100))
            assert len(seen) <= 4
    finally:
        event.remove(engine, "before_cursor_execute", count)
