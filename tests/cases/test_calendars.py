"""Business days of three countries, and what clock changes and leap days do to deadlines."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.cases.calendars import add_business_days, easter, holidays, is_business_day

ZONES = (
    "Europe/Madrid",
    "Europe/Berlin",
    "Europe/Moscow",
    "America/Sao_Paulo",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
    "UTC",
)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1818, date(1818, 3, 22)),
        (2000, date(2000, 4, 23)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter(year: int, day: date) -> None:
    assert easter(year) == day


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("ES", date(2026, 4, 3)),  # Good Friday
        ("ES", date(2026, 1, 6)),
        ("ES", date(2026, 12, 8)),
        ("DE", date(2026, 4, 6)),  # Easter Monday
        ("DE", date(2026, 5, 14)),  # Ascension
        ("DE", date(2026, 5, 25)),  # Whit Monday
        ("DE", date(2026, 10, 3)),
        ("RU", date(2026, 1, 8)),
        ("RU", date(2026, 6, 12)),
    ],
)
def test_holidays(country: str, day: date) -> None:
    assert day in holidays(country, day.year)
    assert not is_business_day(day, country)


@pytest.mark.parametrize(
    ("country", "zone", "start", "days", "end"),
    [
        ("", "UTC", "2026-03-02T10:00", 3, "2026-03-05T10:00"),
        ("", "UTC", "2026-03-06T10:00", 1, "2026-03-09T10:00"),  # over a weekend
        ("", "UTC", "2026-03-07T10:00", 1, "2026-03-10T00:00"),  # Saturday counts from its end
        ("ES", "Europe/Madrid", "2026-04-01T10:00", 3, "2026-04-07T10:00"),  # Good Friday
        ("DE", "Europe/Berlin", "2026-04-01T10:00", 3, "2026-04-08T10:00"),  # and Easter Monday
        ("RU", "Europe/Moscow", "2025-12-31T18:00", 1, "2026-01-09T18:00"),
        ("ES", "Europe/Madrid", "2026-03-27T02:30", 1, "2026-03-30T02:30"),
        ("", "UTC", "2028-02-28T12:00", 1, "2028-02-29T12:00"),  # a leap day is a Tuesday
        ("", "UTC", "2028-02-29T12:00", 1, "2028-03-01T12:00"),
    ],
)
def test_business_days(country: str, zone: str, start: str, days: int, end: str) -> None:
    assert add_business_days(at(start, zone), days, country, zone) == at(end, zone)


def test_the_policy_adds_days() -> None:
    extra = {date(2026, 3, 3)}
    assert add_business_days(at("2026-03-02T10:00"), 1, "", "UTC", extra) == at("2026-03-04T10:00")


def test_a_skipped_wall_time_means_the_moment_after_the_gap() -> None:
    found = add_business_days(at("2027-03-12T02:30", "America/New_York"), 1, "", "UTC")
    assert found > at("2027-03-12T02:30", "America/New_York")
    # clocks go forward on a business day in Apia's past: 2011-12-30 did not exist at all
    skipped = add_business_days(at("2011-12-29T10:00", "Pacific/Apia"), 1, "", "Pacific/Apia")
    assert skipped >= at("2011-12-31T00:00", "Pacific/Apia") - timedelta(hours=24)
    assert skipped > at("2011-12-29T10:00", "Pacific/Apia")


def test_of_a_wall_time_that_comes_twice_the_later_counts() -> None:
    # Lord Howe leaves summer time on a Sunday, so a free Sunday is made a business day by none of
    # our calendars; Casablanca changes on Sundays, too: Cairo's change was on a Friday
    zone = ZoneInfo("Africa/Cairo")
    start = datetime(2014, 9, 24, 23, 30, tzinfo=zone)
    found = add_business_days(start, 1, "", "Africa/Cairo").astimezone(zone)
    assert (found.day, found.hour, found.fold) == (25, 23, 1)


@given(
    start=st.datetimes(
        min_value=datetime(2020, 1, 1),  # noqa: DTZ001
        max_value=datetime(2040, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    days=st.integers(1, 15),
    zone=st.sampled_from(ZONES),
    country=st.sampled_from(("ES", "RU", "DE", "")),
)
def test_business_days_never_go_back_and_end_on_one(
    start: datetime, days: int, zone: str, country: str
) -> None:
    end = add_business_days(start, days, country, zone)
    place = ZoneInfo(zone)
    assert end > start
    assert end.tzinfo is UTC
    between = start.astimezone(place).date()
    counted = 0
    while between < end.astimezone(place).date():
        between += timedelta(days=1)
        counted += is_business_day(between, country)
    local = end.astimezone(place)
    assert is_business_day(local.date(), country)
    assert counted in (days, days + 1)  # one more where it began on a free day
    later = add_business_days(start + timedelta(hours=1), days, country, zone)
    assert later >= end - timedelta(hours=1), "an hour later never ends more than a change earlier"
