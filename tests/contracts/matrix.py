"""Who may do what: every route of the application, every role (frames stand in ``frames.py``).

Each row says what the ten roles of ``world.ROLES`` get, in that order:

    anonymous  ended | visitor  ana  olga | wei  sol | marta  teo | shop

A number is the HTTP status. ``sees`` is 200 with Ana's things in the answer, ``blind`` is 200
without. Everything but ``sees`` is searched for what is Ana's, so a refusal that says too much
fails as well. Missing and forbidden look the same: 404 for things that have an owner, 403 only
where the whole activity is not the role's.
"""

from datetime import timedelta

from amparo.kernel.ids import new_id
from tests.accounts.people import PASSWORD, SITE
from tests.contracts import matrix_admin, matrix_cases, matrix_chat, matrix_desk, matrix_requests
from tests.contracts.matrix_rows import (
    QUESTION,
    ROWS,
    Ask,
    Row,
    about,
    chat,
    message,
    public,
    request,
    row,
    upload,
    with_picture,
)
from tests.contracts.world import ORDER, World

__all__ = [
    "QUESTION",
    "ROWS",
    "Ask",
    "Row",
    "matrix_admin",
    "matrix_cases",
    "matrix_chat",
    "matrix_desk",
    "matrix_requests",
]

# Sessions
public("POST /api/v1/sessions", lambda w, r: Ask(body={"site": SITE}), "201")
row("GET /api/v1/sessions/me", "401 401 | 200 200 200 | 200 200 | 200 200 | 404")
row("DELETE /api/v1/sessions/me", "401 401 | 204 204 204 | 204 204 | 204 204 | 204", fresh=True)
row(
    "POST /api/v1/sessions/me/join",
    "401 401 | 403 404 404 | 403 403 | 403 403 | 403",
    lambda w, r: Ask(body={"visitor_token": w.people["olga"].token}),
    "with the token of somebody who is no visitor",
)
row(
    "POST /api/v1/sessions/me/join",
    "401 401 | 403 200 200 | 403 403 | 403 403 | 403",
    lambda w, r: Ask(body={"visitor_token": w.sign_in("visitor").token}),
    "with a visitor's token, which proves whose it is",
)
public(
    "POST /api/v1/staff/sessions",
    lambda w, r: Ask(body={"email": "marta@mercadia.example", "password": PASSWORD + "x"}),
    "401",
)
row("GET /api/v1/staff/sessions", "401 401 | 403 403 403 | 403 403 | 200 200 | 403")
row(
    "DELETE /api/v1/staff/sessions/{session_id}",
    "401 401 | 403 403 403 | 403 403 | 204 404 | 403",
    lambda w, r: Ask({"session_id": _session_of(w, "marta")}),
    "another session of Marta's",
)

# The panel and the guide
row(
    "GET /api/v1/panel/start",
    "blind 401 | blind 200 blind | blind blind | blind blind | blind",
    lambda w, r: Ask(query={"site": SITE}),
)
row(
    "GET /api/v1/panel/start",
    "blind 401 | blind 200 blind | blind blind | blind blind | blind",
    lambda w, r: Ask(query={"site": SITE, "order": ORDER}),
    "about Ana's order: the panel opens all the same, knowing nothing of it",
)
row(
    "GET /api/v1/guide/questions/{key}",
    "blind 401 | blind blind blind | blind blind | blind blind | blind",
    lambda w, r: Ask({"key": QUESTION}, {"order": ORDER}),
    "about Ana's order: it is the same answer for everybody",
)
row(
    "GET /api/v1/guide/questions/{key}/channels",
    "blind 401 | blind blind blind | blind blind | blind blind | blind",
    lambda w, r: Ask({"key": QUESTION}),
)
row(
    "GET /api/v1/guide/questions/{key}/channels",
    "blind 401 | blind 200 404 | blind 404 | blind blind | blind",
    lambda w, r: Ask({"key": QUESTION}, {"order": ORDER}),
    "about Ana's order",
)
row(
    "POST /api/v1/guide/questions/{key}/feedback",
    "201 401 | 201 201 201 | 201 201 | 201 201 | 201",
    lambda w, r: Ask({"key": QUESTION}, body={"helped": True, **request()}),
)
row(
    "POST /api/v1/guide/questions/{key}/feedback",
    "404 401 | 404 201 404 | 404 404 | 201 201 | 404",
    lambda w, r: Ask(
        {"key": QUESTION}, body={"helped": True, "conversation": str(w.chat()), **request()}
    ),
    "about Ana's conversation",
)
public("GET /api/v1/help/search", lambda w, r: Ask(query={"q": "parcel"}))

