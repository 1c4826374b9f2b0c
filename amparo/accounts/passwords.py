"""Passwords of staff: argon2id, one hash at a time.

A hash takes 64 MiB and tens of milliseconds on purpose; many at once would be a way to stop us.
"""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from amparo.kernel.errors import TooMany

_HASHER = PasswordHasher()
_ONE_AT_A_TIME = threading.Lock()
_QUEUE = threading.BoundedSemaphore(8)
_WAIT_SECONDS = 10.0


class _Turn:
    """A place in the short queue for the hasher; nobody waits where the queue is full."""

    def __enter__(self) -> None:
        if not _QUEUE.acquire(blocking=False):
            raise TooMany("sign_in_busy", retry_after=2)
        if not _ONE_AT_A_TIME.acquire(timeout=_WAIT_SECONDS):
            _QUEUE.release()
            raise TooMany("sign_in_busy", retry_after=5)

    def __exit__(self, *_: object) -> None:
        _ONE_AT_A_TIME.release()
        _QUEUE.release()


def hash_password(password: str) -> str:
    """The argon2id hash to store (RFC 9106, second recommended parameters)."""
    with _Turn():
        return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one. ``None`` (nobody has that address) costs the same time."""
    # Made before the turn is taken: making it takes a turn of its own.
    target = stored if stored is not None else _nobody()
    with _Turn():
        try:
            found = _HASHER.verify(target, password)
        except (VerificationError, InvalidHashError):
            return False
    return found and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobody() -> str:
    return hash_password("nobody has this password")
