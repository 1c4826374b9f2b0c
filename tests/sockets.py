"""A client of the live socket for tests: what a front end does, one call at a time.

It keeps its own copy of each stream (each event must have the next number), resends what was not
acknowledged, and waits for conditions, never for time.
"""

import json
import socket
import struct
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

Frame = dict[str, Any]
_RETRY = frozenset({429, 503})
"""Refusals that are not the message's fault: it stays unacknowledged and may be sent again."""


class Live:
    """One person's live connection, which may be cut and come back."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        csrf: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.streams: dict[str, list[Frame]] = defaultdict(list)
        self.after: dict[str, int] = {}
        self.acks: dict[str, Frame] = {}
        self.problems: list[Frame] = []
        self.positions: dict[str, list[int | None]] = defaultdict(list)
        self.frames: list[Frame] = []
        self.unacked: dict[str, Frame] = {}
        self._caught_up: set[str] = set()
        self._url, self._headers = url, dict(headers or {})
        self._auth = {"type": "auth", "token": token, "csrf": csrf}
        self._stack = ExitStack()
        self._socket: socket.socket | None = None
        self._connection: ClientConnection | None = None

    def open(self) -> Self:
        """Connect, prove who it is, and wait until the server says that it knows."""
        self._connection = self.connected()
        before = len(self.frames)
        self.send(self._auth)
        self.until(lambda: any(f["type"] == "ready" for f in self.frames[before:]), "ready")
        return self

    def connected(self, origin: str | None = None) -> ClientConnection:
        """The bare connection, nothing sent yet."""
        address = urlsplit(self._url)
        self._socket = socket.create_connection((address.hostname, address.port), 10)
        self._connection = self._stack.enter_context(
            connect(
                f"ws://{address.netloc}/api/v1/live",
                sock=self._socket,
                origin=Origin(origin) if origin else None,
                additional_headers=self._headers,
                compression=None,
                proxy=None,
                max_queue=None,
                ping_interval=None,
                close_timeout=1,
            )
        )
        return self._connection

    def again(self) -> Self:
        """Come back after a cut: each stream from its last number, then what was not answered."""
        self.open()
        for conversation in list(self.after):
            self.subscribe(conversation, self.last_seq(conversation))
        for frame in self.unacked.values():
            self.send(frame)
        return self

    def cut(self) -> None:
        """The network is gone: no closing hand-shake, and what lies unread is lost."""
        if self._socket is not None:
            # a reset instead of a farewell; the socket is closed by its connection
            with suppress(OSError):
                linger = struct.pack("ii", 1, 0)
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self._socket.shutdown(socket.SHUT_RDWR)
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._connection = self._socket = None
        self._stack.close()

    def subscribe(self, conversation: str, after: int = 0) -> Self:
        """Follow a conversation from a number on; returns when it has caught up."""
        self.after.setdefault(conversation, after)
        self._caught_up.discard(conversation)
        self.send({"type": "subscribe", "conversation": conversation, "after": after})
        self.until(lambda: conversation in self._caught_up, f"caught up with {conversation}")
        return self

    def post(self, conversation: str, body: str, **rest: Any) -> str:
        """Send a message and do not wait; returns its ``client_id``."""
        client_id = rest.pop("client_id", None) or str(uuid4())
        frame = {"type": "post", "conversation": conversation, "client_id": client_id}
        self.unacked[client_id] = frame | {"body": body} | rest
        self.send(self.unacked[client_id])
        return client_id

    def say(self, conversation: str, body: str, **rest: Any) -> Frame:
        """Send a message and wait until it is durable."""
        client_id = self.post(conversation, body, **rest)
        self.until(lambda: client_id in self.acks, f"acknowledged: {body!r}")
        return self.acks[client_id]

    def refused(self, conversation: str, body: str, **rest: Any) -> Frame:
        """Send a message that must be refused; returns the problem."""
        client_id = self.post(conversation, body, **rest)

        def found() -> list[Frame]:
            return [p for p in self.problems if p["client_id"] == client_id]

        self.until(lambda: bool(found()), f"refused: {body[:80]!r}")
        return found()[0]

    def events(self, conversation: str, kind: str | None = None) -> list[Frame]:
        """What it has of a stream, as ``GET .../events`` would give it."""
        return [e for e in self.streams[conversation] if kind is None or e["kind"] == kind]

    def bodies(self, conversation: str) -> list[str]:
        """The messages it has of a conversation."""
        return [event["data"]["body"] for event in self.events(conversation, "message")]

    def last_seq(self, conversation: str) -> int:
        """The last number it has of a stream."""
        events = self.streams[conversation]
        return events[-1]["seq"] if events else self.after.get(conversation, 0)

    def until(self, condition: Callable[[], bool], what: str, seconds: float = 30.0) -> Self:
        """Take frames in until something is true; fails after ``seconds``."""
        deadline = time.monotonic() + seconds
        while not condition():
            left = deadline - time.monotonic()
            came = left > 0 and self.receive(left)
            assert came, f"not within {seconds} s: {what}; last came {self._last()}"
        return self

    def _last(self) -> list[str]:
        return [f"{f['type']} {f.get('seq', '')} {f.get('kind', '')}" for f in self.frames[-12:]]

    def until_acked(self) -> Self:
        """Wait until everything sent is durable."""
        return self.until(lambda: not self.unacked, "everything is acknowledged")

    def until_seq(self, conversation: str, seq: int) -> Self:
        """Wait for the event with this number."""
        return self.until(lambda: self.last_seq(conversation) == seq, f"number {seq}")

    def receive(self, seconds: float) -> bool:
        """Take one frame in; False where none came in time.

        Raises:
            ConnectionClosed: the connection has ended.
        """
        connection = self.connection
        try:
            text = connection.recv(timeout=seconds)
        except TimeoutError:
            return False
        self._take(json.loads(text))
        return True

    def closed(self, seconds: float = 30.0) -> int | None:
        """Wait until the server ends the connection; returns its close code."""
        deadline = time.monotonic() + seconds
        try:
            while self.receive(max(0.01, deadline - time.monotonic())):
                pass
        except ConnectionClosed as closing:
            return closing.rcvd.code if closing.rcvd else None
        raise AssertionError(f"still open after {seconds} s")

    def send(self, frame: Frame) -> None:
        """Send any frame."""
        self.connection.send(json.dumps(frame))

    @property
    def connection(self) -> ClientConnection:
        """The open connection."""
        assert self._connection is not None, "not connected"
        return self._connection

    def _take(self, frame: Frame) -> None:
        self.frames.append(frame)
        match frame["type"]:
            case "event":
                self._append(frame)
            case "caught_up":
                self._caught_up.add(frame["conversation"])
            case "ack":
                self.acks[frame["client_id"]] = frame
                self.unacked.pop(frame["client_id"], None)
            case "problem":
                self.problems.append(frame)
                if frame["status"] not in _RETRY:
                    self.unacked.pop(frame["client_id"], None)
            case "position":
                self.positions[frame["conversation"]].append(frame["position"])

    def _append(self, frame: Frame) -> None:
        conversation = frame["conversation"]
        expected = self.last_seq(conversation) + 1
        assert frame["seq"] == expected, f"number {frame['seq']} came where {expected} was due"
        event = {key: frame[key] for key in ("seq", "kind", "at", "data")}
        self.streams[conversation].append(event)
