"""Memory that was needed once."""

import contextlib
import ctypes


def give_back() -> None:
    """Return freed memory to the system, after work that needed much of it for a moment.

    The allocator would keep it for later. Does nothing where the C library has no such call
    (only glibc has it).
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
