"""Real local servers for tests of outgoing calls: one that counts, one that answers as told."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class CountingListener:
    """Listens on every local address of both families and counts who connects."""

    def __init__(self) -> None:
        self._socket = socket.create_server(
            ("::", 0), family=socket.AF_INET6, dualstack_ipv6=socket.has_dualstack_ipv6()
        )
        self.port: int = self._socket.getsockname()[1]
        self.connections = 0
        self._counted = threading.Condition()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with self._counted:
                self.connections += 1
                self._counted.notify_all()
            connection.close()

    def wait_for(self, connections: int) -> bool:
        """Whether so many connections have come within five seconds."""
        with self._counted:
            return self._counted.wait_for(lambda: self.connections >= connections, 5)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@dataclass(frozen=True)
class Received:
    """One request as the receiver saw it; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Receiver:
    """A web server whose answers a test decides; it keeps what it was sent."""

    answer: Callable[[Received], Answer] = lambda _: (200, {}, b"ok")
    received: list[Received] = field(default_factory=list)
    url: str = ""


@contextmanager
def receiver(answer: Callable[[Received], Answer] | None = None) -> Iterator[Receiver]:
    """Run a :class:`Receiver` on a free port of 127.0.0.1."""
    state = Receiver() if answer is None else Receiver(answer)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            names = {name.lower(): value for name, value in self.headers.items()}
            request = Received(self.path, names, self.rfile.read(length))
            with lock:
                state.received.append(request)
            status, headers, body = state.answer(request)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Tests read what was received, not the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
