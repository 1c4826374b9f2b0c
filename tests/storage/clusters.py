"""Folders, processes and other users for the tests of the embedded PostgreSQL."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.pg_account import ServerAccount, server_account
from amparo.storage.pg_place import STORE
from amparo.storage.pg_process import find_postmaster, server_processes

ROOT = os.geteuid() == 0
NOBODY = 65534
PROJECT = Path(__file__).parents[2]


def cluster_of(data: Path) -> Path:
    """The folder of the database, wherever it was put."""
    pointer = data / "postgres.path"
    return Path(pointer.read_text().strip()) if pointer.exists() else data / "postgres"


def postmaster_pid(data: Path) -> int:
    postmaster = find_postmaster(cluster_of(data), server_account())
    assert postmaster is not None, "no server runs"
    return postmaster.pid


def processes(data: Path) -> list[int]:
    """Everything that runs on the folder: the server, its helpers, initdb."""
    account = server_account()
    return sorted({*server_processes(cluster_of(data), account), *mentioning(data, account)})


def mentioning(path: Path, account: ServerAccount) -> list[int]:
    """PostgreSQL's processes whose command line names a path."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and entry.stat().st_uid == account.uid:
                command = (entry / "cmdline").read_bytes().split(b"\0")
                if os.path.basename(command[0]) in (b"postgres", b"initdb") and any(
                    word.startswith(os.fsencode(path)) for word in command
                ):
                    found.append(int(entry.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


@contextmanager
def public_folder() -> Iterator[Path]:
    """A folder that every user may enter, as ``/srv`` is; removed with all its servers."""
    folder = Path(tempfile.mkdtemp(prefix="amparo-pg-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for data in list(folder.iterdir()):
            forget(data)
        shutil.rmtree(folder)


def forget(data: Path) -> None:
    """Ends a data folder's server, checks that nothing is left of it, and removes its files."""
    cluster = cluster_of(data)
    if cluster.is_dir() and (cluster / "PG_VERSION").exists():
        EmbeddedPostgres(data).stop()
    left = processes(data)
    assert not left, f"processes left behind: {left}"
    if cluster.parent == STORE:
        shutil.rmtree(cluster, ignore_errors=True)


@contextmanager
def renamed(folder: Path, name: str) -> Iterator[Path]:
    """Moves a data folder for a while, and back when its server has ended."""
    moved = folder.rename(folder.with_name(name))
    try:
        yield moved
    finally:
        EmbeddedPostgres(moved).stop()
        moved.rename(folder)


def python(script: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """Runs a script of our own in another process, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        process_group=0,
    )


def eventually(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    """Waits for something that another process does; the deadline is a failure, not a pause."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"still not so after {seconds} s: {what}"
        time.sleep(0.005)


def as_user(uid: int, question: Callable[[], str]) -> str:
    """Answers a question in a child process that has become another user (needs root)."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            answer = question()
        except BaseException as error:
            answer = f"{type(error).__name__}: {error}"
        os.write(write, answer.encode()[:4000])
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer
