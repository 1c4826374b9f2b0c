"""Tells buyers who are away what happened to their conversation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.accounts.queries import actor_of, people_for, site_by_key, sites
from amparo.conversations import transcript_rules
from amparo.conversations.events import MESSAGE_POSTED, STATE_CHANGED, TRANSCRIPT_ASKED
from amparo.conversations.queries import (
    ConversationView,
    StreamEvent,
    conversation_for,
    events_after,
    views_for,
)
from amparo.conversations.transcript_queries import transcript_for
from amparo.kernel.actor import SYSTEM, Actor
from amparo.kernel.errors import Invalid, NotFound
from amparo.kernel.ids import derived_id
from amparo.mail import notices
from amparo.mail.actions import queue_mail
from amparo.mail.models import Correspondence
from amparo.mail.notices import ANSWER_NOTICE, Notice, Place
from amparo.routing.queries import is_here, present_of
from amparo.storage.events import LoggedEvent
from amparo.storage.timers import clear_timer, set_timer

log = structlog.get_logger(__name__)
_STREAM_TAIL = 200


class Notices:
    """Follower: the table of ``notices.py`` applied to what happens in conversations."""

    name = "notices"
    kinds = frozenset({MESSAGE_POSTED, STATE_CHANGED, TRANSCRIPT_ASKED})

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        # One read for the batch: almost every message is in a conversation without mail.
        known = _known(session, {event.subject for event in events if event.subject})
        away = _away(session, events, now)
        for event in events:
            if event.subject is None:
                continue
            if event.kind == MESSAGE_POSTED:
                _message(session, event.subject, event, known, away, now)
            elif event.kind == TRANSCRIPT_ASKED:
                _transcript(session, event.subject, event, now)
            elif event.data.get("to") == "deferred":
                _promise(session, event.subject, event, known, now)
            elif event.data.get("to") == "resolved":
                _resolved(session, event.subject, event, known, now)
            elif event.data.get("from") == "deferred" and event.data.get("to") == "waiting":
                _is_back(session, event.subject, known)


Known = dict[UUID, Correspondence]


def _known(session: Session, ids: Collection[UUID]) -> Known:
    rows = session.scalars(select(Correspondence).where(Correspondence.conversation_id.in_(ids)))
    return {row.conversation_id: row for row in rows}


def _away(session: Session, events: Sequence[LoggedEvent], now: datetime) -> set[UUID]:
    """Of the conversations that were answered: those whose buyers are not here."""
    answered = {
        event.subject
        for event in events
        if event.subject and event.kind == MESSAGE_POSTED and notices.is_answer(event.data)
    }
    buyers = {view.id: view.buyer_id for view in views_for(session, SYSTEM, list(answered))}
    here = present_of(session, buyers.values(), now)
    return {id for id, buyer_id in buyers.items() if buyer_id not in here}


def _message(
    session: Session, id: UUID, event: LoggedEvent, known: Known, away: set[UUID], now: datetime
) -> None:
    if event.data.get("party") == "buyer" and event.data.get("state") == "assigned":
        _is_back(session, id, known)
    elif notices.is_answer(event.data):
        if id in known and known[id].by_mail:
            notice = notices.ANSWERED
        elif id in away:
            notice = notices.ANSWERED_AWAY
        else:
            return
        # Each answer puts the mail off a little: one mail tells what was written in one go.
        set_timer(session, ANSWER_NOTICE, id, now + notice.delay)


def _promise(session: Session, id: UUID, event: LoggedEvent, known: Known, now: datetime) -> None:
    """From now on answers go by mail; tell the buyer so."""
    reader = _reader(session, id)
    if reader is None:
        return
    known[id] = _correspondence(session, id)
    known[id].by_mail, known[id].told_seq = True, reader.view.last_seq
    for notice in (notices.PUT_OFF, notices.MISSED_TURN):
        if notice.concerns(event.data):
            _tell(session, notice, reader, [], now, derived_id("notice", event.id))


def _resolved(session: Session, id: UUID, event: LoggedEvent, known: Known, now: datetime) -> None:
    """The whole conversation, to somebody who followed it by mail and did not close it."""
    if id not in known or not known[id].by_mail:
        return
    known[id].by_mail = False
    clear_timer(session, ANSWER_NOTICE, id)
    reader = _reader(session, id)
    if reader is not None and notices.RESOLVED.concerns(event.data):
        known[id].told_seq = reader.view.last_seq
        stream = reader.stream(session, 0)
        _tell(session, notices.RESOLVED, reader, stream, now, derived_id("notice", event.id))


def _transcript(session: Session, id: UUID, event: LoggedEvent, now: datetime) -> None:
    """The copy that a buyer asked for, to whoever is the buyer now and asked for it."""
    reader = _reader(session, id)
    if reader is None or str(reader.buyer.person_id) != event.data["buyer_id"]:
        return
    language = notices.language_for(event.data["language"])
    zone = transcript_rules.zone_of(event.data["zone"])
    page = transcript_rules.Reader(language, zone, "buyer")
    found = transcript_for(session, reader.buyer, id)
    words = transcript_rules.as_text(found, page)
    subject, text = notices.written(
        notices.TRANSCRIPT, language, reader.place, reader.buyer.name, words
    )
    _queue(
        session,
        notices.TRANSCRIPT,
        reader,
        Words(language, subject, text, transcript_rules.as_html(found, page)),
        now,
        derived_id("transcript", event.data["buyer_id"], event.data["request"]),
    )


def _is_back(session: Session, id: UUID, known: Known) -> None:
    if id in known and known[id].by_mail:
        known[id].by_mail = False
        clear_timer(session, ANSWER_NOTICE, id)


def _correspondence(session: Session, id: UUID) -> Correspondence:
    session.execute(
        insert(Correspondence)
        .values(conversation_id=id, by_mail=False, told_seq=0)
        .on_conflict_do_nothing()
    )
    return session.get_one(Correspondence, id, with_for_update=True)


class _Reader:
    """A buyer with an address, and the conversation as that buyer sees it."""

    def __init__(self, buyer: Actor, email: str, view: ConversationView, place: Place) -> None:
        self.buyer, self.email, self.view, self.place = buyer, email, view, place

    def stream(self, session: Session, after: int) -> list[StreamEvent]:
        """The tail of the buyer's own stream, where no note ever is."""
        start = max(after, self.view.last_seq - _STREAM_TAIL)
        return events_after(session, self.buyer, self.view.id, start, _STREAM_TAIL)


