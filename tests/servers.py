"""Real servers for tests and benches: ``amparo serve`` as a process that can be killed.

Every process of a run carries a mark in its environment, so that the last check finds whatever
was left behind, also what left its process group (PostgreSQL does).
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import psutil

from amparo.config import Settings
from amparo.storage.opening import visiting
from amparo.storage.session import Database
from tests.storage.clusters import PROJECT, forget

RUN = uuid4().hex
MARK = "AMPARO_TEST_RUN"
_START_S = 60.0
_END_S = 30.0

QUICK = {
    "AMPARO_LIMIT_TOKEN_EXCHANGE": "100000/minute",
    "AMPARO_LIMIT_VISITOR": "100000/minute",
    "AMPARO_LIMIT_HELP_RATING": "100000/minute",
    "AMPARO_LIMIT_POST": "100000/minute",
    "AMPARO_LIMIT_SIGN_IN": "100000/minute",
    "AMPARO_LIMIT_SIGN_IN_ADDRESS": "100000/minute",
    "AMPARO_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
}
"""One address plays everybody here, and faster than people: the limits on people are not theirs."""


class Server:
    """One installation: a data folder, perhaps a database of its own, and its process."""

    def __init__(
        self,
        data: Path,
        *,
        database_url: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Nothing runs yet.

        Args:
            database_url: a PostgreSQL that somebody else ends; None lets Amparo run its own.
            settings: environment variables on top of :data:`QUICK`.
        """
        self.data, self.port, self.mark = data, 0, f"{RUN}/{uuid4().hex}"
        self._database_url = database_url
        self._settings = QUICK | dict(settings or {})
        self._process: subprocess.Popen[str] | None = None
        self._lines: list[str] = []
        self._heard = threading.Condition()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of the server that runs."""
        assert self._process is not None, "the server does not run"
        return self._process.pid

    def start(self) -> Self:
        """Start it, on the same port as before, and wait until it serves."""
        heard = len(self._lines)
        self.launch()
        self.wait_for(lambda: self._address(heard) is not None, "it serves")
        self.port = int(str(self._address(heard)).rsplit(":", 1)[1])
        return self

    def command(self) -> list[str]:
        """What is run; the port is told by the environment."""
        return [sys.executable, "-m", "amparo", "serve"]

    def launch(self) -> None:
        """Start it and do not wait."""
        assert self._process is None, "it runs already"
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("AMPARO_") and name != "DATABASE_URL"
        } | {
            **self._settings,
            MARK: self.mark,
            "AMPARO_DATA": str(self.data),
            "AMPARO_PORT": str(self.port),
            "AMPARO_LOG_FORMAT": "json",
            "PYTHONUNBUFFERED": "1",
        }
        if self._database_url is not None:
            environment["DATABASE_URL"] = self._database_url
        command = self.command()
        self._process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def kill(self) -> None:
        """``kill -9``: only the server; its PostgreSQL goes on."""
        process = self._running()
        process.kill()
        process.wait(_END_S)
        self._process = None

    def interrupt(self, how: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C (or another signal); returns the exit code."""
        process = self._running()
        process.send_signal(how)
        code = process.wait(_END_S)
        self._process = None
        return code

    def ended(self) -> int:
        """Wait until it ends by itself; returns the exit code."""
        code = self._running().wait(_START_S)
        self._process = None
        return code

    def close(self) -> None:
        """End whatever of it still runs."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(_END_S)
            self._process = None

    def wait_for(self, condition: Any, what: str, seconds: float = _START_S) -> None:
        """Wait until something is true that the log tells of."""
        with self._heard:
            found = self._heard.wait_for(lambda: condition() or self._dead(), seconds)
        assert found, f"not within {seconds} s: {what}\n{self.log()}"
        assert condition(), f"the server ended: {what}\n{self.log()}"

    def log(self) -> str:
        """Everything it has said on stderr."""
        return "".join(self._lines)

    def entries(self, event: str) -> list[dict[str, Any]]:
        """The log's structured entries with this name."""
        found = (json.loads(line) for line in list(self._lines) if line.startswith("{"))
        return [entry for entry in found if entry.get("event") == event]

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The installation's database, beside the server."""
        given: dict[str, Any] = {"data": self.data, "database_url": self._database_url}
        with visiting(Settings(**given)) as opened:
            yield opened.database

    def _running(self) -> subprocess.Popen[str]:
        assert self._process is not None, "the server does not run"
        return self._process

    def _address(self, heard: int) -> str | None:
        for line in self._lines[heard:]:
            if line.startswith("{") and (entry := json.loads(line))["event"] == "serving":
                return str(entry["address"])
        return None

    def _dead(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        with process.stderr as lines:
            for line in lines:
                with self._heard:
                    self._lines.append(line)
                    self._heard.notify_all()
        process.wait()
        with self._heard:
            self._heard.notify_all()


@contextmanager
def embedded_server(**settings: str) -> Iterator[Server]:
    """A server on an empty folder with a PostgreSQL of its own; both are ended and removed."""
    with data_folder() as data:
        server = Server(data, settings=settings)
        try:
            yield server
        finally:
            server.close()


@contextmanager
def data_folder() -> Iterator[Path]:
    """An empty data folder that every user may enter; with its PostgreSQL it is removed."""
    with tempfile.TemporaryDirectory(prefix="amparo-data-", ignore_cleanup_errors=True) as name:
        data = Path(name)
        data.chmod(0o755)
        try:
            yield data
        finally:
            forget(data)


def left_behind(mark: str = RUN) -> list[str]:
    """Command lines of processes that still run: of one server's mark, or of the whole run."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            ours = process.environ().get(MARK, "").startswith(mark)
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid}: {' '.join(process.cmdline())[:200]}")
    return found
