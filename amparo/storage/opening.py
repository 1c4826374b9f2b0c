"""From settings to a database that can be trusted: found or started, checked, migrated."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg

from amparo.config import Settings
from amparo.storage import start_check
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.errors import StorageError
from amparo.storage.folder_lock import FolderLock
from amparo.storage.migrate import upgrade
from amparo.storage.session import Database, connect

NAME = "amparo"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open database.

    Attributes:
        conninfo: how a connection of one's own is made (for LISTEN).
        embedded: the PostgreSQL that we run ourselves; None with ``DATABASE_URL``.
    """

    database: Database
    conninfo: str
    embedded: EmbeddedPostgres | None


@contextmanager
def serving(settings: Settings) -> Iterator[Opened]:
    """The database for the one server of this data folder; ends what it started.

    Raises:
        StorageError: another server uses the folder, or the database cannot be trusted.
    """
    with FolderLock(settings.data), _opened(settings, ours=True) as opened:
        yield opened


@contextmanager
def visiting(settings: Settings) -> Iterator[Opened]:
    """The database for a command, beside a running server or without one.

    The embedded PostgreSQL is ended afterwards only where no server uses it.
    """
    with ExitStack() as stack:
        lock = FolderLock(settings.data)
        try:
            stack.enter_context(lock)
            alone = True
        except StorageError:
            alone = False
        yield stack.enter_context(_opened(settings, ours=alone))


@contextmanager
def _opened(settings: Settings, *, ours: bool) -> Iterator[Opened]:
    with ExitStack() as stack:
        embedded = None
        if settings.database_url:
            url = conninfo = settings.database_url
            conninfo = conninfo.replace("postgresql+psycopg://", "postgresql://")
        else:
            embedded = EmbeddedPostgres(settings.data)
            if ours:
                stack.callback(embedded.stop)
            embedded.start()
            embedded.ensure_database(NAME)
            url, conninfo = embedded.url(NAME), embedded.conninfo(NAME)
        _check(conninfo)
        database = connect(url, pool=settings.database_pool)
        stack.callback(database.close)
        upgrade(database)
        yield Opened(database, conninfo, embedded)


def _check(conninfo: str) -> None:
    try:
        with psycopg.connect(conninfo, connect_timeout=10) as connection:
            start_check.check(connection)
    except psycopg.OperationalError as error:
        raise StorageError(
            f"PostgreSQL does not answer: {str(error).strip()} "
            "Check DATABASE_URL, or leave it out and Amparo runs its own."
        ) from error
