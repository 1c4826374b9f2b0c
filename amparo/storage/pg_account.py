"""The operating system account that the embedded database runs under."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

from amparo.storage.errors import StorageError

SYSTEM_USER = "amparo"
_USERADD_PLACES = "/usr/sbin:/usr/bin:/sbin:/bin"


class _SpawnOptions(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[str | int]


@dataclass(frozen=True)
class ServerAccount:
    """Who owns the database's files and runs its processes.

    Attributes:
        name: The account's name in the operating system.
        uid: Its numeric user id.
        gid: Its main group.
        switched: Whether Amparo itself is root and steps down to this account for its children.
    """

    name: str
    uid: int
    gid: int
    switched: bool

    def run(
        self, command: Sequence[str | Path], timeout: float, keep_open: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Runs a short command under this account and waits for it.

        Args:
            command: The program with its arguments.
            timeout: Seconds after which the command is killed.
            keep_open: File descriptors that the command inherits.

        Returns:
            The finished command; standard error is merged into ``stdout``.

        Raises:
            OSError: The program cannot be executed by this account.
            subprocess.TimeoutExpired: It took too long.
        """
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
            pass_fds=keep_open,
            env=_environment(),
            cwd="/",
            umask=0o077,
            start_new_session=True,
            **self._spawn_options(),
        )

    def spawn(self, command: Sequence[str | Path], output: IO[bytes]) -> subprocess.Popen[bytes]:
        """Starts a long-running command under this account, out of the terminal's reach.

        Args:
            command: The program with its arguments.
            output: The file that takes what it prints.

        Returns:
            The running process; it leads a session of its own, so Ctrl-C does not reach it.

        Raises:
            OSError: The program cannot be executed by this account.
        """
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(),
            cwd="/",
            umask=0o077,
            start_new_session=True,
            **self._spawn_options(),
        )

    def can_enter(self, folder: Path) -> bool:
        """Says whether this account may go through a folder and all folders above it."""
        return self._test("-x", folder)

    def can_read(self, path: Path) -> bool:
        """Says whether this account may read a file or list a folder."""
        return self._test("-r", path)

    def own(self, path: Path) -> None:
        """Hands a file or folder that Amparo has just made to this account.

        Raises:
            OSError: The file system does not allow it.
        """
        if self.switched:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def _test(self, flag: str, path: Path) -> bool:
        if not self.switched:
            return os.access(path, os.X_OK if flag == "-x" else os.R_OK)
        # Asked as that user, so that ACLs and mount options count too; mode bits tell half.
        question = ["/bin/sh", "-c", f'test {flag} "$1"', "sh", str(path)]
        return self.run(question, timeout=20).returncode == 0

    def _spawn_options(self) -> _SpawnOptions:
        if not self.switched:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def program_user() -> str:
    """Names the account that Amparo itself runs under.

    Raises:
        StorageError: Its user id has no name, which PostgreSQL's ``peer`` check needs.
    """
    uid = os.geteuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise StorageError(
            f"The user id {uid} has no entry in /etc/passwd, and PostgreSQL refuses to run "
            "without one. Run Amparo under a named user, or give DATABASE_URL the address of a "
            "PostgreSQL server of your own."
        ) from None


def server_account() -> ServerAccount:
    """Finds the account for the database: our own, or the system user when Amparo is root.

    Raises:
        StorageError: Our user id has no name, or the system user is missing and cannot be made.
    """
    name = program_user()
    if os.geteuid() != 0:
        return ServerAccount(name, os.geteuid(), os.getegid(), switched=False)
    entry = _lookup() or _make_system_user()
    if entry.pw_uid == 0:
        raise StorageError(
            f"The system user {SYSTEM_USER!r} has the rights of root, and PostgreSQL refuses to "
            f"run as root. Give {SYSTEM_USER!r} a user id of its own, or run Amparo as an "
            "ordinary user."
        )
    return ServerAccount(SYSTEM_USER, entry.pw_uid, entry.pw_gid, switched=True)


def _lookup() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None


def _make_system_user() -> pwd.struct_passwd:
    advice = (
        "PostgreSQL refuses to run as root. Run Amparo as an ordinary user, or make a system user "
        f"called {SYSTEM_USER!r} and start again."
    )
    useradd = shutil.which("useradd", path=_USERADD_PLACES)
    if useradd is None:
        raise StorageError(f"This machine has no 'useradd' to make a system user with. {advice}")
    command = [
        useradd,
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
    ]
    made = subprocess.run(
        [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        check=False,
    )
    entry = _lookup()  # a second Amparo may have been quicker: what counts is that it exists
    if entry is None:
        reason = made.stderr.strip() or f"exit code {made.returncode}"
        raise StorageError(
            f"The system user {SYSTEM_USER!r} could not be made ({reason}). {advice}"
        )
    return entry


def _environment() -> dict[str, str]:
    # Not ours: a PGDATA, PGOPTIONS or LD_LIBRARY_PATH of the person at the terminal would reach
    # into the server.
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
