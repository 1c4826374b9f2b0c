"""A site's own pages: what administrators may set, and what never becomes a link."""

from datetime import datetime

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from amparo.accounts import cli, queries
from amparo.accounts.management_actions import create_site, set_pages
from amparo.accounts.rules import SITE_PAGES, site_pages
from amparo.kernel.errors import Forbidden, Invalid, NotFound
from amparo.storage.session import Database
from tests.accounts.people import SITE, make_site
from tests.accounts.test_cli import Line
from tests.people import ANA, MARTA, TEO, WEI

GOOD = {"download_invoice": "https://shop.example.com/receipt/{order}?x=1"}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,hello",
        "//evil.example/x",
        "/account",
        "https://",
        "https://u:p@shop.example.com/",
        "https://shop.example.com/a b",
        'https://shop.example.com/"onclick=',
        "https://shop.example.com/\\evil",
        "https://shop.example.com/\u202e",
        "https://[shop",
        "https://shop.example.com/" + "x" * 500,
        "",
    ],
)
def test_what_is_no_page_is_refused(address: str) -> None:
    with pytest.raises(Invalid) as refusal:
        site_pages({"show_coupons": address})
    assert refusal.value.code == "page_address_invalid"


def test_an_unknown_page_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Invalid) as refusal:
        site_pages({"cancel_order": "https://shop.example.com/"})
    assert refusal.value.code == "page_unknown"
    assert all(key in str(refusal.value.params["known"]) for key in SITE_PAGES)


def test_only_administrators_set_them(session: Session, now: datetime) -> None:
    make_site(session, now)
    for actor in (ANA, WEI, MARTA):
        with pytest.raises(Forbidden):
            set_pages(session, actor, SITE, GOOD, now=now)
    with pytest.raises(NotFound):
        set_pages(session, TEO, "pk_of_nobody", GOOD, now=now)
    assert set_pages(session, TEO, SITE, GOOD, now=now).pages == GOOD


def test_bringing_a_site_up_to_date_keeps_its_pages(session: Session, now: datetime) -> None:
    make_site(session, now)
    set_pages(session, TEO, SITE, GOOD, now=now)
    again = create_site(
        session, key=SITE, name="Shop", origins=["https://a.example"], languages=["en"], now=now
    )
    assert again.pages == GOOD


def test_the_command_line_shows_sets_and_removes(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        make_site(session, now)
    run, line = CliRunner(), Line(database)
    chosen = ["--set", f"download_invoice={GOOD['download_invoice']}"]
    coupons = ["--set", "show_coupons=https://shop.example.com/c"]
    done = run.invoke(cli.site, ["pages", SITE, *chosen, *coupons], obj=line)
    assert done.exit_code == 0, done.output
    assert run.invoke(cli.site, ["pages", SITE, "--remove", "show_coupons"], obj=line).output
    refused = run.invoke(cli.site, ["pages", SITE, "--set", "show_coupons=javascript:1"], obj=line)
    assert refused.exit_code == 1
    assert "not the address of a page" in refused.output
    with database.reading() as session:
        assert queries.site_by_key(session, SITE).pages == GOOD
