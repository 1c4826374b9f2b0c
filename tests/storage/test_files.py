"""Where bytes lie: a folder of our own, or a bucket; the same promises for both."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from amparo.kernel.errors import Unavailable
from amparo.kernel.ids import new_id
from amparo.storage.files import Bucket, Files, Folder, key_of, open_files


class _Shelf(BaseHTTPRequestHandler):
    """As much of S3 as a store of whole objects needs."""

    protocol_version = "HTTP/1.1"
    kept: dict[str, bytes]
    down: threading.Event

    def do_PUT(self) -> None:
        self.kept[self.path] = self.rfile.read(int(self.headers["content-length"]))
        self._answer(200, b"", {"ETag": '"1"'})

    def do_GET(self) -> None:
        found = self.kept.get(self.path)
        self._answer(404 if found is None else 200, found or b"", _STAMPS)

    def do_DELETE(self) -> None:
        self.kept.pop(self.path, None)
        self._answer(204, b"", {})

    def do_POST(self) -> None:
        """Several at once: ``?delete`` with a list."""
        text = self.rfile.read(int(self.headers["content-length"])).decode()
        root = self.path.split("?")[0].rstrip("/")
        keys = [part.split("</Key>")[0] for part in text.split("<Key>")[1:]]
        for key in keys:
            self.kept.pop(f"{root}/{key}", None)
        deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{deleted}</DeleteResult>".encode(), {})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(503 if self.down.is_set() else status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(0 if status == 204 else len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


_STAMPS = {"ETag": '"1"', "Last-Modified": "Tue, 14 Apr 2026 12:00:00 GMT"}


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Shelf]]:
    handler = type("Shelf", (_Shelf,), {"kept": {}, "down": threading.Event()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    yield handler
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path, shelf: type[_Shelf]) -> Files:
    if request.param == "bucket":
        return open_files("s3://pictures/amparo", tmp_path)
    return open_files(None, tmp_path)


def test_what_was_put_is_there_until_it_is_deleted(files: Files) -> None:
    first, second = new_id(), new_id()
    assert files.get(first) is None
    files.put(first, b"one")
    files.put(second, b"two")
    files.put(first, b"one")  # again, as after a lost answer
    assert (files.get(first), files.get(second)) == (b"one", b"two")
    files.delete(first)
    files.delete(first)
    assert (files.get(first), files.get(second)) == (None, b"two")


def test_a_file_is_never_seen_in_parts(files: Files) -> None:
    """Several write the same file at once while others read it."""
    id, whole = new_id(), os.urandom(300_000)

    def act(n: int) -> bytes | None:
        if n % 3 == 0:
            files.put(id, whole)
        return files.get(id)

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(act, range(30))) <= {None, whole}


def test_the_folder_is_for_us_only_and_holds_nothing_half_written(tmp_path: Path) -> None:
    files = Folder(tmp_path / "files")
    id = new_id()
    files.put(id, b"secret")
    found = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert [path.name for path in found] == [key_of(id)]
    assert found[0].stat().st_mode & 0o777 == 0o600
    assert found[0].parent.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_said_and_nothing_else_breaks(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("not a folder")
    with pytest.raises(Unavailable) as caught:
        open_files(None, tmp_path).put(new_id(), b"x")
    assert caught.value.code == "files_unavailable"


def test_a_bucket_that_does_not_answer_is_said(shelf: type[_Shelf], tmp_path: Path) -> None:
    files = open_files("s3://pictures/amparo", tmp_path)
    shelf.down.set()
    with pytest.raises(Unavailable):
        files.get(new_id())
    with pytest.raises(Unavailable):
        files.put(new_id(), b"x")


def test_a_bucket_holds_files_under_its_folder(shelf: type[_Shelf], tmp_path: Path) -> None:
    files, id = Bucket("s3://pictures/amparo"), new_id()
    files.put(id, b"x")
    assert list(shelf.kept) == [f"/pictures/amparo/{id.hex}"]
