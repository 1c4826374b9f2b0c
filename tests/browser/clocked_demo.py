"""Amparo and the demo's site in this process, on a clock that the test turns.

Nothing here waits for days to pass, and nothing pretends that they did: it is the same program
with another clock, and the browser sees it from outside.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from uuid import uuid4

from sqlalchemy.orm import Session

from amparo.kernel.clock import ManualClock
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.files import open_files
from amparo.storage.session import connect
from demo.identity import Identity
from demo.load import load
from demo.mercadia.app import Mercadia
from demo.mercadia.book import Book
from demo.mercadia.shop import Shop
from demo.mercadia.webhooks import Inbox
from demo.site_server import SiteServer
from tests.conftest import TEMPLATE
from tests.journeys.clocked import Clocked, clocked_server

_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
Prepare = Callable[[Session, datetime], None]


class ClockedDemo:
    """Both addresses and the clock; for the fixtures it is what the real demo is.

    Attributes:
        now: the time of both servers; the browsers have their own.
    """

    def __init__(self, server: Clocked, site: SiteServer, data: Path) -> None:
        self.server, self.data = server, data
        self.url, self.site_url = server.url, site.address

    @property
    def now(self) -> datetime:
        """The time of both servers."""
        return self.server.clock.now()

    def later(self, **span: float) -> None:
        """Turn the clock on."""
        self.server.advance(timedelta(**span))


@contextmanager
def clocked_demo(
    postgres: EmbeddedPostgres, data: Path, prepare: Prepare | None = None
) -> Iterator[ClockedDemo]:
    """The demo from now on; ``prepare`` puts more into its database."""
    name = f"browser_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    clock = ManualClock(datetime.now(UTC).replace(microsecond=0))
    site = SiteServer("127.0.0.1", 0)
    identity = Identity(data / "demo" / "identity.pem")
    database, files = connect(postgres.url(name), pool=2), open_files(None, data)
    now = clock.now()
    with database.transaction() as session:
        loaded = load(
            session, site=site.address, identity=identity, networks=_LOOPBACK, now=now, files=files
        )
        if prepare is not None:
            prepare(session, now)
    database.close()
    settings = {"host": "127.0.0.1", "demo": True, "webhook_allowed_networks": _LOOPBACK}
    try:
        with clocked_server(postgres.url(name), data, clock, **settings) as server:
            shop, inbox = Shop(Book(loaded.began_at)), Inbox(loaded.webhook_secret)
            mercadia = Mercadia(server.url, identity, shop, inbox, now=clock.now)
            site.start(mercadia.application())
            yield ClockedDemo(server, site, data)
    finally:
        site.stop()
        postgres.drop_database(name)
