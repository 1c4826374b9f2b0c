"""Tells the payment provider what is to be given back, and hears its answer."""

from datetime import timedelta

from amparo.cases.demo_payments import DemoProvider
from amparo.cases.http_payments import HttpProvider
from amparo.cases.models import RefundCall
from amparo.cases.payments import Provider
from amparo.cases.refunds_actions import Errand, prepare, run, settled
from amparo.config import Settings
from amparo.kernel.clock import Clock
from amparo.storage import outbox
from amparo.storage.outbox import Carrier, Schedule
from amparo.storage.session import Database

SCHEDULE = Schedule(
    (
        timedelta(seconds=10),
        timedelta(minutes=1),
        timedelta(minutes=10),
        timedelta(hours=1),
        timedelta(hours=6),
        *[timedelta(hours=24)] * 4,
    )
)
"""How often an unknown refund is asked about within the provider's deadline; then the case's own
deadlines go on."""


def provider_of(settings: Settings) -> Provider:
    """The provider that the settings name; without one, money is only played with."""
    if settings.payments_url is None:
        return DemoProvider(settings.demo_payments)
    secret = settings.payments_secret
    return HttpProvider(
        settings.payments_url,
        secret.get_secret_value() if secret else "",
        timeout_s=settings.payments_timeout_s,
        allowed=settings.payments_allowed_networks,
    )


class Sender(outbox.Sender[RefundCall, Errand]):
    """The refunds' sender; ``provider`` stands in for the one that the settings name."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: Settings,
        *,
        provider: Provider | None = None,
    ) -> None:
        self.provider = provider or provider_of(settings)
        carrier = Carrier(
            table=RefundCall,
            schedule=SCHEDULE,
            # a status and a refund may both be asked in one attempt
            lease=timedelta(seconds=settings.payments_timeout_s * 4 + 60),
            prepare=prepare,
            send=run(self.provider),
            settled=settled,
        )
        super().__init__(database, clock, carrier)
