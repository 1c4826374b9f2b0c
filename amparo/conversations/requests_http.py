"""The route by which a buyer asks something of an order."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from amparo.conversations.files_queries import file_for
from amparo.conversations.http import OpeningIn
from amparo.conversations.requests_actions import Asking, ask
from amparo.kernel.actor import SYSTEM
from amparo.kernel.errors import Invalid, NotFound
from amparo.kernel.ids import parse_id
from amparo.kernel.languages import FALLBACK, PSEUDO
from amparo.marketplace.requests_actions import Wish
from amparo.marketplace.requests_http import OrderRequestOut
from amparo.marketplace.requests_queries import details_for
from amparo.marketplace.requests_rules import RequestKind
from amparo.storage.files import Files
from amparo.storage.http import CurrentActor, Language, Now, Unit

router = APIRouter(prefix="/api/v1", tags=["conversations"])


class OrderRequestIn(BaseModel):
    """What is asked; ``open`` where the conversation begins with it."""

    id: UUID
    kind: RequestKind
    data: dict[str, Any] = Field(default_factory=dict, max_length=10)
    conversation: UUID | None = None
    open: OpeningIn | None = None


@router.post(
    "/orders/{ref:path}/requests",
    operation_id="make_order_request",
    status_code=201,
    responses={200: {"model": OrderRequestOut, "description": "asked before; nothing was done"}},
)
def make_order_request(
    ref: str,
    asked: OrderRequestIn,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    request: Request,
    response: Response,
) -> OrderRequestOut:
    """Ask something of an order: once, however often it is sent under the same id."""
    request.app.state.limits.hit("post", str(actor.person_id))
    if asked.open is not None and asked.conversation is None:
        raise Invalid("request_invalid", fields=[{"field": "conversation", "rule": "missing"}])
    wish = Wish(
        id=asked.id,
        order_ref=ref,
        kind=asked.kind,
        language=FALLBACK if language == PSEUDO else language,
        conversation_id=asked.conversation,
        data=asked.data,
    )
    made = ask(session, actor, Asking(wish, asked.open.opening() if asked.open else None), now)
    if made.repeated:
        response.status_code = 200
    return OrderRequestOut.of(made.request)


@router.get(
    "/import/order-requests/{id}/files/{file_id}",
    operation_id="get_request_file",
    response_class=Response,
    responses={
        200: {
            "description": "the picture",
            "content": {"image/webp": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def get_request_file(
    id: str, file_id: str, session: Unit, actor: CurrentActor, request: Request
) -> Response:
    """A picture that came with a request, for the marketplace's server."""
    found = details_for(session, actor, parse_id(id))
    conversation = found.view.conversation_id
    if conversation is None or str(parse_id(file_id)) not in found.data.get("files", ()):
        raise NotFound()
    file = file_for(session, SYSTEM, conversation, parse_id(file_id))
    files: Files = request.app.state.files
    data = files.get(file.id)
    if data is None:
        raise NotFound()
    return Response(data, media_type=file.media_type, headers={"Cache-Control": "no-store"})
