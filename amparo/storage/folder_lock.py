"""One process per data folder, and one set-up step at a time."""

import contextlib
import fcntl
import os
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from amparo.storage.errors import StorageError

LOCK_FILE = "amparo.lock"
_OPEN_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_POLL_SECONDS = 0.02


class FolderLock:
    """Keeps a second Amparo out of a data folder for as long as this process lives.

    The lock belongs to the kernel (``flock``), so it ends with the process however that ends. The
    file stays behind on purpose: removing it would let two processes lock two different files of
    the same name.
    """

    def __init__(self, data: Path) -> None:
        """Prepares the lock of one data folder; nothing is taken yet.

        Args:
            data: Amparo's data folder. It is made by `acquire` when it is missing.
        """
        self._path = data / LOCK_FILE
        self._fd: int | None = None

    def acquire(self) -> None:
        """Takes the lock, or does nothing when this object already holds it.

        Raises:
            StorageError: Another process holds it (the message names its process id), or the
                lock file cannot be made.
        """
        if self._fd is not None:
            return
        fd = _open(self._path)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(fd, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(fd)
            raise StorageError(
                f"Another Amparo (process {holder}) is already using the folder "
                f"{self._path.parent}. Stop that one first, or give this one a data folder of "
                "its own."
            ) from None
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode("ascii"), 0)
        self._fd = fd
        _held.add(self)

    def release(self) -> None:
        """Gives the lock back; does nothing when it is not held."""
        if self._fd is not None:
            fcntl.flock(self._fd, fcntl.LOCK_UN)
            self._forget()

    def _forget(self) -> None:
        if self._fd is not None:
            _held.discard(self)
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> "FolderLock":
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


_held: "weakref.WeakSet[FolderLock]" = weakref.WeakSet()


def _forget_in_child() -> None:
    # A forked worker shares the lock's file description: were it left open there, the folder
    # would stay locked after the process that took the lock is gone. It is closed and not
    # unlocked, which would take it from the parent too.
    for lock in list(_held):
        lock._forget()


os.register_at_fork(after_in_child=_forget_in_child)


@contextlib.contextmanager
def exclusive(path: Path, wait_seconds: float = 180.0) -> Iterator[int]:
    """Runs a block while no other thread or process runs one for the same path.

    Args:
        path: A folder that exists, or a file (made when missing, left behind afterwards).
        wait_seconds: How long to wait for the others.

    Yields:
        The locked file descriptor. A child that inherits it keeps the lock until it ends too.

    Raises:
        StorageError: The wait was in vain, or the file cannot be opened.
    """
    fd = _open(path)
    try:
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StorageError(
                        f"Another process has been setting up the database behind {path} for "
                        f"{wait_seconds:.0f} seconds. Wait for it, or end it, and start again."
                    ) from None
                time.sleep(_POLL_SECONDS)
        try:
            yield fd
        finally:
            # Not by closing alone: a worker forked meanwhile has the same description open.
            fcntl.flock(fd, fcntl.LOCK_UN)
    finally:
        os.close(fd)


def _open(path: Path) -> int:
    try:
        if path.is_dir():
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, _OPEN_FLAGS, 0o600)
    except OSError as error:
        raise StorageError(
            f"The lock file {path} cannot be used: {error.strerror}. Run Amparo as the user who "
            "owns that folder, or choose another data folder."
        ) from error
