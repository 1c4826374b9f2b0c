"""Reads of the desk: rows of the inbox, counts, what lies beside a conversation.

Everything comes from the queries of the modules below; each read costs a fixed number of
statements, however long the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.accounts import queries as accounts
from amparo.accounts.queries import StaffMember
from amparo.conversations import queries as conversations
from amparo.conversations.queries import ConversationView
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, NotFound
from amparo.marketplace import queries as marketplace
from amparo.marketplace.requests_queries import requests_of_conversation
from amparo.marketplace.requests_views import RequestView
from amparo.marketplace.views import OrderSummary, OrderView
from amparo.routing import queries as routing
from amparo.routing.queries import HoursNow
from amparo.routing.rules import NORMAL
from amparo.storage.pages import Page

InboxView = Literal["mine", "waiting", "all", "resolved"]
_ORDERS, _EARLIER, _REQUESTS = 20, 10, 10


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


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is to do; the same numbers for everybody but ``mine``."""

    waiting: int
    mine: int
    all_open: int


@dataclass(frozen=True, slots=True)
class BuyerCard:
    """Whom one is talking to; a visitor is somebody not signed in."""

    id: UUID
    ref: str | None
    name: str
    language: str
    visitor: bool


@dataclass(frozen=True, slots=True)
class Context:
    """What lies beside a conversation."""

    buyer: BuyerCard | None
    orders: list[OrderSummary]
    order: OrderView | None
    earlier: list[ConversationView]
    requests: list[RequestView]


@dataclass(frozen=True, slots=True)
class SiteCard:
    """A site of the marketplace."""

    key: str
    name: str
    origins: list[str]
    languages: list[str]


@dataclass(frozen=True, slots=True)
class Overview:
    """The installation as an administrator sees it."""

    sites: list[SiteCard]
    teams: list[HoursNow]
    staff: list[StaffMember]
    counts: Counts


def staff_only(actor: Actor) -> None:
    """Raises Forbidden for anybody but operators and administrators.

    The desk's addresses are no secret, and the answer is the same for every conversation.
    """
    if actor.role not in ("operator", "administrator"):
        raise Forbidden()


def administrator_only(actor: Actor) -> None:
    """Raises Forbidden for anybody but administrators."""
    if not actor.is_administrator:
        raise Forbidden()


def inbox(
    session: Session, actor: Actor, view: InboxView, *, cursor: str | None = None, limit: int = 50
) -> Page[InboxRow]:
    """A page of the inbox: what waits in order of service, the rest by what happened last.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    staff_only(actor)
    if view == "waiting":
        place = routing.waiting_page(session, actor, cursor=cursor, limit=limit)
        views, after = conversations.views_for(session, actor, place.conversations), place.next
    else:
        page = conversations.conversations_for(
            session,
            actor,
            view="open" if view == "all" else view,
            cursor=cursor,
            limit=limit,
        )
        views, after = page.items, page.next
    ids = [one.id for one in views]
    entries = routing.entries_of(session, actor, ids)
    said = conversations.said_last(session, actor, ids)
    rows = []
    for one in views:
        entry = entries.get(one.id)
        waits = entry is not None and entry.taken_at is None
        rows.append(
            InboxRow(
                view=one,
                said_at=said.get(one.id),
                waiting_since=entry.entered_at if entry is not None and waits else None,
                priority=entry.priority if entry else NORMAL,
                unanswered=one.state != "resolved" and one.last_party in ("buyer", "seller"),
            )
        )
    return Page(rows, after)


def counts(session: Session, actor: Actor) -> Counts:
    """How many wait, are one's own, and are open at all."""
    return counts_of(session, [actor])[actor.person_id]


def counts_of(session: Session, actors: Sequence[Actor]) -> dict[UUID, Counts]:
    """The counts of many at once, by person: two statements, whatever their number."""
    for actor in actors:
        staff_only(actor)
    waiting = routing.waiting_total(session)
    numbers = conversations.open_by_operator(session)
    all_open = sum(count for _, count in numbers.values())
    return {
        actor.person_id: Counts(waiting, numbers.get(actor.person_id, (0, 0))[0], all_open)
        for actor in actors
    }


def context(session: Session, actor: Actor, conversation_id: UUID, now: datetime) -> Context:
    """The buyer, their orders and earlier conversations, and the order it is about.

    Raises:
        NotFound: there is no such conversation.
    """
    staff_only(actor)
    view = conversations.conversation_for(session, actor, conversation_id)
    person = accounts.people_for(session, actor, [view.buyer_id]).get(view.buyer_id)
    earlier = conversations.conversations_for(
        session, actor, buyer_id=view.buyer_id, limit=_EARLIER + 1
    )
    if person is None:
        return Context(None, [], None, [], [])
    orders: list[OrderSummary] = []
    if person.ref is not None:
        orders = marketplace.orders_of_buyer(
            session, actor, person.ref, now=now, limit=_ORDERS
        ).items
    return Context(
        buyer=BuyerCard(
            person.id, person.ref, person.name, person.language, person.role == "visitor"
        ),
        orders=orders,
        order=_order(session, actor, view.order_ref, now),
        earlier=[one for one in earlier.items if one.id != view.id][:_EARLIER],
        requests=requests_of_conversation(session, actor, view.id, view.order_ref)[:_REQUESTS],
    )


def _order(session: Session, actor: Actor, ref: str | None, now: datetime) -> OrderView | None:
    if ref is None:
        return None
    try:
        return marketplace.order_for(session, actor, ref, now=now)
    except NotFound:
        return None


def overview(session: Session, actor: Actor, now: datetime) -> Overview:
    """Sites, teams with their hours, staff and counts. Raises Forbidden but for administrators."""
    administrator_only(actor)
    return Overview(
        sites=[
            SiteCard(site.key, site.name, site.origins, site.languages)
            for site in accounts.sites(session)
        ],
        teams=routing.hours_now(session, now),
        staff=accounts.staff_for(session, actor),
        counts=counts(session, actor),
    )
