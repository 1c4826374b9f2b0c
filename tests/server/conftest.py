"""The web shell on a database of its own, asked over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.server import pages
from amparo.server.app import create_app
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import Database, connect
from tests.accounts.people import make_marta, make_site
from tests.conftest import TEMPLATE

BASE = "https://testserver"


@pytest.fixture
def settings() -> Settings:
    return Settings(demo=False)


@pytest.fixture(scope="module")
def server_database(postgres: EmbeddedPostgres) -> Iterator[Database]:
    """A database with Mercadia and Marta, for all tests of a file."""
    name = f"server_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name))
    before = datetime(2026, 4, 1, tzinfo=UTC)
    with database.transaction() as session:
        make_site(session, before)
        make_marta(session, before)
    yield database
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def app(server_database: Database, clock: ManualClock, settings: Settings) -> FastAPI:
    return create_app(settings, server_database, clock)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE) as client:
        yield client


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built front end of a few lines, where the real one would be."""
    for name in ("panel", "desk", "seller"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(
            f"<!doctype html><title>{name}</title><!--amparo-boot--><p>{name}</p>"
        )
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "app-1a2b.js").write_text("plain")
    (tmp_path / "assets" / "app-1a2b.js.br").write_bytes(b"as brotli")
    (tmp_path / "assets" / "app-1a2b.js.gz").write_bytes(b"as gzip")
    (tmp_path / "widget.js").write_text("loader")
    (tmp_path.parent / "secret.txt").write_text("outside")
    monkeypatch.setattr(pages, "STATIC", tmp_path)
    return tmp_path
