"""Having a transcript mailed: the wish is an event, the mail follows it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.accounts.queries import person_for
from amparo.conversations.events import TRANSCRIPT_ASKED
from amparo.conversations.queries import conversation_for
from amparo.conversations.transcript_rules import zone_of
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Forbidden
from amparo.storage.events import record


def ask_transcript(
    session: Session,
    actor: Actor,
    conversation_id: UUID,
    request_id: UUID,
    *,
    language: str,
    zone: str | None,
    now: datetime,
) -> str:
    """Mail a conversation to its buyer's own address; the same request again mails nothing more.

    Returns:
        the address, as far as a bystander may read it.

    Raises:
        NotFound: there is no such conversation, or it is not the actor's to see.
        Forbidden: for anybody but the buyer.
        Conflict: ``no_address``: the marketplace has told us none, or nobody is signed in.
        Invalid: ``time_zone_unknown``.
    """
    if actor.party != "buyer":
        raise Forbidden()
    conversation_for(session, actor, conversation_id)
    zone_of(zone)
    address = person_for(session, actor, actor.person_id).email
    if actor.role != "buyer" or not address:
        raise Conflict("no_address")
    told = {
        "conversation": str(conversation_id),
        "request": str(request_id),
        "buyer_id": str(actor.person_id),
        "language": language,
        "zone": zone,
    }
    record(session, TRANSCRIPT_ASKED, told, now=now, subject=conversation_id)
    return hidden(address)


def hidden(address: str) -> str:
    """``ana@example.com`` as ``a…@example.com``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
