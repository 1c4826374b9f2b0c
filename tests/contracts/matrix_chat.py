"""Who may do what to messages that are there: change, take back, read, rate, keep; and blocks."""

from typing import Any

from amparo.kernel.ids import new_id
from tests.contracts.matrix_rows import Ask, request, row
from tests.contracts.world import World

MESSAGE = "/api/v1/conversations/{id}/messages/{message_id}"


def _edit(world: World, place: dict[str, Any]) -> Ask:
    return Ask(place, body={"id": str(new_id()), "body": "other words"})


row(
    f"PATCH {MESSAGE}",
    "401 401 | 404 200 404 | 404 404 | 409 409 | 404",
    lambda w, r: _edit(w, w.message()),
    "of Ana's",
)
row(
    f"PATCH {MESSAGE}",
    "401 401 | 404 404 404 | 404 404 | 200 409 | 404",
    lambda w, r: _edit(w, w.message(kind="note")),
    "a note of Marta's in Ana's conversation",
)
row(
    f"PATCH {MESSAGE}",
    "401 401 | 404 200 404 | 409 404 | 409 409 | 404",
    lambda w, r: _edit(w, w.message(order=True)),
    "of Ana's, about an order of Wei's store",
)
row(
    f"PATCH {MESSAGE}",
    "401 401 | 404 409 404 | 404 404 | 409 409 | 404",
    lambda w, r: _edit(w, w.message("resolved")),
    "of Ana's, in a matter that is resolved",
)
row(
    f"DELETE {MESSAGE}",
    "401 401 | 404 204 404 | 404 404 | 409 204 | 404",
    lambda w, r: Ask(w.message()),
    "of Ana's",
)
row(
    f"DELETE {MESSAGE}",
    "401 401 | 404 404 404 | 404 404 | 204 204 | 404",
    lambda w, r: Ask(w.message(kind="note")),
    "a note of Marta's in Ana's conversation",
)
row(
    f"DELETE {MESSAGE}",
    "401 401 | 404 204 404 | 409 404 | 409 204 | 404",
    lambda w, r: Ask(w.message(order=True)),
    "of Ana's, about an order of Wei's store",
)
row(
    f"GET {MESSAGE}/history",
    "401 401 | 403 403 403 | 403 403 | sees sees | 403",
    lambda w, r: Ask(w.message()),
)
for order, sol in ((False, "404 404"), (True, "200 404")):
    row(
        "POST /api/v1/conversations/{id}/seen",
        f"401 401 | 404 200 404 | {sol} | 200 200 | 404",
        lambda w, r, order=order: Ask(  # type: ignore[misc]
            {"id": w.talk() if order else w.chat()}, body={"seq": 1, "read": True}
        ),
        "about an order of Wei's store" if order else "",
    )
row(
    "GET /api/v1/conversations/{id}/rating",
    "401 401 | 404 200 404 | 404 404 | 200 200 | 404",
    lambda w, r: Ask({"id": w.chat()}),
)
row(
    "GET /api/v1/conversations/{id}/rating",
    "401 401 | 404 200 404 | 404 404 | 200 200 | 404",
    lambda w, r: Ask({"id": w.talk()}),
    "about an order of Wei's store: what a buyer thinks of us is not a store's",
)
for state, told in (("resolved", "200"), ("bot", "409")):
    row(
        "POST /api/v1/conversations/{id}/rating",
        f"401 401 | 404 {told} 404 | 403 403 | 403 403 | 404",
        lambda w, r, state=state: Ask({"id": w.chat(state)}, body={"score": 5, **request()}),  # type: ignore[misc]
        f"of a conversation that is {state}",
    )
row(
    "GET /api/v1/conversations/{id}/transcript",
    "401 401 | 404 sees 404 | 404 404 | sees sees | 404",
    lambda w, r: Ask({"id": w.chat()}),
)
row(
    "GET /api/v1/conversations/{id}/transcript",
    "401 401 | 404 sees 404 | sees 404 | sees sees | 404",
    lambda w, r: Ask({"id": w.talk()}),
    "about an order of Wei's store",
)
row(
    "POST /api/v1/conversations/{id}/transcript",
    "401 401 | 404 202 404 | 403 403 | 403 403 | 404",
    lambda w, r: Ask({"id": w.chat()}, body=request()),
)
for method, status in (("PUT", "200"), ("DELETE", "204")):
    row(
        f"{method} /api/v1/desk/people/{{person_id}}/block",
        f"401 401 | 403 403 403 | 403 403 | {status} {status} | 403",
        lambda w, r, method=method: Ask(  # type: ignore[misc]
            {"person_id": w.stranger()}, body={"reason": "spam"} if method == "PUT" else None
        ),
    )
row("GET /api/v1/sessions/me/block", "401 401 | 200 200 200 | 200 200 | 200 200 | 200")
row(
    "POST /api/v1/sessions/me/block/appeal",
    "401 401 | 409 409 409 | 409 409 | 409 409 | 409",
    lambda w, r: Ask(body={"text": "this is a mistake"}),
    "by somebody who is not blocked",
)
