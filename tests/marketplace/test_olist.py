"""The files that Olist published: counts, joins, twice without doubling, bad rows by line."""

import io
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from amparo.kernel.clock import ManualClock
from amparo.marketplace import olist, queries
from amparo.marketplace.csv_rows import FileUnreadable
from amparo.marketplace.models import Order, OrderLine, Payment, Product, Store
from amparo.marketplace.report import Report
from amparo.storage.session import Database
from tests.marketplace.conftest import MARTA

SAMPLE = Path(__file__).parents[1] / "fixtures" / "olist-300"
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def take_in(database: Database, clock: ManualClock, folder: Path) -> tuple[Report, list[str]]:
    out = io.StringIO()
    report = Report(out)
    olist.import_folder(database, clock, report, folder, SAO_PAULO, "BRL")
    return report, out.getvalue().splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "olist"
    shutil.copytree(SAMPLE, copy)
    return copy


def edit(path: Path, line: int, *change: tuple[str, str]) -> None:
    lines = path.read_text("utf-8").split("\n")
    for old, new in change:
        assert old in lines[line - 1], lines[line - 1]
        lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines), "utf-8")


def test_the_sample_goes_in_whole_and_twice_is_once(emptied: Database, clock: ManualClock) -> None:
    report, lines = take_in(emptied, clock, SAMPLE)
    assert lines == []
    assert report.counts["orders created"] == 300
    assert report.refused == 0
    with emptied.reading() as session:
        first = [session.scalar(select(func.count()).select_from(t)) for t in COUNTED]
        assert first == EXPECTED
    report, lines = take_in(emptied, clock, SAMPLE)
    assert lines == []
    assert report.counts["orders unchanged"] == 300
    assert report.counts["orders created"] + report.counts["orders updated"] == 0
    assert report.counts["products updated"] + report.counts["stores updated"] == 0
    with emptied.reading() as session:
        assert [session.scalar(select(func.count()).select_from(t)) for t in COUNTED] == EXPECTED


COUNTED = (Store, Product, Order, OrderLine, Payment)
EXPECTED = [230, 306, 300, 344, 298]


def test_what_an_order_says(emptied: Database, clock: ManualClock, folder: Path) -> None:
    take_in(emptied, clock, folder)
    with emptied.reading() as session:
        shared = session.scalars(
            select(Order.ref)
            .join(OrderLine, OrderLine.order_id == Order.id)
            .group_by(Order.ref)
            .having(func.count(OrderLine.store_id.distinct()) > 1)
        ).all()
        assert len(shared) == 20
        seen = queries.order_for(session, MARTA, shared[0], now=clock.now())
        page = queries.orders_for(session, MARTA, now=clock.now(), limit=100)
    line = seen.lines[0]
    assert not line.snapshot.text_known
    assert line.snapshot.text is None
    assert {"weight_g", "length_cm", "height_cm", "width_cm"} <= set(line.snapshot.attributes)
    assert line.snapshot.price == line.unit_price
    assert seen.total.currency == "BRL"
    paid = sum(payment.amount.amount for payment in seen.payments)
    assert paid == seen.total.amount
    assert seen.placed_at.utcoffset() is not None
    assert all(item.title for item in page.items)


def test_times_are_local_and_amounts_exact(emptied: Database, clock: ManualClock) -> None:
    take_in(emptied, clock, SAMPLE)
    row = SAMPLE.joinpath("orders.csv").read_text("utf-8").splitlines()[1].split(",")
    with emptied.reading() as session:
        seen = queries.order_for(session, MARTA, row[0], now=clock.now())
    local = seen.placed_at.astimezone(SAO_PAULO)
    assert f"{local.month}/{local.day}/{local.year} {local.hour}:{local.minute:02}" == row[3]
    assert seen.deliver_by is not None
    promised = seen.deliver_by.astimezone(SAO_PAULO)
    assert (promised.hour, promised.minute, promised.second) == (23, 59, 59)
    assert f"{promised.month}/{promised.day}/{promised.year} 0:00" == row[7]


def test_bad_rows_are_told_by_file_and_line_and_the_good_ones_go_in(
    emptied: Database, clock: ManualClock, folder: Path
) -> None:
    item = folder.joinpath("order_items.csv").read_text("utf-8").splitlines()[4]
    payment = folder.joinpath("order_payments.csv").read_text("utf-8").splitlines()[9]
    price = item.split(",")[5]
    edit(folder / "order_items.csv", 5, (f",{price},", ",much,"))
    edit(folder / "order_payments.csv", 10, (payment, payment + ",surplus"))
    edit(folder / "orders.csv", 20, ("/201", "/x201"))
    with folder.joinpath("order_items.csv").open("a", encoding="utf-8") as file:
        file.write(item.replace(item.split(",")[0], "nobody") + "\n")
    report, lines = take_in(emptied, clock, folder)
    text = "\n".join(lines)
    assert "order_items.csv:5: price: “much” is not an amount like 12.90" in text
    assert "order_payments.csv:10: 7 values for 6 columns" in text
    assert "orders.csv:20: order_purchase_timestamp: “" in text
    assert "order nobody is not in the file of orders" in text
    assert "left out, because order_items.csv:5 was refused" in text
    with emptied.reading() as session:
        stored = session.scalar(select(func.count()).select_from(Order))
    assert stored is not None
    assert stored == report.counts["orders created"]
    assert stored == 297


def test_an_unknown_product_names_the_order(
    emptied: Database, clock: ManualClock, folder: Path
) -> None:
    products = folder / "products.csv"
    lines = products.read_text("utf-8").split("\n")
    gone = lines.pop(1).split(",")[1]
    products.write_text("\n".join(lines), "utf-8")
    report, told = take_in(emptied, clock, folder)
    assert report.refused >= 1
    assert all(line.startswith("orders.csv:") and gone in line for line in told)


@pytest.mark.parametrize("name", ["orders.csv", "order_items.csv", "sellers.csv"])
def test_a_missing_file_or_column_is_named(
    emptied: Database, clock: ManualClock, folder: Path, name: str
) -> None:
    path = folder / name
    header, rest = path.read_text("utf-8").split("\n", 1)
    path.write_text(header.replace("_id", "_no", 1) + "\n" + rest, "utf-8")
    with pytest.raises(FileUnreadable, match=rf"{name}: there is no column named \w+_id"):
        take_in(emptied, clock, folder)
    path.unlink()
    with pytest.raises(FileUnreadable, match=name):
        take_in(emptied, clock, folder)
