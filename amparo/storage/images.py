"""Making a picture of a stranger harmless: a child process reads it, and only pixels come back.

At most ``AT_ONCE`` children run in a process, a few callers more may wait; everybody else is told
to come again. A child that takes too long is killed. See ``reencode.py`` for what it may not do.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO

import structlog

from amparo.kernel.errors import Invalid, TooLarge, Unavailable

log = structlog.get_logger(__name__)
MOST_BYTES = 8 * 1024 * 1024
"""Bytes of a picture that is taken in."""
TAKEN = ("image/png", "image/jpeg", "image/webp", "image/gif")
"""Media types that are taken in; what counts is the content, the type is only asked for."""
AT_ONCE = 2
_IN_LINE = 8
_WALL_S = 15.0
_WAIT_S = 20.0
_REASONS = ("file_not_an_image", "image_damaged", "image_too_big")
_LONGEST_LINE = 1000
CHILD = (sys.executable, "-I", str(Path(__file__).with_name("reencode.py")))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is safe to show: upright, bounded, without anything but its pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


class Reencoder:
    """Runs children; one of these for a process.

    Args:
        command: the child's program; tests give one that misbehaves.
        wall_s: seconds after which a child is killed.
    """

    def __init__(self, command: Sequence[str] = CHILD, wall_s: float = _WALL_S) -> None:
        self._command, self._wall_s = list(command), wall_s
        self._working = BoundedSemaphore(AT_ONCE)
        self._in_line = BoundedSemaphore(AT_ONCE + _IN_LINE)

    def picture(self, data: bytes) -> Picture:
        """A harmless picture with the same pixels.

        Raises:
            TooLarge: ``file_too_large``: more bytes than are taken in.
            Invalid: ``file_not_an_image``, ``image_damaged``, ``image_too_big``.
            Unavailable: ``files_busy``: too many at the moment.
        """
        check_size(len(data))
        if not data:
            raise Invalid("file_not_an_image")
        if not self._in_line.acquire(blocking=False):
            raise Unavailable("files_busy")
        try:
            if not self._working.acquire(timeout=_WAIT_S):
                raise Unavailable("files_busy")
            try:
                return self._drawn(data)
            finally:
                self._working.release()
        finally:
            self._in_line.release()

    def _drawn(self, data: bytes) -> Picture:
        # Files instead of pipes: the child cannot fill our memory, its limits bound what it writes.
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as drawn:
            source.write(data)
            source.seek(0)
            self._run(source, drawn)
            drawn.seek(0)
            line = drawn.readline(_LONGEST_LINE)
            return _answer(line, drawn.read())

    def _run(self, source: IO[bytes], drawn: IO[bytes]) -> None:
        child = subprocess.Popen(
            self._command,
            stdin=source,
            stdout=drawn,
            stderr=subprocess.DEVNULL,
            env={"PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"},
            cwd="/",
            start_new_session=True,  # Ctrl-C is for us; a child ends by itself in seconds
        )
        try:
            child.wait(self._wall_s)
        except subprocess.TimeoutExpired:
            log.warning("reencoder_killed", pid=child.pid, seconds=self._wall_s)
        finally:
            child.kill()
            child.wait()


def check_size(size: int) -> None:
    """Refuse what is larger than ``MOST_BYTES``, in words that name the limit.

    Raises:
        TooLarge: ``file_too_large``.
    """
    if size > MOST_BYTES:
        raise TooLarge("file_too_large", limit_mb=MOST_BYTES // (1024 * 1024))


def _answer(line: bytes, encoded: bytes) -> Picture:
    """What the child said; a child that died in the middle says that there was too much in it."""
    try:
        said = json.loads(line)
        reason = said.get("problem")
        if reason is None:
            width, height, kind = int(said["width"]), int(said["height"]), str(said["media_type"])
            if encoded and kind in TAKEN and 0 < width < 2**15 and 0 < height < 2**15:
                return Picture(encoded, kind, width, height)
    except (ValueError, TypeError, KeyError, AttributeError):
        reason = None
    raise Invalid(reason if reason in _REASONS else "image_too_big")
