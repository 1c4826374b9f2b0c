"""Time counted in a team's working hours only. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from amparo.kernel.clock import require_aware
from amparo.routing.hours import Schedule as Schedule
from amparo.routing.hours import intervals


def after_working(schedule: Schedule, start: datetime, seconds: int) -> datetime | None:
    """The moment at which ``seconds`` of working time have passed since ``start``.

    Zero seconds have passed at ``start`` itself, open or not. None where the team works less than
    that in the year after ``start``.
    """
    require_aware(start)
    left = timedelta(seconds=max(0, seconds))
    if schedule.always or not left:
        return start + left
    for begin, end in _working(schedule, start):
        begin = max(begin, start)
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return None


def working_seconds(schedule: Schedule, start: datetime, end: datetime) -> int:
    """Whole seconds of working time between two moments; 0 where ``end`` is not later."""
    require_aware(start)
    if end <= start:
        return 0
    if schedule.always:
        return (end - start) // timedelta(seconds=1)
    passed = timedelta()
    for begin, stop in _working(schedule, start):
        if begin >= end:
            break
        passed += min(stop, end) - max(begin, start)
    return passed // timedelta(seconds=1)


def _working(schedule: Schedule, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Working times that end after ``start``, in order, each moment in one of them at most."""
    first = start.astimezone(ZoneInfo(schedule.zone)).date() - timedelta(days=1)
    reached = start.astimezone(UTC)
    for begin, end in intervals(schedule, first):
        if end > reached:
            yield max(begin, reached), end
            reached = end
