"""Identifiers: UUID version 7, made by whoever makes the thing (RFC 9562)."""

import secrets
import time
from uuid import UUID, uuid5

from amparo.kernel.errors import NotFound

NAMESPACE = UUID("6f0b0a2e-54a1-5c0c-9d55-a39a2a0c7d11")


def new_id() -> UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return UUID(int=value)


def derived_id(*parts: object) -> UUID:
    """The same UUID for the same parts, for ever: what a follower does twice, it does once."""
    return uuid5(NAMESPACE, "\x1f".join(str(part) for part in parts))


def parse_id(text: str) -> UUID:
    """Read a UUID from outside.

    Raises:
        NotFound: the text is no UUID, so nothing can have that name.
    """
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        raise NotFound() from None
