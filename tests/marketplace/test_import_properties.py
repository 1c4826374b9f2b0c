"""What holds for every sequence of imports: the first snapshot stays, a repeat changes nothing."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from amparo.marketplace import actions
from amparo.marketplace.items import OrderItem, content_hash, read_item
from amparo.marketplace.models import Order, OrderLine
from amparo.storage.session import Database
from tests.marketplace.conftest import PRODUCTS, STORES, order

REFS = ("A-1", "A-2", "A-3")
_lines = st.lists(
    st.fixed_dictionaries(
        {
            "position": st.integers(1, 3),
            "product": st.sampled_from(["lamp", "shade", "mug", "ghost"]),
            "unit_price": st.integers(0, 10_000),
            "quantity": st.integers(0, 3),
            "snapshot": st.none() | st.builds(lambda n: {"title": f"Title {n}"}, st.integers(0, 5)),
        }
    ),
    max_size=3,
    unique_by=lambda line: line["position"],
)
_orders = st.builds(
    lambda ref, state, lines: order(ref, state=state, lines=lines),
    st.sampled_from(REFS),
    st.sampled_from(["unpaid", "paid", "delivered", "nonsense"]),
    _lines,
)
_listings = st.sampled_from(PRODUCTS).flatmap(
    lambda product: st.builds(lambda n: product | {"title": f"New {n}"}, st.integers(0, 9))
)
_step = st.tuples(st.lists(_orders, max_size=5), st.lists(_listings, max_size=2))


def snapshots(session: Session) -> dict[tuple[str, int], Any]:
    rows = session.execute(
        select(Order.ref, OrderLine.position, OrderLine.snapshot).join(
            Order, Order.id == OrderLine.order_id
        )
    )
    return {(ref, position): snapshot for ref, position, snapshot in rows}


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(_step, min_size=1, max_size=4))
def test_any_sequence_of_imports(
    emptied: Database, now: datetime, steps: list[tuple[list[Any], list[Any]]]
) -> None:
    first: dict[tuple[str, int], Any] = {}
    with emptied.transaction() as session:
        session.execute(text("TRUNCATE orders, product, store, event CASCADE"))
        actions.import_stores(session, STORES, now=now)
        actions.import_products(session, PRODUCTS, now=now)
        for number, (orders, listings) in enumerate(steps):
            later = now + timedelta(minutes=number)
            actions.import_products(session, listings, now=later)
            result = actions.import_orders(session, orders, now=later)
            done = result.created + result.updated + result.unchanged + len(result.errors)
            assert done == len(orders)

            stored = snapshots(session)
            for key, snapshot in first.items():
                assert stored[key] == snapshot
            first = stored

            again = actions.import_orders(session, orders, now=later)
            assert again.created == again.updated == 0
            assert again.unchanged == len(orders) - len(result.errors)
            assert snapshots(session) == stored


@given(_orders.filter(lambda item: item["state"] != "nonsense"), st.randoms(use_true_random=False))
def test_the_order_of_parts_is_no_content(item: dict[str, Any], random: Any) -> None:
    shuffled = item | {"lines": random.sample(item["lines"], len(item["lines"]))}
    assert content_hash(read_item(OrderItem, item)) == content_hash(read_item(OrderItem, shuffled))
