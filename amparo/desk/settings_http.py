"""What operators and administrators set up at the desk: saved views, macros, targets of time."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from amparo.desk import macros_actions, sla_actions, sla_queries, views_actions
from amparo.desk.deeds_http import DeedIn
from amparo.desk.models import Macro, SavedView
from amparo.desk.sla_rules import Target
from amparo.storage.http import CurrentActor, Now, Unit

router = APIRouter(prefix="/api/v1", tags=["desk"])
Seconds = Annotated[int, Field(ge=60, le=31_536_000)]


class ViewIn(BaseModel):
    """A list of the inbox; ``query`` holds the parameters of ``GET /desk/inbox``."""

    id: UUID
    name: str = Field(max_length=500)
    query: dict[str, str] = Field(max_length=20)
    shared: bool = False


class ViewOut(BaseModel):
    """``own``: the reader made it."""

    id: UUID
    name: str
    query: dict[str, str]
    shared: bool
    own: bool

    @classmethod
    def of(cls, row: SavedView, reader: UUID) -> "ViewOut":
        own = row.owner_id == reader
        return cls(id=row.id, name=row.name, query=row.query, shared=row.shared, own=own)


class MacroIn(BaseModel):
    """``texts``: language -> text with ``{buyer} {operator} {order} {site}``."""

    id: UUID
    key: str = Field(max_length=40)
    name: str = Field(max_length=500)
    texts: dict[str, Annotated[str, Field(max_length=20_000)]] = Field(
        default_factory=dict, max_length=20
    )
    actions: list[DeedIn] = Field(default_factory=list, max_length=20)
    shared: bool = True


class MacroOut(BaseModel):
    id: UUID
    key: str
    name: str
    texts: dict[str, str]
    actions: list[DeedIn]
    shared: bool

    @classmethod
    def of(cls, row: Macro) -> "MacroOut":
        return cls(
            id=row.id,
            key=row.key,
            name=row.name,
            texts=row.texts,
            actions=[DeedIn.of(one) for one in row.actions],
            shared=row.shared,
        )


class TargetOut(BaseModel):
    """Seconds of working time for one priority and channel; null stands for all, or for none."""

    priority: int | None = Field(default=None, ge=1, le=9)
    channel: str | None = Field(default=None, max_length=40)
    first_response_s: Seconds | None = None
    next_response_s: Seconds | None = None
    resolution_s: Seconds | None = None


class SlaOut(BaseModel):
    targets: list[TargetOut] = Field(max_length=100)


@router.get("/desk/views", operation_id="list_views")
def list_views(session: Unit, actor: CurrentActor) -> list[ViewOut]:
    """One's own saved views and the shared ones."""
    rows = views_actions.views_for(session, actor)
    return [ViewOut.of(row, actor.person_id) for row in rows]


@router.post("/desk/views", operation_id="make_view", status_code=201)
def make_view(body: ViewIn, session: Unit, actor: CurrentActor, now: Now) -> ViewOut:
    """Save a view under the id that the client made."""
    return _saved(body.id, body, session, actor, now, new=True)


@router.put("/desk/views/{id}", operation_id="save_view")
def save_view(id: UUID, body: ViewIn, session: Unit, actor: CurrentActor, now: Now) -> ViewOut:
    """Change a view of one's own; a shared one is an administrator's to change, too."""
    return _saved(id, body, session, actor, now, new=False)


@router.delete("/desk/views/{id}", operation_id="remove_view", status_code=204)
def remove_view(id: UUID, session: Unit, actor: CurrentActor) -> Response:
    """Forget a view."""
    views_actions.remove_view(session, actor, id)
    return Response(status_code=204)


@router.get("/desk/macros", operation_id="list_macros")
def list_macros(session: Unit, actor: CurrentActor) -> list[MacroOut]:
    """The macros that the operator can use."""
    return [MacroOut.of(row) for row in macros_actions.macros_for(session, actor)]


@router.post("/admin/macros", operation_id="make_macro", status_code=201)
def make_macro(body: MacroIn, session: Unit, actor: CurrentActor, now: Now) -> MacroOut:
    """Make a macro under the id that the client made."""
    return _macro(body.id, body, session, actor, now, new=True)


@router.put("/admin/macros/{id}", operation_id="save_macro")
def save_macro(id: UUID, body: MacroIn, session: Unit, actor: CurrentActor, now: Now) -> MacroOut:
    """Change a macro."""
    return _macro(id, body, session, actor, now, new=False)


@router.delete("/admin/macros/{id}", operation_id="remove_macro", status_code=204)
def remove_macro(id: UUID, session: Unit, actor: CurrentActor) -> Response:
    """Forget a macro."""
    macros_actions.remove_macro(session, actor, id)
    return Response(status_code=204)


@router.get("/admin/sla", operation_id="read_sla")
def read_sla(session: Unit, actor: CurrentActor) -> SlaOut:
    """The targets of time; staff may read them."""
    found = sla_queries.targets_for(session, actor)
    return SlaOut(targets=[TargetOut.model_validate(one, from_attributes=True) for one in found])


@router.put("/admin/sla", operation_id="save_sla")
def save_sla(body: SlaOut, session: Unit, actor: CurrentActor, now: Now) -> SlaOut:
    """Set all targets; running clocks go by them at once."""
    targets = [Target(**one.model_dump()) for one in body.targets]
    sla_actions.save_targets(session, actor, targets, now)
    return read_sla(session, actor)


def _saved(
    id: UUID, body: ViewIn, session: Unit, actor: CurrentActor, now: Now, *, new: bool
) -> ViewOut:
    fields = {"name": body.name, "query": body.query, "shared": body.shared}
    row = views_actions.save_view(session, actor, id, now, **fields, new=new)  # type: ignore[arg-type]
    return ViewOut.of(row, actor.person_id)


def _macro(
    id: UUID, body: MacroIn, session: Unit, actor: CurrentActor, now: Now, *, new: bool
) -> MacroOut:
    row = macros_actions.save_macro(
        session,
        actor,
        id,
        now,
        key=body.key,
        name=body.name,
        texts=body.texts,
        deeds=[one.deed() for one in body.actions],
        shared=body.shared,
        new=new,
    )
    return MacroOut.of(row)
