"""A NATS server of a few lines: INFO, CONNECT, PING, SUB, PUB, MSG, on a thread of its own."""

import asyncio
import json
import threading
from collections import Counter
from concurrent.futures import Future
from typing import Any, Self


class FakeNats:
    """Hears and tells; it can be ended and begun again on the same port.

    Attributes:
        carried: how many messages came for each last part of a subject.
    """

    def __init__(self) -> None:
        self.port = 0
        self.carried: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._lines: dict[asyncio.StreamWriter, dict[str, str]] = {}
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def begin(self) -> Self:
        self._do(self._begin())
        return self

    def end(self) -> None:
        """As a crash does: every connection is cut."""
        self._do(self._end())

    def close(self) -> None:
        self.end()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _do(self, work: Any) -> None:
        done: Future[None] = asyncio.run_coroutine_threadsafe(work, self._loop)
        done.result(10)

    async def _begin(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for line in list(self._lines):
            line.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        subjects = self._lines[writer] = {}
        info = {"server_id": "x", "version": "2.10.0", "max_payload": 1_048_576, "headers": True}
        writer.write(b"INFO " + json.dumps(info).encode() + b"\r\n")
        try:
            while words := (await reader.readline()).decode().split():
                if words[0] == "CONNECT":
                    assert json.loads(" ".join(words[1:]))["echo"] is False
                elif words[0] == "PING":
                    writer.write(b"PONG\r\n")
                elif words[0] == "SUB":
                    subjects[words[1]] = words[-1]
                elif words[0] == "PUB":
                    body = (await reader.readexactly(int(words[-1]) + 2))[:-2]
                    self._tell(writer, words[1], body)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            del self._lines[writer]
            writer.close()

    def _tell(self, author: asyncio.StreamWriter, subject: str, body: bytes) -> None:
        self.carried[subject.rsplit(".", 1)[-1]] += 1
        for line, subjects in self._lines.items():
            if line is not author and subject in subjects:
                head = f"MSG {subject} {subjects[subject]} {len(body)}\r\n"
                line.write(head.encode() + body + b"\r\n")
