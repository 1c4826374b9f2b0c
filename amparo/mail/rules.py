"""What a mail may look like, and how long we try to hand it over."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from uuid import UUID

from amparo.kernel.errors import Invalid
from amparo.kernel.text import clean, clip
from amparo.storage.outbox import Schedule

SCHEDULE = Schedule(
    (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(minutes=30),
        timedelta(hours=1),
        timedelta(hours=2),
        timedelta(hours=4),
        *(timedelta(hours=8) for _ in range(14)),
    )
)
"""Five days, as mail servers do (RFC 5321, 4.5.4.1): greylisting is over in minutes, a dead
server may need days."""

_SUBJECT_LIMIT = 200
_ADDRESS_LIMIT = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
_LOCAL_LIMIT = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_MESSAGE_IDS = re.compile(r"<[!-;=?-~]{1,250}>( <[!-;=?-~]{1,250}>){0,50}")
EXTRA_HEADERS = ("In-Reply-To", "References")
"""Headers that a caller may give; all others are ours. Both hold message ids and nothing else."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it was queued, ready to be written out."""

    id: UUID
    to: str
    subject: str
    text: str
    language: str
    message_id: str
    written_at: datetime
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SenderName:
    """Whom our mail comes from."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def sender_name(setting: str) -> SenderName:
    """Read ``mail_from``: an address, or ``Name <address>``. Raises ValueError."""
    name, address = parseaddr(setting)
    try:
        return SenderName(one_line(name), checked_address(address))
    except Invalid:
        raise ValueError(f"mail_from names no address: {setting!r}") from None


def checked_address(text: str) -> str:
    """An address that can stand in a header and in SMTP as it is, its domain in ASCII.

    Stricter than RFC 5322: no quoted local part, no comment, no address literal.

    Raises:
        Invalid: it is no such address.
    """
    local, at, domain = text.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise Invalid("email_invalid") from None
    address = f"{local}{at}{ascii_domain}"
    whole = _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)
    if not whole or len(local) > _LOCAL_LIMIT or len(address) > _ADDRESS_LIMIT:
        raise Invalid("email_invalid")
    return address


def one_line(text: str) -> str:
    """Everything that could end a line becomes a space: a subject cannot bring a header along."""
    return " ".join(clean(text).split())


def checked_subject(text: str) -> str:
    """A subject in one line, of at most 200 characters. Raises ValueError where none is left."""
    subject = clip(one_line(text), _SUBJECT_LIMIT)
    if not subject:
        raise ValueError("a mail needs a subject")
    return subject


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers as given. Raises ValueError for names that are ours and values of other form."""
    for name, value in headers.items():
        if name not in EXTRA_HEADERS or not _MESSAGE_IDS.fullmatch(value):
            raise ValueError(f"not a header that may be given: {name}: {value!r}")
    return dict(headers)


def message_id(id: UUID, sender: SenderName) -> str:
    """The Message-ID of a mail of ours: the same for ever, in our own domain."""
    return f"<{id}@{sender.domain}>"


def compose(letter: Letter, sender: SenderName) -> bytes:
    """The mail as it goes over the wire (RFC 5322), the same bytes at every attempt.

    ``Auto-Submitted`` (RFC 3834) keeps vacation responders from answering.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(sender.name, addr_spec=sender.address)
    mail["To"] = Address(addr_spec=letter.to)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.written_at)
    mail["Message-ID"] = letter.message_id
    for name, value in letter.headers.items():
        mail[name] = value
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text.rstrip("\n") + "\n", cte="quoted-printable")
    if letter.html is not None:
        mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        mail.set_boundary(f"=_{letter.id.hex}")
    mail["Content-Language"] = letter.language  # last: setting content clears all Content-*
    return mail.as_bytes()
