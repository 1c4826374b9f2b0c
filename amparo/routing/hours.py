"""Opening hours: intervals of a week in a time zone, over midnight, with exceptions.

An interval belongs to the day on which it starts: 07:00-01:00 on Monday ends on Tuesday at one.
Wall times become moments through the time zone, so a day with a clock change is 23 or 25 hours
long; a wall time that a change skips means the moment right after the gap, one that comes twice
means the first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from amparo.kernel.clock import require_aware

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HORIZON = 370  # days searched for the next opening
Span = tuple[str, str]
"""Wall times ``("07:00", "01:00")``; an end not after its start is on the next day."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a team works.

    Attributes:
        always: round the clock; the rest is ignored.
        week: weekday (``mon`` .. ``sun``) -> intervals that start on it.
        exceptions: ISO date -> intervals of that date instead of its weekday's; empty = closed.
    """

    zone: str = "UTC"
    always: bool = False
    week: Mapping[str, list[Span]] = field(default_factory=dict)
    exceptions: Mapping[str, list[Span]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a team works now.

    Attributes:
        closes_at: end of the present working time; None when always open, or closed.
        opens_at: next begin; None when open, or never again within a year.
    """

    open: bool
    closes_at: datetime | None = None
    opens_at: datetime | None = None


def opening_at(schedule: Schedule, now: datetime) -> Opening:
    """Whether the team works at ``now``, until when, or from when."""
    require_aware(now)
    if schedule.always:
        return Opening(open=True)
    today = now.astimezone(ZoneInfo(schedule.zone)).date()
    end: datetime | None = None
    for start, stop in intervals(schedule, today - timedelta(days=1)):
        if end is None and start > now:
            return Opening(open=False, opens_at=start)
        if start <= now < stop or (end is not None and start <= end):
            end = stop if end is None else max(end, stop)  # intervals that touch are one
        elif end is not None:
            break
    return Opening(open=end is not None, closes_at=end)


def intervals(schedule: Schedule, first: date) -> Iterator[tuple[datetime, datetime]]:
    """The intervals from a date on, in moments, in order of their start."""
    zone = ZoneInfo(schedule.zone)
    for offset in range(_HORIZON):
        day = first + timedelta(days=offset)
        spans = schedule.exceptions.get(day.isoformat())
        if spans is None:
            spans = schedule.week.get(DAYS[day.weekday()], [])
        for start, stop in sorted((_wall(a), _wall(b)) for a, b in spans):
            last = day if stop > start else day + timedelta(days=1)
            begin, end = _moment(day, start, zone), _moment(last, stop, zone)
            if begin < end:
                yield begin, end


def _wall(text: str) -> time:
    return time() if text == "24:00" else time.fromisoformat(text)


def _moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, wall, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        # a skipped wall time: read with the offset before the change it lands after the gap by
        # as much as it lay inside; the gap's end is what people mean
        return _end_of_gap(moment, zone)
    return moment


def _end_of_gap(near: datetime, zone: ZoneInfo) -> datetime:
    low, high = near - timedelta(hours=4), near
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
