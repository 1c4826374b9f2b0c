"""A peer's processes: its PostgreSQL with our programs and settings, and its daemon."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil
import psycopg

from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.pg_account import ServerAccount, server_account
from amparo.storage.pg_binaries import for_cluster, reachable_copy
from amparo.storage.pg_place import open_store
from bench.common import progress
from tests.servers import MARK, RUN, data_folder
from tests.storage.clusters import cluster_of, processes

NAME, PASSWORD = "peer", "peer"
_START_S, _END_S = 60.0, 15.0
_LOCAL = "host all peer 127.0.0.1/32 scram-sha-256\n"


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def in_time(condition: object, what: str, seconds: float = _START_S) -> None:
    """Wait until a callable is true."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether something takes connections there."""
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of the account that daemons run under; removed at the end."""
    account = server_account()
    with tempfile.TemporaryDirectory(prefix="amparo-peer-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        account.own(path)
        path.chmod(0o755)
        yield path


def owned(path: Path, text: str) -> Path:
    """A file that the daemons' account may read and write."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for parent in (path.parent, path.parent.parent):
        server_account().own(parent)
    path.write_text(text, "utf-8")
    server_account().own(path)
    return path


class Daemon:
    """A program in the foreground, under the account of the databases or (``own``) under ours."""

    def __init__(self, log: Path, *, own: bool = False) -> None:
        us = ServerAccount("us", os.geteuid(), os.getegid(), switched=False)
        self._account = us if own else server_account()
        self._log = owned(log, "")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None, "it does not run"
        return self._process.pid

    def start(self, command: Sequence[str | Path], **environment: str) -> None:
        """Start it and do not wait; its words go to the log."""
        told = [f"{name}={value}" for name, value in environment.items()]
        with open(self._log, "ab") as log:
            self._process = self._account.spawn(
                ["/usr/bin/env", f"{MARK}={RUN}/peer", *told, *command], log
            )

    def wait_for(self, port: int, what: str) -> None:
        """Wait until it answers.

        Raises:
            SystemExit: it ended, or did not answer in time.
        """

        def up() -> bool:
            if self._process is None or self._process.poll() is not None:
                raise SystemExit(f"{what} ended:\n{self._log.read_text('utf-8')[-2000:]}")
            return answers(port)

        in_time(up, f"{what} answers")

    def stop(self) -> None:
        """End it and everything it started."""
        if self._process is None:
            return
        with suppress(psutil.NoSuchProcess):
            family = psutil.Process(self.pid).children(recursive=True)
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_S)
            for one in family:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
        self._process.kill()
        self._process.wait(_END_S)
        self._process = None

    def cpu_seconds(self) -> float:
        """Processor time so far."""
        spent = psutil.Process(self.pid).cpu_times()
        return spent.user + spent.system


class PeerDatabase:
    """PostgreSQL as Amparo runs it, that listens on loopback: peers cannot prove themselves by
    ``peer`` through a socket."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()

    def start(self) -> None:
        """Make it, with a database and a user of the peer, and run it."""
        embedded = EmbeddedPostgres(self.data)
        embedded.start()
        with psycopg.connect(embedded.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {NAME} LOGIN PASSWORD '{PASSWORD}'")
            connection.execute(
                f"CREATE DATABASE {NAME} OWNER {NAME} TEMPLATE template0 ENCODING 'UTF8'"
                " LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc"
            )
        embedded.stop()
        cluster, account = cluster_of(self.data), server_account()
        rules = cluster / "pg_hba.conf"
        rules.write_text(_LOCAL + rules.read_text("utf-8"), "utf-8")
        binaries = for_cluster(cluster)
        if account.switched:
            binaries = reachable_copy(binaries, account, open_store(account))
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        log: IO[bytes]
        with open(owned(cluster / "peer.log", ""), "ab") as log:
            account.spawn([binaries.program("postgres"), "-D", cluster, *options], log)
        in_time(self._lets_in, "the peer's database answers")

    def _lets_in(self) -> bool:
        with suppress(psycopg.OperationalError), self.connected():
            return True
        return False

    def connected(self) -> psycopg.Connection:
        """A connection as the peer."""
        address = f"host=127.0.0.1 port={self.port} dbname={NAME} user={NAME}"
        return psycopg.connect(f"{address} password={PASSWORD}", autocommit=True)

    def run(self, script: str) -> None:
        """Run SQL as the peer."""
        with self.connected() as connection:
            connection.execute(script.encode())

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self.connected() as connection:
            row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            assert row is not None
            return int(row[0])

    def durable(self) -> dict[str, str]:
        """What it says about keeping what it has acknowledged."""
        names = ("fsync", "synchronous_commit", "full_page_writes")
        with self.connected() as connection:
            found = {name: connection.execute(f"SHOW {name}".encode()).fetchone() for name in names}
        return {name: str(row[0]) for name, row in found.items() if row is not None}

    def cpu_seconds(self) -> float:
        """Processor time so far, of all its processes."""
        spent = [psutil.Process(pid).cpu_times() for pid in processes(self.data)]
        return sum(one.user + one.system for one in spent)


@contextmanager
def database() -> Iterator[PeerDatabase]:
    """A running database for a peer; ended and removed afterwards."""
    with ExitStack() as stack:
        one = PeerDatabase(stack.enter_context(data_folder()))
        one.start()
        progress(f"peer's PostgreSQL on port {one.port}: {one.durable()}")
        yield one


def core(number: int) -> None:
    """Run on one core from here on; what is started inherits it."""
    os.sched_setaffinity(0, {number})
