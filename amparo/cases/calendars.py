"""Business days: public holidays of whole countries, by fixed rules and movable feasts. Pure.

Only days that are free in the whole country; what a government moves by decree, and regional
days, are added by the policy (``calendar.extra``).
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_SATURDAY = 5
_FIXED: Mapping[str, tuple[tuple[int, int], ...]] = {
    "ES": ((1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)),
    "RU": (
        *((1, day) for day in range(1, 9)),
        (2, 23),
        (3, 8),
        (5, 1),
        (5, 9),
        (6, 12),
        (11, 4),
    ),
    "DE": ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)),
}
_AFTER_EASTER: Mapping[str, tuple[int, ...]] = {
    "ES": (-2,),  # Good Friday
    "DE": (-2, 1, 39, 50),  # Good Friday, Easter Monday, Ascension, Whit Monday
}
COUNTRIES: tuple[str, ...] = tuple(_FIXED)
"""Countries whose holidays are known; elsewhere Saturday and Sunday are free, and what the
policy adds."""


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, Meeus 1991)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (
        19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(country: str, year: int) -> frozenset[date]:
    """The days of the year on which the whole country is free, weekends not counted."""
    fixed = {date(year, month, day) for month, day in _FIXED.get(country, ())}
    feast = easter(year)
    return frozenset(fixed | {feast + timedelta(days=n) for n in _AFTER_EASTER.get(country, ())})


def is_business_day(day: date, country: str, extra: Collection[date] = ()) -> bool:
    """Monday to Friday, no public holiday, none of the ``extra`` free days."""
    if day.weekday() >= _SATURDAY or day in extra:
        return False
    return day not in holidays(country, day.year)


def add_business_days(
    at: datetime, days: int, country: str, zone: str, extra: Collection[date] = ()
) -> datetime:
    """The same wall time ``days`` business days later, in UTC.

    What begins on a free day counts from the end of it. A wall time that a clock change skips means
    the moment after the gap; one that comes twice means the later, so nobody loses an hour.
    """
    place = ZoneInfo(zone)
    local = at.astimezone(place)
    is_free: Callable[[date], bool] = lambda one: not is_business_day(one, country, extra)  # noqa: E731
    day, wall = local.date(), local.time()
    if is_free(day):
        wall = time()  # counted from midnight: the end of the free day
        while is_free(day):
            day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=1)
        while is_free(day):
            day += timedelta(days=1)
    return _moment(day, wall, place)


def _moment(day: date, wall: time, place: ZoneInfo) -> datetime:
    local = datetime.combine(day, wall.replace(fold=1), place)
    moment = local.astimezone(UTC)
    if moment.astimezone(place).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None, fold=0):
        return moment
    return local.replace(fold=0).astimezone(UTC)  # in a gap: the offset before it lands after it
