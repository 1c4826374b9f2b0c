"""What is done to conversations at the desk: tags, following, priority, macros, merging, many."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from amparo.conversations.http import ConversationId, ConversationOut
from amparo.desk import (
    deeds_actions,
    macros_actions,
    merge_actions,
    split_actions,
    tags_actions,
    tags_queries,
)
from amparo.desk.deeds_rules import AT_ONCE, NOTE_LENGTH, Deed, Do, checked
from amparo.desk.rules import staff_only
from amparo.kernel.errors import Problem
from amparo.kernel.ids import derived_id
from amparo.storage.http import CurrentActor, Now, Unit, signed_in
from amparo.storage.session import Database

router = APIRouter(prefix="/api/v1", tags=["desk"])
TagText = Annotated[str, Field(max_length=200)]


class DeedIn(BaseModel):
    """One thing to do: what it needs depends on ``do``.

    ``snooze`` takes ``minutes`` or ``until``, ``transfer`` takes ``team`` or ``operator``.
    """

    do: Do
    tag: TagText | None = None
    team: str | None = Field(default=None, max_length=80)
    operator: UUID | None = None
    note: str | None = Field(default=None, max_length=NOTE_LENGTH)
    priority: int | None = Field(default=None, ge=1, le=9)
    minutes: int | None = Field(default=None, ge=1, le=129_600)
    until: AwareDatetime | None = None

    def deed(self) -> Deed:
        return Deed(**self.model_dump())

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "DeedIn":
        return cls.model_validate(kept)


class TagsIn(BaseModel):
    """Tags to put on and to take off; ``id`` makes it repeatable."""

    id: UUID
    add: list[TagText] = Field(default_factory=list, max_length=20)
    remove: list[TagText] = Field(default_factory=list, max_length=20)


class TagsOut(BaseModel):
    """Tags, in order of the alphabet."""

    tags: list[str]


class PriorityIn(BaseModel):
    """1 is the most urgent, 5 is ordinary, 9 can wait."""

    id: UUID
    priority: int = Field(ge=1, le=9)


class MacroRunIn(BaseModel):
    id: UUID
    macro: UUID


class MergeIn(BaseModel):
    """``into``: the conversation of the same buyer in which this one goes on."""

    id: UUID
    into: UUID


class UndoIn(BaseModel):
    id: UUID


class SplitIn(BaseModel):
    """``conversation``: the id of the new one; it begins with copies from ``from_message`` on."""

    id: UUID
    conversation: UUID
    from_message: UUID


class BulkIn(BaseModel):
    """The same for many conversations; each is done or refused by itself."""

    id: UUID
    conversations: list[UUID] = Field(min_length=1, max_length=AT_ONCE)
    action: DeedIn


class Failed(BaseModel):
    """A conversation to which it could not be done, and the code of the problem."""

    id: UUID
    code: str


class BulkOut(BaseModel):
    done: list[UUID]
    failed: list[Failed]


@router.get("/desk/tags", operation_id="list_tags")
def list_tags(
    session: Unit,
    actor: CurrentActor,
    q: Annotated[
        str, Query(max_length=40, pattern=r"^[^\x00-\x1f]*$", description="how they begin")
    ] = "",
) -> TagsOut:
    """Tags to offer, at most 50."""
    staff_only(actor)
    return TagsOut(tags=tags_queries.known_tags(session, q))


@router.post("/desk/conversations/{id}/tags", operation_id="change_tags")
def change_tags(
    id: ConversationId, body: TagsIn, session: Unit, actor: CurrentActor, now: Now
) -> TagsOut:
    """Put tags on and take tags off; answers with those it has then."""
    found = tags_actions.change_tags(
        session, actor, id, body.id, now, add=body.add, remove=body.remove
    )
    return TagsOut(tags=found)


@router.put("/desk/conversations/{id}/follow", operation_id="follow", status_code=204)
def follow(id: ConversationId, session: Unit, actor: CurrentActor) -> Response:
    """Have the conversation among those one follows."""
    tags_actions.follow(session, actor, id, on=True)
    return Response(status_code=204)


@router.delete("/desk/conversations/{id}/follow", operation_id="unfollow", status_code=204)
def unfollow(id: ConversationId, session: Unit, actor: CurrentActor) -> Response:
    """No more of it."""
    tags_actions.follow(session, actor, id, on=False)
    return Response(status_code=204)


@router.post("/desk/conversations/{id}/mentions/seen", operation_id="see_mentions", status_code=204)
def see_mentions(id: ConversationId, session: Unit, actor: CurrentActor, now: Now) -> Response:
    """One has read the notes in which one was named."""
    tags_actions.see_mentions(session, actor, id, now)
    return Response(status_code=204)


@router.post("/desk/conversations/{id}/priority", operation_id="set_priority")
def set_priority(
    id: ConversationId, body: PriorityIn, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """Make it more or less urgent; a waiting one gets the place that follows from it."""
    view = tags_actions.set_priority(session, actor, id, body.id, body.priority, now)
    return ConversationOut.of(view)


@router.post("/desk/conversations/{id}/macro", operation_id="run_macro")
def run_macro(
    id: ConversationId, body: MacroRunIn, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """Do a macro's actions, all or none; its text is the client's to fill and send."""
    view = macros_actions.run_macro(session, actor, id, body.id, body.macro, now)
    return ConversationOut.of(view)


@router.post("/desk/conversations/{id}/merge", operation_id="merge_conversation")
def merge_conversation(
    id: ConversationId, body: MergeIn, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """Let this conversation go on in another of the same buyer; answers with that one."""
    return ConversationOut.of(merge_actions.merge(session, actor, id, body.id, body.into, now))


@router.post("/desk/conversations/{id}/unmerge", operation_id="undo_merge")
def undo_merge(
    id: ConversationId, body: UndoIn, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """Let a merged conversation go on by itself again, within ten minutes of merging."""
    return ConversationOut.of(merge_actions.undo_merge(session, actor, id, body.id, now))


@router.post("/desk/conversations/{id}/split", operation_id="split_conversation")
def split_conversation(
    id: ConversationId, body: SplitIn, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """Give a second matter a conversation of its own; answers with the new one."""
    view = split_actions.split(
        session, actor, id, body.id, body.conversation, body.from_message, now
    )
    return ConversationOut.of(view)


@router.post("/desk/bulk", operation_id="do_to_many")
def do_to_many(body: BulkIn, request: Request, now: Now) -> BulkOut:
    """The same for up to 100 conversations, each in a transaction of its own.

    One transaction for all would hold up whoever writes into any of them until the last is done.
    """
    database: Database = request.app.state.database
    with database.transaction() as session:
        operator = signed_in(request, session)
        staff_only(operator)
    deed = checked(body.action.deed())
    answer = BulkOut(done=[], failed=[])
    for conversation in dict.fromkeys(body.conversations):
        part = derived_id("bulk", body.id, conversation)
        try:
            with database.transaction() as session:
                deeds_actions.do_once(session, operator, conversation, deed, part, now)
        except Problem as problem:
            answer.failed.append(Failed(id=conversation, code=problem.code))
        else:
            answer.done.append(conversation)
    return answer
