"""Local times of a place, as files write them, and what clocks that change make of them."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?")


def parse_local(text: str) -> datetime:
    """Read ``M/D/YYYY H:MM`` or ``YYYY-MM-DD HH:MM:SS``; the answer is the clock on the wall.

    Raises:
        ValueError: it is neither, or there is no such day or hour.
    """
    match = _SLASHED.fullmatch(text)
    if match is None:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            raise ValueError(f"a local time was expected: {text}")
        return moment
    month, day, year, hour, minute, second = (int(part or 0) for part in match.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the wall's clock


def in_zone(wall: datetime, zone: ZoneInfo) -> tuple[datetime, str | None]:
    """The UTC moment of a clock on the wall, and a note where the clocks changed just then.

    A time that never was (clocks went forward) is read as if they had not, so it comes out later
    by the step; of a time that was twice (clocks went back) the first is taken (PEP 495, fold=0).
    """
    local = wall.replace(tzinfo=zone, fold=0)
    moment = local.astimezone(UTC)
    back = moment.astimezone(zone)
    if back.replace(tzinfo=None) != wall:
        return moment, f"{wall} never was in {zone.key}: read as {back.replace(tzinfo=None)}"
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        return moment, f"{wall} was twice in {zone.key}: the first is taken"
    return moment, None


def end_of_day(wall: datetime, zone: ZoneInfo) -> datetime:
    """The last second of the day on the wall, in UTC; of a doubled last hour, the second one."""
    last = wall.replace(hour=23, minute=59, second=59, microsecond=0, tzinfo=zone, fold=1)
    return last.astimezone(UTC)
