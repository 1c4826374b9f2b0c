"""The matrix runs against the real application on a database of its own."""

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
from amparo.server.runtime import Runtime
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.files import open_files
from amparo.storage.opening import Opened
from amparo.storage.session import connect
from tests.conftest import TEMPLATE
from tests.contracts.world import World

NOW = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    name = f"matrix_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    files = open_files(None, tmp_path_factory.mktemp("data"))
    world = World(connect(postgres.url(name)), NOW, files)
    world.settle()
    yield world
    world.database.close()
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A front end that is there, without building it."""
    folder = tmp_path_factory.mktemp("static")
    for app in ("panel", "desk", "seller", "assets"):
        (folder / app).mkdir()
        (folder / app / "index.html").write_text("<!doctype html><!--amparo-boot-->")
    (folder / "assets" / "app-1a2b.js").write_text("plain")
    (folder / "widget.js").write_text("loader")
    before, pages.STATIC = pages.STATIC, folder
    yield folder
    pages.STATIC = before


@pytest.fixture(scope="module")
def app(world: World, static: Path) -> FastAPI:
    app = create_app(Settings(), world.database, ManualClock(NOW))
    app.state.files = world.files
    return app


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="https://amparo.test", follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def live_client(world: World, postgres: EmbeddedPostgres) -> Iterator[TestClient]:
    """The application with everything that runs beside requests, sockets above all."""
    name = world.database.engine.url.database
    assert name is not None
    opened = Opened(world.database, postgres.conninfo(name), None)
    settings = Settings(live_connections_per_person=500, live_connections_per_address=500)
    clock = ManualClock(NOW)
    runtime = Runtime(opened, clock, settings)
    app = create_app(settings, world.database, clock, runtime)
    with TestClient(app, base_url="https://amparo.test") as client:
        yield client
