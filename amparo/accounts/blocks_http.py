"""The routes of blocks: for the staff, and for whoever is under one."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, Field

from amparo.accounts import blocks_actions as actions
from amparo.accounts.blocks_queries import BlockView, own_block
from amparo.accounts.blocks_rules import APPEAL_LIMIT, REASON_LIMIT
from amparo.storage.http import CurrentActor, Now, Unit

router = APIRouter(prefix="/api/v1", tags=["accounts"])
PersonId = Annotated[UUID, Path(description="a buyer, seller or visitor")]


class BlockIn(BaseModel):
    """``until`` null: until it is taken back."""

    reason: str = Field(max_length=REASON_LIMIT * 4)
    until: AwareDatetime | None = None


class BlockOut(BaseModel):
    """A block as the staff sees it; ``by_name`` is null where the program did it."""

    until: datetime | None
    reason: str
    made_at: datetime
    by_id: UUID | None
    by_name: str | None
    appeal: str | None
    appealed_at: datetime | None

    @classmethod
    def of(cls, view: BlockView) -> "BlockOut":
        return cls.model_validate(view, from_attributes=True)


class OwnBlock(BaseModel):
    """Whether the reader is blocked, until when, and whether they have said it is a mistake."""

    blocked: bool
    until: datetime | None = None
    appealed: bool = False


class AppealIn(BaseModel):
    text: str = Field(max_length=APPEAL_LIMIT * 4)


@router.put("/desk/people/{person_id}/block", operation_id="block_person")
def block_person(
    person_id: PersonId, body: BlockIn, session: Unit, actor: CurrentActor, now: Now
) -> BlockOut:
    """Let somebody read and not write."""
    view = actions.block_person(
        session, actor, person_id, reason=body.reason, until=body.until, now=now
    )
    return BlockOut.of(view)


@router.delete("/desk/people/{person_id}/block", operation_id="unblock_person", status_code=204)
def unblock_person(person_id: PersonId, session: Unit, actor: CurrentActor, now: Now) -> None:
    """Take a block back."""
    actions.unblock_person(session, actor, person_id, now)


@router.get("/sessions/me/block", operation_id="read_own_block")
def read_own_block(session: Unit, actor: CurrentActor, now: Now) -> OwnBlock:
    """Whether one may write."""
    block = own_block(session, actor, now)
    if block is None:
        return OwnBlock(blocked=False)
    return OwnBlock(blocked=True, until=block.until, appealed=block.appeal is not None)


@router.post("/sessions/me/block/appeal", operation_id="appeal_block", status_code=204)
def appeal_block(body: AppealIn, session: Unit, actor: CurrentActor, now: Now) -> None:
    """Say once that it is a mistake; the staff reads it beside the block."""
    actions.appeal(session, actor, body.text, now)
