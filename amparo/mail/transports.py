"""Where a mail goes: to a mail server, or into a folder.

``smtplib`` and not ``aiosmtplib``: a sender has threads of its own and waits in them; an event
loop would be a second way to wait, with the same server at the other end.
"""

import contextlib
import os
import smtplib
import ssl
from pathlib import Path
from typing import Protocol

from amparo.config import Settings
from amparo.mail.rules import Letter, SenderName, compose
from amparo.storage.outbox import Outcome

_PERMANENT = 500
_OUR_SIGN_IN = frozenset({530, 534, 535, 538})
"""Answers that speak of our signing in, not of the mail: somebody will put that right."""


class Transport(Protocol):
    """Hands a mail over, once. What it raises counts as "try again"."""

    def send(self, letter: Letter) -> Outcome: ...


class FolderTransport:
    """Writes each mail as a file that any mail program opens; whole, or not at all.

    The same mail again replaces its own file.
    """

    def __init__(self, folder: Path, sender: SenderName) -> None:
        self._folder, self._sender = folder, sender

    def send(self, letter: Letter) -> Outcome:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{letter.written_at:%Y%m%dT%H%M%SZ}-{letter.id}.eml"
        unfinished = self._folder / f".{name}.{os.getpid()}"
        with unfinished.open("wb") as file:
            file.write(compose(letter, self._sender))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._folder / name)
        _sync_folder(self._folder)
        return Outcome("delivered")


class SmtpTransport:
    """Submits each mail to a mail server (RFC 6409), one connection for each."""

    def __init__(self, settings: Settings, sender: SenderName) -> None:
        self._settings, self._sender = settings, sender

    def send(self, letter: Letter) -> Outcome:
        try:
            server = self._connected()
            try:
                server.sendmail(self._sender.address, [letter.to], compose(letter, self._sender))
                _part(server)
            finally:
                server.close()
        except smtplib.SMTPRecipientsRefused as refusal:
            return _answered(*refusal.recipients[letter.to])
        except smtplib.SMTPDataError as refusal:
            return _answered(refusal.smtp_code, refusal.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return Outcome("again", f"{type(error).__name__}: {error}")
        return Outcome("delivered")

    def _connected(self) -> smtplib.SMTP:
        chosen = self._settings
        tls = ssl.create_default_context()
        host, port, timeout = chosen.smtp_host, chosen.smtp_port, chosen.smtp_timeout_s
        own_name = self._sender.domain
        server: smtplib.SMTP
        if chosen.smtp_security == "tls":
            server = smtplib.SMTP_SSL(host, port, own_name, timeout=timeout, context=tls)
        else:
            server = smtplib.SMTP(host, port, own_name, timeout=timeout)
        try:
            if chosen.smtp_security == "starttls":
                server.starttls(context=tls)
            if chosen.smtp_user is not None:
                password = chosen.smtp_password
                server.login(chosen.smtp_user, password.get_secret_value() if password else "")
        except BaseException:
            server.close()
            raise
        return server


def transport_of(settings: Settings, sender: SenderName) -> Transport:
    """The transport that the settings choose."""
    if settings.mail_transport == "smtp":
        return SmtpTransport(settings, sender)
    return FolderTransport(settings.data / "mail", sender)


def _part(server: smtplib.SMTP) -> None:
    """Say goodbye. The mail is accepted, whatever the server answers to that."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        server.quit()


def _answered(code: int, text: bytes | str) -> Outcome:
    """4xx: later (greylisting, full, busy). 5xx: never, unless it is about our own sign-in."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    permanent = code >= _PERMANENT and code not in _OUR_SIGN_IN
    return Outcome("dead" if permanent else "again", f"{code} {said}", code)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
