"""Mail leaves after its commit, once, and is tried again where that helps (mail.md, rule 9)."""

import os
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Forbidden, Invalid
from amparo.kernel.ids import new_id
from amparo.mail import actions, queries
from amparo.mail.models import OutgoingMail
from amparo.mail.sender import Sender
from amparo.storage.session import Database
from tests.mail.servers import MailServer, mail_server
from tests.webhooks.people import MARTA, TEO

FROM = "Mercadia <help@mercadia.example>"


class Office:
    """The queue and its sender."""

    def __init__(self, database: Database, clock: ManualClock, settings: Settings) -> None:
        self.database, self.clock, self.settings = database, clock, settings
        self.sender = Sender(database, clock, settings)

    def queue(self, to: str = "ana@example.com", id: UUID | None = None) -> UUID:
        with self.database.transaction() as session:
            return actions.queue_mail(
                session, to=to, subject="Su pedido", text="Hola, Ana.", language="es",
                now=self.clock.now(), id=id,
            )  # fmt: skip

    def mails(self) -> list[OutgoingMail]:
        with self.database.transaction() as session:
            return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.created_at)))

    def mail(self) -> OutgoingMail:
        [mail] = self.mails()
        return mail


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def office(database: Database, clock: ManualClock, tmp_path: Path) -> Office:
    return Office(database, clock, Settings(data=tmp_path, mail_from=FROM))


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture
def post_office(database: Database, clock: ManualClock, server: MailServer) -> Office:
    settings = Settings(
        mail_transport="smtp",
        mail_from=FROM,
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_security="none",
        smtp_timeout_s=5,
    )
    return Office(database, clock, settings)


def test_a_mail_becomes_a_whole_file(office: Office, folder: Path) -> None:
    id = office.queue()
    assert office.sender.run_once() == 1
    assert office.sender.run_once() == 0
    [path] = folder.iterdir()
    assert path.name == f"20260414T120000Z-{id}.eml"
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert mail["To"] == "ana@example.com"
    assert mail["Message-ID"] == f"<{id}@mercadia.example>"
    assert mail["Date"].datetime == office.clock.now()
    assert office.mail().state == "delivered"
    assert folder.stat().st_mode & 0o077 == 0


def test_what_is_rolled_back_is_never_sent(office: Office, folder: Path) -> None:
    def queue_and_fail() -> None:
        with office.database.transaction() as session:
            actions.queue_mail(
                session, to="ana@example.com", subject="s", text="t", language="en",
                now=office.clock.now(),
            )  # fmt: skip
            raise RuntimeError

    with pytest.raises(RuntimeError):
        queue_and_fail()
    assert office.sender.run_once() == 0
    assert not folder.exists()


def test_the_same_id_is_the_same_mail(office: Office, folder: Path) -> None:
    id = new_id()
    assert office.queue(id=id) == office.queue(id=id) == id
    office.sender.run_once()
    assert len(list(folder.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_tried_again(office: Office, tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    office.queue()
    office.sender.run_once()
    mail = office.mail()
    assert (mail.state, mail.attempts) == ("pending", 1)
    assert mail.last_error is not None
    os.remove(tmp_path / "mail")
    office.clock.advance(timedelta(minutes=2))
    office.sender.run_once()
    assert office.mail().state == "delivered"


def test_a_mail_server_gets_it(post_office: Office, server: MailServer) -> None:
    id = post_office.queue("Ana.B@пример.рф")
    post_office.sender.run_once()
    [envelope], [mail] = server.envelopes, server.mails
    assert envelope.mail_from == "help@mercadia.example"
    assert envelope.rcpt_tos == ["Ana.B@xn--e1afmkfd.xn--p1ai"]
    assert mail["Message-ID"] == f"<{id}@mercadia.example>"
    assert post_office.mail().state == "delivered"


def test_greylisting_only_delays_and_keeps_the_message_id(
    post_office: Office, server: MailServer
) -> None:
    server.data = ["451 4.7.1 greylisted, come back", "421 4.3.2 busy"]
    post_office.queue()
    for _ in range(3):
        post_office.sender.run_once()
        post_office.clock.advance(timedelta(minutes=10))
    mail = post_office.mail()
    assert (mail.state, mail.attempts) == ("delivered", 3)
    assert len({offered["Message-ID"] for offered in server.mails}) == 1
    assert len(server.raw) == 3
    assert len(set(server.raw)) == 1


@pytest.mark.parametrize(
    ("rcpt", "data"), [("550 5.1.1 no such user", []), (None, ["554 5.7.1 we think it is spam"])]
)
def test_a_final_no_is_a_visible_failure(
    post_office: Office, server: MailServer, rcpt: str | None, data: list[str]
) -> None:
    server.rcpt, server.data = rcpt, data
    post_office.queue()
    post_office.sender.run_once()
    mail = post_office.mail()
    assert (mail.state, mail.attempts) == ("dead", 1)
    assert mail.last_error == (rcpt or "554 5.7.1 we think it is spam")
    with post_office.database.transaction() as session:
        assert [m.id for m in queries.mails_for(session, TEO, state="dead").items] == [mail.id]


def test_a_dead_server_is_tried_for_five_days_and_then_said_so(
    database: Database, clock: ManualClock, server: MailServer
) -> None:
    settings = Settings(
        mail_transport="smtp", mail_from=FROM, smtp_host="127.0.0.1", smtp_port=1,
        smtp_security="none", smtp_timeout_s=1,
    )  # fmt: skip
    office = Office(database, clock, settings)
    office.queue()
    started = clock.now()
    while (mail := office.mail()).state == "pending":
        clock.advance(mail.next_at - clock.now())
        office.sender.run_once()
    assert timedelta(days=4, hours=12) < clock.now() - started < timedelta(days=6)
    dead = office.mail()
    assert dead.last_error is not None
    assert "ConnectionRefusedError" in dead.last_error

    alive = Office(database, clock, settings.model_copy(update={"smtp_port": server.port}))
    with database.transaction() as session:
        actions.send_mail_again(session, TEO, dead.id, clock.now())
    alive.sender.run_once()
    assert alive.mail().state == "delivered"
    assert server.mails[0]["Message-ID"] == dead.message_id


def test_a_server_without_encryption_is_not_trusted_with_mail(
    database: Database, clock: ManualClock, server: MailServer
) -> None:
    settings = Settings(
        mail_transport="smtp", mail_from=FROM, smtp_host="127.0.0.1", smtp_port=server.port,
    )  # fmt: skip
    office = Office(database, clock, settings)
    office.queue()
    office.sender.run_once()
    assert office.mail().state == "pending"
    assert server.envelopes == []


def test_a_wrong_address_is_refused_when_it_is_queued(office: Office) -> None:
    with pytest.raises(Invalid):
        office.queue("ana@example.com\r\nBcc: everybody@example.com")
    assert office.mails() == []


def test_only_administrators_see_the_queue(office: Office) -> None:
    id = office.queue()
    with office.database.transaction() as session:
        with pytest.raises(Forbidden):
            queries.mails_for(session, MARTA)
        with pytest.raises(Forbidden):
            actions.send_mail_again(session, MARTA, id, office.clock.now())
