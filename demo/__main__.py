"""``python -m demo``: Amparo with the demo marketplace Mercadia in it, and the site beside it."""

import asyncio
import os
import signal
import sys
import threading
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import click
import structlog

from amparo.config import Settings
from amparo.kernel.clock import SystemClock
from amparo.server.run import CannotServe, serve
from amparo.storage.files import open_files
from amparo.storage.opening import Opened
from demo.identity import Identity
from demo.load import Loaded, NotEmpty, integration_key, load
from demo.mercadia.answers import Amparo, Answers
from demo.mercadia.app import Mercadia
from demo.mercadia.book import Book
from demo.mercadia.shop import Shop
from demo.mercadia.webhooks import Inbox
from demo.people import PASSWORD, SELLER_CASES, STAFF
from demo.site_server import PortTaken, SiteServer

HOST = "127.0.0.1"
_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("data/demo"), show_default=True,
    help="Folder of the demo's database and files.",
)  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=8420, show_default=True,
              help="Port of Amparo; 0 takes any.")  # fmt: skip
@click.option("--site-port", type=click.IntRange(0, 65535), default=8421, show_default=True,
              help="Port of the demo's site; 0 takes any.")  # fmt: skip
def main(data: Path, port: int, site_port: int) -> None:
    """Run Amparo with the demo marketplace until Ctrl-C. Twice loads the demo once."""
    try:
        site = SiteServer(HOST, site_port)
    except PortTaken as error:
        raise click.ClickException(str(error)) from None
    demo = _Demo(site, _settings(data, port))
    try:
        serve(demo.settings, demo.begin)
    except CannotServe as error:
        raise click.ClickException(str(error)) from None
    finally:
        site.stop()
    if demo.failure:
        raise click.ClickException(demo.failure)


def _settings(data: Path, port: int) -> Settings:
    given: dict[str, Any] = {
        "data": data,
        "host": HOST,
        "port": port,
        "demo": True,
        "webhook_allowed_networks": _LOOPBACK,
    }
    if "AMPARO_LOG_LEVEL" not in os.environ:
        given["log_level"] = "warning"
    return Settings(**given)


class _Demo:
    """Loads the demo and opens the site as soon as Amparo answers."""

    def __init__(self, site: SiteServer, settings: Settings) -> None:
        self._site, self.settings = site, settings
        self.failure: str | None = None

    async def begin(self, amparo: str, opened: Opened) -> None:
        """Called when Amparo serves."""
        try:
            loaded = await asyncio.to_thread(self._open_site, amparo, opened)
        except NotEmpty:
            self.failure = (
                "This database holds another marketplace; the demo wants one of its own "
                "(leave DATABASE_URL out, or choose another --data)."
            )
            signal.raise_signal(signal.SIGINT)  # ends in order, as Ctrl-C does
            return
        click.echo(_addresses(amparo, self._site.address, self.settings.data, loaded.new))
        sys.stdout.flush()

    def _open_site(self, amparo: str, opened: Opened) -> Loaded:
        identity = Identity(self.settings.data / "demo" / "identity.pem")
        folder, clock = self.settings.data / "demo", SystemClock()
        with opened.database.transaction() as session:
            loaded = load(
                session,
                site=self._site.address,
                identity=identity,
                networks=_LOOPBACK,
                now=clock.now(),
                files=open_files(self.settings.files, self.settings.data),
            )
            key = integration_key(session, folder / "integration.key", clock.now())
        book = Book(loaded.began_at, folder / "orders.json")
        answers = Answers(book, Amparo(amparo, key), clock.now)
        inbox = Inbox(loaded.webhook_secret)
        mercadia = Mercadia(amparo, identity, Shop(book), inbox, answers)
        self._site.start(mercadia.application())
        threading.Thread(target=answers.catch_up, name="mercadia-answers", daemon=True).start()
        structlog.get_logger(__name__).info("site_serving", address=self._site.address)
        return loaded


def _addresses(amparo: str, site: str, data: Path, new: bool) -> str:
    marta, lena, teo = (email for email, *_ in STAFF)
    state = "loaded" if new else "as you left it"
    return f"""
Mercadia is open (demo data in {data}, {state}).

  The site as buyer Ana         {site}/as/ana
  The cases as seller Wei       {site}/as/wei?next={SELLER_CASES}
  The desk as operator Marta    {amparo}/desk/    {marta}  {PASSWORD}
  A second operator, Lena       {amparo}/desk/    {lena}   {PASSWORD}
  Administration as Teo         {amparo}/admin/   {teo}  {PASSWORD}
  Help centre                   {amparo}/help/en/

Ctrl-C ends everything; the data stay."""


if __name__ == "__main__":
    main()
