"""Where the bytes of files lie: a folder, or a bucket of any S3, Google or Azure store.

The database knows everything about a file; here lies only what it is made of, under the file's
own id. A key has one form, so no name that somebody chose is ever part of a path.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import structlog

from amparo.kernel.errors import Unavailable

log = structlog.get_logger(__name__)
_KEY = re.compile(r"[0-9a-f]{32}")
_TIMEOUT = "10s"


class Files(Protocol):
    """Bytes by id. A file is written once, whole or not at all, and never changed."""

    def put(self, id: UUID, data: bytes) -> None:
        """Keep the bytes; durable when this returns.

        Raises:
            Unavailable: ``files_unavailable``: the store does not take them now.
        """
        ...

    def get(self, id: UUID) -> bytes | None:
        """The bytes, or None where there are none.

        Raises:
            Unavailable: ``files_unavailable``: the store does not answer.
        """
        ...

    def delete(self, id: UUID) -> None:
        """Forget the bytes; nothing happens where there are none.

        Raises:
            Unavailable: ``files_unavailable``: the store does not answer.
        """
        ...


def open_files(place: str | None, data: Path) -> Files:
    """The store that a setting names: a URL of a bucket, a folder, or else ``DATA/files``."""
    if place and "://" in place:
        return Bucket(place)
    return Folder(Path(place) if place else data / "files")


class Folder:
    """Files in a folder, spread over 256 subfolders, readable for our own user only."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, id: UUID, data: bytes) -> None:
        path = self._path(id)
        with _told():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}.{uuid4().hex}")
            try:
                with open(draft, "xb", opener=_private) as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
            _sync_folder(path.parent)

    def get(self, id: UUID) -> bytes | None:
        with _told():
            try:
                return self._path(id).read_bytes()
            except FileNotFoundError:
                return None

    def delete(self, id: UUID) -> None:
        with _told():
            self._path(id).unlink(missing_ok=True)

    def _path(self, id: UUID) -> Path:
        key = key_of(id)
        return self._root / key[-2:] / key


class Bucket:
    """Files in a bucket, by a URL like ``s3://bucket/folder``; its keys are in the environment
    (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT`` and so on) and never in the URL."""

    def __init__(self, url: str) -> None:
        from obstore.store import from_url  # here: who keeps files in a folder does not load it

        options: Any = {"timeout": _TIMEOUT, "connect_timeout": "5s"}
        if os.environ.get("AWS_ENDPOINT", "").startswith("http://"):
            options["allow_http"] = True
        retry: Any = {"max_retries": 2}
        self._store: Any = from_url(url, client_options=options, retry_config=retry)

    def put(self, id: UUID, data: bytes) -> None:
        self._ask(lambda store: store.put(key_of(id), data))

    def get(self, id: UUID) -> bytes | None:
        found: bytes | None = self._ask(lambda store: bytes(store.get(key_of(id)).bytes()))
        return found

    def delete(self, id: UUID) -> None:
        self._ask(lambda store: store.delete(key_of(id)))

    def _ask(self, what: Callable[[Any], Any]) -> Any:
        from obstore.exceptions import BaseError

        with _told(BaseError):
            try:
                return what(self._store)
            except FileNotFoundError:
                return None


def key_of(id: UUID) -> str:
    """The name under which a file lies: 32 hexadecimal digits and nothing else."""
    key = id.hex
    assert _KEY.fullmatch(key)
    return key


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """A new name is only durable when its folder is; where that cannot be asked, never mind."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _told(*more: type[Exception]) -> Iterator[None]:
    failures: tuple[type[Exception], ...] = (OSError, *more)
    try:
        yield
    except failures as error:
        log.error("files_unavailable", error=str(error)[:500])
        raise Unavailable("files_unavailable") from error
