"""Administration of mail over HTTP: the queue, and who is told what."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from amparo.kernel.ids import parse_id
from amparo.kernel.texts import text
from amparo.mail import actions, queries
from amparo.mail.models import OutgoingMail
from amparo.mail.notices import NOTICES
from amparo.storage.http import CurrentActor, Language, Now, Unit
from amparo.storage.outbox import State
from amparo.storage.pages import LIMIT, Page

router = APIRouter(prefix="/api/v1/admin", tags=["mail"])


class MailOut(BaseModel):
    """A mail in the queue or out of it, without what it says."""

    id: UUID
    to: str
    subject: str
    language: str
    notice: str | None
    conversation: UUID | None
    state: State
    attempts: int
    next_at: datetime | None
    last_error: str | None
    created_at: datetime
    finished_at: datetime | None


class NoticeOut(BaseModel):
    """A row of the table of notices, in the reader's language."""

    key: str
    event: str
    when: str
    to: str
    channel: str
    delay_s: int
    subject: str


@router.get("/mail")
def list_mail(
    session: Unit,
    actor: CurrentActor,
    state: State | None = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=LIMIT)] = 50,
) -> Page[MailOut]:
    """Mail that waits, was sent or was given up, the latest first."""
    page = queries.mails_for(session, actor, state=state, cursor=cursor, limit=limit)
    return Page([_mail(row) for row in page.items], page.next)


@router.post("/mail/{mail_id}/send-again")
def send_mail_again(mail_id: str, session: Unit, actor: CurrentActor, now: Now) -> MailOut:
    """Try a mail that was given up once more from the beginning."""
    return _mail(actions.send_mail_again(session, actor, parse_id(mail_id), now))


@router.get("/notices")
def list_notices(actor: CurrentActor, language: Language) -> list[NoticeOut]:
    """What happens, who is told, and how."""
    queries.only_administrators(actor)
    return [
        NoticeOut(
            key=notice.key,
            event=notice.event,
            when=text(language, f"mail.notice.{notice.key}.when"),
            to=notice.to,
            channel=notice.channel,
            delay_s=int(notice.delay.total_seconds()),
            subject=text(language, f"mail.notice.{notice.key}.subject", site="…"),
        )
        for notice in NOTICES
    ]


def _mail(row: OutgoingMail) -> MailOut:
    return MailOut(
        id=row.id,
        to=row.to,
        subject=row.subject,
        language=row.language,
        notice=row.notice,
        conversation=row.about,
        state=row.state,  # type: ignore[arg-type]  # the column holds nothing else
        attempts=row.attempts,
        next_at=row.next_at if row.state == "pending" else None,
        last_error=row.last_error,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
