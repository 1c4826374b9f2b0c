"""Orders for those who may see them, and the import interface of the marketplace."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, SkipValidation

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden
from amparo.marketplace import actions, queries
from amparo.marketplace.batch import ImportResult
from amparo.marketplace.items import BATCH_LIMIT, OrderItem, ProductItem, StoreItem
from amparo.marketplace.views import OrderSummary, OrderView
from amparo.storage.http import CurrentActor, Now, Unit
from amparo.storage.pages import LIMIT, Page

router = APIRouter(prefix="/api/v1", tags=["marketplace"])

_LIMITED = Field(json_schema_extra={"maxItems": BATCH_LIMIT})


# SkipValidation: the interface describes the items, and the action checks them one by one, so
# that a bad item is reported and does not refuse the good ones.
class StoreBatch(BaseModel):
    """Stores to bring in."""

    items: Annotated[list[SkipValidation[StoreItem]], _LIMITED]


class ProductBatch(BaseModel):
    """Listings to bring in, as they are now."""

    items: Annotated[list[SkipValidation[ProductItem]], _LIMITED]


class OrderBatch(BaseModel):
    """Orders to bring in."""

    items: Annotated[list[SkipValidation[OrderItem]], _LIMITED]


@router.get("/orders", operation_id="list_orders")
def list_orders(
    session: Unit,
    actor: CurrentActor,
    now: Now,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT)] = 20,
) -> Page[OrderSummary]:
    """The orders that the asker may see, newest first: a buyer's own, a seller's stores', all."""
    return queries.orders_for(session, actor, now=now, cursor=cursor, limit=limit)


# A marketplace's order number may hold a slash.
@router.get("/orders/{ref:path}", operation_id="get_order")
def get_order(ref: str, session: Unit, actor: CurrentActor, now: Now) -> OrderView:
    """One order; an unknown one and somebody else's look the same."""
    return queries.order_for(session, actor, ref, now=now)


@router.put("/import/stores", operation_id="import_stores")
def import_stores(batch: StoreBatch, session: Unit, actor: CurrentActor, now: Now) -> ImportResult:
    """Bring stores in, known by their ref; the same again changes nothing."""
    _integration_only(actor)
    return actions.import_stores(session, batch.items, now=now)


@router.put("/import/products", operation_id="import_products")
def import_products(
    batch: ProductBatch, session: Unit, actor: CurrentActor, now: Now
) -> ImportResult:
    """Bring listings in; their stores must be known."""
    _integration_only(actor)
    return actions.import_products(session, batch.items, now=now)


@router.put("/import/orders", operation_id="import_orders")
def import_orders(batch: OrderBatch, session: Unit, actor: CurrentActor, now: Now) -> ImportResult:
    """Bring orders in; their products must be known, and a line's snapshot never changes."""
    _integration_only(actor)
    return actions.import_orders(session, batch.items, now=now)


def _integration_only(actor: Actor) -> None:
    if actor.role != "integration":
        raise Forbidden()
