"""How the authorization matrix is written: requests, rows, and what several files of it need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from amparo.kernel.ids import new_id
from tests.contracts.world import ROLES, World
from tests.pictures import screenshot

PUBLIC = "{0} {0} | {0} {0} {0} | {0} {0} | {0} {0} | {0}"
QUESTION = "orders_track_parcel"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: values for the path's parameters, the query, the body (JSON, or as it is)."""

    path: Mapping[str, object] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A route in one situation, and what each role gets.

    Attributes:
        fresh: the roles sign in anew, because the request ends their session.
    """

    route: str
    case: str
    outcomes: Mapping[str, str]
    ask: Callable[[World, str], Ask]
    fresh: bool = False


ROWS: list[Row] = []


def row(
    route: str,
    outcomes: str,
    ask: Callable[[World, str], Ask] | None = None,
    case: str = "",
    *,
    fresh: bool = False,
) -> None:
    """Declare a row; ``outcomes`` in the order of the roles, bars only for the eye."""
    told = [part for part in outcomes.split() if part != "|"]
    assert len(told) == len(ROLES), (route, case)
    chosen = ask or (lambda world, role: Ask())
    ROWS.append(Row(route, case, dict(zip(ROLES, told, strict=True)), chosen, fresh))


def public(route: str, ask: Callable[[World, str], Ask] | None = None, status: str = "200") -> None:
    """A route that does not ask who asks."""
    row(route, PUBLIC.format("blind" if status == "200" else status), ask)


def chat(state: str = "bot", **body: Any) -> Callable[[World, str], Ask]:
    """About a conversation of Ana's in a state."""
    return lambda world, role: Ask({"id": world.chat(state)}, body=body or None)


def request() -> dict[str, str]:
    return {"id": str(new_id())}


def message() -> dict[str, str]:
    return {"client_id": str(new_id()), "body": "hello again"}


def upload(chat: object, **query: str) -> Ask:
    asked = {"client_id": str(new_id()), "name": "bank.png", **query}
    kind = {"content-type": "image/png"}
    return Ask({"id": chat}, asked, content=screenshot(), headers=kind)


def with_picture(world: World) -> Ask:
    picture = world.picture(sent=False)
    return Ask({"id": picture["id"]}, body=message() | {"files": [str(picture["file_id"])]})


def about(_: object, *, body: Any = None, **query: str) -> Ask:
    """A request whose thing exists although the path does not name it."""
    return Ask(query=query, body=body)
