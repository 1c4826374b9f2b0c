"""Opening hours, at every minute that could be wrong."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.routing.hours import DAYS, Schedule, opening_at

MOSCOW = Schedule(zone="Europe/Moscow", week={day: [("07:00", "01:00")] for day in DAYS})
ZONES = (
    "Europe/Moscow", "Europe/Madrid", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata",
    "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "UTC",
)  # fmt: skip


def at(zone: str, *when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc, arg-type]


def test_moscow_at_every_minute_of_a_week() -> None:
    start = at("Europe/Moscow", 2026, 4, 13, 0, 0)
    for minute in range(7 * 24 * 60):
        moment = start + timedelta(minutes=minute)
        hour = (minute // 60) % 24
        assert opening_at(MOSCOW, moment).open is not (1 <= hour < 7), moment


@pytest.mark.parametrize(
    ("moment", "opens", "closes"),
    [
        (at("Europe/Moscow", 2026, 4, 14, 12, 0), None, at("Europe/Moscow", 2026, 4, 15, 1, 0)),
        (at("Europe/Moscow", 2026, 4, 14, 0, 59), None, at("Europe/Moscow", 2026, 4, 14, 1, 0)),
        (at("Europe/Moscow", 2026, 4, 14, 1, 0), at("Europe/Moscow", 2026, 4, 14, 7, 0), None),
        (at("Europe/Moscow", 2026, 4, 14, 6, 59), at("Europe/Moscow", 2026, 4, 14, 7, 0), None),
    ],
)
def test_the_edges_of_a_night(
    moment: datetime, opens: datetime | None, closes: datetime | None
) -> None:
    found = opening_at(MOSCOW, moment)
    assert (found.opens_at, found.closes_at) == (opens, closes)


def test_the_night_belongs_to_the_day_it_starts() -> None:
    weekdays = Schedule(zone="UTC", week={day: [("20:00", "02:00")] for day in DAYS[:5]})
    saturday = datetime(2026, 4, 18, 1, 0, tzinfo=UTC)  # still Friday's shift
    assert opening_at(weekdays, saturday).open
    assert not opening_at(weekdays, saturday + timedelta(days=1)).open
    assert not opening_at(weekdays, datetime(2026, 4, 13, 1, 0, tzinfo=UTC)).open  # Monday early


def test_several_intervals_a_day() -> None:
    split = Schedule(zone="UTC", week={"tue": [("14:00", "18:00"), ("09:00", "12:00")]})
    found = opening_at(split, datetime(2026, 4, 14, 12, 30, tzinfo=UTC))
    assert (found.open, found.opens_at) == (False, datetime(2026, 4, 14, 14, tzinfo=UTC))


def test_intervals_that_touch_are_one() -> None:
    whole = Schedule(zone="UTC", week={day: [("00:00", "24:00")] for day in DAYS[:2]})
    monday = datetime(2026, 4, 13, 5, tzinfo=UTC)
    assert opening_at(whole, monday).closes_at == datetime(2026, 4, 15, tzinfo=UTC)


def test_a_holiday_closes_and_its_eve_ends_as_usual() -> None:
    holiday = Schedule(
        zone="Europe/Moscow",
        week=MOSCOW.week,
        exceptions={"2026-05-09": [], "2026-05-10": [("10:00", "12:00")]},
    )
    assert opening_at(holiday, at("Europe/Moscow", 2026, 5, 9, 0, 30)).open
    closed = opening_at(holiday, at("Europe/Moscow", 2026, 5, 9, 12, 0))
    assert closed.opens_at == at("Europe/Moscow", 2026, 5, 10, 10, 0)


def test_never_open_says_so() -> None:
    found = opening_at(Schedule(), datetime(2026, 4, 14, tzinfo=UTC))
    assert (found.open, found.opens_at, found.closes_at) == (False, None, None)


def test_always_open() -> None:
    assert opening_at(Schedule(always=True), datetime(2026, 4, 14, tzinfo=UTC)).open


@pytest.mark.parametrize("zone", ZONES)
def test_in_each_zone_wall_clocks_decide_on_every_day_of_a_year(zone: str) -> None:
    """09:00-17:00 is open at 10:00 and closed at 18:00 on the wall, whatever the clocks did."""
    office = Schedule(zone=zone, week={day: [("09:00", "17:00")] for day in DAYS})
    day = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))
    for _ in range(366):
        assert opening_at(office, day.replace(hour=10).astimezone(UTC)).open, day
        assert not opening_at(office, day.replace(hour=18).astimezone(UTC)).open, day
        day += timedelta(days=1)


def test_a_shift_over_the_night_that_loses_an_hour() -> None:
    night = Schedule(zone="Europe/Madrid", week={day: [("22:00", "06:00")] for day in DAYS})
    before = at("Europe/Madrid", 2026, 3, 28, 23, 0)
    closes = opening_at(night, before).closes_at
    assert closes == at("Europe/Madrid", 2026, 3, 29, 6, 0)
    assert closes - before == timedelta(hours=6)


def test_an_opening_inside_the_lost_hour_begins_after_it() -> None:
    early = Schedule(zone="Europe/Madrid", week={"sun": [("02:30", "06:00")]})
    found = opening_at(early, at("Europe/Madrid", 2026, 3, 28, 23, 0))
    assert found.opens_at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 03:00 summer time


_time = st.integers(0, 95).map(lambda q: f"{q // 4:02d}:{q % 4 * 15:02d}")


@given(
    zone=st.sampled_from(ZONES),
    week=st.dictionaries(
        st.sampled_from(DAYS), st.lists(st.tuples(_time, _time), min_size=1, max_size=2)
    ),
    moment=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_what_is_announced_comes_true(
    zone: str, week: dict[str, list[tuple[str, str]]], moment: datetime
) -> None:
    """Closed until ``opens_at`` and open at it; open until ``closes_at`` and closed at it."""
    schedule = Schedule(zone=zone, week=week)
    now = moment.replace(tzinfo=UTC, microsecond=0)
    found = opening_at(schedule, now)
    change = found.closes_at if found.open else found.opens_at
    if change is None:
        return
    assert change > now
    assert opening_at(schedule, change - timedelta(seconds=1)).open is found.open
    assert opening_at(schedule, change).open is not found.open
