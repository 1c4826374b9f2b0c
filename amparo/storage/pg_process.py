"""The embedded database's processes: which are ours, and how they are ended.

A process id alone proves nothing, since it may belong to another program by now. A process counts
as ours when it runs under the server's account and its command line names our folder (the
postmaster) or our cluster name (its helpers, which rewrite their command line). Both can be read
without the ``ptrace`` right, which root lacks in many containers.
"""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg.pq
from psycopg.conninfo import make_conninfo

from amparo.storage.pg_account import ServerAccount
from amparo.storage.pg_config import ROLE, cluster_name

PATIENCE = (20.0, 8.0)  # the second above 5, after which the postmaster kills silent helpers
_POLL_SECONDS = 0.02
_PROC = Path("/proc")


@dataclass(frozen=True)
class Postmaster:
    """The main process of a running server, as its ``postmaster.pid`` describes it.

    Attributes:
        pid: Its process id.
        port: The number in its socket's name.
        socket: The folder of its socket, or None while it has not opened one.
    """

    pid: int
    port: int
    socket: Path | None


def find_postmaster(cluster: Path, account: ServerAccount) -> Postmaster | None:
    """Finds the server that runs on a database's folder.

    Returns:
        The server, or None when none runs, whatever a ``postmaster.pid`` left behind says.
    """
    try:
        lines = (cluster / "postmaster.pid").read_text("utf-8", "surrogateescape").splitlines()
        pid, folder, port = int(lines[0]), Path(lines[1]), int(lines[3])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    command = _command(pid, account)
    if command is None or not _serves(command, folder):
        return None
    # A copied folder brings the original's postmaster.pid along; a folder that was moved under a
    # running server still names its old place, where nothing is any more.
    if folder != cluster and folder.exists():
        return None
    socket = lines[4] if len(lines) > 4 else ""
    return Postmaster(pid, port, Path(socket) if socket else None)


def ping(postmaster: Postmaster) -> psycopg.pq.Ping:
    """Asks a server whether it takes connections; no rights and no free slot are needed."""
    if postmaster.socket is None:
        return psycopg.pq.Ping.NO_RESPONSE
    address = make_conninfo(
        host=str(postmaster.socket),
        port=postmaster.port,
        user=ROLE,
        dbname="postgres",
        connect_timeout=3,
    )
    return psycopg.pq.Ping(psycopg.pq.PGconn.ping(os.fsencode(address)))


def server_processes(cluster: Path, account: ServerAccount) -> list[int]:
    """Lists every process of a database's server, orphans of a killed postmaster included."""
    title = f"postgres: {cluster_name(cluster)}: ".encode()
    found = []
    for entry in _PROC.iterdir():
        if not entry.name.isdecimal():
            continue
        command = _command(int(entry.name), account)
        if command is not None and (command[0].startswith(title) or _serves(command, cluster)):
            found.append(int(entry.name))
    return found


def stop_server(
    cluster: Path,
    account: ServerAccount,
    reap: Callable[[], object],
    patience: tuple[float, float] = PATIENCE,
) -> None:
    """Ends a server and all its processes: politely, then at once, then by force.

    Args:
        cluster: The database's folder.
        account: Who runs the server.
        reap: Called while waiting, to collect a postmaster that is our own child.
        patience: How many seconds a fast shutdown may take before it becomes an immediate one,
            and how many that may take before every process is killed. Both of these cost a
            recovery at the next start, but no data.
    """
    postmaster = find_postmaster(cluster, account)
    first = [] if postmaster is None else [postmaster.pid]

    def left() -> list[int]:
        # The postmaster is asked for by itself: after a move of the folder it names the old one.
        alive = [pid for pid in first if _command(pid, account) is not None]
        return sorted({*alive, *server_processes(cluster, account)})

    if first:
        for number, seconds in zip((signal.SIGINT, signal.SIGQUIT), patience, strict=True):
            _send(first, number)
            if _wait(lambda: not left(), seconds, reap):
                return
    # Processes whose postmaster is dead: they hold the shared memory that a new one needs.
    for number, seconds in ((signal.SIGQUIT, 2.0), (signal.SIGKILL, 5.0)):
        _send(left(), number)
        if _wait(lambda: not left(), seconds, reap):
            return


def forget_dead_server(cluster: Path, socket: Path, port: int) -> None:
    """Removes the lock files of a server that no longer runs.

    PostgreSQL removes them itself unless their process id belongs to another program of the same
    user by now, which is common after the restart of a container. Its own check for the shared
    memory of a living server stays in force.

    Raises:
        OSError: They cannot be removed.
    """
    for path in (cluster / "postmaster.pid", socket / f".s.PGSQL.{port}.lock"):
        path.unlink(missing_ok=True)


def _command(pid: int, account: ServerAccount) -> list[bytes] | None:
    try:
        if os.stat(_PROC / str(pid)).st_uid != account.uid:
            return None
        text = (_PROC / str(pid) / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    return text.rstrip(b"\0").split(b"\0") if text else None  # a zombie has none


def _serves(command: Sequence[bytes], cluster: Path) -> bool:
    return os.path.basename(command[0]) == b"postgres" and os.fsencode(cluster) in command


def _send(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _wait(done: Callable[[], bool], seconds: float, reap: Callable[[], object]) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        reap()
        if done():
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
