"""The routes of transcripts: to keep, or by mail."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from amparo.conversations.http import ConversationId
from amparo.conversations.transcript_actions import ask_transcript
from amparo.conversations.transcript_queries import transcript_for
from amparo.conversations.transcript_rules import Reader, as_html, as_text, zone_of
from amparo.storage.http import CurrentActor, Language, Now, Unit

router = APIRouter(prefix="/api/v1/conversations/{id}/transcript", tags=["conversations"])
_APART = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
Zone = Annotated[str | None, Query(max_length=64, description="IANA time zone; default UTC")]


class TranscriptIn(BaseModel):
    """The request's own id: sent again, it mails nothing more."""

    id: UUID
    zone: str | None = Field(default=None, max_length=64)


class TranscriptOut(BaseModel):
    """Where it goes, as far as a bystander may read it."""

    to: str


@router.get(
    "",
    operation_id="download_transcript",
    response_class=Response,
    responses={
        200: {
            "description": "the conversation as a file",
            "content": {"text/html": {}, "text/plain": {}},
        }
    },
)
def download_transcript(
    id: ConversationId,
    session: Unit,
    actor: CurrentActor,
    language: Language,
    format: Literal["html", "text"] = "html",
    zone: Zone = None,
) -> Response:
    """Everything one's party has seen, to keep."""
    reader = Reader(language, zone_of(zone), actor.party)
    transcript = transcript_for(session, actor, id)
    page = format == "html"
    ending, media = ("html", "text/html") if page else ("txt", "text/plain")
    return Response(
        (as_html if page else as_text)(transcript, reader),
        media_type=f"{media}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="conversation-{id}.{ending}"',
            "Content-Security-Policy": _APART,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


@router.post("", operation_id="mail_transcript", status_code=202)
def mail_transcript(
    id: ConversationId,
    body: TranscriptIn,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    language: Language,
    request: Request,
) -> TranscriptOut:
    """Mail it to one's own address; 409 ``no_address`` where there is none."""
    to = ask_transcript(session, actor, id, body.id, language=language, zone=body.zone, now=now)
    request.app.state.limits.hit("transcript", str(actor.person_id))
    return TranscriptOut(to=to)
