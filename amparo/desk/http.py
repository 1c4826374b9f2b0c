"""The routes of the desk and of the administration's overview, for staff only."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from amparo.conversations.http import SAID_BEFORE, ConversationId, ConversationOut, MessageOut
from amparo.desk import actions, queries
from amparo.desk.inbox_http import InboxRowOut, RatingOfRow, row_out
from amparo.desk.queries import Counts
from amparo.marketplace.requests_http import OrderRequestOut
from amparo.marketplace.views import OrderSummary, OrderView
from amparo.storage.http import CurrentActor, Now, Unit

router = APIRouter(prefix="/api/v1", tags=["desk"])


class CountsOut(BaseModel):
    """How many wait, are mine, and are open at all; ``mentions``: where I was named and have not
    looked; ``due``: where a target of time was missed and still runs."""

    waiting: int
    mine: int
    all_open: int
    mentions: int
    due: int


class BlockOfBuyer(BaseModel):
    """Since when, until when (null: until somebody says so) and why."""

    until: datetime | None
    reason: str
    made_at: datetime
    by_name: str | None
    appeal: str | None = Field(description="what the buyer says to it")


class BuyerOut(BaseModel):
    """Whom the operator talks to."""

    id: UUID
    ref: str | None
    name: str
    language: str
    visitor: bool
    zone: str | None


class HoursOfTeam(BaseModel):
    """When a team works: weekday (``mon`` .. ``sun``) -> intervals that start on it."""

    zone: str
    always: bool
    week: dict[str, list[tuple[str, str]]]


class ContextOut(BaseModel):
    """What lies beside a conversation; ``requests`` are what the buyer asked of orders.

    ``blocked``: the buyer cannot write now. ``row``: the conversation as a line of the inbox.
    """

    buyer: BuyerOut | None
    orders: list[OrderSummary]
    order: OrderView | None
    earlier: list[ConversationOut]
    requests: list[OrderRequestOut]
    rating: RatingOfRow | None
    blocked: BlockOfBuyer | None
    tags: list[str]
    row: InboxRowOut
    hours: HoursOfTeam | None
    site: str | None


class RequestIn(BaseModel):
    """The request's own id: sent again, it does nothing twice."""

    id: UUID


class NoteIn(BaseModel):
    """A note; ``client_id`` is unique per author for ever. ``mentions``: colleagues named in it."""

    client_id: UUID
    body: str = Field(max_length=500_000)
    mentions: list[UUID] = Field(default_factory=list, max_length=20)


class SiteOut(BaseModel):
    """A site of the marketplace."""

    key: str
    name: str
    origins: list[str]
    languages: list[str]


class TeamOut(BaseModel):
    """A team and whether it works now.

    ``week``: weekday (``mon`` .. ``sun``) -> intervals that start on it, wall times of ``zone``.
    """

    team: str
    language: str
    open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    always: bool
    fallback: bool
    zone: str
    week: dict[str, list[tuple[str, str]]]


class StaffOut(BaseModel):
    """An operator or administrator."""

    id: UUID
    name: str
    email: str
    role: str
    languages: list[str]
    disabled: bool


class OverviewOut(BaseModel):
    """The installation as an administrator sees it."""

    sites: list[SiteOut]
    teams: list[TeamOut]
    staff: list[StaffOut]
    counts: CountsOut


@router.get("/desk/counts", operation_id="read_counts")
def read_counts(session: Unit, actor: CurrentActor) -> CountsOut:
    """How much there is to do."""
    return _counts(queries.counts(session, actor))


@router.post(
    "/desk/take-next",
    operation_id="take_next",
    responses={204: {"description": "nobody waits whom this operator can serve"}},
)
def take_next(
    body: RequestIn, session: Unit, actor: CurrentActor, now: Now, response: Response
) -> ConversationOut | None:
    """Take whoever has waited longest among the most urgent."""
    taken = actions.take_next(session, actor, body.id, now)
    if taken is None:
        response.status_code = 204
        return None
    return ConversationOut.of(taken)


@router.post("/desk/conversations/{id}/take", operation_id="take_conversation")
def take_conversation(
    id: ConversationId, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """Take this one; 409 ``already_taken`` says who was faster."""
    return ConversationOut.of(actions.take(session, actor, id, now))


@router.get("/desk/conversations/{id}/context", operation_id="read_context")
def read_context(id: ConversationId, session: Unit, actor: CurrentActor, now: Now) -> ContextOut:
    """The buyer, their orders and earlier conversations, and the order it is about."""
    found = queries.context(session, actor, id, now)
    return ContextOut(
        buyer=BuyerOut.model_validate(found.buyer, from_attributes=True) if found.buyer else None,
        orders=found.orders,
        order=found.order,
        earlier=[ConversationOut.of(one) for one in found.earlier],
        requests=[OrderRequestOut.of(one) for one in found.requests],
        rating=RatingOfRow.model_validate(found.rating, from_attributes=True)
        if found.rating
        else None,
        blocked=BlockOfBuyer.model_validate(found.blocked, from_attributes=True)
        if found.blocked
        else None,
        tags=found.tags,
        row=row_out(found.row),
        hours=HoursOfTeam.model_validate(found.hours, from_attributes=True)
        if found.hours
        else None,
        site=found.site,
    )


@router.post(
    "/desk/conversations/{id}/notes",
    operation_id="post_note",
    status_code=201,
    responses={200: {"model": MessageOut, "description": SAID_BEFORE}},
)
def post_note(
    id: ConversationId,
    body: NoteIn,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    request: Request,
    response: Response,
) -> MessageOut:
    """Write a note that only staff sees; a repeat gets the first answer."""
    request.app.state.limits.hit("post", str(actor.person_id))
    stored = actions.note(
        session, actor, id, body.client_id, body.body, now, mentions=body.mentions
    )
    if stored.repeated:
        response.status_code = 200
    return MessageOut(message_id=stored.message_id, seq=stored.seq, at=stored.at)


@router.post("/desk/conversations/{id}/resolve", operation_id="resolve_at_desk")
def resolve_at_desk(
    id: ConversationId, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """The matter is settled."""
    return ConversationOut.of(actions.resolve(session, actor, id, now))


@router.post("/desk/conversations/{id}/release", operation_id="release_conversation")
def release_conversation(
    id: ConversationId, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """Back to the original place in the queue."""
    return ConversationOut.of(actions.release(session, actor, id, now))


@router.get("/admin/overview", operation_id="read_overview")
def read_overview(session: Unit, actor: CurrentActor, now: Now) -> OverviewOut:
    """Sites, teams with their hours, staff and counts, for administrators."""
    found = queries.overview(session, actor, now)
    return OverviewOut(
        sites=[SiteOut.model_validate(one, from_attributes=True) for one in found.sites],
        teams=[TeamOut.model_validate(one, from_attributes=True) for one in found.teams],
        staff=[StaffOut.model_validate(one, from_attributes=True) for one in found.staff],
        counts=_counts(found.counts),
    )


def _counts(found: Counts) -> CountsOut:
    return CountsOut.model_validate(found, from_attributes=True)
