"""NATS between processes: what one says the others hear, and PostgreSQL where NATS is away."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from amparo.config import Settings
from amparo.server.live import nats_carrier
from amparo.server.live.nats_carrier import Nats, WrongNats, servers
from amparo.server.run import CannotServe, listen
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import EVERYTHING, Database, connect, hint
from tests.server.fake_nats import FakeNats
from tests.storage.listening import Notified

_LONG_S = 20


@pytest.fixture
def nats() -> Iterator[FakeNats]:
    server = FakeNats().begin()
    yield server
    server.close()


@pytest.fixture
def notified(database: Database, postgres: EmbeddedPostgres) -> Iterator[Notified]:
    with Notified(postgres.conninfo(database.engine.url.database or "")) as notified:
        yield notified


class Node:
    """A process as far as this goes: its line, its own pool, and what it heard."""

    def __init__(self, name: str, url: str, database: Database) -> None:
        self.name, self.topics, self.words = name, list[str](), list[bytes]()
        self.database = connect(database.engine.url.render_as_string(hide_password=False), pool=4)
        self._loop, self._news = asyncio.get_running_loop(), asyncio.Event()
        self.line = Nats(url, name, self.database, self._hears(self.topics), self._says)

    def _hears(self, into: list[str]) -> Callable[[list[str]], None]:
        return lambda topics: self._note(lambda: into.extend(topics))

    def _says(self, payload: bytes) -> None:
        self._note(lambda: self.words.append(payload))

    def _note(self, what: Callable[[], None]) -> None:
        def note() -> None:
            what()
            self._news.set()

        self._loop.call_soon_threadsafe(note)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what the next thing heard makes true."""
        async with asyncio.timeout(_LONG_S):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def stores(self, topic: str) -> None:
        """A transaction that leaves a hint."""

        def work() -> None:
            with self.database.transaction() as session:
                hint(session, topic)

        await asyncio.to_thread(work)


async def _both_ready(*nodes: Node) -> None:
    """Each says that it is there, until each knows it of the others."""
    async with asyncio.timeout(_LONG_S):
        while not all(one.line.ready() for one in nodes):
            await asyncio.sleep(0)


async def _pair(nats: FakeNats, database: Database) -> tuple[Node, Node]:
    here, there = Node("here", nats.url, database), Node("there", nats.url, database)
    for one, other in ((here, there), (there, here)):
        await asyncio.to_thread(one.line.company, [other.name])
        await one.line.start()
    await _both_ready(here, there)
    return here, there


async def _end(*nodes: Node) -> None:
    for one in nodes:
        await one.line.stop()
        one.database.close()


def test_hints_and_moments_go_past_postgresql_and_come_once(
    nats: FakeNats, database: Database, notified: Notified
) -> None:
    async def story() -> None:
        here, there = await _pair(nats, database)
        await here.until(lambda: EVERYTHING in here.topics)
        assert notified.so_far() == []
        await here.stores("conversation:1")
        await there.until(lambda: "conversation:1" in there.topics)
        assert await here.line.say(b"Ana is writing")
        await there.until(lambda: there.words == [b"Ana is writing"])
        # what comes back afterwards comes behind whatever an echo would have brought
        await there.stores("desk")
        await here.until(lambda: "desk" in here.topics)
        assert here.topics.count("conversation:1") == 1, "told at once, by itself"
        assert here.words == []
        assert notified.so_far() == []
        await _end(here, there)

    asyncio.run(story())


def test_nothing_is_told_of_what_was_not_stored(nats: FakeNats, database: Database) -> None:
    async def story() -> None:
        here, there = await _pair(nats, database)

        def fails() -> None:
            with here.database.transaction() as session:
                hint(session, "conversation:1")
                session.flush()
                raise LookupError

        with pytest.raises(LookupError):
            await asyncio.to_thread(fails)
        await here.stores("desk")
        await there.until(lambda: "desk" in there.topics)
        assert "conversation:1" not in [*here.topics, *there.topics]
        await _end(here, there)

    asyncio.run(story())


def test_without_nats_postgresql_carries_and_whoever_comes_back_looks_at_everything(
    nats: FakeNats, database: Database, notified: Notified, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nats_carrier, "_AGAIN_S", 0.05)
    monkeypatch.setattr(nats_carrier, "_UNSURE_S", 0.0)  # who looks, looks because it is back

    async def story() -> None:
        here, there = await _pair(nats, database)
        await there.until(lambda: EVERYTHING in there.topics)
        there.topics.clear()
        await asyncio.to_thread(nats.end)
        await asyncio.to_thread(notified.until, lambda told: told.count(EVERYTHING) == 2)
        assert not here.line.ready(), "what was said last may be lost: all were told so"
        await here.stores("conversation:2")
        assert not await here.line.say(b"typing")
        await asyncio.to_thread(notified.until, lambda told: "conversation:2" in told)
        assert "conversation:2" not in there.topics
        await asyncio.to_thread(nats.begin)
        await there.until(lambda: EVERYTHING in there.topics)
        await _both_ready(here, there)
        await here.stores("conversation:3")
        await there.until(lambda: "conversation:3" in there.topics)
        assert "conversation:3" not in notified.so_far()
        await _end(here, there)

    asyncio.run(story())


def test_a_process_that_is_not_at_nats_is_told_by_postgresql(
    nats: FakeNats, database: Database, notified: Notified
) -> None:
    async def story() -> None:
        here, there = await _pair(nats, database)
        await asyncio.to_thread(here.line.company, ["there", "elsewhere"])
        assert notified.so_far() == [EVERYTHING], "it may have come before it was known"
        await here.stores("conversation:1")
        assert notified.so_far() == [EVERYTHING, "conversation:1"]
        await asyncio.to_thread(here.line.company, ["there"])
        await here.stores("conversation:2")
        await there.until(lambda: "conversation:2" in there.topics)
        assert "conversation:2" not in notified.so_far()
        await _end(here, there)

    asyncio.run(story())


def test_who_ends_leaves_the_rest_to_postgresql(
    nats: FakeNats, database: Database, notified: Notified
) -> None:
    async def story() -> None:
        here, there = await _pair(nats, database)
        await here.line.stop()
        await here.stores("nodes")
        assert notified.so_far()[-1:] == ["nodes"]
        here.database.close()
        await _end(there)

    asyncio.run(story())


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:4222",
        "http://nats.example",
        "nats://",
        "nats://:4222",
        "nats://host:0",
        "nats://host:99999",
        "nats://good:4222,ftp://marta:secret@bad",
    ],
)
def test_a_wrong_address_is_said_at_the_start_without_its_password(url: str) -> None:
    with pytest.raises(CannotServe, match="nats://host:4222") as refused:
        listen(Settings(port=0, nats_url=url))  # type: ignore[arg-type]
    assert "secret" not in str(refused.value)


def test_several_servers_by_comma() -> None:
    assert servers("nats://a, tls://b:4223") == ["nats://a", "tls://b:4223"]


def test_a_missing_package_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    with _without_package(monkeypatch), pytest.raises(WrongNats, match=r"amparo\[nats\]"):
        servers("nats://host")


@contextmanager
def _without_package(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(nats_carrier, "find_spec", lambda name: None)
        yield
