"""The inbox and the search: lists of the desk."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from amparo.conversations.http import ConversationOut
from amparo.conversations.inbox_queries import Filter
from amparo.desk import inbox_queries, search_queries
from amparo.desk.inbox_queries import Asked, InboxRow
from amparo.desk.rules import InboxView, Order, tag_name
from amparo.desk.search_queries import Hit, Sought
from amparo.desk.search_rules import QUERY_LIMIT
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid
from amparo.storage.http import CurrentActor, Unit

router = APIRouter(prefix="/api/v1", tags=["desk"])
Name = Annotated[str | None, Query(max_length=80, pattern=r"^[^\x00-\x1f]*$")]
Cursor = Annotated[str | None, Query(max_length=200)]
Whose = Annotated[str | None, Query(max_length=40, description="an operator's id, `me`, or `none`")]


class LastMessage(BaseModel):
    """The last thing somebody said; a note counts for nothing here."""

    author_party: str
    body: str
    at: datetime


class SlaOfRow(BaseModel):
    """What is due next. ``paused``: nothing runs, the buyer is waited for or it is snoozed."""

    kind: Literal["first_response", "next_response", "resolution"]
    due_at: datetime | None
    paused: bool
    breached: bool


class RatingOfRow(BaseModel):
    """What the buyer thought of it, 1 to 5."""

    score: int
    reason: str | None
    comment: str | None
    rated_at: datetime


class InboxRowOut(ConversationOut):
    """A conversation as a line of the inbox; a smaller priority is more urgent.

    ``mentioned``: I was named in a note and have not looked since.
    """

    waiting_since: datetime | None
    priority: int
    last_message: LastMessage | None
    unanswered: bool
    team: str | None
    snoozed_until: datetime | None
    tags: list[str]
    sla: SlaOfRow | None
    followed: bool
    mentioned: bool
    rating: RatingOfRow | None


class InboxPage(BaseModel):
    """Some lines and where the next ones begin.

    A page may be shorter than the limit, even empty, and still have a ``next``: go on from there.
    """

    items: list[InboxRowOut]
    next: str | None


class Piece(BaseModel):
    """A piece of a text; ``hit``: this is what was searched for."""

    text: str
    hit: bool


class HitOut(BaseModel):
    """A message that was found; ``seq`` is its number in the staff's stream."""

    conversation: ConversationOut
    message_id: UUID
    seq: int
    at: datetime
    author_party: str
    kind: str
    snippet: list[Piece]


class HitPage(BaseModel):
    """Messages, the latest first; as with the inbox, a short page may have a ``next``."""

    items: list[HitOut]
    next: str | None


@router.get("/desk/inbox", operation_id="read_inbox")
def read_inbox(
    session: Unit,
    actor: CurrentActor,
    view: InboxView = "waiting",
    team: Name = None,
    language: Name = None,
    channel: Name = None,
    topic: Name = None,
    tag: Name = None,
    operator: Whose = None,
    order: Order = "newest",
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> InboxPage:
    """A page of the inbox: what waits in order of service, the rest by what happened last.

    ``order=due`` lists by what is due first, what has no running clock last.
    """
    wanted = Filter(
        operator=_operator(actor, operator),
        topic=topic,
        team=team,
        language=language,
        channel=channel,
    )
    asked = Asked(view, tag_name(tag) if tag else None, order, wanted)
    page = inbox_queries.inbox(session, actor, asked, cursor=cursor, limit=limit)
    return InboxPage(items=[row_out(row) for row in page.items], next=page.next)


@router.get("/desk/search", operation_id="search_messages")
def search_messages(
    session: Unit,
    actor: CurrentActor,
    q: Annotated[str, Query(max_length=QUERY_LIMIT)],
    language: Name = None,
    channel: Name = None,
    state: Name = None,
    author: Literal["buyer", "seller", "staff", "assistant"] | None = None,
    operator: Whose = None,
    tag: Name = None,
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> HitPage:
    """Messages and notes with all of the words, in any of their forms; addresses and order
    numbers exactly. ``language``, ``channel``, ``state``, ``operator`` and ``tag`` are about the
    conversation."""
    sought = Sought(
        q,
        author,
        language,
        channel,
        since,
        until,
        tag_name(tag) if tag else None,
        Filter(operator=_operator(actor, operator), state=state),
    )
    page = search_queries.search(session, actor, sought, cursor=cursor, limit=limit)
    return HitPage(items=[_hit(hit) for hit in page.items], next=page.next)


def _operator(actor: Actor, said: str | None) -> UUID | Literal["nobody"] | None:
    if not said:
        return None
    if said == "none":
        return "nobody"
    try:
        return actor.person_id if said == "me" else UUID(said)
    except ValueError:
        raise Invalid("request_invalid", fields=[{"field": "operator", "rule": "value"}]) from None


def row_out(row: InboxRow) -> InboxRowOut:
    """A line of the inbox as it is sent."""
    view, marks = row.view, row.marks
    last = None
    if view.last_party is not None and view.preview is not None and row.said_at is not None:
        last = LastMessage(author_party=view.last_party, body=view.preview, at=row.said_at)
    return InboxRowOut(
        **ConversationOut.of(view).model_dump(),
        waiting_since=row.waiting_since,
        priority=row.priority,
        last_message=last,
        unanswered=row.unanswered,
        team=row.team,
        snoozed_until=row.snoozed_until,
        tags=list(marks.tags),
        sla=SlaOfRow.model_validate(marks.sla, from_attributes=True) if marks.sla else None,
        followed=marks.followed,
        mentioned=marks.mentioned,
        rating=RatingOfRow.model_validate(row.rating, from_attributes=True) if row.rating else None,
    )


def _hit(hit: Hit) -> HitOut:
    return HitOut(
        conversation=ConversationOut.of(hit.conversation),
        message_id=hit.message_id,
        seq=hit.seq,
        at=hit.at,
        author_party=hit.party,
        kind=hit.kind,
        snippet=[Piece(text=text, hit=found) for text, found in hit.snippet],
    )
