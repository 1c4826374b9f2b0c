"""A server in this process whose clock the test turns: the same program, another ``Clock``."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import uvicorn

from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.routing.queries import is_present
from amparo.server.app import create_app
from amparo.server.runtime import Runtime
from amparo.storage.opening import Opened
from amparo.storage.session import EVERYTHING, Database, connect
from tests.servers import QUICK


class Clocked:
    """Where it answers, where its mail lies, and its clock."""

    def __init__(
        self, url: str, data: Path, clock: ManualClock, database: Database, runtime: Runtime
    ) -> None:
        self.url, self.data, self.clock, self.database = url, data, clock, database
        self._runtime = runtime

    def advance(self, step: timedelta) -> None:
        """Turn the clock on; what became due is done now and not at the next look."""
        self.clock.advance(step)
        self._runtime._heard([EVERYTHING])

    def is_connected(self, person_id: str) -> bool:
        """Whether the server thinks that this person has a live connection."""
        with self.database.reading() as session:
            return is_present(session, UUID(person_id), self.clock.now())


@contextmanager
def clocked_server(
    database_url: str, data: Path, clock: ManualClock, **more: Any
) -> Iterator[Clocked]:
    """Serve on a free port until the block ends; ``more``: settings."""
    quick = {name.removeprefix("AMPARO_").lower(): value for name, value in QUICK.items()}
    settings = Settings(data=data, database_url=database_url, **(quick | more))
    database = connect(database_url)
    plain = database_url.replace("postgresql+psycopg://", "postgresql://")
    runtime = Runtime(Opened(database, plain, None), clock, settings)
    app = create_app(settings, database, clock, runtime)
    config = uvicorn.Config(app, port=0, log_config=None, ws="websockets-sansio")
    server, ready = _Telling(config), threading.Event()
    server.ready = ready
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    try:
        assert ready.wait(30), "the server did not start"
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Clocked(f"http://localhost:{port}", data, clock, database, runtime)
    finally:
        server.should_exit = True
        thread.join(30)
        database.close()


class _Telling(uvicorn.Server):
    """Says when it serves."""

    ready: threading.Event

    async def startup(self, *arguments: object, **named: object) -> None:
        await super().startup(*arguments, **named)  # type: ignore[arg-type]
        self.ready.set()
