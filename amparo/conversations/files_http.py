"""The routes of pictures and other files: put in, read, take back.

What waits for a child process or for a store holds no connection to the database meanwhile, so
these routes make their transactions themselves, a short one before and a short one after.
"""

import hashlib
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from amparo.conversations import files_actions as actions
from amparo.conversations.files_queries import file_for
from amparo.conversations.files_rules import FileView, checked_file_name, shown
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, NotFound, Problem
from amparo.storage import documents
from amparo.storage.files import Files
from amparo.storage.http import CurrentActor, Now, Unit, signed_in
from amparo.storage.images import MOST_BYTES, TAKEN, Picture, Reencoder, check_size
from amparo.storage.session import Database

router = APIRouter(prefix="/api/v1/conversations/{id}/files", tags=["conversations"])
ConversationId = Annotated[UUID, Path(description="made by the client, UUIDv7")]
FileId = Annotated[UUID, Path(description="as the upload was answered")]
_DAY = "private, max-age=86400, immutable"
_APART = "default-src 'none'; sandbox"
"""What somebody uploaded is shown, and can do nothing, wherever it is opened."""


class FileOut(BaseModel):
    """A picture or another file that was put in."""

    id: UUID
    name: str
    media_type: str
    width: int
    height: int
    bytes: int
    url: str
    kind: Literal["image", "file"] = Field(description="`file`: only ever downloaded")


def _uploader(request: Request) -> Actor:
    """Who uploads, asked before the first byte of the body is read."""
    database: Database = request.app.state.database
    with database.transaction() as session:
        actor = signed_in(request, session)
    limits = request.app.state.limits
    limits.hit("upload", str(actor.person_id))
    limits.hit("upload_address", limits.address(request))
    return actor


Uploader = Annotated[Actor, Depends(_uploader, scope="function")]


async def _content(request: Request, actor: Uploader) -> bytes:  # noqa: ARG001 - first who, then what
    return await request.body()


_BINARY = {"type": "string", "format": "binary"}
_BODY = {
    "requestBody": {
        "required": True,
        "description": f"The picture itself, at most {MOST_BYTES} bytes, or another file, at most "
        f"{documents.MOST_BYTES}; what it is follows from its content.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in (*TAKEN, *documents.ENDINGS)
        },
    }
}


@router.post(
    "",
    operation_id="upload_file",
    status_code=201,
    responses={200: {"model": FileOut, "description": "put in before; the first answer again"}},
    openapi_extra=_BODY,
)
def upload_file(
    id: ConversationId,
    request: Request,
    response: Response,
    actor: Uploader,
    content: Annotated[bytes, Depends(_content, scope="function")],
    client_id: Annotated[UUID, Query(description="made by the client; a repeat is answered alike")],
    now: Now,
    name: Annotated[str, Query(max_length=400)] = "",
    open: Annotated[bool, Query(description="the message with it will open the conversation")] = (
        False
    ),
) -> FileOut:
    """Put a file in; it is sent with a message, or goes away within a day."""
    document = documents.recognised(content, name)
    if document is None:
        check_size(len(content))
        if not content:
            raise Invalid("file_not_an_image")
    else:
        name = checked_file_name(name, documents.ENDINGS[document.media_type])
    database: Database = request.app.state.database
    with database.transaction() as session:
        reserved = actions.reserve(
            session,
            actor,
            id,
            client_id,
            name=name,
            source=hashlib.sha256(content).hexdigest(),
            opens=open,
            now=now,
            kind="image" if document is None else "file",
        )
    if reserved.file is not None:
        response.status_code = 200
        return _out(reserved.file)
    kept = document or _drawn(request, reserved.id, content)
    files: Files = request.app.state.files
    files.put(reserved.id, kept.data)
    with database.transaction() as session:
        return _out(actions.finish(session, reserved.id, kept, now))


def _drawn(request: Request, id: UUID, content: bytes) -> Picture:
    reencoder: Reencoder = request.app.state.reencoder
    try:
        return reencoder.picture(content)
    except Problem:
        database: Database = request.app.state.database
        with database.transaction() as session:
            actions.give_up(session, id)
        raise


@router.get(
    "/{file_id}",
    operation_id="get_file",
    response_class=Response,
    responses={
        200: {
            "description": "the picture",
            "content": {"image/webp": {"schema": {"type": "string", "format": "binary"}}},
        },
        304: {"description": "as it was"},
    },
)
def get_file(id: ConversationId, file_id: FileId, request: Request) -> Response:
    """A picture, for whoever may read its message; never changed once it is there. Any other
    file is downloaded."""
    return _answer(request, id, file_id, shown_in_place=True)


@router.get(
    "/{file_id}/download",
    operation_id="download_file",
    response_class=Response,
    responses={
        200: {
            "description": "the file, to keep",
            "content": {"application/octet-stream": {"schema": _BINARY}},
        },
        304: {"description": "as it was"},
    },
)
def download_file(id: ConversationId, file_id: FileId, request: Request) -> Response:
    """A file to keep, for whoever may read its message: a browser never opens it in place."""
    return _answer(request, id, file_id, shown_in_place=False)


def _answer(request: Request, id: UUID, file_id: UUID, *, shown_in_place: bool) -> Response:
    state = request.app.state
    database: Database = state.database
    with database.transaction() as session:
        file = file_for(session, signed_in(request, session), id, file_id)
    tag = f'"{file.id.hex}"'
    headers = {
        "ETag": tag,
        "Cache-Control": _DAY,
        "Vary": "Authorization, Cookie",
        "Content-Security-Policy": _APART,
        "Content-Disposition": disposition(file, shown_in_place=shown_in_place),
        "X-Content-Type-Options": "nosniff",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    files: Files = state.files
    data = files.get(file.id)
    if data is None:
        raise NotFound("file_not_found")
    return Response(data, media_type=file.media_type, headers=headers)


@router.delete("/{file_id}", operation_id="take_back_file", status_code=204)
def take_back_file(
    id: ConversationId, file_id: FileId, session: Unit, actor: CurrentActor, now: Now
) -> None:
    """Remove a picture of one's own that was not sent."""
    actions.take_back(session, actor, id, file_id, now)


def disposition(file: FileView, *, shown_in_place: bool = True) -> str:
    """How a file is answered: only pictures are shown in place; kept under its name with the
    ending of what it is now (RFC 6266)."""
    if file.kind == "file":
        name = file.name or f"file{documents.ENDINGS.get(file.media_type, '')}"
    else:
        name = f"{file.name or 'picture'}.{file.media_type.rpartition('/')[2]}"
    way = "inline" if shown_in_place and file.kind == "image" else "attachment"
    plain = "picture" if file.kind == "image" else "file"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _out(file: FileView) -> FileOut:
    return FileOut.model_validate(shown(file))
