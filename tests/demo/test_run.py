"""``python -m demo`` as a person runs it: addresses, Ctrl-C, kill -9, taken ports, twice."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.fault
ROOT = Path(__file__).parents[2]


class Run:
    """A running demo, in a process group of its own."""

    def __init__(self, data: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "demo", "--data", str(data), *options],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            env={k: v for k, v in os.environ.items() if k != "DATABASE_URL"}, text=True,
        )  # fmt: skip
        self.said = ""

    def wait_open(self) -> tuple[str, str]:
        """The addresses of site and Amparo, once they are printed."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C ends" in line:
                break
        site = re.search(r"(http://127\.0\.0\.1:\d+)/as/ana", self.said)
        amparo = re.search(r"(http://localhost:\d+)/desk/", self.said)
        assert site is not None, self.said
        assert amparo is not None, self.said
        return site[1], amparo[1]

    def wait_end(self) -> int:
        """The exit code; what was said is whole then."""
        assert self.process.stdout is not None
        self.said += self.process.stdout.read()
        return self.process.wait(40)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.wait_end() if how != signal.SIGKILL else self.process.wait(10)


def left(data: Path) -> list[str]:
    """Processes that still name the folder."""
    found = []
    for process in psutil.process_iter():
        try:
            command = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if str(data) in command and process.pid != os.getpid():
            found.append(command)
    return found


@pytest.fixture
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    base = tmp_path_factory.mktemp("demo-run")
    for folder in (base, *base.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o055)  # PostgreSQL may run as another user
    folder = base / "d"
    yield folder
    for process in psutil.process_iter():
        try:
            ours = str(folder) in " ".join(process.cmdline())
        except psutil.Error:
            continue
        if ours and process.pid != os.getpid():
            process.kill()


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


@pytest.mark.timeout(300)
def test_it_opens_loads_once_and_leaves_nothing_running(data: Path) -> None:
    first = Run(data, "--port", "0", "--site-port", "0")
    site, amparo = first.wait_open()
    assert "loaded" in first.said
    assert "Blue teapot" in fetch(site)
    assert fetch(f"{amparo}/help/en/")
    second = Run(data, "--port", "0", "--site-port", "0")
    assert second.wait_end() == 1
    assert re.fullmatch(r"Error: .*already using the folder.*\n", second.said)
    assert first.end(signal.SIGKILL) != 0

    again = Run(data, "--port", "0", "--site-port", "0")
    site, _ = again.wait_open()
    assert "as you left it" in again.said
    assert "Blue teapot" in fetch(site)
    again.end(signal.SIGINT)
    assert left(data) == []
    assert "Traceback" not in again.said


@pytest.mark.parametrize("option", ["--port", "--site-port"])
def test_a_taken_port_is_one_line_that_names_the_option(data: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        other = "--site-port" if option == "--port" else "--port"
        run = Run(data, option, port, other, "0")
        assert run.wait_end() == 1
    said = run.said.strip()
    assert "\n" not in said
    assert port in said
    assert option in said
    assert left(data) == []
