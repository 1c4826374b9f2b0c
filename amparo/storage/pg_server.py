"""Starts the embedded database's server, or takes over the one that runs already."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from psycopg.pq import Ping

from amparo.storage.errors import StorageError
from amparo.storage.pg_account import ServerAccount
from amparo.storage.pg_binaries import PostgresBinaries
from amparo.storage.pg_place import PORT, socket_folder
from amparo.storage.pg_process import (
    Postmaster,
    find_postmaster,
    forget_dead_server,
    ping,
    server_processes,
    stop_server,
)

LOG_FILE = "server.log"
_LARGEST_LOG = 5 * 1024 * 1024
_START_SECONDS = 120.0  # a recovery after a crash has to fit into it
_SILENCE_SECONDS = 10.0
_POLL_SECONDS = 0.02
_QUOTED_LINES = 12


def adopt(cluster: Path, account: ServerAccount, reap: Callable[[], object]) -> Postmaster | None:
    """Takes over the server that runs on a database's folder, waiting for it if it is starting.

    A server that lives but cannot be reached (its socket was removed, or it hangs) is ended.

    Args:
        cluster: The database's folder.
        account: Who runs the server.
        reap: Called while waiting, to collect a postmaster that is our own child.

    Returns:
        The server, which takes connections; or None when none runs now.
    """
    deadline = time.monotonic() + _START_SECONDS
    heard = time.monotonic()
    while time.monotonic() < deadline:
        reap()
        postmaster = find_postmaster(cluster, account)
        if postmaster is None:
            return None
        answer = ping(postmaster)
        if answer == Ping.OK:
            return postmaster
        if answer == Ping.REJECT:
            heard = time.monotonic()
        if postmaster.socket is not None and not postmaster.socket.is_dir():
            break
        if time.monotonic() - heard > _SILENCE_SECONDS:
            break
        time.sleep(_POLL_SECONDS)
    stop_server(cluster, account, reap)
    return None


def launch(
    cluster: Path, account: ServerAccount, binaries: PostgresBinaries
) -> tuple[subprocess.Popen[bytes], Postmaster]:
    """Starts a server and waits until it takes connections.

    Args:
        cluster: The database's folder, on which no postmaster runs.
        account: Who is to run the server.
        binaries: The programs, of the version that made the database.

    Returns:
        The process and what it says about itself.

    Raises:
        StorageError: It did not start; the message quotes the end of its log.
        OSError: The socket's folder or the log cannot be made, or the program not executed.
    """
    socket = socket_folder(cluster, account)
    if server_processes(cluster, account):
        stop_server(cluster, account, reap=lambda: None)
    forget_dead_server(cluster, socket, PORT)
    with _open_log(cluster, account) as log:
        begin = os.fstat(log.fileno()).st_size
        child = account.spawn(_command(cluster, socket, binaries), log)
    try:
        return child, _wait_until_ready(child, cluster, account, begin)
    except BaseException:
        _give_up(child)
        raise


def _command(cluster: Path, socket: Path, binaries: PostgresBinaries) -> list[str | Path]:
    quoted = str(socket).replace('"', '""')
    # On the command line these win over every file, so that no edit opens the server to others.
    fixed = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{quoted}"',
        "unix_socket_permissions": "0700",
        "port": str(PORT),
    }
    options = [word for name, value in fixed.items() for word in ("-c", f"{name}={value}")]
    return [binaries.program("postgres"), "-D", cluster, *options]


def _wait_until_ready(
    child: subprocess.Popen[bytes], cluster: Path, account: ServerAccount, begin: int
) -> Postmaster:
    deadline = time.monotonic() + _START_SECONDS
    while child.poll() is None:
        postmaster = find_postmaster(cluster, account)
        if postmaster is not None and ping(postmaster) == Ping.OK:
            return postmaster
        if time.monotonic() > deadline:
            raise _failure(cluster, begin, f"was not ready after {_START_SECONDS:.0f} seconds")
        time.sleep(_POLL_SECONDS)
    raise _failure(cluster, begin, "did not start")


def _failure(cluster: Path, begin: int, what: str) -> StorageError:
    path = cluster / LOG_FILE
    try:
        with open(path, "rb") as file:
            file.seek(begin)
            text = file.read().decode("utf-8", "replace")
    except OSError:
        text = ""
    last = "\n".join(text.strip().splitlines()[-_QUOTED_LINES:])
    if "No space left on device" in text or shutil.disk_usage(cluster).free < 1024 * 1024:
        advice = f"The disk that holds {cluster} is full: free some space and start again."
    else:
        advice = "Put right what PostgreSQL says in its log and start again."
    said = f"The end of its log, {path}:\n{last}" if last else f"Its log, {path}, is empty."
    return StorageError(f"The database in {cluster} {what}. {advice} {said}")


def _give_up(child: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGQUIT, signal.SIGKILL):
        child.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=5)
            return


def _open_log(cluster: Path, account: ServerAccount) -> IO[bytes]:
    path = cluster / LOG_FILE
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        os.replace(path, cluster / f"{LOG_FILE}.1")
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    file = os.fdopen(os.open(path, flags, 0o600), "ab")
    account.own(path)
    return file
