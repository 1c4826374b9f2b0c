"""HTTP calls to addresses that somebody else wrote down: webhooks, previews, connectors.

Such an address may be a trick to make this machine talk to its own neighbours (SSRF). So the name
is looked up once, every address that it has is checked, and the connection goes to one of the
addresses checked, whatever the name says a moment later (DNS rebinding). TLS still verifies the
name. Redirects are not followed, proxies of the environment are not used, and the whole call has
one time limit and one size limit.
"""

import http.client
import io
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Literal
from urllib.parse import quote, urlsplit

from amparo.storage.networks import Network, may_be_called

Resolve = Callable[[str, int], Sequence[str]]
"""Gives all addresses of a host name for a port; raises OSError where it has none."""

Connect = Callable[[tuple[str, int], float], socket.socket]
"""Opens a connection to (address, port) within so many seconds."""

Reason = Literal[
    "bad_url",
    "address_refused",
    "name_not_found",
    "connect_failed",
    "tls_failed",
    "timed_out",
    "bad_answer",
]

_LONGEST_URL = 2048
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(
    r"[a-z0-9_]([a-z0-9_-]{0,62}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,62}[a-z0-9_])?)*"
)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_PATH_CHARACTERS = "/%:@!$&'()*+,;=~-._?"


class OutgoingError(Exception):
    """The call did not end in an answer; ``reason`` is stable, the text is for the log."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of any status, redirects included.

    Attributes:
        body: at most ``max_bytes`` of it; ``truncated`` says whether there was more.
        duration: seconds from the start of the look-up to the last byte read.
    """

    status: int
    body: bytes
    duration: float
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Where a checked URL leads: the host as ASCII, without brackets or a final dot."""

    scheme: str
    host: str
    port: int
    path: str


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed_networks: Sequence[Network],
    timeout_s: float,
    max_bytes: int,
    resolve: Resolve | None = None,
    connect: Connect = socket.create_connection,
    tls: ssl.SSLContext | None = None,
) -> Response:
    """Send ``body`` to ``url`` and return the answer, a redirect being an answer like any other.

    Args:
        allowed_networks: networks that may be called although they are not public.
        timeout_s: seconds for everything together: look-up, connection, sending and reading.
        max_bytes: how much of the answer's body is read; the rest is left.
        resolve: the system's resolver, unless another is given.
        connect: how a socket is opened, unless otherwise ``socket.create_connection``.
        tls: what to trust; the system's authorities, unless otherwise given.

    Raises:
        OutgoingError: the address may not be called, or no whole answer came in time.
    """
    started = time.monotonic()
    deadline = started + timeout_s
    target = check_url(url)
    addresses = _checked_addresses(target, allowed_networks, resolve or _system_resolver, deadline)
    wire = _open(target, addresses, connect, tls, deadline)
    try:
        status, data, truncated = _exchange(target, wire, body, headers, max_bytes)
    except TimeoutError as error:
        raise OutgoingError("timed_out", str(error)) from error
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise OutgoingError("bad_answer", f"{type(error).__name__}: {error}") from error
    finally:
        wire.hang_up()
    return Response(status, data, time.monotonic() - started, truncated)


def check_url(url: str) -> Target:
    """Take a URL apart, without looking its name up.

    Raises:
        OutgoingError: not http or https, a name and password inside, or a host that is neither a
            name nor an address in its one usual spelling (``bad_url``).
    """
    if len(url) > _LONGEST_URL:
        raise OutgoingError("bad_url", f"longer than {_LONGEST_URL} characters")
    if _UNSAFE.search(url):
        raise OutgoingError("bad_url", "a space, a control character or a backslash")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise OutgoingError("bad_url", str(error)) from error
    if parts.scheme not in _PORTS:
        raise OutgoingError("bad_url", f"scheme {parts.scheme!r}")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise OutgoingError("bad_url", "a user name in the address")
    bracketed = parts.netloc.startswith("[")
    host = (parts.hostname or "") if bracketed else _ascii_host(parts.hostname or "")
    path = quote(parts.path or "/", safe=_PATH_CHARACTERS)
    if parts.query:
        path += "?" + quote(parts.query, safe=_PATH_CHARACTERS)
    return Target(parts.scheme, host, _PORTS[parts.scheme] if port is None else port, path)


def _ascii_host(host: str) -> str:
    try:
        ascii_host = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise OutgoingError("bad_url", f"host {host!r}: {error}") from error
    if not _HOST.fullmatch(ascii_host):
        raise OutgoingError("bad_url", f"host {host!r}")
    # Resolvers read 2130706433, 0x7f.1 and 127.1 as 127.0.0.1; nobody honest writes them.
    last = ascii_host.rpartition(".")[2]
    if _NUMBER.fullmatch(last):
        try:
            IPv4Address(ascii_host)
        except ValueError as error:
            raise OutgoingError("bad_url", f"host {host!r}: {error}") from error
    return ascii_host


def _checked_addresses(
    target: Target, allowed: Sequence[Network], resolve: Resolve, deadline: float
) -> Sequence[str]:
    addresses = _in_time(lambda: resolve(target.host, target.port), deadline)
    if not addresses:
        raise OutgoingError("name_not_found", target.host)
    # All of them, not the first good one: a name that also points inside is not to be trusted.
    for address in addresses:
        if not may_be_called(address, allowed):
            raise OutgoingError("address_refused", f"{target.host} is {address}")
    return addresses


def _system_resolver(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _in_time(look_up: Callable[[], Sequence[str]], deadline: float) -> Sequence[str]:
    """Run a look-up, which cannot be stopped, in a thread that is left behind when time is up."""
    answers: list[Sequence[str]] = []
    failures: list[OSError] = []

    def work() -> None:
        try:
            answers.append(look_up())
        except (OSError, UnicodeError) as error:
            failures.append(error if isinstance(error, OSError) else OSError(str(error)))

    thread = threading.Thread(target=work, name="amparo-resolve", daemon=True)
    thread.start()
    thread.join(max(0.0, deadline - time.monotonic()))
    if answers:
        return answers[0]
    if failures:
        raise OutgoingError("name_not_found", str(failures[0])) from failures[0]
    raise OutgoingError("timed_out", "the name was not found in time")


def _open(
    target: Target,
    addresses: Sequence[str],
    connect: Connect,
    tls: ssl.SSLContext | None,
    deadline: float,
) -> "_Wire":
    """Connect to the first address that answers, and to none that was not checked."""
    failure: OSError | None = None
    for address in addresses:
        try:
            raw = connect((address, target.port), _left(deadline))
        except OSError as error:
            failure = error
            continue
        return _Wire(_secured(raw, target, tls, deadline), deadline)
    reason: Reason = "timed_out" if isinstance(failure, TimeoutError) else "connect_failed"
    raise OutgoingError(reason, f"{target.host}: {failure}") from failure


def _secured(
    raw: socket.socket, target: Target, tls: ssl.SSLContext | None, deadline: float
) -> socket.socket:
    if target.scheme == "http":
        return raw
    try:
        raw.settimeout(_left(deadline))
        context = tls or ssl.create_default_context()
        return context.wrap_socket(raw, server_hostname=target.host)
    except OSError as error:
        raw.close()
        reason: Reason = "timed_out" if isinstance(error, TimeoutError) else "tls_failed"
        raise OutgoingError(reason, f"{target.host}: {error}") from error


def _left(deadline: float) -> float:
    """Seconds until the deadline. Raises TimeoutError where none are left."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    return left


def _exchange(
    target: Target, wire: "_Wire", body: bytes, headers: Mapping[str, str], max_bytes: int
) -> tuple[int, bytes, bool]:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.auto_open = 0  # it may never look the name up and connect by itself
    connection.default_port = _PORTS[target.scheme]  # decides whether Host names the port
    connection.sock = wire  # has all that http.client asks of a socket
    connection.request("POST", target.path, body, {**headers, "Connection": "close"})
    answer = connection.getresponse()
    data = answer.read(max_bytes + 1)
    return answer.status, data[:max_bytes], len(data) > max_bytes


class _Wire:
    """A socket under one deadline for everything: with one per read, a drip goes on for ever."""

    def __init__(self, raw: socket.socket, deadline: float) -> None:
        self._raw = raw
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._raw.settimeout(_left(self._deadline))
            view = view[self._raw.send(view) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Stream(self._raw, self._deadline))

    def close(self) -> None:
        """Not yet: http.client lets go of the socket before the answer is read."""

    def hang_up(self) -> None:
        self._raw.close()


class _Stream(io.RawIOBase):
    def __init__(self, raw: socket.socket, deadline: float) -> None:
        self._raw = raw
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        self._raw.settimeout(_left(self._deadline))
        return self._raw.recv_into(buffer)
