"""Putting mail into the queue, and taking it out to be sent."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.ids import new_id
from amparo.kernel.text import clean
from amparo.mail import events, rules
from amparo.mail.models import OutgoingMail
from amparo.mail.queries import mail_for
from amparo.mail.rules import Letter, SenderName
from amparo.storage.events import record
from amparo.storage.outbox import HINT, send_again
from amparo.storage.session import hint


def queue_mail(
    session: Session,
    *,
    to: str,
    subject: str,
    text: str,
    language: str,
    now: datetime,
    id: UUID | None = None,
    html: str | None = None,
    headers: Mapping[str, str] | None = None,
    about: UUID | None = None,
    notice: str | None = None,
) -> UUID:
    """Queue a mail in the caller's transaction; it leaves after the commit.

    Args:
        id: makes the call repeatable: a mail of that id that is there already stays as it is.
        html: the same in HTML; whoever made it has made it safe.
        about: the conversation it belongs to.

    Raises:
        Invalid: ``email_invalid``, the address cannot be used.
        ValueError: no subject, or a header that is not the caller's to give.
    """
    address = rules.checked_address(to)
    mail_id = id or new_id()
    session.execute(
        insert(OutgoingMail)
        .values(
            id=mail_id,
            lane=address.rpartition("@")[2],
            next_at=now,
            created_at=now,
            to=address,
            subject=rules.checked_subject(subject),
            text=clean(text),
            html=html,
            headers=rules.checked_headers(headers or {}),
            language=language,
            about=about,
            notice=notice,
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    hint(session, HINT)
    return mail_id


def letter_of(mail: OutgoingMail, sender: SenderName) -> Letter:
    """What is to be sent; the first attempt decides the Message-ID."""
    if mail.message_id is None:
        mail.message_id = rules.message_id(mail.id, sender)
    return Letter(
        id=mail.id,
        to=mail.to,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers=mail.headers,
        language=mail.language,
        message_id=mail.message_id,
        written_at=mail.created_at,
    )


def send_mail_again(session: Session, actor: Actor, id: UUID, now: datetime) -> OutgoingMail:
    """Try a mail that was given up from the beginning, under its old Message-ID.

    Nothing changes for a mail that was delivered or is still on its way.

    Raises:
        Forbidden, NotFound.
    """
    mail = mail_for(session, actor, id)
    if mail.state == "dead":
        send_again(session, mail, now)
        data = {"mail": str(id), "by": str(actor.person_id)}
        record(session, events.MAIL_SENT_AGAIN, data, now=now, subject=mail.about)
    return mail
