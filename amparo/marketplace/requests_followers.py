"""What happens to open requests when the marketplace's data change."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from amparo.marketplace.requests_actions import settle_by_import
from amparo.storage.events import LoggedEvent


class RequestsByImport:
    """Follower: an imported order that is cancelled or sent has answered what was asked of it."""

    name = "marketplace.requests_by_import"
    kinds = frozenset({"order_changed"})

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        """Settle what the new states say; an event that comes again finds nothing open."""
        for event in events:
            if event.subject is not None and not event.data["created"]:
                settle_by_import(session, event.subject, event.data["state"], now)
