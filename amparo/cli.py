"""The command line: ``amparo serve`` and the tools around it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from amparo import __version__
from amparo.accounts import cli as accounts_cli
from amparo.cases.cli import cases_group
from amparo.config import Settings
from amparo.marketplace.cli import import_group
from amparo.storage.errors import StorageError
from amparo.storage.opening import visiting
from amparo.storage.session import Database


class Context:
    """What every command gets: the settings, and a database when it asks for one."""

    def __init__(self, settings: Settings, stack: click.Context) -> None:
        self.settings, self._stack = settings, stack
        self._database: Database | None = None

    def database(self) -> Database:
        """The installation's database, beside a running server or without one."""
        if self._database is None:
            opened = self._stack.with_resource(visiting(self.settings))
            self._database = opened.database
        return self._database


@click.group()
@click.version_option(__version__)
@click.option("--data", type=click.Path(path_type=Path), help="Data folder (AMPARO_DATA).")
@click.pass_context
def cli(context: click.Context, data: Path | None) -> None:
    """Amparo: the support and protection centre of an online marketplace."""
    given: dict[str, Any] = {} if data is None else {"data": data}
    context.obj = Context(Settings(**given), context)


@cli.command()
@click.option("--host", help="Address to listen on (AMPARO_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes any (AMPARO_PORT).")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, help="Processes that share the port."
)
@click.pass_obj
def serve(context: Context, host: str | None, port: int | None, workers: int) -> None:
    """Run the server until Ctrl-C."""
    from amparo.server.run import CannotServe
    from amparo.server.run import serve as run
    from amparo.server.workers import serve_many

    given = {"host": host, "port": port}
    changes = {name: value for name, value in given.items() if value is not None}
    try:
        settings = context.settings.model_copy(update=changes)
        if workers == 1:
            run(settings)
        else:
            serve_many(settings, workers)
    except CannotServe as error:
        raise click.ClickException(str(error)) from error


@cli.command()
@click.pass_obj
def migrate(context: Context) -> None:
    """Bring the database to this version's schema (serve does it by itself)."""
    context.database()
    click.echo("The database is up to date.")


@cli.command()
def openapi() -> None:
    """Print the OpenAPI document that the client of the front end is made from."""
    from amparo.server.app import create_app

    document = create_app(Settings()).openapi()
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True))


@click.command()
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="A folder with the files that Olist published.",
)
@click.option(
    "--timezone",
    "zone",
    default="America/Sao_Paulo",
    show_default=True,
    help="Place whose clock the times mean.",
)
@click.option("--currency", default="BRL", show_default=True, help="ISO 4217 code of the amounts.")
def backtest(folder: Path, zone: str, currency: str) -> None:
    """What buyers of real orders could have opened, day by day, and how it would have ended.

    Reads the orders, lives their days under the shipped policy, and needs no database. The last
    line is JSON.
    """
    from amparo.cases import backtest as past
    from amparo.cases.policy import load_shipped
    from amparo.marketplace.csv_rows import FileUnreadable
    from amparo.marketplace.olist import read_orders
    from amparo.marketplace.report import Report

    try:
        orders = read_orders(Report(sys.stderr), folder, ZoneInfo(zone), currency)
        found = past.run(orders, load_shipped())
    except (FileUnreadable, ZoneInfoNotFoundError) as error:
        raise click.ClickException(str(error)) from None
    for line in past.shown(found):
        click.echo(line)
    click.echo(json.dumps(found.figures()))


cli.add_command(import_group)
cases_group.add_command(backtest)
cli.add_command(cases_group)
for group in (
    accounts_cli.staff,
    accounts_cli.site,
    accounts_cli.key,
    accounts_cli.integration_key,
):
    cli.add_command(group)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except StorageError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)


def main() -> None:
    """Entry point of the ``amparo`` command."""
    with _plain_errors():
        cli(auto_envvar_prefix=None)


if __name__ == "__main__":
    main()
