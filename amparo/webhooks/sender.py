"""Sends deliveries to the marketplace's servers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from amparo import __version__
from amparo.config import Settings
from amparo.kernel.clock import Clock
from amparo.storage import outbox
from amparo.storage.networks import Network
from amparo.storage.outbox import Carrier, Outcome
from amparo.storage.outgoing import OutgoingError, Resolve, post
from amparo.storage.session import Database
from amparo.storage.signing import signed_headers
from amparo.webhooks import rules
from amparo.webhooks.actions import Call, prepare, settled
from amparo.webhooks.models import WebhookDelivery

_ANSWER_BYTES = 4096


class Sender(outbox.Sender[WebhookDelivery, Call]):
    """The webhooks' sender; ``resolve`` stands in for the system's resolver."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: Settings,
        *,
        resolve: Resolve | None = None,
    ) -> None:
        self._allowed: Sequence[Network] = settings.webhook_allowed_networks
        self._timeout_s = settings.webhook_timeout_s
        self._resolve = resolve
        carrier = Carrier(
            table=WebhookDelivery,
            schedule=rules.SCHEDULE,
            lease=timedelta(seconds=self._timeout_s * 2 + 30),
            prepare=prepare,
            send=self._call,
            settled=settled,
        )
        super().__init__(database, clock, carrier)

    def _call(self, call: Call, now: datetime) -> Outcome:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"Amparo/{__version__} (webhooks)",
            **signed_headers(call.secret, str(call.id), now, call.body),
        }
        try:
            answer = post(
                call.url,
                call.body,
                headers,
                allowed_networks=self._allowed,
                timeout_s=self._timeout_s,
                max_bytes=_ANSWER_BYTES,
                resolve=self._resolve,
            )
        except OutgoingError as error:
            return Outcome("again", str(error))
        return rules.outcome_of(answer.status)
