"""Promise S1: every route and every frame is declared for every role, and each cell is run."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from amparo.config import Settings
from amparo.kernel.ids import new_id
from amparo.server.limits import RequestLimits
from tests.accounts.people import SITE
from tests.contracts.canary import CANARY, NOTE_CANARY
from tests.contracts.matrix import QUESTION, ROWS, Ask, Row
from tests.contracts.world import ORDER, ROLES, World

STAFF = ("marta", "teo")
REFUSALS = ("401", "403", "404", "blind")
OWNED = {"id", "ref", "file_id", "message_id"}
"""Parameters of paths that name a thing with an owner."""
UNSAFE = ("POST", "PUT", "DELETE", "PATCH")


def routes(of: Any) -> Iterator[str]:
    """``METHOD /path`` of everything the application answers, published or not."""
    for route in of:
        inside = getattr(route, "original_router", None)
        if inside is not None:
            yield from routes(inside.routes)
        elif hasattr(route, "methods"):
            yield from (f"{method} {route.path}" for method in sorted(route.methods - {"HEAD"}))


def test_every_route_is_declared_and_every_declared_route_exists(app: FastAPI) -> None:
    found, declared = set(routes(app.routes)), {row.route for row in ROWS}
    assert found - declared == set(), "say in matrix.py who may use these"
    assert declared - found == set(), "these are gone"


def asked(world: World, row: Row, role: str) -> Ask:
    """The request of a cell. Refused ones change nothing, so they share what they ask about."""
    if row.outcomes[role] not in REFUSALS:
        return row.ask(world, role)
    key = f"{row.route} {row.case}"
    if key not in world.refused:
        world.refused[key] = row.ask(world, role)
    shared: Ask = world.refused[key]
    return shared


def send(client: TestClient, row: Row, headers: Mapping[str, str], request: Ask) -> Any:
    method, path = row.route.split(" ")
    for name, value in request.path.items():
        path = path.replace(f"{{{name}:path}}", str(value)).replace(f"{{{name}}}", str(value))
    client.app.state.limits = RequestLimits(Settings())  # type: ignore[attr-defined]
    client.cookies.clear()
    return client.request(
        method,
        path,
        params=dict(request.query),
        json=request.body,
        content=request.content,
        headers={**headers, **request.headers},
    )


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.route} {row.case}".strip())
def test_each_role_gets_what_is_declared(
    client: TestClient, world: World, row: Row, role: str
) -> None:
    known = role not in ("anonymous", "ended", "shop")
    identity = world.sign_in(role) if row.fresh and known else world.people[role]
    request = asked(world, row, role)
    answer = send(client, row, identity.headers, request)
    expected = row.outcomes[role]
    status = 200 if expected in ("sees", "blind") else int(expected)
    assert answer.status_code == status, answer.text[:500]
    if expected == "sees":
        assert CANARY in answer.text
    elif role != "ana" and not (role in STAFF and status < 300):
        assert CANARY not in answer.text, "an answer that tells what its reader may not see"
    if role not in STAFF:
        assert NOTE_CANARY not in answer.text, "a note left the staff"
    if status in (403, 404) and OWNED & set(request.path):
        missing = replace(
            request,
            path={
                "id": new_id(),
                "ref": "no-such-order",
                "file_id": new_id(),
                "message_id": new_id(),
            },
        )
        other = send(client, row, identity.headers, missing)
        assert (other.status_code, other.json()) == (status, answer.json()), "not like missing"


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("ended", "ana")])
@pytest.mark.parametrize(
    "path", ["/api/v1/panel/start", f"/api/v1/guide/questions/{QUESTION}/channels"]
)
def test_an_order_of_somebody_else_is_like_one_that_does_not_exist(
    client: TestClient, world: World, path: str, role: str
) -> None:
    if role in ("wei", *STAFF):
        return  # it is Wei's order too, and staff sees every order
    headers = world.people[role].headers
    foreign, missing = (
        client.get(path, params={"site": SITE, "order": ref}, headers=headers)
        for ref in (ORDER, "no-such-order")
    )
    assert (foreign.status_code, foreign.json()) == (missing.status_code, missing.json())


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in ROWS
        if row.route.split(" ")[0] in UNSAFE
        and row.outcomes["anonymous"] == "401"
        and row.route != "POST /api/v1/staff/sessions"  # needs no session
    ],
    ids=lambda row: f"{row.route} {row.case}".strip(),
)
def test_a_staff_cookie_without_its_csrf_value_changes_nothing(
    client: TestClient, world: World, row: Row
) -> None:
    headers = {"cookie": world.people["teo"].headers["cookie"]}
    answer = send(client, row, headers, asked(world, row, "anonymous"))
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_refused")
