"""One door: a buyer sees the own orders, a seller its stores' part, staff all, others nothing."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, NotFound
from amparo.marketplace import actions, queries
from tests.marketplace.conftest import (
    ANA,
    INTEGRATION,
    MARTA,
    OLGA,
    TEO,
    VISITOR,
    WEI,
    order,
    person,
)

MIXED = [
    {"position": 1, "product": "lamp", "unit_price": 3500},
    {"position": 2, "product": "mug", "unit_price": 900, "quantity": 2},
]
PARCELS = [
    {"ref": "1", "state": "in_transit", "store": "store-wei", "tracking": "WEI-1"},
    {"ref": "2", "state": "in_transit", "store": "store-sol", "tracking": "SOL-1"},
    {"ref": "3", "state": "preparing", "tracking": "WHO-1"},
]
SOL = person("seller", "seller-sol", "store-sol")
NOBODYS = person("seller", "seller-new")


@pytest.fixture
def orders(catalogue: Session, now: datetime) -> Session:
    batch = [
        order("ana-1"),
        order("ana-2", lines=MIXED, parcels=PARCELS, shipping=500),
        order("olga-1", "buyer-olga", lines=MIXED[1:]),
        order("2026/7", "buyer-olga"),
    ]
    assert actions.import_orders(catalogue, batch, now=now).created == 4
    return catalogue


SEES: list[tuple[str, Actor, set[str]]] = [
    ("Ana", ANA, {"ana-1", "ana-2"}),
    ("Olga", OLGA, {"olga-1", "2026/7"}),
    ("Wei", WEI, {"ana-1", "ana-2", "2026/7"}),
    ("another seller", SOL, {"ana-2", "olga-1"}),
    ("a seller without a store", NOBODYS, set()),
    ("Marta", MARTA, {"ana-1", "ana-2", "olga-1", "2026/7"}),
    ("Teo", TEO, {"ana-1", "ana-2", "olga-1", "2026/7"}),
    ("a visitor", VISITOR, set()),
    ("the integration", INTEGRATION, set()),
    ("a buyer without a ref", person("buyer"), set()),
    ("a seller with a buyer's ref", person("seller", "buyer-ana"), set()),
    ("a visitor with a buyer's ref", person("visitor", "buyer-ana"), set()),
]


@pytest.mark.parametrize(("actor", "own"), [row[1:] for row in SEES], ids=[r[0] for r in SEES])
def test_everybody_sees_only_the_own(
    orders: Session, now: datetime, actor: Actor, own: set[str]
) -> None:
    page = queries.orders_for(orders, actor, now=now)
    assert {item.ref for item in page.items} == own
    for ref in ("ana-1", "ana-2", "olga-1", "2026/7", "missing", "", "a\x00", "\ud800"):
        if ref in own:
            assert queries.order_for(orders, actor, ref, now=now).ref == ref
            queries.order_id_for(orders, actor, ref)
        else:
            with pytest.raises(NotFound) as hidden:
                queries.order_for(orders, actor, ref, now=now)
            assert hidden.value.params == {}
            with pytest.raises(NotFound):
                queries.order_id_for(orders, actor, ref)


def test_a_seller_sees_only_its_part_of_a_shared_order(orders: Session, now: datetime) -> None:
    seen = queries.order_for(orders, WEI, "ana-2", now=now)
    assert [line.store.ref for line in seen.lines] == ["store-wei"]
    assert seen.total.amount == 3500
    assert [parcel.tracking for parcel in seen.parcels] == ["WEI-1"]
    assert seen.payments == []
    row = next(r for r in queries.orders_for(orders, WEI, now=now).items if r.ref == "ana-2")
    assert (row.total.amount, row.lines) == (3500, 1)
    other = queries.order_for(orders, SOL, "ana-2", now=now)
    assert (other.title, other.total.amount) == ("Mug", 1800)


def test_a_buyer_sees_the_whole_order(orders: Session, now: datetime) -> None:
    seen = queries.order_for(orders, ANA, "ana-2", now=now)
    assert seen.total.amount == 3500 + 1800 + 500
    assert len(seen.lines) == 2
    assert len(seen.parcels) == 3
    assert seen.payments[0].charged


def test_orders_of_a_buyer_are_for_staff(orders: Session, now: datetime) -> None:
    for actor in (MARTA, TEO):
        page = queries.orders_of_buyer(orders, actor, "buyer-ana", now=now)
        assert {item.ref for item in page.items} == {"ana-1", "ana-2"}
    for actor in (ANA, WEI, VISITOR, INTEGRATION):
        with pytest.raises(NotFound):
            queries.orders_of_buyer(orders, actor, "buyer-ana", now=now)


def test_pages_follow_each_other_without_gap_or_repeat(catalogue: Session, now: datetime) -> None:
    batch = [order(f"ana-{n:02}") for n in range(23)]  # all placed at the same moment
    actions.import_orders(catalogue, batch, now=now)
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(5):
        page = queries.orders_for(catalogue, ANA, now=now, cursor=cursor, limit=5)
        seen += [item.ref for item in page.items]
        cursor = page.next
    assert cursor is None
    assert len(seen) == 23
    assert set(seen) == {f"ana-{n:02}" for n in range(23)}


@pytest.mark.parametrize("cursor", ["", "x", "ü", "WzEsMl0", "e30", "A" * 1000])
def test_a_forged_cursor_is_refused(catalogue: Session, now: datetime, cursor: str) -> None:
    with pytest.raises(Invalid):
        queries.orders_for(catalogue, ANA, now=now, cursor=cursor)


def test_parcel_steps_come_oldest_first(catalogue: Session, now: datetime) -> None:
    steps = [
        {"at": "2026-04-12T10:00:00Z", "text": "At the depot"},
        {"at": "2026-04-11T10:00:00+02:00", "text": "Handed over"},
    ]
    parcel = {"ref": "1", "state": "in_transit", "carrier": "Correos", "steps": steps}
    actions.import_orders(catalogue, [order("ana-1", parcels=[parcel])], now=now)
    seen = queries.order_for(catalogue, ANA, "ana-1", now=now)
    assert [step.text for step in seen.parcels[0].steps] == ["Handed over", "At the depot"]
    assert seen.parcels[0].steps[0].at.utcoffset() is not None
