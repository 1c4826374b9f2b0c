"""When this happens, do that: the one page that joins the modules."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import APIRouter
from sqlalchemy.orm import Session

from amparo.accounts import http as accounts_http
from amparo.assistant.followers import AssistantAnswers, AssistantLibrary
from amparo.assistant.library import Library
from amparo.config import Settings
from amparo.contact_guide import http as contact_guide_http
from amparo.contact_guide.queries import live_values
from amparo.conversations import http as conversations_http
from amparo.desk import http as desk_http
from amparo.help_centre import http as help_centre_http
from amparo.help_centre.actions import load_shipped_content
from amparo.help_centre.queries import provide_values
from amparo.kernel.clock import Clock
from amparo.mail import http as mail_http
from amparo.mail.followers import Notices, tell_answer
from amparo.mail.notices import ANSWER_NOTICE
from amparo.mail.sender import Sender as MailSender
from amparo.marketplace import http as marketplace_http
from amparo.routing import actions as routing
from amparo.routing import http as routing_http
from amparo.routing import rules as routing_rules
from amparo.routing.followers import QueueKeeper
from amparo.storage.followers import Follower
from amparo.storage.outbox import AnySender
from amparo.storage.session import Database
from amparo.storage.timers import TimerHandler
from amparo.webhooks import http as webhooks_http
from amparo.webhooks.followers import Webhooks
from amparo.webhooks.sender import Sender as WebhookSender

ROUTERS: Sequence[APIRouter] = (
    accounts_http.router,
    marketplace_http.router,
    help_centre_http.router,
    conversations_http.router,
    routing_http.router,
    desk_http.router,
    mail_http.router,
    webhooks_http.router,
    contact_guide_http.router,
)
"""The API, module by module."""

PAGES: Sequence[APIRouter] = (help_centre_http.page_router,)
"""Pages that people open in a browser."""


def followers() -> list[Follower]:
    """Who reacts to events, after their commit."""
    library = Library()
    return [
        QueueKeeper(),  # written into a resolved matter -> it waits again; answered -> place freed
        Notices(),  # put off, answered, settled while the buyer is away -> a mail
        Webhooks(),  # what the marketplace subscribed to -> a delivery
        AssistantLibrary(library),  # texts of the help centre changed -> a new index
        AssistantAnswers(library),  # asked while no person is there -> the assistant's answer
    ]


def timers() -> Mapping[str, TimerHandler]:
    """What happens at a time."""
    return {
        routing_rules.DEFER_ABSENT: routing.defer_absent,  # absent when the turn came
        routing_rules.OPERATOR_GONE: routing.give_back,  # gone before the first answer
        ANSWER_NOTICE: tell_answer,  # answered a while ago, and the buyer is still away
    }


def senders(database: Database, clock: Clock, settings: Settings) -> list[AnySender]:
    """What goes out of the house."""
    return [MailSender(database, clock, settings), WebhookSender(database, clock, settings)]


def values() -> None:
    """Facts of upper modules that the help centre's texts name."""
    provide_values(live_values)  # hours and languages of the chat, from routing


def first_load(session: Session, now: datetime) -> None:
    """What a new or upgraded installation brings along; never over anybody's edit."""
    load_shipped_content(session, now)
    routing.load_default_teams(session)
