"""What a form for a new case needs: what is possible of which line, and what was said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.cases import texts
from amparo.cases.case import Facts
from amparo.cases.facts_queries import Subject, facts_for, subject_of
from amparo.cases.fields import evidence_types, reason_fields
from amparo.cases.form_views import (
    CaseFormLine,
    CaseFormOut,
    CasePrefill,
    CaseReasonOut,
    CaseRemedyOut,
)
from amparo.cases.kinds import REASONS, Reason
from amparo.cases.moment import refundable
from amparo.cases.opening_actions import contacted_at
from amparo.cases.policies_queries import policy_now
from amparo.cases.policy import Policy
from amparo.cases.queries import open_cases_about
from amparo.cases.reasons import REASON_ROWS, has_amount
from amparo.cases.rules import openable
from amparo.cases.views import CaseEvidenceTypeOut, CaseNumber
from amparo.conversations.queries import events_after
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, NotFound
from amparo.kernel.money import Money
from amparo.kernel.text import clip
from amparo.marketplace.queries import LineView, OrderView, order_for, order_id_for

_MOST_LINES = 40
_SAID = 5
_PREFILL = 1500


@dataclass(frozen=True, slots=True)
class _About:
    """What a case could be about, with what is known of it."""

    subject: Subject
    facts: Facts


@dataclass(frozen=True, slots=True)
class _Asked:
    """For whom and when the form is made."""

    policy: Policy
    contacted: datetime | None
    refused: bool
    now: datetime
    language: str


def form_for(
    session: Session,
    actor: Actor,
    ref: str,
    *,
    line: int | None,
    conversation: UUID | None,
    now: datetime,
    language: str,
) -> CaseFormOut:
    """The form for a case about an order of the buyer's, or about one line of it.

    Raises:
        Forbidden: only buyers open cases.
        NotFound: no such order, line or conversation, or somebody else's.
    """
    if actor.role not in ("buyer", "visitor"):
        raise Forbidden()
    order = order_for(session, actor, ref, now=now)
    order_id = order_id_for(session, actor, ref)
    policy = policy_now(session, now)
    whole = _about(session, subject_of(session, order_id, None), policy, now)
    lines = [
        _about(session, Subject(whole.subject.order, one), policy, now)
        for one in whole.subject.order.lines[:_MOST_LINES]
    ]
    chosen = [one for one in lines if line is None or _position(one) == line]
    if not chosen:
        raise NotFound()
    contacted, refused = contacted_at(session, order_id, None, now)
    asked = _Asked(policy, contacted, refused, now, language)
    known = open_cases_about(session, [order_id, *(one.subject.about_id for one in lines)])
    return CaseFormOut(
        order=order.ref,
        currency=whole.facts.currency,
        lines=[
            _line(view, one, known.get(one.subject.about_id) or known.get(order_id))
            for one in lines
            if (view := _view(order, _position(one))) is not None
        ],
        reasons=[
            _reason(key, chosen if REASON_ROWS[key].per_line else [whole], asked) for key in REASONS
        ],
        contacted_at=contacted,
        prefill=CasePrefill(_said_before(session, actor, conversation), [], None),
    )


def _about(session: Session, subject: Subject, policy: Policy, now: datetime) -> _About:
    country = subject.order.attributes.get("country")
    days = policy.at(str(country or ""), "not_received").limit("grants_days")
    since = now - timedelta(days=days)
    return _About(subject, facts_for(session, subject, case_id=None, grants_since=since))


def _position(about: _About) -> int | None:
    return about.subject.line.position if about.subject.line else None


def _view(order: OrderView, position: int | None) -> LineView | None:
    return next((one for one in order.lines if one.position == position), None)


def _line(view: LineView, about: _About, case: CaseNumber | None) -> CaseFormLine:
    return CaseFormLine(
        position=view.position,
        title=view.snapshot.title,
        quantity=view.quantity,
        total=Money(about.facts.line_total, about.facts.currency),
        refundable=Money(refundable(about.facts), about.facts.currency),
        snapshot=view.snapshot,
        store=view.store,
        case=case,
    )


def _reason(key: Reason, abouts: Sequence[_About], asked: _Asked) -> CaseReasonOut:
    """Possible if it is for any of them; else the reason why not of the first."""
    row, language = REASON_ROWS[key], asked.language
    found = [
        (one, *openable(key, one.facts, asked.contacted, asked.policy, asked.now,
                        seller_refused=asked.refused))
        for one in abouts
    ]  # fmt: skip
    about, possible, why, not_before = next((one for one in found if one[1]), found[0])
    most = Money(refundable(about.facts), about.facts.currency)
    return CaseReasonOut(
        key=key,
        label=texts.reason(key, language),
        help=texts.said(f"reason_help.{key}", language),
        possible=possible,
        why=texts.known("why", why, language) if why else None,
        not_before=not_before,
        per_line=row.per_line,
        remedies=[
            CaseRemedyOut(key=one, label=texts.remedy(one, language), amount=has_amount(one))
            for one in row.remedies
        ],
        fields=reason_fields(row.fields, most, language),
        evidence=[
            CaseEvidenceTypeOut(type=type, label=label, required=required)
            for type, label, required in evidence_types(row.evidence, language)
        ],
        silence=_silence(key, about.facts, asked),
        contact_first=why == "contacted" and not_before is None,
    )


def _silence(key: Reason, facts: Facts, asked: _Asked) -> str:
    start = REASON_ROWS[key].start
    if start == "right":
        code = "return_late"
    elif start == "seller":
        grants = asked.policy.at(facts.country, key).choice("silence") == "grant"
        code = f"seller_silent.{'execute' if grants else 'review'}"
    else:
        pays = key in ("paid_unavailable", "page_removed")
        code = f"check_over.{'refund_pending' if pays else 'review'}"
    to_buyer = texts.maybe(f"silence.{code}.buyer", asked.language)
    return to_buyer or texts.said(f"silence.{code}", asked.language)


def _said_before(session: Session, actor: Actor, conversation: UUID | None) -> str:
    """The buyer's own last words in the conversation that leads here."""
    if conversation is None:
        return ""
    stream = events_after(session, actor, conversation, 0, 200)
    words = [
        str(event.data["body"])
        for event in stream
        if event.kind == "message"
        and event.data["author"]["party"] == "buyer"
        and event.data["kind"] == "text"
    ]
    return clip("\n".join(words[-_SAID:]), _PREFILL)
