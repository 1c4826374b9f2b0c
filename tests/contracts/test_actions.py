"""Every action of the help centre's content does something: in the panel, or on the site's page."""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from amparo.accounts.rules import SITE_PAGES, site_pages
from amparo.cases.kinds import REASONS
from amparo.kernel.languages import INTERFACE
from amparo.marketplace.requests_rules import CASE_REASONS, KINDS
from demo.identity import Identity
from demo.mercadia.app import PAGES as DEMO_PAGES
from demo.mercadia.app import Mercadia
from demo.mercadia.book import Book
from demo.mercadia.shop import Shop
from demo.mercadia.webhooks import Inbox
from demo.people import PAGES
from tests.contracts.sources import FRONTEND, PACKAGE

INVENTORY = tomllib.loads(
    (PACKAGE / "help_centre" / "content" / "inventory.toml").read_text("utf-8")
)
ACTIONS = set(INVENTORY["action"])
SOURCE = (FRONTEND / "quick" / "kinds.ts").read_text("utf-8")


def listed(name: str) -> set[str]:
    """The keys of one table of the panel's source."""
    found = re.search(rf"export const {name}\b[^=]*= [\[{{](.*?)[\]}}]", SOURCE, re.DOTALL)
    assert found is not None, name
    quoted = set(re.findall(r"'([a-z_]+)'", found[1]))
    return set(re.findall(r"(\w+): '", found[1])) or quoted


TABLES = ("REQUESTS", "VIEWS", "CASES", "PAGES")


def test_every_action_of_the_content_is_in_exactly_one_table_of_the_panel() -> None:
    found = [key for table in TABLES for key in listed(table)]
    assert sorted(found) == sorted(ACTIONS)


def test_questions_name_only_known_actions() -> None:
    used = {key for question in INVENTORY["question"] for key in question["actions"]}
    assert used <= ACTIONS


def test_panel_and_server_agree() -> None:
    assert listed("REQUESTS") == set(KINDS)
    assert listed("PAGES") == set(SITE_PAGES)
    reasons = set(re.findall(r"\w+: '(\w+)'", SOURCE.split("CASES")[1].split("}")[0]))
    # a new one is opened by the form of cases; an appeal belongs to one that exists
    assert reasons <= {*REASONS, "appeal"}
    assert set(INVENTORY["reason"]) <= set(CASE_REASONS)


@pytest.mark.parametrize("language", INTERFACE)
def test_every_action_has_its_button_in_words(language: str) -> None:
    texts = json.loads((FRONTEND / "quick" / "locales" / f"{language}.json").read_text("utf-8"))
    assert [key for key in ACTIONS if not texts.get(f"quick.action.{key}")] == []


def test_the_demo_has_a_page_for_each(tmp_path: Path) -> None:
    identity, shop = Identity(tmp_path / "key.pem"), Shop(Book(datetime(2026, 4, 14, tzinfo=UTC)))
    mercadia = Mercadia("http://localhost:8420", identity, shop, Inbox("whsec_" + "a" * 44))
    site = TestClient(mercadia.application(), base_url="http://127.0.0.1:8421")
    assert set(PAGES) == set(SITE_PAGES)
    assert site_pages({key: f"http://127.0.0.1:8421{path}" for key, path in PAGES.items()})
    shown = {path.split("?")[0].rpartition("/")[2] for path in PAGES.values()}
    assert shown == set(DEMO_PAGES)
    for path in PAGES.values():
        assert site.get(path.replace("{order}", "M-1001")).status_code == 200
