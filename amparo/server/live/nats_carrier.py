"""NATS between the processes, where an installation has one: hints and what lives a moment.

The database stays the truth, and every process goes on listening to it. NATS is used only while
all living processes were heard there lately; else everything goes through PostgreSQL, which all
hear. Whoever may have missed something looks at everything.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from importlib.util import find_spec
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from amparo.storage.session import CHANNEL, EVERYTHING, Database, identity, say

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

log = structlog.get_logger(__name__)
BEAT_S = 5.0
_SILENT_S = 15.0
_UNSURE_S = 20.0  # by then the others have noticed that we are silent, and use PostgreSQL
_LOOK_S = 2.0
_AGAIN_S = 1.0
_CONNECT_S = 5
_MOST_WAITING = 10_000


class WrongNats(Exception):
    """NATS cannot be used; the message tells a person why and what to do."""


def servers(url: str) -> list[str]:
    """The servers that a setting names, separated by commas.

    Raises:
        WrongNats: it is no address of NATS, or the package is missing.
    """
    found = [part.strip() for part in url.split(",") if part.strip()]
    for one in found:
        try:
            parts = urlsplit(one)
            good = parts.scheme in ("nats", "tls") and parts.hostname and parts.port != 0
        except ValueError:
            good = False
        if not good:  # the address may hold a password: it is not repeated
            found = []
            break
    if not found:
        raise WrongNats(
            "AMPARO_NATS_URL is not an address of NATS. It looks like nats://host:4222 or "
            "tls://name:password@host:4222; several are separated by commas."
        )
    if find_spec("nats") is None:
        raise WrongNats(
            "AMPARO_NATS_URL is set, but the package nats-py is missing. Install it with "
            "pip install 'amparo[nats]', or leave AMPARO_NATS_URL out."
        )
    return found


class Nats:
    """One process's line to NATS. It runs on the loop; ``ready`` and ``carry`` serve any thread."""

    def __init__(
        self,
        url: str,
        node: str,
        database: Database,
        heard: Callable[[list[str]], None],
        said: Callable[[bytes], None],
    ) -> None:
        """``heard`` takes hints and ``said`` what lives a moment; neither may block."""
        self._servers, self._node, self._database = servers(url), node, database
        self._heard, self._said = heard, said
        self._client: Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._flushing: asyncio.Task[None] | None = None
        self._waiting: list[str] = []
        self._others: frozenset[str] | None = None
        self._seen: dict[str, float] = {}
        self._subject = ""
        self._away_since = monotonic()
        self._trouble = ""

    async def start(self) -> None:
        """Begin; it connects when it can."""
        self._loop = asyncio.get_running_loop()
        self._away_since = monotonic()
        place = await asyncio.to_thread(identity, self._database)
        self._subject = f"amparo.{place}."  # several installations may share one NATS
        self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._beat())]
        self._database.carry_hints(self)

    async def stop(self) -> None:
        """End; from now on PostgreSQL carries everything."""
        self._database.carry_hints(None)
        self._others = None
        while self._flushing is not None:
            await self._flushing
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._loop = None

    def ready(self) -> bool:
        """Whether all living processes hear what is said here."""
        others, client = self._others, self._client
        if others is None or client is None or not client.is_connected:
            return False
        since = monotonic() - _SILENT_S
        return all(self._seen.get(other, 0.0) > since for other in others)

    def company(self, others: Collection[str]) -> None:
        """Which other processes live, as the database knows; from any thread."""
        new = frozenset(others)
        known, self._others = self._others, new
        self._seen = {node: at for node, at in self._seen.copy().items() if node in new}
        if known is not None and new - known:
            self._notify([EVERYTHING])  # it may have come before we knew that it must be told

    async def say(self, payload: bytes) -> bool:
        """Carry what lives a moment; False where PostgreSQL must."""
        if not self.ready():
            return False
        return await self._publish("live", payload)

    def carry(self, payloads: Sequence[str]) -> None:
        """Carry hints after their commit, here and to the others; from any thread."""
        for payload in payloads:
            self._heard(payload.split())
        loop = self._loop
        if loop is None or loop.is_closed():
            self._notify(payloads)
        else:
            loop.call_soon_threadsafe(self._enqueue, payloads)

    def _enqueue(self, payloads: Sequence[str]) -> None:
        self._waiting += payloads
        if len(self._waiting) > _MOST_WAITING:
            self._waiting = [EVERYTHING]
        if self._flushing is None:
            self._flushing = asyncio.get_running_loop().create_task(self._flush())

    async def _flush(self) -> None:
        try:
            while self._waiting:
                payloads, self._waiting = self._waiting, []
                for number, payload in enumerate(payloads):
                    if not await self._publish("hints", payload.encode()):
                        await asyncio.to_thread(self._notify, payloads[number:])
                        break
        finally:
            self._flushing = None

    def _notify(self, payloads: Sequence[str]) -> None:
        try:
            for payload in payloads:
                say(self._database, payload, CHANNEL)
        except Exception:  # the database is away: after that all look at everything
            log.exception("hints_not_sent")

    async def _publish(self, what: str, payload: bytes) -> bool:
        client = self._client
        if client is None or not client.is_connected:
            return False
        try:
            await client.publish(self._subject + what, payload)
        except Exception as error:
            log.warning("nats_not_sent", error=str(error)[:200])
            return False
        return True

    async def _run(self) -> None:
        """Be connected, again and again; nats-py's own way back would keep and send old things."""
        while True:
            try:
                await self._connected()
            except Exception as error:
                self._tell_trouble(error)
            await asyncio.sleep(_AGAIN_S)

    async def _connected(self) -> None:
        from nats.aio.client import Client

        over = asyncio.Event()

        async def closed() -> None:
            over.set()

        async def failed(error: Exception) -> None:
            self._tell_trouble(error)

        client = Client()
        try:
            await client.connect(
                self._servers,
                name="amparo",
                no_echo=True,
                allow_reconnect=False,
                max_reconnect_attempts=1,
                reconnect_time_wait=0.1,  # type: ignore[arg-type]
                connect_timeout=_CONNECT_S,
                ping_interval=5,
                max_outstanding_pings=2,
                closed_cb=closed,
                error_cb=failed,
            )
            for what, take in (("live", self._take), ("hints", self._hints), ("here", self._here)):
                await client.subscribe(self._subject + what, cb=take)
            await client.flush(_CONNECT_S)
            self._client, self._trouble = client, ""
            log.info("nats_connected")
            self._heard([EVERYTHING])
            await self._publish("here", f"{self._node} ?".encode())
            await over.wait()
        finally:
            was, self._client = self._client, None
            if was is not None:
                self._away_since = monotonic()
                self._seen = {}
            await client.close()
        log.warning("nats_lost")
        # what we said last may not have come through
        await asyncio.to_thread(self._notify, [EVERYTHING])

    def _tell_trouble(self, error: Exception) -> None:
        told = f"{type(error).__name__}: {error}"[:200]
        if not self._trouble:  # once, not with each attempt
            self._trouble = told
            log.warning("nats_unreachable", error=told)

    async def _take(self, message: "Msg") -> None:
        self._said(message.data)

    async def _hints(self, message: "Msg") -> None:
        self._heard(message.data.decode("utf-8", "replace").split())

    async def _here(self, message: "Msg") -> None:
        """Another process says that it hears; who has just come wants to know who else does."""
        node, _, asks = message.data.decode("utf-8", "replace").partition(" ")
        if len(self._seen) < _MOST_WAITING:
            self._seen[node] = monotonic()
        if asks:
            await self._publish("here", self._node.encode())

    async def _beat(self) -> None:
        while True:
            if self._client is not None:
                await self._publish("here", self._node.encode())
                await asyncio.sleep(BEAT_S)
            else:
                if monotonic() - self._away_since < _UNSURE_S:
                    self._heard([EVERYTHING])
                await asyncio.sleep(_LOOK_S)
