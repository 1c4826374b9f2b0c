"""Our own CSV format: what spreadsheets write goes in, what is bad is told by line."""

import io
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from amparo.kernel.clock import ManualClock
from amparo.marketplace import orders_csv, queries
from amparo.marketplace.csv_rows import FileUnreadable
from amparo.marketplace.models import Order
from amparo.marketplace.report import Report
from amparo.storage.session import Database
from tests.marketplace.conftest import ANA

HEAD = "order,buyer,placed_at,state,currency,product,store,unit_price,title"
GOOD = "A-1,buyer-ana,2026-04-10T09:00:00Z,paid,EUR,lamp,store-wei,35.00,Desk lamp"

Import = Callable[..., tuple[Report, list[str]]]


@pytest.fixture
def take_in(emptied: Database, clock: ManualClock, tmp_path: Path) -> Import:
    def run(content: str | bytes, zone: ZoneInfo | None = None) -> tuple[Report, list[str]]:
        path = tmp_path / "orders.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = io.StringIO()
        report = Report(out)
        orders_csv.import_file(emptied, clock, report, path, zone)
        return report, out.getvalue().splitlines()

    return run


def row(ref: str, **changes: str) -> str:
    values = dict(zip(HEAD.split(","), GOOD.split(","), strict=True)) | {"order": ref} | changes
    return ",".join(values.values())


SHAPES = {
    "plain": f"{HEAD}\n{GOOD}\n",
    "no last line end": f"{HEAD}\n{GOOD}",
    "byte order mark": f"\ufeff{HEAD}\n{GOOD}\n",
    "CRLF": f"{HEAD}\r\n{GOOD}\r\n",
    "old Mac line ends": f"{HEAD}\r{GOOD}\r",
    "semicolons": f"{HEAD}\n{GOOD}\n".replace(",", ";"),
    "tabs": f"{HEAD}\n{GOOD}\n".replace(",", "\t"),
    "quotes": f"{HEAD}\n" + ",".join(f'"{value}"' for value in GOOD.split(",")) + "\n",
    "spaces and capitals": f"{HEAD.upper()}\n" + GOOD.replace(",", " , ") + "\n",
    "UTF-16": f"{HEAD}\n{GOOD}\n".encode("utf-16"),
    "empty lines": f"{HEAD}\n\n{GOOD}\n\n,,,,,,,,\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_spreadsheets_write_goes_in(
    take_in: Import, emptied: Database, clock: ManualClock, shape: str
) -> None:
    report, lines = take_in(SHAPES[shape])
    assert (lines, report.refused) == ([], 0)
    with emptied.reading() as session:
        seen = queries.order_for(session, ANA, "A-1", now=clock.now())
    assert (seen.title, seen.total.amount) == ("Desk lamp", 3500)
    report, lines = take_in(SHAPES[shape])
    assert report.counts["orders unchanged"] == 1


BAD = {
    "orders.csv:3: unit_price: “much” is not an amount like 12.90": row("B", unit_price="much"),
    "orders.csv:3: unit_price: “1.999” is not an amount in EUR": row("B", unit_price="1.999"),
    "orders.csv:3: unit_price: “1e9” is not": row("B", unit_price="1e9"),
    "orders.csv:3: unit_price: “-1” is not": row("B", unit_price="-1"),
    "orders.csv:3: unit_price: “5” is not an amount in ZZ": row("B", unit_price="5", currency="ZZ"),
    "orders.csv:3: placed_at: “yesterday” is not a time": row("B", placed_at="yesterday"),
    "orders.csv:3: placed_at: “2026-04-10T09:00” names no offset": row(
        "B", placed_at="2026-04-10T09:00"
    ),
    "orders.csv:3: B: state: Input should be": row("B", state="lost"),
    "orders.csv:3: B: buyer: ": row("B", buyer=""),
    "orders.csv:3: order: empty": row(""),
    "orders.csv:3: 10 values for 9 columns": row("B") + ",more",
    "orders.csv:3: 8 values for 9 columns": row("B").rsplit(",", 1)[0],
    "orders.csv:3: this order began on line 2: put its rows together": GOOD,
}


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_row_is_told_and_the_good_ones_go_in(take_in: Import, reason: str) -> None:
    between = row("between") if BAD[reason] == GOOD else BAD[reason]
    last = BAD[reason] if BAD[reason] == GOOD else row("C")
    if BAD[reason] == GOOD:
        reason = reason.replace(":3:", ":4:")
    report, lines = take_in(f"{HEAD}\n{GOOD}\n{between}\n{last}\n")
    assert report.counts["orders created"] == 2
    assert report.refused == 1
    assert lines[0].startswith(reason), lines


def test_a_row_that_is_no_utf8_is_told(take_in: Import) -> None:
    content = f"{HEAD}\n{GOOD}\n".encode() + row("B", title="Lampe d\xe9cor").encode("latin-1")
    report, lines = take_in(content + b"\n" + row("C").encode())
    assert lines == ["orders.csv:3: title: not UTF-8"]
    assert report.counts["orders created"] == 2


