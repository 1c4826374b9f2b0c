"""Promise S2: whatever is sent, by whomever, is answered as published and never with 5xx."""

import os
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from amparo.config import Settings
from amparo.server.app import create_app
from amparo.server.limits import RequestLimits
from tests.contracts.matrix import QUESTION
from tests.contracts.world import ORDER, World

pytestmark = pytest.mark.fuzz
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
ROLES = ("anonymous", "ana", "marta", "teo", "shop")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OFTEN = "100000/second"
UNLIMITED = Settings(
    limit_sign_in=OFTEN,
    limit_sign_in_address=OFTEN,
    limit_token_exchange=OFTEN,
    limit_visitor=OFTEN,
    limit_post=OFTEN,
    limit_upload=OFTEN,
    limit_upload_address=OFTEN,
)
OPERATIONS = [
    found.ok()  # type: ignore[union-attr]  # the document is our own
    for found in schemathesis.openapi.from_dict(
        create_app(Settings()).openapi()
    ).get_all_operations()
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_made_up_requests_are_answered_as_published(
    client: TestClient, app: FastAPI, world: World, operation: Any, role: str
) -> None:
    app.state.limits = RequestLimits(UNLIMITED)
    # A session of the test's own: requests may end it.
    exists = {"ref": ORDER, "key": QUESTION, "lang": "en"}
    if "{id}" in operation.path:
        exists["id"] = str(world.chat("assigned" if "/desk/" in operation.path else "waiting"))
    known = role not in ("anonymous", "shop")
    headers = (world.sign_in(role) if known else world.people[role]).headers

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Case[Any]) -> None:
        case.validate_response(_send(client, case, headers), checks=CHECKS)
        if real := case.path_parameters.keys() & exists.keys():  # the same about what there is
            case.path_parameters |= {name: exists[name] for name in real}
            case.validate_response(_send(client, case, headers), checks=CHECKS)

    ask()


def _send(client: TestClient, case: Case[Any], headers: Mapping[str, str]) -> Any:
    client.cookies.clear()
    sent = case.as_transport_kwargs(base_url="https://amparo.test", headers=dict(headers))
    wanted = ("method", "url", "headers", "params", "json", "data", "content")
    return client.request(**{key: sent[key] for key in wanted if sent.get(key) is not None})
