"""The follower, the sender and the log together, over a real database."""

from datetime import timedelta

from sqlalchemy import select

from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.kernel.ids import new_id
from amparo.storage.followers import drain, enrol
from amparo.storage.session import Database
from amparo.webhooks import actions, rules
from amparo.webhooks.followers import Webhooks
from amparo.webhooks.models import WebhookDelivery, WebhookEndpoint
from amparo.webhooks.sender import Sender
from tests.storage.receivers import Received
from tests.webhooks.people import TEO, Talk, buyer

SETTINGS = Settings(webhook_allowed_networks=("127.0.0.0/8",), webhook_timeout_s=5)  # type: ignore[arg-type]


class Desk:
    """The parts that work together in these tests."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database, self.clock = database, clock
        self.sender = Sender(database, clock, SETTINGS)
        enrol(database, [Webhooks()])

    def endpoint(self, url: str, *kinds: str) -> WebhookEndpoint:
        with self.database.transaction() as session:
            return actions.register_endpoint(
                session,
                TEO,
                id=new_id(),
                url=url,
                kinds=kinds or rules.PUBLIC_KINDS,
                allowed_networks=SETTINGS.webhook_allowed_networks,
                now=self.clock.now(),
            )

    def ask(self) -> Talk:
        """Ana opens a conversation: two events, opened and message."""
        now = self.clock.now()
        with self.database.transaction() as session:
            ana = buyer(session, "buyer-ana", "Ana", "es", "ana@example.com", now)
            return Talk.begun(session, ana, now)

    def follow(self) -> None:
        drain(self.database, self.clock, [Webhooks()])

    def deliveries(self) -> list[WebhookDelivery]:
        with self.database.transaction() as session:
            return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))

    def send_all(self) -> None:
        """Attempt after attempt, each when it is due, until nothing is left to do."""
        while waiting := [row.next_at for row in self.deliveries() if row.state == "pending"]:
            self.clock.advance(max(timedelta(0), min(waiting) - self.clock.now()))
            self.sender.run_once()


def ids(requests: list[Received]) -> list[str]:
    return [request.headers["webhook-id"] for request in requests]
