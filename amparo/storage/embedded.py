"""Amparo's own PostgreSQL server, for installations that have none.

It is the same database as in production, run from the programs of a wheel. Nobody but the user
who runs Amparo can reach it: it listens on no network address, its socket lies in a private
folder, and it asks the kernel who is calling (``peer``).
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.pq import Ping

from amparo.storage import pg_place
from amparo.storage.errors import StorageError
from amparo.storage.folder_lock import FolderLock, exclusive
from amparo.storage.pg_account import ServerAccount, program_user, server_account
from amparo.storage.pg_binaries import (
    PostgresBinaries,
    for_cluster,
    for_new_cluster,
    reachable_copy,
)
from amparo.storage.pg_cluster import create_cluster
from amparo.storage.pg_config import ROLE, write_configuration
from amparo.storage.pg_process import Postmaster, ping, stop_server
from amparo.storage.pg_server import adopt, launch

__all__ = ["EmbeddedPostgres", "FolderLock"]

_LOCK_FILE = "postgres.lock"
_MAINTENANCE = "postgres"
_LOGIN_SECONDS = 10.0
_POLL_SECONDS = 0.02
_BUILTIN_LOCALE_SINCE = 170000
_BUILTIN_LOCALE = sql.SQL(" LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")
# LC_CTYPE as in pg_cluster: the search depends on it.
_NEW_DATABASE = sql.SQL(
    "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
)


@dataclass(frozen=True)
class _Home:
    cluster: Path
    account: ServerAccount


class EmbeddedPostgres:
    """The PostgreSQL server of one data folder.

    The server is a process of its own that outlives this object: when Amparo is killed, the next
    `start` takes it over. The methods may be called from several threads and processes; steps
    that change something wait for each other.
    """

    def __init__(self, data: Path) -> None:
        """Prepares the server of a data folder; nothing is made or started yet.

        Args:
            data: Amparo's data folder. The database lies in ``postgres`` in it; when Amparo is
                root and the system user may not enter the folder, below ``/var/lib/amparo``.
        """
        self._data = data.resolve()
        self._home: _Home | None = None
        self._server: Postmaster | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Makes the database if there is none, and runs its server or takes over a running one.

        When it returns, the server takes connections.

        Raises:
            StorageError: It is not possible; the message says why and what to do.
        """
        with self._one_at_a_time() as lock:
            self._home = self._settle(lock)
            self._bring_up(self._home)

    def stop(self) -> None:
        """Ends the server, whoever started it; does nothing when none runs.

        Sessions are cut at once and what is committed stays. A server that needs more than 20
        seconds for that is ended the hard way and recovers at its next start.

        Raises:
            StorageError: The database belongs to another user.
        """
        if not self._data.is_dir():
            return
        with self._one_at_a_time():
            home = self._home or self._existing_home()
            self._server = None  # from here on `ensure_running` leaves it alone
            if home is not None:
                stop_server(home.cluster, home.account, self._reap)
            self._reap()

    def ensure_running(self) -> bool:
        """Starts the server again when it has died since `start`.

        Before `start` and after `stop` this does nothing, so that a watching thread cannot bring
        back a server that was ended on purpose.

        Returns:
            Whether it had to be started again.

        Raises:
            StorageError: It had died and cannot be started again.
        """
        self._reap()
        server = self._server
        if server is None or ping(server) == Ping.OK:
            return False
        with self._one_at_a_time():
            if self._server is None or self._home is None:
                return False
            return self._bring_up(self._home)

    def url(self, database: str) -> str:
        """Gives the SQLAlchemy address of a database on this server.

        Raises:
            StorageError: The server has not been started.
        """
        server = self._running()
        host = quote(str(server.socket), safe="")
        name = quote(database, safe="")
        return f"postgresql+psycopg://{ROLE}@/{name}?host={host}&port={server.port}"

    def conninfo(self, database: str) -> str:
        """Gives the psycopg address of a database on this server.

        Raises:
            StorageError: The server has not been started.
        """
        server = self._running()
        return make_conninfo(host=str(server.socket), port=server.port, user=ROLE, dbname=database)

    def ensure_database(self, name: str, template: str | None = None) -> None:
        """Makes a database unless there is one of that name.

        Args:
            name: Its name.
            template: A database of this server to copy, to which nobody may be connected; None
                for an empty database, in UTF-8 and with a locale in which the search works.

        Raises:
            StorageError: PostgreSQL refused; the message quotes it.
        """
        with self._administer(f"The database {name!r} could not be made") as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if found.fetchone() is not None:
                return
            if template is not None:
                command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            else:
                command = _NEW_DATABASE.format(sql.Identifier(name))
                if connection.info.server_version >= _BUILTIN_LOCALE_SINCE:
                    command += _BUILTIN_LOCALE
            # Another process may have made it since we looked.
            with contextlib.suppress(psycopg.errors.DuplicateDatabase):
                connection.execute(command)

    def drop_database(self, name: str) -> None:
        """Removes a database with everything in it, cutting its sessions; missing is fine.

        Raises:
            StorageError: PostgreSQL refused; the message quotes it.
        """
        with self._administer(f"The database {name!r} could not be removed") as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    @contextlib.contextmanager
    def _one_at_a_time(self) -> Iterator[int]:
        try:
            # Root's folder lets the system user pass through, but not look around.
            mode = 0o711 if os.geteuid() == 0 else 0o700
            self._data.mkdir(mode=mode, parents=True, exist_ok=True)
            with exclusive(self._data / _LOCK_FILE) as lock:
                yield lock
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StorageError(
                f"The database of the data folder {self._data} cannot be set up: {error}. Check "
                "that the disk is not full, that the folder lies on a local Linux file system "
                "and that Amparo runs as the user who owns it."
            ) from error

    def _settle(self, lock: int) -> _Home:
        account = server_account()
        cluster = pg_place.existing_cluster(self._data)
        if cluster is None:
            cluster = pg_place.new_cluster(self._data, account)
            create_cluster(cluster, account, self._reachable(for_new_cluster(), account), lock)
            pg_place.remember(self._data, cluster)
        pg_place.check_owner(cluster, account)
        return _Home(cluster, account)

    def _existing_home(self) -> _Home | None:
        cluster = pg_place.existing_cluster(self._data)
        if cluster is None:
            return None
        account = server_account()
        pg_place.check_owner(cluster, account)
        return _Home(cluster, account)

    def _reachable(self, binaries: PostgresBinaries, account: ServerAccount) -> PostgresBinaries:
        if not account.switched:
            return binaries
        return reachable_copy(binaries, account, pg_place.open_store(account))

    def _bring_up(self, home: _Home) -> bool:
        binaries = for_cluster(home.cluster)
        changed = write_configuration(home.cluster, home.account, program_user())
        server = adopt(home.cluster, home.account, self._reap)
        launched = server is None
        if server is None:
            programs = self._reachable(binaries, home.account)
            self._child, server = launch(home.cluster, home.account, programs)
        elif changed:
            os.kill(server.pid, signal.SIGHUP)
        before, self._server = self._server, server
        try:
            self._wait_for_login()
        except BaseException:
            self._server = before
            if launched:
                stop_server(home.cluster, home.account, self._reap)
            raise
        return launched

    def _wait_for_login(self) -> None:
        deadline = time.monotonic() + _LOGIN_SECONDS
        while True:
            try:
                psycopg.connect(self.conninfo(_MAINTENANCE), connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                if "too many clients" in str(error) or "connection slots" in str(error):
                    return  # a busy server is a running one
                if time.monotonic() > deadline:  # new access rules take a moment
                    raise StorageError(
                        f"The database of {self._data} runs but does not let Amparo in: {error}. "
                        "Stop every Amparo on this data folder and start again."
                    ) from error
                time.sleep(_POLL_SECONDS)

    def _running(self) -> Postmaster:
        if self._server is None:
            raise StorageError(
                f"The database of the data folder {self._data} is not running. Start Amparo first."
            )
        return self._server

    @contextlib.contextmanager
    def _administer(self, failure: str) -> Iterator[psycopg.Connection]:
        try:
            with psycopg.connect(
                self.conninfo(_MAINTENANCE), autocommit=True, connect_timeout=10
            ) as connection:
                yield connection
        except psycopg.Error as error:
            raise StorageError(
                f"{failure}. Put right what PostgreSQL says and try again: {error}"
            ) from error

    def _reap(self) -> None:
        if self._child is not None and self._child.poll() is not None:
            self._child = None
