"""A real mail server in this process, which answers as a test tells it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Protocol
from aiosmtpd.smtp import Envelope, Session


@dataclass
class MailServer:
    """Accepts mail, or answers what ``rcpt`` and ``data`` say instead of 250."""

    port: int = 0
    rcpt: str | None = None
    data: list[str] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(
        self,
        server: Protocol,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self.rcpt is not None:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Protocol, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return self.data.pop(0) if self.data else "250 accepted"

    @property
    def mails(self) -> list[Message]:
        """What was offered, parsed; accepted or not."""
        return [BytesParser(policy=default).parsebytes(raw) for raw in self.raw]

    @property
    def raw(self) -> list[bytes]:
        """What was offered, byte for byte."""
        return [e.content for e in self.envelopes if isinstance(e.content, bytes)]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a :class:`MailServer` on a free port of 127.0.0.1."""
    state = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:  # the controller cannot tell its port
        state.port = free.getsockname()[1]
    controller = Controller(state, hostname="127.0.0.1", port=state.port)
    controller.start()
    try:
        yield state
    finally:
        controller.stop()
