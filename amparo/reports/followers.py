"""Reads the log and keeps the account of what helped."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from amparo.contact_guide.events import ANSWER_SHOWN, FEEDBACK
from amparo.conversations.events import (
    JOINED,
    MESSAGE_DELETED,
    MESSAGE_EDITED,
    MESSAGE_POSTED,
    OPENED,
    STATE_CHANGED,
)
from amparo.reports import contacts_actions as contacts
from amparo.storage.events import LoggedEvent

PAGE_RATED = "help_page_rated"

TakeIn = Callable[[Session, LoggedEvent, datetime], None]
_TAKE_IN: Mapping[str, TakeIn] = {
    OPENED: contacts.opened,
    JOINED: contacts.joined,
    MESSAGE_POSTED: contacts.message,
    MESSAGE_EDITED: contacts.reworded,
    MESSAGE_DELETED: contacts.reworded,
    STATE_CHANGED: contacts.state_changed,
    ANSWER_SHOWN: contacts.shown,
    FEEDBACK: contacts.feedback,
    PAGE_RATED: contacts.page_rated,
}


class MeasuredHelp:
    """Turns what happened into help contacts and what became of them."""

    name = "measured_help"
    kinds = frozenset(_TAKE_IN)

    def wants(self, event: LoggedEvent) -> bool:
        """Of messages, what was asked of the assistant and what it answered."""
        return event.kind != MESSAGE_POSTED or contacts.concerns(event.data)

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        """Take in each event, in the order of the log; taking it in again changes nothing."""
        for event in events:
            _TAKE_IN[event.kind](session, event, now)
