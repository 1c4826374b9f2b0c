"""What cases do when something happened elsewhere, and where it is told that a case moves on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.cases import texts
from amparo.cases.case import SYSTEM as MACHINE
from amparo.cases.case import Happening, Who
from amparo.cases.events import CASE_CHANGED, CASE_OPENED
from amparo.cases.models import CaseEntry, CaseRow, CaseStep
from amparo.cases.steps_actions import happens
from amparo.conversations.actions import post_messages
from amparo.conversations.queries import conversation_for
from amparo.conversations.rules import Draft
from amparo.kernel.actor import SYSTEM
from amparo.kernel.errors import Conflict, NotFound, Problem
from amparo.kernel.ids import derived_id
from amparo.marketplace.protection_queries import ProtectedOrder, protected_order
from amparo.storage.events import LoggedEvent

log = structlog.get_logger(__name__)
_CARRIED = {
    "return_transit": ("return_shipped", "return_delivered"),
    "replace_transit": ("replacement_shipped", "replacement_delivered"),
}
"""State -> the step that named the tracking number, and what its delivery means."""


class CaseNews:
    """Follower: a case that belongs to a conversation moves on -> a notice in it."""

    name = "cases.news"
    kinds = frozenset({CASE_OPENED, CASE_CHANGED})

    def wants(self, event: LoggedEvent) -> bool:
        """Only what is another state, and has a conversation to be told in."""
        return bool(event.data.get("conversation")) and event.data["from"] != event.data["state"]

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        """One notice for each event; the ids make a repeat harmless."""
        ordered = sorted(events, key=lambda event: str(event.data["conversation"]))
        drafts = [draft for event in ordered if (draft := _notice(session, event))]
        for draft, outcome in zip(drafts, post_messages(session, drafts, now), strict=True):
            if isinstance(outcome, Problem):
                conversation = str(draft.conversation_id)
                log.warning("case_notice_refused", conversation=conversation, code=outcome.code)


def _notice(session: Session, event: LoggedEvent) -> Draft | None:
    try:
        conversation = conversation_for(session, SYSTEM, UUID(event.data["conversation"]))
    except NotFound:
        return None
    number, state = event.data["number"], event.data["state"]
    language = conversation.language
    body = texts.said(
        "in_conversation", language, number=number, state=texts.state(state, language)
    )
    return Draft(
        SYSTEM,
        conversation.id,
        derived_id("case notice", event.id),
        body,
        kind="notice",
        language=language,
        extra={"case": {"id": event.data["case"], "number": number, "state": state}},
    )


class CasesByImport:
    """Follower: what the marketplace says of an order is news for the open cases about it."""

    name = "cases.by_import"
    kinds = frozenset({"order_changed"})

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        """A payment that was found, a parcel that arrived; what came before changes nothing."""
        for order_id in sorted({event.subject for event in events if event.subject is not None}):
            cases = session.scalars(
                select(CaseRow)
                .where(CaseRow.order_id == order_id, CaseRow.closed_at.is_(None))
                .order_by(CaseRow.id)
                .with_for_update()
                .execution_options(populate_existing=True)
            ).all()
            if cases:
                order = protected_order(session, order_id)
                for row in cases:
                    _hear(session, row, order, now)


def _hear(session: Session, row: CaseRow, order: ProtectedOrder, now: datetime) -> None:
    happening = None
    if row.state == "platform_check" and row.reason == "payment_not_credited":
        if order.state not in ("unpaid", "cancelled"):
            happening = Happening("fixed", MACHINE, now)
    elif row.state in _CARRIED:
        shipped, arrived = _CARRIED[row.state]
        if _arrived(session, row, order, shipped):
            happening = Happening(arrived, Who("carrier"), now)
    if happening is not None:
        try:
            with session.begin_nested():
                happens(session, row, happening, now)
        except Conflict as refusal:  # a deadline came first, or it was told before
            log.info("case_news_too_late", case=row.number, code=refusal.code)


def _arrived(session: Session, row: CaseRow, order: ProtectedOrder, shipped: str) -> bool:
    """Whether the parcel whose number was given with that step is said to be delivered."""
    data = session.scalar(
        select(CaseEntry.data)
        .join(
            CaseStep,
            (CaseStep.case_id == CaseEntry.case_id) & (CaseStep.no == CaseEntry.step_no),
        )
        .where(CaseStep.case_id == row.id, CaseStep.event == shipped)
        .order_by(CaseStep.no.desc())
        .limit(1)
    )
    number = str((data or {}).get("tracking") or "").strip().casefold()
    return bool(number) and any(
        parcel.state == "delivered" and (parcel.tracking or "").strip().casefold() == number
        for parcel in order.parcels
    )
