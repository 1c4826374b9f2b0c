"""Who may do what in cases (the words are those of ``matrix.py``)."""

from collections.abc import Callable
from typing import Any

from amparo.cases.policy import load_shipped
from amparo.kernel.ids import new_id
from tests.contracts.cases import late_order, opening
from tests.contracts.matrix_rows import Ask, row
from tests.contracts.world import World
from tests.pictures import screenshot

PARTIES = "401 401 | 404 {0} 404 | {0} 404 | {0} {0} | {1}"
STAFF = "401 401 | 403 403 403 | 403 403 | {0} {0} | 403"
ADMINISTRATORS = "401 401 | 403 403 403 | 403 403 | 403 {0} | 403"
ONE = "/api/v1/cases/{id}"


def _case(**query: str) -> Callable[[World, str], Ask]:
    return lambda world, role: Ask({"id": world.case()["id"]}, query)


def _act(action: str, **data: Any) -> Callable[[World, str], Ask]:
    def ask(world: World, role: str) -> Ask:
        body = {"id": str(new_id()), "action": action, "data": data}
        return Ask({"id": world.case()["id"]}, body=body)

    return ask


def _upload(world: World, role: str) -> Ask:
    query = {"client_id": str(new_id()), "name": "photo.png", "type": "photos"}
    return Ask(query=query, content=screenshot(), headers={"content-type": "image/png"})


def _upload_for(world: World, role: str) -> Ask:
    asked = _upload(world, role)
    case = {"case": str(world.case()["id"])}
    return Ask(query={**asked.query, **case}, content=asked.content, headers=asked.headers)


def _policy(world: World, role: str) -> Ask:
    return Ask(body={"document": {**load_shipped().document, "version": new_id().hex}})


row(
    "GET /api/v1/cases/form",
    "401 401 | 404 sees 404 | 403 403 | 403 403 | 403",
    lambda w, r: Ask(query={"order": late_order(w.database, w.now)}),
)
row(
    "POST /api/v1/cases",
    "401 401 | 404 201 404 | 403 403 | 403 403 | 403",
    lambda w, r: Ask(body=opening(late_order(w.database, w.now), w.now)),
)
row(
    "GET /api/v1/cases",
    "401 401 | blind sees blind | sees blind | sees sees | blind",
    lambda w, r: Ask(query={"limit": "100"} if w.case() else {}),
)
row("POST /api/v1/cases/files", "401 401 | 403 201 201 | 201 201 | 201 201 | 403", _upload)
row(
    "POST /api/v1/cases/files",
    "401 401 | 403 201 404 | 201 404 | 201 201 | 403",
    _upload_for,
    "for a case of Ana's",
)
row(
    "GET /api/v1/cases/files/{file_id}",
    PARTIES.format("200", "404"),
    lambda w, r: Ask({"file_id": w.case()["file_id"]}),
)
row(f"GET {ONE}", PARTIES.format("sees", "sees"), _case())
row(f"GET {ONE}/export", PARTIES.format("sees", "404"), _case())
row(f"GET {ONE}/export", PARTIES.format("sees", "404"), _case(format="json"), "as JSON")
row(f"GET {ONE}/verify", PARTIES.format("200", "404"), _case())
row(
    f"POST {ONE}/actions",
    "401 401 | 404 sees 404 | sees 404 | 409 409 | 409",
    _act("add_evidence", text="Look."),
)
row(
    f"POST {ONE}/actions",
    "401 401 | 404 409 404 | sees 404 | 409 409 | 409",
    _act("refuse", text="It was sent."),
    "the seller's turn",
)
row(
    f"POST {ONE}/actions",
    "401 401 | 404 409 404 | 409 404 | 200 200 | 409",
    _act("take"),
    "the desk's",
)
row("GET /api/v1/desk/cases", STAFF.format("sees"), lambda w, r: Ask(query=_all(w)))
row("GET /api/v1/cases/policy", STAFF.format("200"))
row("PUT /api/v1/admin/cases/policy", ADMINISTRATORS.format("200"), _policy)
row("POST /api/v1/admin/cases/policy/simulate", ADMINISTRATORS.format("200"), _policy)
row(
    "GET /api/v1/import/payout-holds",
    "401 401 | 403 403 403 | 403 403 | 403 403 | 404",
    lambda w, r: Ask(query={"order": "no-such-order"}),
)
row(
    "POST /api/v1/import/refunds/{key}",
    "401 401 | 403 403 403 | 403 403 | 403 403 | 404",
    lambda w, r: Ask({"key": "no-such-refund"}, body={"state": "paid"}),
)


def _all(world: World) -> dict[str, str]:
    return {"list": "all", "order_by": "newest", "limit": "100"} if world.case() else {}
