"""The routes of cases that buyers, sellers and staff share: open, read, act, take away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from amparo.cases import actions, export, form_queries, lists_queries, queries, texts
from amparo.cases.actions import Act
from amparo.cases.audit_queries import chain_for
from amparo.cases.fields import collected
from amparo.cases.form_views import CaseFormOut
from amparo.cases.list_views import CasePage
from amparo.cases.lists_queries import OwnAsked
from amparo.cases.opening_actions import Ask
from amparo.cases.opening_actions import open_case as open_it
from amparo.cases.views import CaseOut, CaseVerification
from amparo.kernel.errors import Problem
from amparo.marketplace.queries import order_for
from amparo.storage.http import CurrentActor, Language, Now, Unit
from amparo.storage.pages import LIMIT

router = APIRouter(prefix="/api/v1", tags=["cases"])
CaseId = Annotated[UUID, Path(description="made by the client, UUIDv7")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Cursor = Annotated[str | None, Query(max_length=300)]
Values = Annotated[
    dict[str, str | int | bool | list[str] | None],
    Field(max_length=60, description="by the names of the fields"),
]
Files = Annotated[list[UUID], Field(max_length=10)]
TEXT_LIMIT = 3000
_APART = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@contextmanager
def _worded(language: str, currency: Callable[[], str]) -> Iterator[None]:
    """Refusals say amounts, moments and fields as people read them."""
    try:
        yield
    except Problem as problem:
        texts.spell(problem, currency() if "max" in problem.params else "", language)
        raise


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
    return form_queries.form_for(
        session,
        actor,
        order,
        line=line,
        conversation=conversation,
        now=now,
        language=language,
    )


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
    said = opening.contacted
    ask = Ask(
        id=opening.id,
        order_ref=opening.order,
        reason=opening.reason,
        remedy=opening.remedy,
        line=opening.line,
        amount=opening.amount,
        text=opening.text,
        fields=collected(opening.fields),
        files=tuple(opening.files),
        conversation_id=opening.conversation,
        contacted_at=(said.at or now) if said else None,
        contacted_way=said.way if said else None,
        language=language,
    )

    def currency() -> str:
        return order_for(session, actor, opening.order, now=now).total.currency

    with _worded(language, currency):
        row, existed = open_it(session, actor, ask, now)
    if existed:
        response.status_code = 200
    return queries.case_for(session, actor, row.id, now, language)


@router.get("/cases", operation_id="list_cases")
def list_cases(
    session: Unit,
    actor: CurrentActor,
    language: Language,
    state: Literal["open", "closed"] | None = None,
    order: Annotated[str | None, Query(max_length=200)] = None,
    order_by: Literal["due", "newest"] = "due",
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT)] = 20,
) -> CasePage:
    """The asker's cases: a buyer's own, those of a seller's stores."""
    asked = OwnAsked(state, order, order_by, cursor, limit)
    return lists_queries.cases_for(session, actor, asked, language)


@router.get("/cases/{id}", operation_id="get_case")
def get_case(
    id: CaseId, session: Unit, actor: CurrentActor, now: Now, language: Language
) -> CaseOut:
    """One case as the asker may see it."""
    return queries.case_for(session, actor, id, now, language)


@router.post("/cases/{id}/actions", operation_id="act_on_case")
def act_on_case(
    id: CaseId, deed: CaseDeed, session: Unit, actor: CurrentActor, now: Now, language: Language
) -> CaseOut:
    """Do one of the things that the case offers; the same id again changes nothing."""
    act = Act(
        id=deed.id,
        action=deed.action,
        data=collected(deed.data),
        files=tuple(deed.files),
        version=deed.version,
        language=language,
    )
    with _worded(language, lambda: queries.currency_of(session, actor, id)):
        actions.act(session, actor, id, act, now)
    return queries.case_for(session, actor, id, now, language)


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
    case = queries.case_for(session, actor, id, now, language)
    links, found = chain_for(session, actor, id)
    if format == "json":
        content, media = export.as_json(case, links, found, now), "application/json"
    else:
        content, media = export.as_html(case, links, found, now, language), "text/html"
    return Response(
        content,
        media_type=f"{media}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="case-{case.number}.{format}"',
            "Content-Security-Policy": _APART,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


@router.get("/cases/{id}/verify", operation_id="verify_case")
def verify_case(id: CaseId, session: Unit, actor: CurrentActor) -> CaseVerification:
    """Whether nobody changed the steps afterwards."""
    _, found = chain_for(session, actor, id)
    return CaseVerification(found.ok, found.steps, found.broken_at)
