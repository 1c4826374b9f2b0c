"""The physical limit: append, ``fdatasync`` once for all that came together, hand on."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import uvloop

from bench.common import progress
from bench.limit.pairs import line_pairs
from bench.load import BUSIEST, Measured, windowed
from bench.peers.installing import CACHE
from bench.peers.running import core

_SOURCE = Path(__file__).with_name("limit.c")
_SERVER_CPU, _CLIENT_CPU = 0, 1


@dataclass(frozen=True)
class Limit:
    """What the limit did: messages a second, latency at its full window, and in what it is
    written."""

    rate: float
    p50_ms: float
    p99_ms: float
    language: str


def compiled() -> Path | None:
    """The program; None where there is no compiler."""
    cc = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if cc is None:
        return None
    mark = hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:12]
    program = CACHE / f"limit-{mark}"
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        command = [cc, "-O2", "-Wall", "-D_GNU_SOURCE", str(_SOURCE), "-o", str(program)]
        subprocess.run(command, check=True)
    return program


def measured(pairs: int, window: int, seconds: float) -> Limit:
    """Serve on core 0 and drive from core 1, on the disk on which the benches' data lies."""
    program = compiled()
    with tempfile.TemporaryDirectory(prefix="amparo-limit-") as folder:
        file = str(Path(folder) / "log")
        plain = [sys.executable, "-m", "bench.limit.plain", file]
        core(_SERVER_CPU)
        server = subprocess.Popen(
            [program, "serve", file] if program else plain, stdout=subprocess.PIPE, text=True
        )
        try:
            core(_CLIENT_CPU)
            assert server.stdout is not None
            port = int(server.stdout.readline())
            if program is None:
                return _in_python(port, pairs, window, seconds)
            words = [str(port), str(pairs), str(window), str(seconds)]
            done = subprocess.run(
                [program, "load", *words], check=True, stdout=subprocess.PIPE, text=True
            )
        finally:
            server.kill()
            server.wait(10)
            if server.stdout is not None:
                server.stdout.close()
    progress(f"limit: {done.stdout.strip()}")
    return Limit(**json.loads(done.stdout), language="C")


def _in_python(port: int, pairs: int, window: int, seconds: float) -> Limit:
    progress("no C compiler here: the limit is measured with a server in Python")

    async def run() -> Measured:
        ends = await line_pairs(port, pairs)
        seen = await windowed(ends, window, seconds)
        for end in ends:
            end.close()
        return seen

    seen = uvloop.run(run())
    if seen.cpu_share > BUSIEST:
        progress(f"its generator was at {seen.cpu_share:.0%} of a core: the limit is higher still")
    return Limit(seen.rate, seen.percentile_ms(50), seen.percentile_ms(99), "Python")
