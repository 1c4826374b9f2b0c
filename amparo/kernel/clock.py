"""The one source of time: aware, UTC, given as an argument to everything that decides."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time; the only way that a decision learns what time it is."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock, for real use."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved, for tests and simulations."""

    def __init__(self, start: datetime) -> None:
        self._now = require_aware(start).astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> datetime:
        """Move the clock by ``step`` and return the new time."""
        self._now += step
        return self._now


def require_aware(moment: datetime) -> datetime:
    """Return ``moment`` unchanged, or raise ValueError where it names no time zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"a time without a zone means nothing: {moment!r}")
    return moment


def iso(moment: datetime) -> str:
    """``moment`` in UTC as ISO 8601 with milliseconds and a final Z (RFC 3339)."""
    utc = require_aware(moment).astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
