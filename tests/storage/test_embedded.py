"""The embedded server lives, dies and comes back without losing a row or leaving a process."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.errors import StorageError
from amparo.storage.pg_account import server_account
from amparo.storage.pg_process import server_processes, stop_server
from tests.storage.clusters import (
    NOBODY,
    ROOT,
    as_user,
    cluster_of,
    forget,
    postmaster_pid,
    processes,
    public_folder,
    python,
    renamed,
)

pytestmark = pytest.mark.fault

START_AND_WAIT = """
import sys
from pathlib import Path
from amparo.storage.embedded import EmbeddedPostgres
EmbeddedPostgres(Path(sys.argv[1])).start()
print("ready", flush=True)
sys.stdin.read()
"""

TABLE = ("DROP TABLE IF EXISTS t", "CREATE TABLE t AS SELECT 7 AS n")


@pytest.fixture(scope="module")
def shared() -> Iterator[EmbeddedPostgres]:
    """One server for the tests that neither stop nor spoil it."""
    with public_folder() as folder:
        server = EmbeddedPostgres(folder / "data")
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    with public_folder() as folder:
        server = EmbeddedPostgres(folder / "data")
        server.start()
        server.stop()
        yield folder / "data"


@pytest.fixture
def data(made: Path) -> Iterator[Path]:
    """A data folder whose database has been made and does not run; it has seen other tests."""
    yield made
    EmbeddedPostgres(made).stop()
    assert processes(made) == []


def ask(server: EmbeddedPostgres, query: str, database: str = "postgres") -> object:
    with psycopg.connect(server.conninfo(database), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        value: object = row[0]
        return value


def do(server: EmbeddedPostgres, *commands: str, database: str = "postgres") -> None:
    with psycopg.connect(server.conninfo(database), autocommit=True) as connection:
        for command in commands:
            connection.execute(command.encode())


def test_the_server_is_recent_durable_and_listens_on_no_address(shared: EmbeddedPostgres) -> None:
    with psycopg.connect(shared.conninfo("postgres")) as connection:
        assert connection.info.server_version >= 180000
        rows = connection.execute("SELECT name, setting FROM pg_settings").fetchall()
    settings: dict[str, str] = dict(rows)
    assert settings["listen_addresses"] == ""
    for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert settings[name] == "on", name
    assert (settings["jit"], settings["TimeZone"], settings["max_connections"]) == (
        "off",
        "UTC",
        "60",
    )


def test_sqlalchemy_connects_by_the_url(shared: EmbeddedPostgres) -> None:
    shared.ensure_database("odd name/100%")
    engine = create_engine(shared.url("odd name/100%"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT current_database()")).scalar() == "odd name/100%"
    engine.dispose()
    shared.drop_database("odd name/100%")


def test_a_database_is_made_once_cloned_with_its_rows_and_dropped_under_its_users(
    shared: EmbeddedPostgres,
) -> None:
    shared.ensure_database("original")
    do(shared, *TABLE, database="original")
    shared.ensure_database("original")
    assert ask(shared, "SELECT n FROM t", "original") == 7
    shared.ensure_database("clone", template="original")
    assert ask(shared, "SELECT n FROM t", "clone") == 7
    with psycopg.connect(shared.conninfo("clone")):
        shared.drop_database("clone")
    shared.drop_database("clone")
    assert ask(shared, "SELECT count(*) FROM pg_database WHERE datname = 'clone'") == 0
    shared.drop_database("original")


def test_a_missing_template_is_named(shared: EmbeddedPostgres) -> None:
    with pytest.raises(StorageError, match=r"'of_nothing' could not be made.*no_such"):
        shared.ensure_database("of_nothing", template="no_such_template")


def test_nothing_but_peer_lets_anybody_in(shared: EmbeddedPostgres) -> None:
    with psycopg.connect(shared.conninfo("postgres")) as connection:
        rules = connection.execute("SELECT auth_method, error FROM pg_hba_file_rules").fetchall()
    assert {method for method, _ in rules} == {"peer", "reject"}
    assert {error for _, error in rules} == {None}


def test_only_our_user_enters_the_folders(shared: EmbeddedPostgres) -> None:
    socket = Path(str(psycopg.conninfo.conninfo_to_dict(shared.conninfo("postgres"))["host"]))
    assert [socket.stat().st_mode & 0o777, socket.parent.stat().st_mode & 0o777] == [0o700, 0o700]


if ROOT:

    def test_another_user_is_refused_even_at_an_open_door(data: Path) -> None:
        server = EmbeddedPostgres(data)
        server.start()
        address = server.conninfo("postgres")

        def connect() -> str:
            psycopg.connect(address).close()
            return "let in"

        assert "Permission denied" in as_user(NOBODY, connect)
        cluster = cluster_of(data)
        socket = cluster / "socket"
        for path in (cluster, socket, socket / ".s.PGSQL.5432"):
            path.chmod(0o777)
        assert "Peer authentication failed" in as_user(NOBODY, connect)
        cluster.chmod(0o700)
        socket.chmod(0o700)


def test_rows_survive_a_stop_and_a_start(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    do(server, *TABLE)
    server.stop()
    assert processes(data) == []
    server.stop()
    again = EmbeddedPostgres(data)
    again.start()
    assert ask(again, "SELECT n FROM t") == 7


def test_an_address_is_only_given_while_the_server_runs(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data")
    server.stop()
    assert not (tmp_path / "data").exists(), "stop must not make anything"
    with pytest.raises(StorageError, match="is not running"):
        server.url("postgres")


def test_the_next_start_takes_over_the_server_of_a_killed_amparo(data: Path) -> None:
    owner = python(START_AND_WAIT, data)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"
    first = postmaster_pid(data)
    owner.kill()
    owner.communicate()
    server = EmbeddedPostgres(data)
    server.start()
    assert postmaster_pid(data) == first
    assert ask(server, "SELECT 1") == 1
    assert server.ensure_running() is False
    server.stop()
    assert processes(data) == []


def test_ctrl_c_reaches_amparo_but_not_its_database(data: Path) -> None:
    owner = python(START_AND_WAIT, data)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"
    os.killpg(owner.pid, signal.SIGINT)
    owner.communicate()
    server = EmbeddedPostgres(data)
    first = postmaster_pid(data)
    server.start()
    assert postmaster_pid(data) == first


def test_a_killed_server_comes_back_with_what_was_committed(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    do(server, *TABLE)
    busy = psycopg.connect(server.conninfo("postgres"), autocommit=True)
    started = threading.Event()

    def occupy() -> None:
        # Deep in a calculation, a backend does not notice that its postmaster has died.
        started.set()
        with pytest.raises(psycopg.OperationalError):
            busy.execute("SELECT count(*) FROM generate_series(1, 1000000000)")

    thread = threading.Thread(target=occupy)
    thread.start()
    started.wait()
    backend = busy.info.backend_pid
    os.kill(postmaster_pid(data), signal.SIGKILL)
    assert server.ensure_running() is True
    assert server.ensure_running() is False
    assert ask(server, "SELECT n FROM t") == 7
    assert backend not in server_processes(cluster_of(data), server_account())
    thread.join()
    busy.close()
    server.stop()
    assert processes(data) == []


def test_a_server_that_was_stopped_is_not_brought_back(data: Path) -> None:
    server = EmbeddedPostgres(data)
    assert server.ensure_running() is False
    server.start()
    server.stop()
    assert server.ensure_running() is False
    assert processes(data) == []


def test_a_server_with_every_place_taken_still_counts_as_running(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    with ExitStack() as stack:
        for _ in range(60):
            stack.enter_context(psycopg.connect(server.conninfo("postgres")))
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.conninfo("postgres"))
        assert server.ensure_running() is False
        EmbeddedPostgres(data).start()


def test_many_starts_at_once_make_one_server(data: Path) -> None:
    script = START_AND_WAIT.replace(
        '"ready"', '(Path(sys.argv[1]) / "postgres" / "postmaster.pid").read_text().split()[0]'
    )
    owners = [python(script, data) for _ in range(3)]
    seen = [owner.stdout.readline().strip() for owner in owners if owner.stdout is not None]
    assert seen == [str(postmaster_pid(data))] * 3
    for owner in owners:
        owner.communicate()
        assert owner.returncode == 0


def test_a_process_number_that_somebody_else_has_now_is_no_server(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    pid_file = cluster_of(data) / "postmaster.pid"
    left = pid_file.read_text().splitlines()
    os.kill(postmaster_pid(data), signal.SIGKILL)
    stop_server(cluster_of(data), server_account(), reap=lambda: None)
    account = server_account()
    other = subprocess.Popen(["sleep", "600"], user=account.uid if ROOT else None)
    try:
        pid_file.write_text("\n".join([str(other.pid), *left[1:]]) + "\n")
        assert server.ensure_running() is True
        assert other.poll() is None, "a stranger's process was ended"
    finally:
        other.kill()
        other.wait()


def test_a_copy_of_a_running_folder_gets_a_server_of_its_own(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    do(server, *TABLE, "CHECKPOINT")
    copy = data.with_name("copy")
    subprocess.run(["cp", "-a", data, copy], check=True)
    second = EmbeddedPostgres(copy)
    second.start()
    assert postmaster_pid(copy) != postmaster_pid(data)
    assert ask(second, "SELECT n FROM t") == 7
    second.stop()
    assert ask(server, "SELECT n FROM t") == 7
    forget(copy)


def test_a_folder_that_was_moved_under_its_server_is_taken_over(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    do(server, *TABLE)
    first = postmaster_pid(data)
    with renamed(data, "moved") as moved:
        again = EmbeddedPostgres(moved)
        again.start()
        assert ask(again, "SELECT n FROM t") == 7
        assert first not in processes(moved)


def test_a_server_that_hangs_is_ended_the_hard_way(data: Path) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    checkpointer = ask(
        server, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
    )
    assert isinstance(checkpointer, int)
    os.kill(checkpointer, signal.SIGSTOP)
    stop_server(cluster_of(data), server_account(), reap=lambda: None, patience=(0.1, 0.1))
    assert processes(data) == []
    assert server.ensure_running() is True