# Orders
row("GET /api/v1/orders", "401 401 | blind sees blind | sees blind | sees sees | blind")
row(
    "GET /api/v1/orders/{ref:path}",
    "401 401 | 404 sees 404 | sees 404 | sees sees | 404",
    lambda w, r: Ask({"ref": ORDER}),
)
for things in ("stores", "products", "orders"):
    row(
        f"PUT /api/v1/import/{things}",
        "401 401 | 403 403 403 | 403 403 | 403 403 | 200",
        lambda w, r: Ask(body={"items": []}),
    )

# Conversations
row(
    "GET /api/v1/conversations",
    "401 401 | blind sees blind | sees blind | sees sees | blind",
    lambda w, r: about((w.chat(), w.talk())),
    "Ana's, and what is said about an order of Wei's store",
)
row(
    "GET /api/v1/conversations/{id}",
    "401 401 | 404 sees 404 | 404 404 | sees sees | 404",
    chat(),
)
row(
    "GET /api/v1/conversations/{id}",
    "401 401 | 404 sees 404 | sees 404 | sees sees | 404",
    lambda w, r: Ask({"id": w.talk()}),
    "about an order of Wei's store",
)
row(
    "GET /api/v1/conversations/{id}/events",
    "401 401 | 404 sees 404 | 404 404 | sees sees | 404",
    chat("assigned"),
)
row(
    "GET /api/v1/conversations/{id}/events",
    "401 401 | 404 sees 404 | sees 404 | sees sees | 404",
    lambda w, r: Ask({"id": w.talk()}),
    "about an order of Wei's store",
)
row(
    "POST /api/v1/conversations/{id}/messages",
    "401 401 | 404 201 404 | 404 404 | 201 201 | 404",
    lambda w, r: Ask({"id": w.chat()}, body=message()),
)
row(
    "POST /api/v1/conversations/{id}/messages",
    "401 401 | 404 201 404 | 201 404 | 201 201 | 404",
    lambda w, r: Ask({"id": w.talk()}, body=message()),
    "about an order of Wei's store",
)
row(
    "POST /api/v1/conversations/{id}/messages",
    "401 401 | 201 201 201 | 422 422 | 422 422 | 422",
    lambda w, r: Ask({"id": new_id()}, body=message() | {"open": {"site": SITE}}),
    "to open one",
)
row(
    "POST /api/v1/conversations/{id}/messages",
    "401 401 | 404 201 404 | 422 422 | 422 422 | 422",
    lambda w, r: Ask(
        {"id": new_id()}, body=message() | {"open": {"site": SITE, "order_ref": ORDER}}
    ),
    "to open one about Ana's order",
)
row(
    "POST /api/v1/conversations/{id}/messages",
    "401 401 | 404 422 404 | 404 404 | 422 422 | 404",
    lambda w, r: Ask({"id": w.chat()}, body=message() | {"files": [str(new_id())]}),
    "with a picture that is not there",
)
row(
    "POST /api/v1/conversations/{id}/messages",
    "401 401 | 404 201 404 | 404 404 | 422 422 | 404",
    lambda w, r: with_picture(w),
    "with a picture of Ana's",
)
row(
    "POST /api/v1/conversations/{id}/files",
    "401 401 | 404 201 404 | 404 404 | 201 201 | 404",
    lambda w, r: upload(w.chat()),
)
row(
    "POST /api/v1/conversations/{id}/files",
    "401 401 | 404 201 404 | 201 404 | 201 201 | 404",
    lambda w, r: upload(w.talk()),
    "about an order of Wei's store",
)
row(
    "POST /api/v1/conversations/{id}/files",
    "401 401 | 201 201 201 | 422 422 | 422 422 | 422",
    lambda w, r: upload(new_id(), open="true"),
    "for a conversation that it will open",
)
for case, told, picture in (
    ("in a message", "200 404 | 404 404 | 200 200", {}),
    ("in a note", "404 404 | 404 404 | 200 200", {"kind": "note"}),
    ("not sent yet", "200 404 | 404 404 | 404 404", {"sent": False}),
):
    for way in ("", "/download"):
        row(
            f"GET /api/v1/conversations/{{id}}/files/{{file_id}}{way}",
            f"401 401 | 404 {told} | 404",
            lambda w, r, picture=picture: Ask(w.picture(**picture)),  # type: ignore[misc]
            f"{case} of Ana's conversation",
        )
row(
    "DELETE /api/v1/conversations/{id}/files/{file_id}",
    "401 401 | 404 204 404 | 404 404 | 404 404 | 404",
    lambda w, r: Ask(w.picture(sent=False)),
    "not sent yet, of Ana's",
)
for verb, state in (("person", "bot"), ("defer", "waiting"), ("resolve", "bot")):
    row(
        f"POST /api/v1/conversations/{{id}}/{verb}",
        "401 401 | 404 200 404 | 404 404 | 200 200 | 404",
        chat(state, **request()),
    )
