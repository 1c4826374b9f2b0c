"""Sends what stands in the mail queue."""

from datetime import datetime, timedelta

from amparo.config import Settings
from amparo.kernel.clock import Clock
from amparo.mail import rules
from amparo.mail.actions import letter_of
from amparo.mail.models import OutgoingMail
from amparo.mail.rules import Letter
from amparo.mail.transports import transport_of
from amparo.storage import outbox
from amparo.storage.outbox import Carrier, Outcome, nothing_more
from amparo.storage.session import Database


class Sender(outbox.Sender[OutgoingMail, Letter]):
    """The mail queue's sender. Raises ValueError where ``mail_from`` names no address."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        name = rules.sender_name(settings.mail_from)
        transport = transport_of(settings, name)

        def send(letter: Letter, _: datetime) -> Outcome:
            return transport.send(letter)

        carrier = Carrier(
            table=OutgoingMail,
            schedule=rules.SCHEDULE,
            # A conversation with the server has about ten answers, each with its own limit.
            lease=timedelta(seconds=settings.smtp_timeout_s * 12 + 60),
            prepare=lambda _, mail: letter_of(mail, name),
            send=send,
            settled=nothing_more,
        )
        super().__init__(database, clock, carrier)