def test_a_row_begins_where_it_begins(take_in: Import) -> None:
    long = row("B", title='"two\nlines"')
    _, lines = take_in(f"{HEAD}\n{long}\n{row('C', state='lost')}\n")
    assert lines[0].startswith("orders.csv:4: C: state")


def test_an_order_of_which_a_row_is_bad_is_left_out_whole(take_in: Import) -> None:
    bad = row("B", product="mug", unit_price="?")
    report, lines = take_in(f"{HEAD}\n{row('B')}\n{bad}\n{GOOD}\n")
    assert lines == [
        "orders.csv:3: unit_price: “?” is not an amount like 12.90",
        "orders.csv:2: left out with line 3",
    ]
    assert report.counts["orders created"] == 1


def test_rows_that_stand_together_are_one_order(
    take_in: Import, emptied: Database, clock: ManualClock
) -> None:
    take_in(f"{HEAD}\n{GOOD}\n{row('A-1', product='mug', title='Mug', unit_price='9')}\n")
    with emptied.reading() as session:
        seen = queries.order_for(session, ANA, "A-1", now=clock.now())
    assert [line.snapshot.title for line in seen.lines] == ["Desk lamp", "Mug"]
    assert seen.total.amount == 4400


def test_payment_parcel_and_times_with_a_zone(
    take_in: Import, emptied: Database, clock: ManualClock
) -> None:
    head = f"{HEAD},payment_state,payment_amount,payment_charged,parcel_state,carrier,deliver_by"
    line = row("A-1", state="unpaid", placed_at="2026-04-10 09:00")
    content = f"{head}\n{line},failed,35,true,in_transit,Correos,2026-04-12 20:00\n"
    assert take_in(content, ZoneInfo("Europe/Madrid"))[1] == []
    with emptied.reading() as session:
        seen = queries.order_for(session, ANA, "A-1", now=clock.now())
    assert (seen.problem, seen.payments[0].charged) == ("unpaid_charged", True)
    assert seen.placed_at.isoformat() == "2026-04-10T07:00:00+00:00"
    assert seen.parcels[0].carrier == "Correos"


def test_a_known_listing_is_left_as_it_is(
    take_in: Import, emptied: Database, clock: ManualClock
) -> None:
    take_in(f"{HEAD}\n{GOOD}\n")
    take_in(f"{HEAD}\n{row('A-2', title='Another name')}\n")
    with emptied.reading() as session:
        seen = queries.order_for(session, ANA, "A-2", now=clock.now())
    assert seen.lines[0].snapshot.title == "Another name"
    assert seen.lines[0].product.title == "Desk lamp"


def test_unknown_columns_are_named(take_in: Import) -> None:
    report, lines = take_in(f"{HEAD},colour\n{GOOD},red\n")
    assert lines == ["orders.csv:1: note: the column colour is not used"]
    assert report.counts["orders created"] == 1


UNREADABLE = {
    "no such file": (None, "No such file"),
    "empty": ("", "there is no column named order, buyer"),
    "a column is missing": (HEAD.replace("buyer", "byuer"), "no column named buyer$"),
    "a column stands twice": (HEAD + ",order", "two columns are named order"),
    "binary": (bytes(range(256)) * 50, "orders.csv"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_of_which_nothing_can_be_used_says_why(
    take_in: Import, tmp_path: Path, emptied: Database, clock: ManualClock, case: str
) -> None:
    content, reason = UNREADABLE[case]
    if content is None:
        with pytest.raises(FileUnreadable, match=reason):
            orders_csv.import_file(emptied, clock, Report(io.StringIO()), tmp_path / "none.csv")
    else:
        with pytest.raises(FileUnreadable, match=reason):
            take_in(content)


ODD = ['"', "\x00", "\r", "=1+1", "🦆", "\u202e", "١٢", "NaN", "Infinity", "9e9", "0" * 400]
_cells = st.text(max_size=12) | st.sampled_from([*GOOD.split(","), *ODD])


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.lists(_cells, min_size=9, max_size=9), max_size=8))
def test_any_rows_are_either_in_or_told(
    take_in: Import, emptied: Database, cells: list[list[str]]
) -> None:
    with emptied.transaction() as session:
        session.execute(text("TRUNCATE orders CASCADE"))
    body = "\n".join(",".join('"' + c.replace('"', '""') + '"' for c in line) for line in cells)
    report, lines = take_in(f"{HEAD}\n{GOOD}\n{body}\n".encode("utf-8", "replace"))
    assert len(lines) >= report.refused
    with emptied.reading() as session:
        stored = session.scalar(select(func.count()).select_from(Order))
    assert stored == report.counts["orders created"]
    again, _ = take_in(f"{HEAD}\n{GOOD}\n{body}\n".encode("utf-8", "replace"))
    assert again.counts["orders created"] + again.counts["orders updated"] == 0
