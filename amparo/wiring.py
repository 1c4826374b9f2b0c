"""When this happens, do that: the one page that joins the modules."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import APIRouter
from sqlalchemy.orm import Session

from amparo.accounts import blocks_http, sites_http
from amparo.accounts import http as accounts_http
from amparo.assistant import examples_http as assistant_examples_http
from amparo.assistant.followers import AssistantAnswers, AssistantLibrary
from amparo.assistant.language_model.sender import Sender as ModelSender
from amparo.assistant.library import Library
from amparo.cases import deadlines_actions as case_deadlines
from amparo.cases import desk_http as cases_desk_http
from amparo.cases import evidence_actions as case_evidence
from amparo.cases import files_http as cases_files_http
from amparo.cases import http as cases_http
from amparo.cases import steps_actions as case_steps
from amparo.cases.followers import CaseNews, CasesByImport
from amparo.cases.payment_sender import Sender as RefundSender
from amparo.cases.policies_actions import load_shipped_policy
from amparo.config import Settings
from amparo.contact_guide import http as contact_guide_http
from amparo.contact_guide import pages_http as contact_pages_http
from amparo.contact_guide import suggestions_http
from amparo.contact_guide.queries import live_values
from amparo.conversations import edits_http, feedback_http, files_actions, transcript_http
from amparo.conversations import files_http as conversations_files_http
from amparo.conversations import http as conversations_http
from amparo.conversations import requests_http as order_requests_http
from amparo.conversations.requests_followers import CaseEnds, RequestNotices
from amparo.desk import deeds_http as desk_deeds_http
from amparo.desk import http as desk_http
from amparo.desk import inbox_http as desk_inbox_http
from amparo.desk import presence_http, sla_actions, sla_rules
from amparo.desk import settings_http as desk_settings_http
from amparo.desk import shipped_actions as desk_shipped
from amparo.desk.followers import DeskPlaces, Mentions, MessagesFound
from amparo.desk.sla_followers import SlaClocks
from amparo.help_centre import editing_http as help_editing_http
from amparo.help_centre import feedback_http as help_feedback_http
from amparo.help_centre import http as help_centre_http
from amparo.help_centre import pages_http as help_pages_http
from amparo.help_centre.actions import load_shipped_content
from amparo.help_centre.queries import provide_values
from amparo.help_centre.search_queries import provide_meaning
from amparo.kernel.clock import Clock
from amparo.mail import http as mail_http
from amparo.mail.cases_followers import CaseNotices
from amparo.mail.followers import Notices, tell_answer
from amparo.mail.notices import ANSWER_NOTICE
from amparo.mail.sender import Sender as MailSender
from amparo.marketplace import http as marketplace_http
from amparo.marketplace import requests_actions as order_requests
from amparo.marketplace import requests_http as marketplace_requests_http
from amparo.marketplace.requests_followers import RequestsByImport
from amparo.reports import http as reports_http
from amparo.reports import judging_actions as reports
from amparo.reports.followers import MeasuredHelp
from amparo.routing import actions as routing
from amparo.routing import assignment_actions as assignment
from amparo.routing import http as routing_http
from amparo.routing import rules as routing_rules
from amparo.routing import snooze_actions, teams_http
from amparo.routing.followers import Assigner, CaseHandOver, QueueKeeper, ShiftEnds
from amparo.routing.operators_actions import end_shift
from amparo.storage.files import Files
from amparo.storage.followers import Follower
from amparo.storage.outbox import AnySender
from amparo.storage.session import Database
from amparo.storage.timers import TimerHandler
from amparo.webhooks import http as webhooks_http
from amparo.webhooks.followers import Webhooks
from amparo.webhooks.sender import Sender as WebhookSender

ROUTERS: Sequence[APIRouter] = (
    accounts_http.router,
    sites_http.router,
    marketplace_requests_http.router,  # before the orders: their route takes every longer path
    marketplace_http.router,
    help_centre_http.router,
    help_editing_http.router,
    conversations_http.router,
    order_requests_http.router,
    conversations_files_http.router,
    edits_http.router,
    feedback_http.router,
    transcript_http.router,
    cases_desk_http.router,  # before the cases: their route takes any id
    cases_files_http.router,
    cases_http.router,
    blocks_http.router,
    routing_http.router,
    teams_http.router,
    desk_http.router,
    desk_inbox_http.router,
    desk_deeds_http.router,
    desk_settings_http.router,
    presence_http.router,
    mail_http.router,
    webhooks_http.router,
    contact_guide_http.router,
    suggestions_http.router,
    assistant_examples_http.router,
    reports_http.router,
)
"""The API, module by module."""

PAGES: Sequence[APIRouter] = (
    contact_pages_http.page_router,  # before the articles: their address takes any name
    help_pages_http.page_router,
    help_feedback_http.feedback_router,
)
"""Pages that people open in a browser."""


def followers(library: Library, settings: Settings) -> list[Follower]:
    """Who reacts to events, after their commit; ``library`` is what this process answers from."""
    model = settings.model_name if settings.model_policy == "when_unsure" else None
    return [
        QueueKeeper(),  # written into a resolved matter -> it waits again; snoozed -> it wakes
        ShiftEnds(),  # an operator went off -> what is not answered goes back to its place
        Assigner(),  # somebody waits, somebody is free -> the one is given to the other
        RequestsByImport(),  # an imported state answers what was asked of the order -> settled
        RequestNotices(),  # asked of an order, overdue, done, refused -> told in the conversation
        CaseHandOver(),  # a case was opened -> it waits for a person
        CaseEnds(),  # its conversation is resolved -> the case is settled
        Notices(),  # put off, answered, settled while the buyer is away -> a mail
        CasesByImport(),  # a payment is found, a return arrives -> the case goes on
        CaseNews(),  # a case moves on -> told in the conversation it came from
        CaseNotices(),  # a case moves on, a deadline comes near -> a mail to each side
        Webhooks(),  # what the marketplace subscribed to -> a delivery
        AssistantLibrary(library),  # texts of the help centre changed -> a new index
        MeasuredHelp(),  # asked, answered, judged, asked again -> what helped
        DeskPlaces(),  # queued, handed on, written into -> the desk's lists
        Mentions(),  # named in a note -> unread until seen
        SlaClocks(),  # asked, answered, put aside -> the clock of its targets
        MessagesFound(),  # written, changed, taken away -> the search of messages
        AssistantAnswers(library, model),  # asked while nobody is there -> the assistant's answer
    ]


def timers(files: Files) -> Mapping[str, TimerHandler]:
    """What happens at a time."""
    return {
        files_actions.FILE_UNSENT: files_actions.remove_unsent,  # put in, and never sent
        files_actions.FILE_REMOVED: files_actions.remover(files),  # gone: its bytes follow
        routing_rules.DEFER_ABSENT: routing.defer_absent,  # absent when the turn came
        routing_rules.OPERATOR_GONE: routing.give_back,  # gone before the first answer
        routing_rules.STICKY_OVER: assignment.time_has_come,  # kept for one operator no more
        routing_rules.OVERFLOW_DUE: assignment.time_has_come,  # other teams may help from now on
        routing_rules.TEAM_HOURS: assignment.hours_change,  # a team opens or closes
        routing_rules.IDLE: assignment.look_at_idle,  # nothing is said: it takes no capacity
        routing_rules.SNOOZE_OVER: snooze_actions.snooze_over,  # put aside until now
        routing_rules.SHIFT_ENDS: end_shift,  # an operator's day is over
        order_requests.OVERDUE_TIMER: order_requests.tell_overdue,  # asked, and no answer yet
        case_steps.CASE_DEADLINE: case_deadlines.deadline_due,  # who had to act has not
        case_steps.CASE_REMINDER: case_deadlines.reminder_due,  # who has to act is told again
        case_evidence.FILE_UNSENT: case_evidence.remove_unsent,  # put in, and never handed in
        case_evidence.FILE_REMOVED: case_evidence.remover(files),  # gone: its bytes follow
        sla_rules.SLA_TIMER: sla_actions.mark_breached,  # a target of time was missed
        reports.ABANDONED: reports.look_again,  # a day after an answer of which nothing was said
        reports.FINAL: reports.look_again,  # no re-contact can come any more
        ANSWER_NOTICE: tell_answer,  # answered a while ago, and the buyer is still away
    }


def senders(database: Database, clock: Clock, settings: Settings) -> list[AnySender]:
    """What goes out of the house."""
    sending: list[AnySender] = [
        MailSender(database, clock, settings),
        WebhookSender(database, clock, settings),
        RefundSender(database, clock, settings),
    ]
    if settings.model_url is not None:  # also what was asked before the model was switched off
        sending.append(ModelSender(database, clock, settings))
    return sending


def values(library: Library) -> None:
    """What upper modules tell the help centre, which does not know them."""
    provide_values(live_values)  # hours and languages of the chat, from routing
    provide_meaning(library.meaning)  # what a search means, from the assistant


def first_load(session: Session, now: datetime) -> None:
    """What a new or upgraded installation brings along; never over anybody's edit."""
    load_shipped_content(session, now)
    routing.load_default_teams(session)
    desk_shipped.load(session, now)
    load_shipped_policy(session, now)
