"""``amparo import``: bring the marketplace's data in from files."""

import sys
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from amparo.kernel.clock import SystemClock
from amparo.marketplace import olist, orders_csv
from amparo.marketplace.csv_rows import FileUnreadable
from amparo.marketplace.report import Report
from amparo.storage.session import Database

NOTHING_READ = 2


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(f"{text!r} is not a time zone like America/Sao_Paulo") from None


def _currency(text: str) -> str:
    if not (len(text) == 3 and text.isascii() and text.isalpha()):
        raise click.BadParameter(f"{text!r} is not a currency like EUR (ISO 4217)")
    return text.upper()


@click.group("import")
def import_group() -> None:
    """Bring stores, products and orders in from files.

    What is there already is left unchanged, so an import may be run again. Rows that cannot be
    used are written to standard error as file:line: reason, and the good ones go in.
    """


@import_group.command("orders")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--timezone",
    "zone",
    type=_zone,
    metavar="ZONE",
    help="Place whose clock times without an offset mean.",
)
@click.pass_context
def import_orders_file(ctx: click.Context, file: Path, zone: ZoneInfo | None) -> None:
    """Bring orders in from FILE, one row for each order line (docs/integrate/orders-csv.md)."""
    _run(
        ctx,
        lambda database, report: orders_csv.import_file(
            database, SystemClock(), report, file, zone
        ),
    )


@import_group.command("olist")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--timezone",
    "zone",
    type=_zone,
    metavar="ZONE",
    required=True,
    help="Place whose clock the times mean.",
)
@click.option(
    "--currency",
    type=_currency,
    metavar="CODE",
    required=True,
    help="ISO 4217 code of the amounts.",
)
@click.pass_context
def import_olist_folder(ctx: click.Context, folder: Path, zone: ZoneInfo, currency: str) -> None:
    """Bring the orders of Olist's files in from FOLDER (docs/integrate/olist.md)."""
    _run(
        ctx,
        lambda database, report: olist.import_folder(
            database, SystemClock(), report, folder, zone, currency
        ),
    )


def _run(ctx: click.Context, take_in: Callable[[Database, Report], None]) -> None:
    report = Report(sys.stderr)
    try:
        take_in(ctx.obj.database(), report)
    except FileUnreadable as error:
        click.echo(str(error), err=True)
        ctx.exit(NOTHING_READ)
    click.echo(report.total())
    if report.nothing_went_in:
        ctx.exit(NOTHING_READ)
