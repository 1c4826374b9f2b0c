"""The routes of conversations; the socket calls the same functions."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from amparo.accounts.queries import visitor_by_token
from amparo.conversations import actions, queries
from amparo.conversations.queries import ConversationView, StreamEvent
from amparo.conversations.rules import Draft, Opening
from amparo.kernel.errors import Forbidden, NotFound, Problem
from amparo.storage.http import CurrentActor, Now, Unit

router = APIRouter(prefix="/api/v1", tags=["conversations"])
ConversationId = Annotated[UUID, Path(description="made by the client, UUIDv7")]


class PersonName(BaseModel):
    id: UUID
    name: str


class ConversationOut(BaseModel):
    """A conversation as the caller's party sees it."""

    id: UUID
    channel: str
    state: Literal["bot", "waiting", "assigned", "resolved", "snoozed", "deferred"]
    language: str
    topic: str | None
    question: str | None
    order_ref: str | None
    created_at: datetime
    updated_at: datetime
    last_seq: int
    party: Literal["buyer", "seller", "staff"]
    buyer: PersonName | None
    operator: PersonName | None
    last_party: str | None
    preview: str | None
    unread: int = Field(description="messages of others that its party has not read, at most 100")
    merged_into: UUID | None = Field(description="the conversation in which this one goes on")

    @classmethod
    def of(cls, view: ConversationView) -> "ConversationOut":
        operator = None
        if view.operator_id is not None:
            operator = PersonName(id=view.operator_id, name=view.operator_name or "")
        return cls(
            **{name: getattr(view, name) for name in cls.model_fields if hasattr(view, name)},
            buyer=PersonName(id=view.buyer_id, name=view.buyer_name),
            operator=operator,
        )


class ConversationPage(BaseModel):
    items: list[ConversationOut]
    next: str | None


class EventOut(BaseModel):
    """A numbered event of the caller's own stream."""

    seq: int
    kind: Literal[
        "message",
        "state",
        "assigned",
        "joined",
        "edited",
        "deleted",
        "receipt",
        "rated",
        "tags",
        "transferred",
        "merged",
        "split",
        "priority",
    ]
    at: datetime
    data: dict[str, Any]


class EventsOut(BaseModel):
    events: list[EventOut]
    last_seq: int


class OpeningIn(BaseModel):
    """How a new conversation begins."""

    channel: Literal["chat"] = "chat"
    site: str | None = Field(default=None, max_length=100)
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")
    topic: str | None = Field(default=None, max_length=80)
    question: str | None = Field(default=None, max_length=80)
    order_ref: str | None = Field(default=None, max_length=100)
    page: str | None = Field(default=None, max_length=500)

    def opening(self) -> Opening:
        return Opening(
            channel=self.channel,
            language=self.language,
            site_key=self.site,
            topic=self.topic,
            question=self.question,
            order_ref=self.order_ref,
            page=self.page,
        )


class MessageIn(BaseModel):
    client_id: UUID
    body: str = Field(max_length=500_000)
    question: str | None = Field(default=None, max_length=80)
    open: OpeningIn | None = None
    files: list[UUID] = Field(
        default_factory=list, max_length=16, description="pictures put in before, at most 4"
    )
    quote: UUID | None = Field(default=None, description="the message that this one answers")
    after: int | None = Field(
        default=None,
        ge=0,
        le=2**62,
        description="staff: the last number its author had seen; a colleague's later answer "
        "refuses it (`answered_meanwhile`)",
    )
    mentions: list[UUID] = Field(
        default_factory=list, max_length=20, description="staff, in notes: colleagues"
    )


class MessageOut(BaseModel):
    message_id: UUID
    seq: int
    at: datetime


@router.get("/conversations", operation_id="list_conversations")
def list_conversations(
    session: Unit,
    actor: CurrentActor,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ConversationPage:
    """The caller's conversations, the latest first."""
    page = queries.conversations_for(session, actor, cursor=cursor, limit=limit)
    return ConversationPage(items=[ConversationOut.of(v) for v in page.items], next=page.next)


@router.get("/conversations/{id}", operation_id="get_conversation")
def get_conversation(id: ConversationId, session: Unit, actor: CurrentActor) -> ConversationOut:
    """One conversation."""
    return ConversationOut.of(queries.conversation_for(session, actor, id))


@router.get("/conversations/{id}/events", operation_id="list_events")
def list_events(
    id: ConversationId,
    session: Unit,
    actor: CurrentActor,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> EventsOut:
    """The caller's stream after a number, however old."""
    events = queries.events_after(session, actor, id, after, limit)
    last = queries.conversation_for(session, actor, id).last_seq
    return EventsOut(events=[_event(event) for event in events], last_seq=last)


SAID_BEFORE = "sent before; this is the first answer again"


@router.post(
    "/conversations/{id}/messages",
    operation_id="post_message",
    status_code=201,
    responses={200: {"model": MessageOut, "description": SAID_BEFORE}},
)
def post_message(
    id: ConversationId,
    message: MessageIn,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    request: Request,
    response: Response,
) -> MessageOut:
    """Say something, or open a conversation by saying it; a repeat gets the first answer."""
    request.app.state.limits.hit("post", str(actor.person_id))
    draft = Draft(
        actor,
        id,
        message.client_id,
        message.body,
        question=message.question,
        opening=message.open.opening() if message.open else None,
        files=tuple(message.files),
        quote=message.quote,
        after=message.after,
        mentions=tuple(message.mentions),
    )
    outcome = actions.post_messages(session, [draft], now)[0]
    if isinstance(outcome, Problem):
        raise outcome
    if outcome.repeated:
        response.status_code = 200
    return MessageOut(message_id=outcome.message_id, seq=outcome.seq, at=outcome.at)


class JoinIn(BaseModel):
    visitor_token: str = Field(max_length=200)


class JoinOut(BaseModel):
    joined: int


@router.post("/sessions/me/join", operation_id="join_visitor")
def join_visitor(body: JoinIn, session: Unit, actor: CurrentActor, now: Now) -> JoinOut:
    """The signed-in buyer confirms that a visitor's conversations are theirs."""
    if actor.role != "buyer":
        raise Forbidden()
    visitor = visitor_by_token(session, body.visitor_token, now)
    if visitor is None:
        raise NotFound()
    return JoinOut(joined=len(actions.join_visitor(session, actor, visitor, now)))


def _event(event: StreamEvent) -> EventOut:
    return EventOut.model_validate(
        {"seq": event.seq, "kind": event.kind, "at": event.at, "data": event.data}
    )
