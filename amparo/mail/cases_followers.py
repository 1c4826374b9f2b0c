"""Tells buyers and sellers by mail what happened to their case, and reminds them of deadlines.

The words are those of the case as that person reads it: its one door decides what is said.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from babel.dates import format_datetime
from sqlalchemy.orm import Session

from amparo.accounts.parties_queries import people_with_mail
from amparo.accounts.queries import sites
from amparo.accounts.rules import SELLER_PAGE
from amparo.cases.events import CASE_NOTICE
from amparo.cases.queries import case_for
from amparo.cases.views import CaseOut
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, NotFound
from amparo.kernel.ids import derived_id
from amparo.kernel.texts import text
from amparo.mail.actions import queue_mail
from amparo.mail.notices import Place, language_for
from amparo.storage.events import LoggedEvent

log = structlog.get_logger(__name__)


class CaseNotices:
    """Follower: a notice of a case -> a mail to each person of the side it is for."""

    name = "case_notices"
    kinds = frozenset({CASE_NOTICE})

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        for event in events:
            if "mail" in event.data.get("channels", ()):
                _tell(session, event, now)


def _tell(session: Session, event: LoggedEvent, now: datetime) -> None:
    to = event.data.get("to", ())
    buyer = event.data.get("buyer_ref") if "buyer" in to else None
    store = event.data.get("store_ref") if "seller" in to else None
    for person, address in people_with_mail(session, buyer, store):
        try:
            _mail(session, person, address, event, now)
        except NotFound:  # no seller is told of what concerns the buyer and us alone
            continue
        except Invalid as refusal:  # a bad address must not stop the notices of all others
            log.warning("notice_not_sent", reason=refusal.code, case=event.data.get("case"))


def _mail(session: Session, person: Actor, address: str, event: LoggedEvent, now: datetime) -> None:
    language = language_for(person.language)
    case = case_for(session, person, UUID(str(event.data["case"])), now, language)
    place = _place(session, person)
    reminds = str(event.data.get("text", "")).startswith("reminder")
    key = "reminder" if reminds else "closed" if case.outcome else "news"
    told = {"number": case.number, "order": case.order, "site": place.name}
    greeting = "mail.greeting" if person.name else "mail.greeting_unnamed"
    parts = [
        text(language, greeting, name=person.name),
        text(language, f"mail.notice.case_{key}.text", **told),
        *_words(case, language),
        text(language, "mail.read_on", link=place.link),
        text(language, "mail.not_read"),
    ]
    queue_mail(
        session,
        to=address,
        subject=text(language, f"mail.notice.case_{key}.subject", **told),
        text="\n\n".join(part for part in parts if part),
        language=language,
        now=now,
        id=derived_id("case_notice", event.id, person.person_id),
        about=case.conversation,
        notice=f"case_{key}",
    )


def _words(case: CaseOut, language: str) -> list[str]:
    """What happens now, who must act until when, and what happens if nobody does."""
    if case.outcome is not None:
        return [case.outcome.text]
    words = [case.now, case.who]
    if case.due_at is not None:
        shown = format_datetime(case.due_at, "medium", locale=language.replace("-", "_"))
        words[1] = text(language, "mail.case_until", who=case.who, at=f"{shown} UTC")
        words.append(case.silence)
    return words


def _place(session: Session, person: Actor) -> Place:
    """Where the person reads on: the site, or its page for sellers."""
    found = sites(session)
    if not found:
        return Place("Amparo", "")
    site = found[0]
    home = site.origins[0] if site.origins else ""
    return Place(site.name, site.pages.get(SELLER_PAGE, home) if person.role == "seller" else home)
