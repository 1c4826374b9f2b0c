"""The inbox: one list of every channel, by view, filters and order, in pages of fixed cost.

Views of many conversations are read along the indexes of ``conversation``. Those of few (what
waits, what is due, what has a tag, what one follows or was named in) are read along the rows that
make them, in pieces, and the conversations are looked up by their ids.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from amparo.conversations import inbox_queries as conversations
from amparo.conversations.inbox_queries import Filter
from amparo.conversations.queries import ConversationView, said_last, views_for
from amparo.conversations.ratings_queries import RatingView, ratings_of
from amparo.desk import tags_queries
from amparo.desk.marks_queries import Marks, marks_of
from amparo.desk.models import ConversationTag, Follow, Mention, SlaClock
from amparo.desk.rules import InboxView, Order, staff_only
from amparo.desk.sla_rules import NEVER
from amparo.kernel.actor import Actor
from amparo.routing.waiting_queries import places_of, waiting_chunk
from amparo.storage.pages import Page, decode_place, encode_cursor

CHUNK = 500
"""Rows that a page looks at, where what they belong to must be asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the inbox is asked for."""

    view: InboxView = "waiting"
    tag: str | None = None
    order: Order = "newest"
    wanted: Filter = field(default_factory=Filter)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A conversation as a line of the inbox.

    Attributes:
        said_at: when the last message was written; notes count for nothing.
        waiting_since: when it entered the queue; None where nobody is waited for.
        priority: a smaller number is more urgent.
        unanswered: open, and the last word was not the staff's.
    """

    view: ConversationView
    said_at: datetime | None
    waiting_since: datetime | None
    priority: int
    unanswered: bool
    team: str | None
    snoozed_until: datetime | None
    marks: Marks
    rating: RatingView | None


