"""The routes of evidence: a file is put in, and read by whoever may see its case.

What waits for a child process or for a store holds no connection to the database meanwhile, so
these routes make their transactions themselves, a short one before and a short one after.
"""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from amparo.cases import evidence_actions as actions
from amparo.cases.models import CaseFile
from amparo.cases.queries import case_file_for
from amparo.cases.showing import file_out
from amparo.cases.views import CaseFileOut
from amparo.conversations.files_http import disposition
from amparo.conversations.files_rules import FileView, checked_file_name
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, NotFound, Problem
from amparo.storage import documents
from amparo.storage.files import Files
from amparo.storage.http import Now, signed_in
from amparo.storage.images import MOST_BYTES, TAKEN, Picture, Reencoder, check_size
from amparo.storage.session import Database

router = APIRouter(prefix="/api/v1/cases/files", tags=["cases"])
_DAY = "private, max-age=86400, immutable"
_APART = "default-src 'none'; sandbox"
_BINARY = {"type": "string", "format": "binary"}
_BODY = {
    "requestBody": {
        "required": True,
        "description": f"The picture itself, at most {MOST_BYTES} bytes, or another file, at most "
        f"{documents.MOST_BYTES}; what it is follows from its content.",
        "content": {kind: {"schema": _BINARY} for kind in (*TAKEN, *documents.ENDINGS)},
    }
}


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


@router.post(
    "",
    operation_id="upload_case_file",
    status_code=201,
    responses={200: {"model": CaseFileOut, "description": "put in before; the first answer again"}},
    openapi_extra=_BODY,
)
def upload_case_file(
    request: Request,
    response: Response,
    actor: Uploader,
    content: Annotated[bytes, Depends(_content, scope="function")],
    client_id: Annotated[UUID, Query(description="made by the client; a repeat is answered alike")],
    now: Now,
    name: Annotated[str, Query(max_length=400)] = "",
    type: Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9_]*$")] = "document",
    case: Annotated[
        UUID | None, Query(description="the case it is for, where there is one")
    ] = None,
) -> CaseFileOut:
    """Put a file in; it is handed in with an action or a new case, or goes away within a day."""
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
            client_id,
            name=name,
            source=hashlib.sha256(content).hexdigest(),
            kind="image" if document is None else "file",
            type=type or "document",
            case_id=case,
            now=now,
        )
        if reserved.file is not None:
            response.status_code = 200
            return file_out(reserved.file)
    kept = document or _drawn(request, reserved.id, content)
    files: Files = request.app.state.files
    files.put(reserved.id, kept.data)
    with database.transaction() as session:
        return file_out(actions.finish(session, reserved.id, kept, now))


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
    operation_id="get_case_file",
    response_class=Response,
    responses={
        200: {
            "description": "the picture, or the file to keep",
            "content": {"image/webp": {"schema": _BINARY}},
        },
        304: {"description": "as it was"},
    },
)
def get_case_file(file_id: UUID, request: Request) -> Response:
    """A file of a case, for whoever may see the case; only pictures are shown in place."""
    database: Database = request.app.state.database
    with database.transaction() as session:
        file = _view(case_file_for(session, signed_in(request, session), file_id))
    tag = f'"{file.id.hex}"'
    headers = {
        "ETag": tag,
        "Cache-Control": _DAY,
        "Vary": "Authorization, Cookie",
        "Content-Security-Policy": _APART,
        "Content-Disposition": disposition(file),
        "X-Content-Type-Options": "nosniff",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    files: Files = request.app.state.files
    data = files.get(file.id)
    if data is None:
        raise NotFound("file_not_found")
    return Response(data, media_type=file.media_type, headers=headers)


def _view(file: CaseFile) -> FileView:
    return FileView(
        id=file.id,
        conversation_id=file.id,
        name=file.name,
        media_type=file.media_type or "application/octet-stream",
        width=file.width or 0,
        height=file.height or 0,
        bytes=file.size or 0,
        kind="image" if file.kind == "image" else "file",
    )
