# ruff: noqa: ARG001
"""The routes of cases that buyers, sellers and staff share: open, read, act, take away."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from amparo.cases.views import (
    CaseFileOut,
    CaseFormOut,
    CaseOut,
    CasePage,
    CaseVerification,
)
from amparo.kernel.errors import NotFound
from amparo.storage.http import CurrentActor, Language, Now, Unit
from amparo.storage.pages import LIMIT

router = APIRouter(prefix="/api/v1", tags=["cases"])
CaseId = Annotated[UUID, Path(description="made by the client, UUIDv7")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Cursor = Annotated[str | None, Query(max_length=300)]
Values = Annotated[
    dict[str, str | int | bool | list[str] | None],
    Field(max_length=30, description="by the names of the fields"),
]
Files = Annotated[list[UUID], Field(max_length=10)]
TEXT_LIMIT = 3000


class ContactedSeller(BaseModel):
    """How and when the buyer wrote to the seller, where we do not know it ourselves."""

    way: Key
    at: AwareDatetime | None = None


class CaseOpening(BaseModel):
    """A new case; ``amount`` in minor units of the order's currency."""

    id: UUID
    order: str = Field(max_length=200)
    line: int | None = Field(default=None, ge=0, le=100_000)
    reason: Key
    remedy: Key
    amount: int | None = Field(default=None, ge=0, le=10**15)
    text: str = Field(default="", max_length=TEXT_LIMIT)
    fields: Values = Field(default_factory=dict)
    files: Files = Field(default_factory=list)
    conversation: UUID | None = None
    contacted: ContactedSeller | None = None


class CaseDeed(BaseModel):
    """Something done in a case; ``version`` is the one that was seen."""

    id: UUID
    action: Key
    data: Values = Field(default_factory=dict)
    files: Files = Field(default_factory=list)
    version: int | None = Field(default=None, ge=0, le=10**6)


@router.get("/cases/form", operation_id="read_case_form")
def read_case_form(
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    order: Annotated[str, Query(max_length=200)],
    line: Annotated[int | None, Query(ge=0, le=100_000)] = None,
    conversation: UUID | None = None,
) -> CaseFormOut:
    """What a case about this order needs, with what was said before filled in."""
    raise NotFound()


@router.post(
    "/cases",
    operation_id="open_case",
    status_code=201,
    responses={200: {"model": CaseOut, "description": "it was open already"}},
)
def open_case(
    opening: CaseOpening,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    response: Response,
) -> CaseOut:
    """Open a case; a second one about the same thing is answered with the first."""
    raise NotFound()


@router.get("/cases", operation_id="list_cases")
def list_cases(
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    state: Literal["open", "closed"] | None = None,
    order: Annotated[str | None, Query(max_length=200)] = None,
    order_by: Literal["due", "newest"] = "due",
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT)] = 20,
) -> CasePage:
    """The asker's cases: a buyer's own, those of a seller's stores."""
    raise NotFound()


@router.post(
    "/cases/files",
    operation_id="upload_case_file",
    status_code=201,
    responses={200: {"model": CaseFileOut, "description": "put in before"}},
)
def upload_case_file(
    request: Request,
    response: Response,
    now: Now,
    client_id: Annotated[UUID, Query(description="made by the client; a repeat is answered alike")],
    name: Annotated[str, Query(max_length=400)] = "",
    type: Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9_]*$")] = "other",
    case: UUID | None = None,
) -> CaseFileOut:
    """Put a file in; it belongs to a case when it is sent with one."""
    raise NotFound()


@router.get("/cases/files/{file_id}", operation_id="get_case_file", response_class=Response)
def get_case_file(file_id: UUID, request: Request) -> Response:
    """A file of a case, for whoever may see the case."""
    raise NotFound()


@router.get("/cases/{id}", operation_id="get_case")
def get_case(
    id: CaseId, session: Unit, actor: CurrentActor, now: Now, language: Language
) -> CaseOut:
    """One case as the asker may see it."""
    raise NotFound()


@router.post("/cases/{id}/actions", operation_id="act_on_case")
def act_on_case(
    id: CaseId, deed: CaseDeed, session: Unit, actor: CurrentActor, now: Now, language: Language
) -> CaseOut:
    """Do one of the things that the case offers; the same id again changes nothing."""
    raise NotFound()


@router.get("/cases/{id}/export", operation_id="export_case", response_class=Response)
def export_case(
    id: CaseId,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    format: Literal["html", "json"] = "html",
) -> Response:
    """The case to keep: a page to read, or all its data with the chain of its steps."""
    raise NotFound()


@router.get("/cases/{id}/verify", operation_id="verify_case")
def verify_case(id: CaseId, session: Unit, actor: CurrentActor) -> CaseVerification:
    """Whether nobody changed the steps afterwards."""
    raise NotFound()