def _reader(session: Session, conversation_id: UUID) -> _Reader | None:
    """Who is to be told; None where the buyer has no address (a visitor, or never given)."""
    try:
        buyer_id = conversation_for(session, SYSTEM, conversation_id).buyer_id
    except NotFound:
        return None
    person = people_for(session, SYSTEM, [buyer_id]).get(buyer_id)
    if person is None or not person.email:
        return None
    buyer = actor_of(person)
    view = conversation_for(session, buyer, conversation_id)
    return _Reader(buyer, person.email, view, _place(session, view.site_key))


def _place(session: Session, site_key: str | None) -> Place:
    try:
        site = site_by_key(session, site_key or "")
    except NotFound:
        found = sites(session)
        if not found:
            return Place("Amparo", "")
        site = found[0]
    return Place(site.name, site.origins[0] if site.origins else "")


def _tell(
    session: Session,
    notice: Notice,
    reader: _Reader,
    stream: Sequence[StreamEvent],
    now: datetime,
    id: UUID,
) -> None:
    language = notices.language_for(reader.buyer.language)
    messages = notices.transcript(stream, language)
    subject, text = notices.written(notice, language, reader.place, reader.buyer.name, messages)
    _queue(session, notice, reader, Words(language, subject, text), now, id)


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says."""

    language: str
    subject: str
    text: str
    html: str | None = None


def _queue(
    session: Session, notice: Notice, reader: _Reader, words: Words, now: datetime, id: UUID
) -> None:
    try:
        queue_mail(
            session,
            to=reader.email,
            subject=words.subject,
            text=words.text,
            html=words.html,
            language=words.language,
            now=now,
            id=id,
            about=reader.view.id,
            notice=notice.key,
        )
    except Invalid as refusal:  # a bad address must not stop the notices of all others
        log.warning("notice_not_sent", reason=refusal.code, conversation=str(reader.view.id))


def tell_answer(session: Session, id: UUID, _: dict[str, Any], now: datetime) -> None:
    """Timer: mail the answers that the buyer has not been told of.

    Promised by mail, they are mailed in any case; else only if the buyer has not come back.
    """
    reader = _reader(session, id)
    if reader is None:
        return
    known = _correspondence(session, id)
    if not known.by_mail and is_here(session, reader.buyer.person_id, None, now):
        return
    stream = reader.stream(session, known.told_seq)
    seen = max((event.seq for event in stream if _is_by(event, "buyer")), default=0)
    since = known.told_seq if known.by_mail else max(known.told_seq, seen)
    news = [event for event in stream if event.seq > since and _is_by(event, "staff")]
    if news:
        notice = notices.ANSWERED if known.by_mail else notices.ANSWERED_AWAY
        _tell(session, notice, reader, news, now, derived_id("notice", id, news[-1].seq))
        known.told_seq = news[-1].seq


def _is_by(event: StreamEvent, party: str) -> bool:
    return event.kind == "message" and event.data["author"]["party"] == party
