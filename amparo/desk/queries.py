"""Reads of the desk: counts, what lies beside a conversation, the installation at a glance.

Everything comes from the queries of the modules below; each read costs a fixed number of
statements, however long the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.accounts import queries as accounts
from amparo.accounts.blocks_queries import BlockView, blocks_of
from amparo.accounts.queries import StaffMember
from amparo.conversations import inbox_queries as inbox
from amparo.conversations import queries as conversations
from amparo.conversations.queries import ConversationView
from amparo.conversations.ratings_queries import RatingView
from amparo.desk.inbox_queries import InboxRow, rows_of
from amparo.desk.rules import administrator_only, staff_only
from amparo.desk.sla_queries import breached_count
from amparo.desk.tags_queries import unseen_mentions
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound
from amparo.marketplace import queries as marketplace
from amparo.marketplace.requests_queries import requests_of_conversation
from amparo.marketplace.requests_views import RequestView
from amparo.marketplace.views import OrderSummary, OrderView
from amparo.routing import queries as routing
from amparo.routing.queries import HoursNow

_ORDERS, _EARLIER, _REQUESTS = 20, 10, 10


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is to do; the same numbers for everybody but ``mine`` and ``mentions``."""

    waiting: int
    mine: int
    all_open: int
    mentions: int = 0
    """Conversations in which one was named and has not looked since."""
    due: int = 0
    """Conversations that have missed a target which still runs."""


@dataclass(frozen=True, slots=True)
class BuyerCard:
    """Whom one is talking to; a visitor is somebody not signed in."""

    id: UUID
    ref: str | None
    name: str
    language: str
    visitor: bool
    zone: str | None = None
    """Where the buyer's clock is, as the marketplace says; an IANA name."""


@dataclass(frozen=True, slots=True)
class Context:
    """What lies beside a conversation.

    Attributes:
        row: the conversation as a line of the inbox, whatever list it would be in.
        hours: when its team works; None where it has no team yet.
        site: the name of the site it was asked on.
    """

    buyer: BuyerCard | None
    orders: list[OrderSummary]
    order: OrderView | None
    earlier: list[ConversationView]
    requests: list[RequestView]
    rating: RatingView | None
    blocked: BlockView | None
    tags: list[str]
    row: InboxRow
    hours: HoursNow | None
    site: str | None


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


def counts(session: Session, actor: Actor) -> Counts:
    """How many wait, are one's own, and are open at all."""
    return counts_of(session, [actor])[actor.person_id]


def counts_of(session: Session, actors: Sequence[Actor]) -> dict[UUID, Counts]:
    """The counts of many at once, by person: four statements, whatever their number."""
    for actor in actors:
        staff_only(actor)
    waiting, due = routing.waiting_total(session), breached_count(session)
    numbers = inbox.open_by_operator(session)
    mentions = unseen_mentions(session, [actor.person_id for actor in actors])
    all_open = sum(numbers.values())
    return {
        id: Counts(waiting, numbers.get(id, 0), all_open, mentions.get(id, 0), due)
        for id in (actor.person_id for actor in actors)
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
    (row,) = rows_of(session, actor, [view])
    beside = _hours(session, row.team, now), _site(session, view.site_key)
    if person is None:
        return Context(None, [], None, [], [], row.rating, None, list(row.marks.tags), row, *beside)
    orders: list[OrderSummary] = []
    if person.ref is not None:
        orders = marketplace.orders_of_buyer(
            session, actor, person.ref, now=now, limit=_ORDERS
        ).items
    return Context(
        buyer=BuyerCard(
            person.id,
            person.ref,
            person.name,
            person.language,
            person.role == "visitor",
            person.time_zone,
        ),
        orders=orders,
        order=_order(session, actor, view.order_ref, now),
        earlier=[one for one in earlier.items if one.id != view.id][:_EARLIER],
        requests=requests_of_conversation(session, actor, view.id, view.order_ref)[:_REQUESTS],
        rating=row.rating,
        blocked=blocks_of(session, actor, [person.id], now).get(person.id),
        tags=list(row.marks.tags),
        row=row,
        hours=beside[0],
        site=beside[1],
    )


def _hours(session: Session, team: str | None, now: datetime) -> HoursNow | None:
    if team is None:
        return None
    return next((one for one in routing.hours_now(session, now) if one.team == team), None)


def _site(session: Session, key: str | None) -> str | None:
    return next((site.name for site in accounts.sites(session) if site.key == key), None)


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
