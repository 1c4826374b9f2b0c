"""Who may ask what of an order, and who answers (the words are those of ``matrix.py``)."""

from amparo.kernel.ids import new_id
from tests.accounts.people import SITE
from tests.contracts.matrix_rows import Ask, public, request, row
from tests.contracts.world import ORDER

row(
    "GET /api/v1/orders/{ref:path}/requests",
    "401 401 | 404 sees 404 | 403 403 | sees sees | 404",
    lambda w, r: Ask({"ref": _asked_of(w.order_request())}),
)
row(
    "POST /api/v1/orders/{ref:path}/requests",
    "401 401 | 404 201 404 | 403 403 | 403 403 | 403",
    lambda w, r: Ask({"ref": ORDER}, body={"kind": "track_parcel", **request()}),
)
row(
    "POST /api/v1/orders/{ref:path}/requests",
    "401 401 | 404 201 404 | 403 403 | 403 403 | 403",
    lambda w, r: Ask(
        {"ref": ORDER},
        body={"kind": "track_parcel", "conversation": str(w.chat()), **request()},
    ),
    "in a conversation of Ana's",
)
INTEGRATION = "401 401 | 403 403 403 | 403 403 | 403 403 | {0}"
row(
    "GET /api/v1/import/order-requests",
    INTEGRATION.format("sees"),
    lambda w, r: Ask(query={"limit": "100"} if w.order_request() else {}),
)
ONE = "/api/v1/import/order-requests/{request_id}"
row(f"GET {ONE}", INTEGRATION.format("sees"), lambda w, r: Ask({"request_id": w.order_request()}))
row(
    f"PUT {ONE}",
    INTEGRATION.format("404"),
    lambda w, r: Ask({"request_id": new_id()}, body={"outcome": "done"}),
    "one that nobody made",
)
row(
    "GET /api/v1/import/order-requests/{id}/files/{file_id}",
    INTEGRATION.format("404"),
    lambda w, r: Ask({"id": w.order_request(), "file_id": w.picture()["file_id"]}),
    "a picture of Ana's that did not come with it",
)

# The site's own pages
public("GET /api/v1/sites/{key}/pages", lambda w, r: Ask({"key": SITE}))
row(
    "PUT /api/v1/admin/sites/{key}/pages",
    "401 401 | 403 403 403 | 403 403 | 403 200 | 403",
    lambda w, r: Ask({"key": SITE}, body={"pages": {"show_coupons": "https://shop.example/c"}}),
)


def _asked_of(_: object) -> str:
    """Ana's order, of which something was asked."""
    return ORDER
