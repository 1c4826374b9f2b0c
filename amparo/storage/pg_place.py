"""Where the embedded database's files and its socket lie."""

import hashlib
import logging
import os
import pwd
import stat
from pathlib import Path

from amparo.storage.errors import StorageError
from amparo.storage.pg_account import ServerAccount

PORT = 5432
STORE = Path("/var/lib/amparo")
_POINTER = "postgres.path"
_LONGEST_SOCKET_PATH = 99  # bytes; the kernel takes 107, and a second name may be derived from it

_log = logging.getLogger(__name__)


def existing_cluster(data: Path) -> Path | None:
    """Finds the folder of the database that belongs to a data folder.

    Args:
        data: Amparo's data folder, resolved.

    Returns:
        The database's folder, or None when no database has been made yet.

    Raises:
        StorageError: The data folder points to a database that is not there.
    """
    pointer = data / _POINTER
    try:
        text = pointer.read_text("utf-8").strip()
    except FileNotFoundError:
        cluster = (data / "postgres").resolve()
        return cluster if cluster.is_dir() and not _is_empty(cluster) else None
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            f"{pointer} cannot be read ({error}); it says where the database lies. Run Amparo as "
            "the user who made it, or restore the file from a backup."
        ) from error
    cluster = Path(text)
    if not cluster.is_absolute() or not cluster.is_dir():
        # An empty database in its place would look like the loss of everything.
        raise StorageError(
            f"{pointer} says that the database lies in {text or 'nowhere'!r}, but there is no such "
            f"folder. Restore it from a backup; or remove {pointer} to begin with an empty "
            "database."
        )
    return cluster


def new_cluster(data: Path, account: ServerAccount) -> Path:
    """Chooses the folder for a new database; nothing is made there yet.

    Args:
        data: Amparo's data folder, resolved, which exists.
        account: Who will own the database.

    Returns:
        ``postgres`` in the data folder, or a folder below ``/var/lib/amparo`` when the account
        may not go through the data folder.

    Raises:
        StorageError: Neither place can be used.
    """
    if account.can_enter(data):
        return (data / "postgres").resolve()
    store = open_store(account)
    name = short_hash(data)
    for number in range(1, 1000):
        cluster = store / (name if number == 1 else f"{name}-{number}")
        if not cluster.exists():
            return cluster
        # Left by a data folder that was at this path before: not ours to take over or to remove.
        _log.warning("%s belongs to an earlier data folder at %s and is left alone", cluster, data)
    raise StorageError(f"{store} is full of old databases made for {data}. Remove some of them.")


def remember(data: Path, cluster: Path) -> None:
    """Notes in the data folder where its database lies, when that is elsewhere.

    Raises:
        OSError: The note cannot be written.
    """
    if cluster.parent == data:
        return
    pointer = data / _POINTER
    fresh = pointer.with_suffix(".new")
    fresh.write_text(f"{cluster}\n", "utf-8")
    os.replace(fresh, pointer)


def open_store(account: ServerAccount) -> Path:
    """Gives the system's folder for databases and programs, making it when it is missing.

    Raises:
        StorageError: Others could write there, or the account cannot enter it.
        OSError: It cannot be made.
    """
    STORE.mkdir(mode=0o755, parents=True, exist_ok=True)
    state = STORE.lstat()
    safe = stat.S_ISDIR(state.st_mode) and state.st_uid in (0, account.uid)
    if not safe or state.st_mode & 0o022 or not account.can_enter(STORE):
        raise StorageError(
            f"{STORE} must be a folder that belongs to root, that the user {account.name!r} can "
            "enter and that no other user can write to. Correct its owner and rights "
            f"(chown root {STORE}; chmod 755 {STORE}), or choose a data folder outside private "
            "folders."
        )
    return STORE


def check_owner(cluster: Path, account: ServerAccount) -> None:
    """Refuses a database that belongs to somebody else or that its owner cannot reach.

    Raises:
        StorageError: Another user owns it, or a folder above it is closed; the message tells
            whom to run Amparo as, or what to open.
    """
    owner = cluster.stat().st_uid
    if owner == account.uid:
        if account.can_enter(cluster):
            return
        raise StorageError(
            f"The user {account.name!r}, whom the database in {cluster} belongs to, cannot get "
            "there: a folder above it is closed. Let others pass through that folder again "
            "(chmod o+x)."
        )
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = f"number {owner}"
    if owner == 0:
        advice = f"If it is Amparo's, give it back with 'chown -R {account.name}: {cluster}'"
    elif account.switched:
        advice = f"Run Amparo as {name!r}, not as root"
    else:
        advice = f"Run Amparo as {name!r} (or as root, if root started it before)"
    raise StorageError(
        f"The database in {cluster} belongs to the user {name!r}, but it would now run as "
        f"{account.name!r}. {advice}, or give this Amparo a data folder of its own."
    )


def socket_folder(cluster: Path, account: ServerAccount) -> Path:
    """Makes the folder for the server's socket, which nobody but the account may enter.

    Args:
        cluster: The database's folder.
        account: Who runs the server.

    Returns:
        ``socket`` in the database's folder; or, when that path does not fit into a socket's
        address, a short one in ``/run`` (root) or ``/tmp``.

    Raises:
        StorageError: Somebody else has made a folder of that name.
        OSError: The folder cannot be made.
    """
    folder = cluster / "socket"
    if not _fits(folder):
        # Not below XDG_RUNTIME_DIR, which is emptied when the user logs out while the server
        # lives on. PostgreSQL touches its socket, so that no cleaner of /tmp takes it.
        runtime = Path("/run")
        parent = runtime if account.switched and os.access(runtime, os.W_OK) else Path("/tmp")
        folder = parent / f"amparo-{account.uid}-{short_hash(cluster)}"
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        state = folder.lstat()
        private = stat.S_ISDIR(state.st_mode) and not state.st_mode & 0o077
        if not private or state.st_uid not in (account.uid, os.geteuid()):
            raise StorageError(
                f"The database's socket belongs into {folder}, but that is not a private folder "
                f"of the user {account.name!r}; somebody else may have put it there. Look at it, "
                "remove it and start again."
            ) from None
    account.own(folder)
    return folder


def short_hash(path: Path) -> str:
    """Shortens a path to twelve characters that are the same each time."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _fits(folder: Path) -> bool:
    text = os.fsencode(folder / f".s.PGSQL.{PORT}")
    # libpq takes a comma in the host for a list of hosts.
    return len(text) <= _LONGEST_SOCKET_PATH and b"," not in text and str(folder).isprintable()


def _is_empty(folder: Path) -> bool:
    try:
        return next(folder.iterdir(), None) is None
    except PermissionError:
        return False
