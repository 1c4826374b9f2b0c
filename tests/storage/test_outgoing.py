"""Calls to other people's addresses never reach a neighbour of this machine (reliability S6)."""

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from amparo.storage.networks import may_be_called, read_networks
from amparo.storage.outgoing import OutgoingError, Response, check_url, post
from tests.storage.receivers import Answer, CountingListener, Received, receiver
from tests.storage.spellings import NAMES, ODD, PRIVATE, spellings

LOOPBACK = read_networks(["127.0.0.0/8"])


def resolve(host: str, port: int) -> Sequence[str]:
    """Numbers as the system reads them, names as an attacker's name server would."""
    try:
        return [str(ip_address(host.split("%")[0]))]
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return [str(address[0]) for *_, address in found]
    except OSError:
        return (
            ["127.0.0.1"] if host != "spoofed.mercadia.example" else ["93.184.215.14", "10.0.0.7"]
        )


class CountingConnect:
    """Opens nothing and counts who asked for it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def __call__(self, address: tuple[str, int], timeout: float) -> socket.socket:
        self.asked.append(address)
        raise ConnectionRefusedError("counted")


def send(url: str, **options: object) -> Response:
    settings: dict[str, object] = {
        "allowed_networks": LOOPBACK,
        "timeout_s": 5.0,
        "max_bytes": 1000,
    }
    return post(url, b"{}", {"Content-Type": "application/json"}, **(settings | options))  # type: ignore[arg-type]


@pytest.fixture
def listener() -> Iterator[CountingListener]:
    found = CountingListener()
    yield found
    found.close()


def test_no_spelling_of_a_neighbour_is_ever_connected_to(listener: CountingListener) -> None:
    urls = spellings(listener.port)
    assert len(urls) >= 200
    connect = CountingConnect()
    for url in urls:
        with pytest.raises(OutgoingError) as refusal:
            send(url, allowed_networks=(), resolve=resolve, connect=connect)
        assert refusal.value.reason in ("bad_url", "address_refused"), url
        with pytest.raises(OutgoingError):
            send(url, allowed_networks=(), resolve=resolve)
    assert connect.asked == []
    assert listener.connections == 0


def test_control_a_careless_sender_reaches_the_listener(listener: CountingListener) -> None:
    """The table is worth something: without our checks, many of the spellings do arrive."""
    reached = 0
    for host in (*ODD, *PRIVATE[:4], *NAMES[:4], "::1", "::ffff:127.0.0.1", "::"):
        try:
            socket.create_connection((host, listener.port), 0.5).close()
            reached += 1
        except (OSError, UnicodeError):
            continue
    assert reached >= 25
    assert listener.wait_for(reached)


def test_a_name_that_changes_its_mind_is_asked_once_and_pinned(listener: CountingListener) -> None:
    answers = iter([["93.184.215.14"], ["127.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    connect = CountingConnect()
    url = f"http://rebind.mercadia.example:{listener.port}/"
    with pytest.raises(OutgoingError) as failure:
        send(url, allowed_networks=(), resolve=rebinding, connect=connect)
    assert failure.value.reason == "connect_failed"
    assert asked == ["rebind.mercadia.example"]
    assert connect.asked == [("93.184.215.14", listener.port)]
    assert listener.connections == 0


def test_one_bad_address_among_good_ones_refuses_the_name() -> None:
    connect = CountingConnect()
    for addresses in (["93.184.215.14", "::1"], ["10.0.0.1", "93.184.215.14"], ["not an address"]):

        def name_server(*_: object, found: list[str] = addresses) -> list[str]:
            return found

        with pytest.raises(OutgoingError) as refusal:
            send("http://two.mercadia.example/", resolve=name_server, connect=connect)
        assert refusal.value.reason == "address_refused"
    assert connect.asked == []


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "2a00:1450::1"])
def test_public_addresses_may_be_called(address: str) -> None:
    assert may_be_called(address)


def test_a_listed_network_opens_only_itself() -> None:
    assert may_be_called("127.0.0.1", LOOPBACK)
    for other in ("::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "10.0.0.1"):
        assert not may_be_called(other, LOOPBACK)


def test_a_listed_network_is_reached_and_the_request_is_whole() -> None:
    with receiver(lambda _: (202, {}, b"thanks")) as there:
        answer = send(there.url + "/ä b?x=ü&y=1".replace(" ", "%20"))
    assert (answer.status, answer.body, answer.truncated) == (202, b"thanks", False)
    assert answer.duration > 0
    [request] = there.received
    assert request.path == "/hook/%C3%A4%20b?x=%C3%BC&y=1"
    assert request.headers["host"] == there.url.removeprefix("http://").partition("/")[0]
    assert request.headers["content-type"] == "application/json"
    assert request.body == b"{}"


def test_a_redirect_is_an_answer_and_is_not_followed(listener: CountingListener) -> None:
    for status in (301, 302, 303, 307, 308):
        location = {"Location": f"http://127.0.0.1:{listener.port}/secret"}

        def elsewhere(_: Received, status: int = status, to: dict[str, str] = location) -> Answer:
            return status, to, b""

        with receiver(elsewhere) as there:
            assert send(there.url).status == status
    assert listener.connections == 0


def test_proxies_of_the_environment_are_not_used(
    listener: CountingListener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
    with receiver() as there:
        assert send(there.url).status == 200
    assert listener.connections == 0


def test_a_long_answer_is_cut() -> None:
    with receiver(lambda _: (200, {}, b"x" * 100_000)) as there:
        answer = send(there.url, max_bytes=10)
    assert (answer.body, answer.truncated) == (b"x" * 10, True)


def _raw_server(speak: "list[bytes]", pause: threading.Event) -> tuple[int, threading.Thread]:
    """Says each piece with a short wait after it, until the other side has gone."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with server, server.accept()[0] as connection:
            try:
                for piece in speak:
                    connection.sendall(piece)
                    if pause.wait(0.05):
                        return
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return server.getsockname()[1], thread


