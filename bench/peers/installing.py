"""Peers come from their registries: Debian's packages, and PyPI into an environment of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from bench.common import progress

CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "amparo-bench"
_POLICY = Path("/usr/sbin/policy-rc.d")
_FORBIDDEN = 101
"""What ``policy-rc.d`` answers where no service may be started."""


def cannot(why: str) -> NoReturn:
    """There is no such peer here: say so and end with 2, which is neither good nor bad."""
    progress(why)
    raise SystemExit(2)


def from_debian(program: str, packages: Sequence[str]) -> str:
    """The path of a program, installed where it is missing; nothing is started by that."""
    if (found := _program(program)) is not None:
        return found
    by_hand = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        cannot(f"{program} is not installed and cannot be by this user. As root: {by_hand}")
    with _nothing_starts():
        progress(f"{by_hand}")
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(
            ["apt-get", "install", "-y", "--no-install-recommends", *packages],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if (found := _program(program)) is None:
        cannot(f"{program} could not be installed ({by_hand}):\n{done.stderr[-1000:]}")
    return found


def from_pypi(name: str, requirements: Sequence[str]) -> Path:
    """The interpreter of an environment that has them, made where it is missing."""
    folder = CACHE / name
    python, ready = folder / "bin" / "python", folder / ".ready"
    if ready.exists() or not _missing(python, requirements):
        return python
    progress(f"installing {' '.join(requirements)} into {folder}")
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", *requirements]
        subprocess.run(pip, check=True, stdout=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as error:
        cannot(f"{name} could not be installed into {folder}: {error}")
    ready.touch()
    return python


def _missing(python: Path, requirements: Sequence[str]) -> bool:
    if not python.exists():
        return True
    names = [requirement.partition("==")[0] for requirement in requirements]
    shown = subprocess.run([python, "-m", "pip", "show", "--quiet", *names], check=False)
    return shown.returncode != 0


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@contextmanager
def _nothing_starts() -> Iterator[None]:
    """Debian's packages start their services unless this file says no."""
    if _POLICY.exists():
        answer = subprocess.run([_POLICY, "any", "start"], check=False).returncode
        if answer != _FORBIDDEN:
            cannot(f"{_POLICY} would let the package start its service; make it answer 101")
        yield
        return
    _POLICY.write_text(f"#!/bin/sh\nexit {_FORBIDDEN}\n", "utf-8")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()