class _Place(Protocol):
    """A row of what a page is read along; ``cursor`` says where the next ones begin."""

    @property
    def conversation_id(self) -> UUID: ...
    @property
    def cursor(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Timed:
    """A place in an order of times."""

    conversation_id: UUID
    at: datetime

    @property
    def cursor(self) -> str:
        return encode_cursor(self.at, self.conversation_id)


def inbox(
    session: Session,
    actor: Actor,
    asked: Asked,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[InboxRow]:
    """A page of the inbox.

    A page may be shorter than ``limit``, even empty, and still have a next one: the search for
    rare combinations goes on from there.

    Raises:
        Forbidden: not staff.
        Invalid: the cursor is not one of ours.
    """
    staff_only(actor)
    wanted, buckets = _of_view(actor, asked)
    read = _reader(actor, asked)
    if read is None:
        page = conversations.listed(
            session,
            actor,
            "resolved" if asked.view == "resolved" else "open",
            wanted,
            newest=asked.order != "oldest",
            cursor=cursor,
            limit=limit,
        )
    else:
        page = _by_places(session, actor, asked, wanted, buckets, read, cursor, limit)
    return Page(rows_of(session, actor, page.items), page.next)


def _of_view(actor: Actor, asked: Asked) -> tuple[Filter, tuple[str, ...]]:
    """The filter that a view is, and which conversations it may show at all."""
    wanted = asked.wanted
    match asked.view:
        case "mine":
            return replace(wanted, operator=actor.person_id), ("open",)
        case "unassigned":
            return replace(wanted, operator="nobody"), ("open",)
        case "snoozed":
            return replace(wanted, state="snoozed"), ("open",)
        case "resolved":
            return wanted, ("resolved",)
        case "mentions" | "followed":
            return wanted, ("bot", "open", "resolved")
    return wanted, ("open",)


Reader = Callable[[Session, str | None, int], Sequence[_Place]]


def _reader(actor: Actor, asked: Asked) -> Reader | None:
    """What the page is read along; None where an index of the conversations serves."""
    oldest = asked.order == "oldest"
    if asked.view == "waiting":
        return lambda session, cursor, limit: waiting_chunk(session, actor, cursor, limit)
    if asked.view == "due" or asked.order == "due":
        query = select(SlaClock.conversation_id, SlaClock.place)
        if asked.view == "due":
            query = query.where(SlaClock.place < NEVER)
        return _along(query, SlaClock.place, SlaClock.conversation_id, ascending=True)
    if asked.view == "mentions":
        mine = Mention.person_id == actor.person_id
        query = select(Mention.conversation_id, Mention.at).where(mine)
        return _along(query, Mention.at, Mention.conversation_id, ascending=oldest)
    if asked.view == "followed":
        followed = Follow.person_id == actor.person_id
        query = select(Follow.conversation_id, Follow.at).where(followed)
        return _along(query, Follow.at, Follow.conversation_id, ascending=oldest)
    if _along_tag(asked):
        tagged = ConversationTag.tag == asked.tag
        query = select(ConversationTag.conversation_id, ConversationTag.at).where(tagged)
        return _along(query, ConversationTag.at, ConversationTag.conversation_id, ascending=oldest)
    return None


def _along_tag(asked: Asked) -> bool:
    """Whether the rows of the tag are what the page is read along."""
    others = ("waiting", "due", "mentions", "followed")
    return asked.tag is not None and asked.view not in others and asked.order != "due"


def _along(
    query: Select[UUID, datetime],
    at: InstrumentedAttribute[datetime],
    id: InstrumentedAttribute[UUID],
    *,
    ascending: bool,
) -> Reader:
    order: tuple[ColumnElement[Any], ...] = (at.asc(), id.asc())
    if not ascending:
        order = (at.desc(), id.desc())

    def read(session: Session, cursor: str | None, limit: int) -> Sequence[_Place]:
        page = query.order_by(*order).limit(limit)
        if cursor is not None:
            after = tuple_(*decode_place(cursor))
            place = tuple_(at, id)
            page = page.where(place > after if ascending else place < after)
        return [_Timed(*row) for row in session.execute(page)]

    return read


def _by_places(
    session: Session,
    actor: Actor,
    asked: Asked,
    wanted: Filter,
    buckets: tuple[str, ...],
    read: Reader,
    cursor: str | None,
    limit: int,
) -> Page[ConversationView]:
    """Most pages are full after a first short piece; one long piece is all that is added."""
    found: list[_Place] = []
    following: str | None = None
    for size in (2 * limit + 1, CHUNK):
        places = read(session, cursor, size)
        ids = _fitting(session, actor, asked, wanted, buckets, places)
        found += [place for place in places if place.conversation_id in ids]
        following = cursor = places[-1].cursor if len(places) == size else None
        if len(found) > limit or cursor is None:
            break
    if len(found) > limit:
        following = found[limit - 1].cursor
    shown = [place.conversation_id for place in found[:limit]]
    return Page(views_for(session, actor, shown), following)


def _fitting(
    session: Session,
    actor: Actor,
    asked: Asked,
    wanted: Filter,
    buckets: tuple[str, ...],
    places: Sequence[_Place],
) -> set[UUID]:
    """Which of the places' conversations belong into the list."""
    ids = [place.conversation_id for place in places]
    if asked.view == "waiting" and wanted.team is not None:
        # the place knows its team before the conversation is told
        here = [place for place in places if getattr(place, "team", None) == wanted.team]
        ids = [place.conversation_id for place in here]
        wanted = replace(wanted, team=None)
    if asked.tag is not None and not _along_tag(asked):
        tagged = tags_queries.tagged_among(session, asked.tag, ids)
        ids = [id for id in ids if id in tagged]
    return set(conversations.matching(session, actor, ids, wanted, buckets))


def rows_of(session: Session, actor: Actor, views: Sequence[ConversationView]) -> list[InboxRow]:
    """Conversations as lines of the inbox, with a fixed number of statements."""
    ids = [one.id for one in views]
    places = places_of(session, actor, ids)
    said = said_last(session, actor, ids)
    marks = marks_of(session, actor, ids)
    ratings = ratings_of(session, actor, ids)
    rows = []
    for one in views:
        place, mark = places.get(one.id), marks[one.id]
        rows.append(
            InboxRow(
                view=one,
                said_at=said.get(one.id),
                waiting_since=place.waiting_since if place else None,
                priority=place.priority if place else one.priority,
                unanswered=one.state != "resolved" and one.last_party in ("buyer", "seller"),
                team=place.team if place else one.team,
                snoozed_until=place.snoozed_until if place else None,
                marks=mark,
                rating=ratings.get(one.id),
            )
        )
    return rows
