"""Makes the files of a new embedded database."""

import os
import shutil
import subprocess
from pathlib import Path

from amparo.storage.errors import StorageError
from amparo.storage.pg_account import ServerAccount
from amparo.storage.pg_binaries import PostgresBinaries
from amparo.storage.pg_config import INCLUDE, ROLE

_TIMEOUT_SECONDS = 300.0
_NEEDED_BYTES = 150 * 1024 * 1024
_OPTIONS = [
    f"--username={ROLE}",
    "--auth-local=peer",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--no-instructions",
]
# LC_CTYPE matters beside the built-in provider: with "C" the search takes every character outside
# ASCII for a letter, and «заказ» would not be found by заказ.
_LOCALES = ["--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C"] + [
    f"--lc-{part}=C" for part in ("monetary", "numeric", "time")
]


def create_cluster(
    cluster: Path, account: ServerAccount, binaries: PostgresBinaries, lock: int
) -> None:
    """Makes a new, empty database; either all of it is there afterwards, or nothing.

    Args:
        cluster: The folder to make. It may exist if it is empty.
        account: Who will own and run the database.
        binaries: The programs to make it with.
        lock: The set-up lock's file descriptor. The helpers inherit it, so that they are waited
            for by the next start if this process is killed meanwhile.

    Raises:
        StorageError: There is too little space, or PostgreSQL's ``initdb`` failed.
        OSError: The folder cannot be made or moved to its place.
    """
    parent = cluster.parent
    free = shutil.disk_usage(parent).free
    if free < _NEEDED_BYTES:
        raise StorageError(
            f"There are only {free // 1024**2} MB left on the disk that holds {parent}, and a new "
            f"database needs {_NEEDED_BYTES // 1024**2} MB. Free some space, or choose a data "
            "folder on another disk."
        )
    fresh = cluster.with_name(f"{cluster.name}.new")
    if fresh.is_symlink() or fresh.exists():
        shutil.rmtree(fresh)  # what an earlier start did not finish
    fresh.mkdir(mode=0o700)
    try:
        account.own(fresh)
        _initdb(fresh, account, binaries, lock)
        with open(fresh / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write(INCLUDE)
            file.flush()
            os.fsync(file.fileno())
        os.rename(fresh, cluster)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    _sync(parent)


def _initdb(folder: Path, account: ServerAccount, binaries: PostgresBinaries, lock: int) -> None:
    command: list[str | Path] = [binaries.program("initdb"), "-D", folder, *_OPTIONS, *_LOCALES]
    if binaries.major >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        made = account.run(command, timeout=_TIMEOUT_SECONDS, keep_open=[lock])
    except subprocess.TimeoutExpired as error:
        raise StorageError(
            f"Making the database in {folder.parent} took longer than {_TIMEOUT_SECONDS:.0f} "
            "seconds and was given up. Choose a data folder on a faster disk, and start again."
        ) from error
    if made.returncode != 0:
        last = "\n".join(made.stdout.strip().splitlines()[-10:])
        raise StorageError(
            f"The database in {folder.parent} could not be made. Put right what PostgreSQL says "
            f"here and start again:\n{last}"
        )


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