@pytest.mark.parametrize(
    "pieces",
    [
        [b"H", b"T", b"T", b"P"] * 100,
        [b"HTTP/1.1 200 OK\r\n"] + [b"X-Drip: 1\r\n"] * 99,
        [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"] + [b"x"] * 500,
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"] + [b"1\r\nx\r\n"] * 500,
    ],
    ids=["status line", "headers", "body", "chunks"],
)
def test_a_dripping_answer_ends_at_the_time_limit(pieces: list[bytes]) -> None:
    done = threading.Event()
    port, thread = _raw_server(pieces, done)
    with pytest.raises(OutgoingError) as failure:
        send(f"http://127.0.0.1:{port}/", timeout_s=0.4)
    done.set()
    thread.join(5)
    assert failure.value.reason == "timed_out"


def test_nonsense_instead_of_http_is_a_bad_answer() -> None:
    done = threading.Event()
    done.set()
    for piece in (b"\x00\xff\x00\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b"", b"HTTP/1.1 abc\r\n\r\n"):
        port, thread = _raw_server([piece], done)
        with pytest.raises(OutgoingError) as failure:
            send(f"http://127.0.0.1:{port}/")
        thread.join(5)
        assert failure.value.reason == "bad_answer"


def test_a_slow_name_server_counts_in_the_time_limit() -> None:
    asleep = threading.Event()

    def slow(host: str, port: int) -> Sequence[str]:
        asleep.wait(20)
        return ["127.0.0.1"]

    with pytest.raises(OutgoingError) as failure:
        send("http://slow.mercadia.example/", resolve=slow, timeout_s=0.1)
    asleep.set()
    assert failure.value.reason == "timed_out"


def test_a_name_that_does_not_exist_and_a_closed_port() -> None:
    def missing(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror("no such name")

    with pytest.raises(OutgoingError) as failure:
        send("http://missing.mercadia.example/", resolve=missing)
    assert failure.value.reason == "name_not_found"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(OutgoingError) as failure:
        send(f"http://127.0.0.1:{port}/")
    assert failure.value.reason == "connect_failed"


def test_a_header_cannot_bring_a_second_one() -> None:
    with receiver() as there:
        with pytest.raises(OutgoingError) as failure:
            post(
                there.url,
                b"",
                {"X-Note": "a\r\nX-Injected: 1"},
                allowed_networks=LOOPBACK,
                timeout_s=5,
                max_bytes=10,
            )
        assert failure.value.reason == "bad_answer"
        assert there.received == []


def test_an_international_name_is_looked_up_as_ascii() -> None:
    assert check_url("https://Магазин.example.:8443/ü?q=é").host == "xn--80aairftm.example"
    assert check_url("https://магазин.example/a").port == 443


def _certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime.now(UTC) - timedelta(hours=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(hours=3))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def _tls_server(certificate: Path) -> tuple[int, list[str | None], threading.Thread]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with server, server.accept()[0] as raw:
            try:
                with context.wrap_socket(raw, server_side=True) as connection:
                    connection.recv(10_000)
                    connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                    while connection.recv(10_000):  # closed over unread bytes, TCP would reset
                        pass
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return server.getsockname()[1], names, thread


@pytest.mark.parametrize(
    ("host", "reason"), [("hooks.mercadia.example", None), ("other.mercadia.example", "tls_failed")]
)
def test_a_pinned_socket_still_verifies_the_name(
    tmp_path: Path, host: str, reason: str | None
) -> None:
    certificate = _certificate(tmp_path, "hooks.mercadia.example")
    port, names, thread = _tls_server(certificate)
    trust = ssl.create_default_context(cafile=str(certificate))
    url = f"https://{host}:{port}/"
    if reason is None:
        assert send(url, resolve=lambda *_: ["127.0.0.1"], tls=trust).status == 204
    else:
        with pytest.raises(OutgoingError) as failure:
            send(url, resolve=lambda *_: ["127.0.0.1"], tls=trust)
        assert failure.value.reason == reason
    thread.join(5)
    assert names == [host]


def test_an_unknown_authority_is_refused(tmp_path: Path) -> None:
    port, _, thread = _tls_server(_certificate(tmp_path, "hooks.mercadia.example"))
    with pytest.raises(OutgoingError) as failure:
        send(f"https://hooks.mercadia.example:{port}/", resolve=lambda *_: ["127.0.0.1"])
    thread.join(5)
    assert failure.value.reason == "tls_failed"
