"""However it ends and whoever is in the way: clear words, and no process is left."""

import signal

import httpx
import pytest

from tests.servers import Server, data_folder, embedded_server
from tests.storage.clusters import postmaster_pid, processes

pytestmark = pytest.mark.fault


def _answers(server: Server) -> bool:
    return httpx.get(f"{server.url}/readyz", trust_env=False, timeout=10).status_code == 200


def test_kill_9_then_start_and_ctrl_c_leave_no_process() -> None:
    """Killed, its PostgreSQL goes on; the next start takes it over and the next stop ends it."""
    with embedded_server() as server:
        server.start()
        database = postmaster_pid(server.data)
        server.kill()
        assert postmaster_pid(server.data) == database, "nothing ended it: it is adopted"
        server.start()
        assert postmaster_pid(server.data) == database
        assert _answers(server)
        assert server.interrupt() == 0
        assert processes(server.data) == []
        server.start()
        assert server.interrupt(signal.SIGTERM) == 0, "as systemd and Docker end it"
        assert processes(server.data) == []


def test_a_second_instance_and_a_taken_port_get_a_clear_error() -> None:
    with embedded_server() as first:
        first.start()
        on_the_same_folder = Server(first.data)
        on_the_same_folder.launch()
        assert on_the_same_folder.ended() == 1
        said = on_the_same_folder.log()
        assert "already using the folder" in said
        assert str(first.data) in said
        assert "Traceback" not in said

        with data_folder() as other:
            on_the_same_port = Server(other)
            on_the_same_port.port = first.port
            on_the_same_port.launch()
            assert on_the_same_port.ended() == 1
            said = on_the_same_port.log()
            assert f"Port {first.port}" in said
            assert "AMPARO_PORT" in said
            assert "Traceback" not in said
            assert processes(other) == [], "it looked before it started a database"
        assert _answers(first), "the first one never noticed"
        assert first.interrupt() == 0
