"""Who may do what at the desk: lists, search, tags, macros, merging, many at once."""

from collections.abc import Callable

from amparo.conversations.rules import Opening
from amparo.desk import macros_actions, merge_actions, search_actions, views_actions
from amparo.desk.deeds_rules import Deed
from amparo.kernel.ids import new_id
from tests.contracts.canary import CANARY
from tests.contracts.matrix_rows import Ask, about, request, row
from tests.contracts.world import World
from tests.people import say

STAFF = "401 401 | 403 403 403 | 403 403 | {0} {0} | 403"
ADMINISTRATORS = "401 401 | 403 403 403 | 403 403 | 403 {0} | 403"
ONE = "/api/v1/desk/conversations/{id}"


def _findable(world: World) -> Ask:
    """A conversation of Ana's whose words the search knows."""
    place = world.message("waiting")
    written = search_actions.Written(
        message_id=place["message_id"],
        conversation_id=place["id"],
        at=world.now,
        party="buyer",
        author_id="",
        language="en",
        body=CANARY,
        spoken="en",
        channel="chat",
    )
    with world.database.transaction() as session:
        search_actions.keep(session, [written])
    return Ask(query={"q": CANARY.split("-")[0]})


def _macro(world: World, role: str) -> str:
    id = new_id()
    with world.database.transaction() as session:
        macros_actions.save_macro(
            session,
            world["teo"],
            id,
            world.now,
            key=str(id)[:40],
            name="Later",
            texts={"en": "Later"},
            deeds=[Deed("tag", tag="later")],
            new=True,
        )
    return str(id)


def _view(owner: str) -> Callable[[World, str], Ask]:
    def ask(world: World, role: str) -> Ask:
        id = new_id()
        with world.database.transaction() as session:
            views_actions.save_view(
                session,
                world[owner],
                id,
                world.now,
                name="Waiting",
                query={"view": "waiting"},
                shared=False,
                new=True,
            )
        return Ask({"id": id}, body=VIEW | {"id": str(id)})

    return ask


VIEW = {"name": "Mine", "query": {"view": "mine"}}
MACRO = {"key": "thanks", "name": "Thanks", "texts": {"en": "Thank you"}, "actions": []}


def _merged(world: World, role: str) -> Ask:
    source, into = world.chat("waiting"), world.chat("waiting")
    with world.database.transaction() as session:
        merge_actions.merge(session, world["marta"], source, new_id(), into, world.now)
    return Ask({"id": source}, body=request())


def _split(world: World, role: str) -> Ask:
    chat = new_id()
    with world.database.transaction() as session:
        first = say(session, world["ana"], chat, CANARY, world.now, opening=Opening(language="en"))
    body = {"conversation": str(new_id()), "from_message": str(first.message_id), **request()}
    return Ask({"id": chat}, body=body)


row("GET /api/v1/desk/search", STAFF.format("sees"), lambda w, r: _findable(w))
row("GET /api/v1/desk/tags", STAFF.format("blind"))
row(
    f"POST {ONE}/tags",
    STAFF.format("200"),
    lambda w, r: Ask({"id": w.chat()}, body={"add": ["vip"], **request()}),
)
for method in ("PUT", "DELETE"):
    row(f"{method} {ONE}/follow", STAFF.format("204"), lambda w, r: Ask({"id": w.chat()}))
row(f"POST {ONE}/mentions/seen", STAFF.format("204"), lambda w, r: Ask({"id": w.chat()}))
row(
    f"POST {ONE}/priority",
    STAFF.format("200"),
    lambda w, r: Ask({"id": w.chat("waiting")}, body={"priority": 2, **request()}),
)
row(
    f"POST {ONE}/macro",
    STAFF.format("200"),
    lambda w, r: Ask({"id": w.chat()}, body={"macro": _macro(w, r), **request()}),
)
row(
    f"POST {ONE}/merge",
    STAFF.format("200"),
    lambda w, r: Ask({"id": w.chat("waiting")}, body={"into": str(w.chat("waiting")), **request()}),
)
row(
    f"POST {ONE}/merge",
    STAFF.format("409"),
    lambda w, r: Ask(
        {"id": w.chat("waiting")}, body={"into": str(w.chat("waiting", "olga")), **request()}
    ),
    "Ana's conversation into Olga's",
)
row(f"POST {ONE}/unmerge", STAFF.format("200"), _merged)
row(f"POST {ONE}/split", STAFF.format("200"), _split)
row(
    "POST /api/v1/desk/bulk",
    STAFF.format("200"),
    lambda w, r: about(
        None,
        body={
            "conversations": [str(w.chat())],
            "action": {"do": "tag", "tag": "vip"},
            **request(),
        },
    ),
)

# What is set up
row("GET /api/v1/desk/views", STAFF.format("blind"))
row("POST /api/v1/desk/views", STAFF.format("201"), lambda w, r: Ask(body=VIEW | request()))
row(
    "PUT /api/v1/desk/views/{id}",
    "401 401 | 403 403 403 | 403 403 | 200 404 | 403",
    _view("marta"),
    "one of Marta's own",
)
row(
    "DELETE /api/v1/desk/views/{id}",
    "401 401 | 403 403 403 | 403 403 | 204 404 | 403",
    _view("marta"),
    "one of Marta's own",
)
row("GET /api/v1/desk/macros", STAFF.format("blind"))
row(
    "POST /api/v1/admin/macros",
    ADMINISTRATORS.format("201"),
    lambda w, r: Ask(body=MACRO | request()),
)
row(
    "PUT /api/v1/admin/macros/{id}",
    ADMINISTRATORS.format("200"),
    lambda w, r: (lambda id: Ask({"id": id}, body=MACRO | {"id": id, "key": id}))(_macro(w, r)),
)
row(
    "DELETE /api/v1/admin/macros/{id}",
    ADMINISTRATORS.format("204"),
    lambda w, r: Ask({"id": _macro(w, r)}),
)
row("GET /api/v1/admin/sla", STAFF.format("blind"))
row(
    "PUT /api/v1/admin/sla",
    ADMINISTRATORS.format("200"),
    lambda w, r: Ask(body={"targets": [{"first_response_s": 900}]}),
)