row(
    "GET /api/v1/conversations/{id}/position",
    "401 401 | 404 200 404 | 404 404 | 200 200 | 404",
    chat("waiting"),
)

# The desk
for route, seen in (("inbox", "sees"), ("counts", "blind")):
    row(
        f"GET /api/v1/desk/{route}",
        f"401 401 | 403 403 403 | 403 403 | {seen} {seen} | 403",
        lambda w, r: about(w.chat("waiting"), view="waiting"),
    )
row(
    "POST /api/v1/desk/take-next",
    "401 401 | 403 403 403 | 403 403 | 200 200 | 403",
    lambda w, r: about(w.chat("waiting"), body=request()),
)
row(
    "POST /api/v1/desk/conversations/{id}/take",
    "401 401 | 403 403 403 | 403 403 | 200 200 | 403",
    chat("waiting"),
)
row(
    "GET /api/v1/desk/conversations/{id}/context",
    "401 401 | 403 403 403 | 403 403 | sees sees | 403",
    chat("assigned"),
)
row(
    "POST /api/v1/desk/conversations/{id}/notes",
    "401 401 | 403 403 403 | 403 403 | 201 201 | 403",
    lambda w, r: Ask({"id": w.chat()}, body=message()),
)
for verb in ("resolve", "release"):
    row(
        f"POST /api/v1/desk/conversations/{{id}}/{verb}",
        "401 401 | 403 403 403 | 403 403 | 200 200 | 403",
        chat("assigned", **request()),
    )
row("GET /api/v1/desk/presence", "401 401 | 403 403 403 | 403 403 | 200 200 | 403")
row(
    "PUT /api/v1/desk/presence",
    "401 401 | 403 403 403 | 403 403 | 200 200 | 403",
    lambda w, r: Ask(body={"state": "by_hand"}),
)
row("GET /api/v1/desk/operators", "401 401 | 403 403 403 | 403 403 | 200 200 | 403")
row("GET /api/v1/desk/teams", "401 401 | 403 403 403 | 403 403 | 200 200 | 403")
row(
    "POST /api/v1/desk/conversations/{id}/transfer",
    "401 401 | 403 403 403 | 403 403 | 200 200 | 403",
    lambda w, r: Ask({"id": w.chat("assigned")}, body={"team": "support-ru", **request()}),
)
row(
    "POST /api/v1/desk/conversations/{id}/snooze",
    "401 401 | 403 403 403 | 403 403 | 200 200 | 403",
    lambda w, r: Ask(
        {"id": w.chat("assigned")},
        body={"until": (w.now + timedelta(hours=2)).isoformat(), **request()},
    ),
)

# Pages: the same for everybody
public("GET /api/v1/openapi.json")
public("GET /", status="302")
public("GET /healthz")
public("GET /readyz")
public("GET /panel/", lambda w, r: Ask(query={"site": SITE}))
for app in ("desk", "admin", "seller"):
    public(f"GET /{app}/{{path:path}}", lambda w, r: Ask({"path": ""}))
for app in ("panel", "desk", "admin", "seller"):
    public(f"GET /{app}", status="308")
public("GET /widget.js")
public("GET /assets/{path:path}", lambda w, r: Ask({"path": "app-1a2b.js"}))
public("GET /help", status="302")
public("GET /help/", status="302")
public("GET /help/assets/{name}", lambda w, r: Ask({"name": "mark.svg"}))
public("GET /help/{language}", lambda w, r: Ask({"language": "en"}), "308")
public("GET /help/{language}/", lambda w, r: Ask({"language": "en"}))
public("GET /help/{language}/topics/{key}", lambda w, r: Ask({"language": "en", "key": "orders"}))
public("GET /help/{language}/search", lambda w, r: Ask({"language": "en"}, {"q": "parcel"}))
public("GET /help/{language}/{key}", lambda w, r: Ask({"language": "en", "key": QUESTION}))
for method in ("GET", "POST"):
    public(
        f"{method} /help/{{language}}/{{key}}/useful",
        lambda w, r: Ask({"language": "en", "key": QUESTION}),
        "200" if method == "GET" else "404",  # a form without an id is none of ours
    )
public("GET /help/{language}/contact", lambda w, r: Ask({"language": "en"}))
public("POST /help/{language}/contact", lambda w, r: Ask({"language": "en"}), "303")
public("GET /sitemap.xml")
public("GET /robots.txt")
public("GET /llms.txt")


def _session_of(world: World, role: str) -> object:
    actor = world.sign_in(role).actor
    assert actor is not None
    return actor.session_id
