"""What has become of a contact is written beside it; timers look again when time has passed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.kernel.ids import derived_id
from amparo.reports import rules
from amparo.reports.masking_rules import same_form
from amparo.reports.models import HelpOutcome, Unanswered
from amparo.reports.queries import contact_of
from amparo.storage.timers import clear_timer, set_timer

_MOMENT = timedelta(milliseconds=1)
ABANDONED = "help_abandoned"
FINAL = "help_final"


def judge(session: Session, row: HelpOutcome, now: datetime) -> None:
    """Write what has become of a contact that is held by this transaction."""
    contact = contact_of(row)
    row.outcome, row.final = rules.outcome(contact, now), rules.is_final(contact, now)
    _keep_for_editors(session, row, contact)
    session.flush()
    told = contact.answered_at is not None and contact.step != "operator"
    if row.outcome == "open" and told:
        set_timer(session, ABANDONED, row.id, contact.since + rules.ABANDONED_AFTER)
    else:
        clear_timer(session, ABANDONED, row.id)
    ended = contact.said_at or contact.answered_at
    if ended is not None and not row.final:
        # "Within 72 hours" includes the last moment of them.
        set_timer(session, FINAL, row.id, ended + rules.RECONTACT_WITHIN + _MOMENT)


def look_again(session: Session, contact_id: UUID, _: dict[str, Any], now: datetime) -> None:
    """Timer: 24 or 72 hours have passed.

    A contact that a follower holds just now is judged by that follower, which sets the timers
    anew; waiting for it here would be waiting for each other.
    """
    row = session.scalar(
        select(HelpOutcome)
        .where(HelpOutcome.id == contact_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if row is not None:
        judge(session, row, now)


def _keep_for_editors(session: Session, row: HelpOutcome, contact: rules.Contact) -> None:
    """Put the question into the inbox, or take it out where it was answered after all."""
    form = same_form(row.text or "")
    if not form or not rules.is_unanswered(contact):
        row.unanswered_id = None
        return
    row.unanswered_id = derived_id("unanswered", row.language, form)
    statement = insert(Unanswered).values(
        id=row.unanswered_id,
        text=row.text,
        language=row.language,
        first_at=row.asked_at,
        last_at=row.asked_at,
        state="open",
    )
    new = statement.excluded
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={
                "first_at": func.least(Unanswered.first_at, new.first_at),
                "last_at": func.greatest(Unanswered.last_at, new.last_at),
            },
        )
    )
    _open_again(session, row)


def _open_again(session: Session, row: HelpOutcome) -> None:
    """What was made an example and was still not answered later comes back to the editors."""
    found = session.get_one(Unanswered, row.unanswered_id, populate_existing=True)
    settled = found.settled_at is not None and found.settled_at <= row.asked_at
    if settled and found.state in ("example", "question"):
        found.state, found.settled_at, found.settled_by = "open", None, None
        session.flush()
