"""Reads of the contact guide: facts from the modules below, decided by the rules."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.cases.list_views import CaseRowOut
from amparo.cases.lists_queries import OwnAsked, cases_for
from amparo.contact_guide import context_rules, rules
from amparo.contact_guide.context_rules import Moment, OrderFacts
from amparo.contact_guide.history_queries import history_of
from amparo.contact_guide.rules import Asked, Channel, ChatNow, Situation
from amparo.conversations.queries import open_conversation_of
from amparo.help_centre import queries as help_centre
from amparo.help_centre.opening import OpenHours
from amparo.help_centre.rules import QuestionFacts, Ref
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound
from amparo.kernel.languages import FALLBACK, PSEUDO
from amparo.marketplace.queries import order_for, orders_for
from amparo.routing.queries import HoursNow, hours_now, team_hours, waiting_count
from amparo.routing.rules import choose_team

_MAILBOX = "mailbox_"
_ORDERS_LOOKED_AT = 10


def channels(
    session: Session,
    actor: Actor | None,
    key: str,
    language: str,
    now: datetime,
    *,
    order_ref: str | None = None,
    from_assistant: bool = False,
    built: frozenset[str] = rules.BUILT,
) -> list[Channel]:
    """The ways of contact for a question, each offered or with its reason.

    Raises:
        NotFound: no such question, or the order is not the actor's.
    """
    asked = _asked(help_centre.question(session, key))
    signed_in = is_signed_in(actor)
    if actor is not None and signed_in and order_ref:
        order_for(session, actor, order_ref, now=now)
    situation = Situation(
        signed_in=signed_in,
        order_chosen=signed_in and bool(order_ref),
        chat=chat_now(session, language, now),
        mailboxes=mailboxes(session),
        built=built,
        from_assistant=from_assistant,
    )
    return rules.channels_for(asked, situation)


def asked_by_key(session: Session) -> dict[str, Asked]:
    """What every question says about its ways of contact."""
    return {key: _asked(facts) for key, facts in help_centre.questions(session).items()}


def chat_now(session: Session, language: str, now: datetime) -> ChatNow:
    """Who would answer in the chat now; the same choice that routing makes."""
    spoken = FALLBACK if language == PSEUDO else language
    teams = team_hours(session)
    choice = choose_team(teams, spoken, now)
    if choice is None:
        return ChatNow()
    own = next((hours for hours in hours_now(session, now) if hours.language == spoken), None)
    return ChatNow(
        language=choice.language,
        own_language=choice.own_language,
        open=choice.opening.open,
        opens_at=choice.opening.opens_at,
        own_opens_at=own.opens_at if own and not own.open else None,
        waiting=waiting_count(session, choice.language),
    )


def mailboxes(session: Session) -> dict[str, str]:
    """Purpose -> address of the marketplace's mailboxes."""
    settings = help_centre.placeholder_settings(session)
    return {
        name.removeprefix(_MAILBOX): value
        for name, value in settings.items()
        if name.startswith(_MAILBOX)
    }


def suggestions(
    session: Session,
    actor: Actor | None,
    language: str,
    now: datetime,
    *,
    page: str | None = None,
    order_ref: str | None = None,
) -> list[Ref]:
    """Questions for this page, this buyer and what was said before, at most five.

    An order that is not the reader's is passed over: the panel may open before the buyer's
    identity has arrived.
    """
    order, others = _orders(session, actor, order_ref, now)
    titles = help_centre.titles(session, language)
    moment = Moment(now, page, order, others, history_of(session, actor, now))
    return [Ref(key, titles[key]) for key in context_rules.suggested(moment, titles)]


def open_conversation(session: Session, actor: Actor | None) -> UUID | None:
    """The conversation that a reader can resume."""
    return open_conversation_of(session, actor) if actor is not None else None


def hours(session: Session, now: datetime) -> list[HoursNow]:
    """When people answer, by language."""
    return hours_now(session, now)


def live_values(session: Session, language: str, now: datetime) -> dict[str, str]:
    """Placeholders that routing knows better than a setting: the chat's hours and languages."""
    _ = now
    teams = team_hours(session)
    if not teams:
        return {}
    week = [
        OpenHours(team.language, team.schedule.always, team.schedule.zone, team.schedule.week)
        for team in teams
    ]
    sentence = help_centre.opening_sentence(language, week)
    names = dict.fromkeys(help_centre.language_name(team.language, language) for team in teams)
    return {"chat_languages": ", ".join(names)} | ({"chat_hours": sentence} if sentence else {})


def is_signed_in(actor: Actor | None) -> bool:
    """Whether the marketplace vouches for the reader."""
    return actor is not None and actor.role in ("buyer", "seller")


def _asked(facts: QuestionFacts) -> Asked:
    return Asked(facts.key, facts.topic, facts.channels, facts.mailbox, facts.case_reason)


def _orders(
    session: Session, actor: Actor | None, order_ref: str | None, now: datetime
) -> tuple[OrderFacts | None, Sequence[OrderFacts]]:
    if actor is None or actor.role != "buyer":
        return None, []
    order = None
    if order_ref:
        try:
            found = order_for(session, actor, order_ref, now=now)
            order = OrderFacts(found.state, found.problem, found.delivered_at)
        except NotFound:
            order = None
    page = orders_for(session, actor, now=now, limit=_ORDERS_LOOKED_AT)
    others = [
        OrderFacts(row.state, row.problem, row.delivered_at)
        for row in page.items
        if row.ref != order_ref
    ]
    return order, others


_NEAREST = 5


def case_to_show(session: Session, actor: Actor | None, language: str) -> CaseRowOut | None:
    """The open case that a buyer is reminded of: theirs to act on first, then by its deadline."""
    if actor is None or actor.role != "buyer":
        return None
    asked = OwnAsked("open", order_by="due", limit=_NEAREST)
    rows = cases_for(session, actor, asked, language).items
    return next((row for row in rows if row.yours), rows[0] if rows else None)
