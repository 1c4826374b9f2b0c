"""Clocks on the wall, and the hours when they changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.marketplace.local_time import end_of_day, in_zone, parse_local

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
ZONES = st.sampled_from(
    [ZoneInfo(k) for k in ("America/Sao_Paulo", "Europe/Madrid", "Asia/Kolkata", "UTC")]
)
WALLS = st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001


def wall(text: str) -> datetime:
    return parse_local(text)


def test_both_ways_of_writing() -> None:
    assert wall("7/4/2018 9:05") == wall("2018-07-04 09:05:00")


@pytest.mark.parametrize(
    "bad",
    ["", "13/1/2018 1:00", "2/30/2018 1:00", "7/4/18 9:05", "2018-07-04T09:05:00Z", "٧/4/2018"],
)
def test_what_is_no_local_time_is_refused(bad: str) -> None:
    with pytest.raises(ValueError):
        wall(bad)


def test_an_hour_that_never_was() -> None:
    # Clocks in São Paulo went from 00:00 to 01:00 on 15 October 2017.
    moment, note = in_zone(wall("10/15/2017 0:30"), SAO_PAULO)
    assert moment == datetime(2017, 10, 15, 3, 30, tzinfo=UTC)
    assert note == "2017-10-15 00:30:00 never was in America/Sao_Paulo: read as 2017-10-15 01:30:00"


def test_an_hour_that_was_twice() -> None:
    # And back from 24:00 to 23:00 on 17 February 2018.
    moment, note = in_zone(wall("2/17/2018 23:30"), SAO_PAULO)
    assert moment == datetime(2018, 2, 18, 1, 30, tzinfo=UTC)
    assert note is not None
    assert "was twice" in note
    assert end_of_day(wall("2/17/2018 0:00"), SAO_PAULO) == datetime(
        2018, 2, 18, 2, 59, 59, tzinfo=UTC
    )


@given(WALLS, ZONES)
def test_without_a_note_the_wall_shows_what_was_written(when: datetime, zone: ZoneInfo) -> None:
    moment, note = in_zone(when, zone)
    assert moment.tzinfo is UTC
    if note is None or "twice" in note:
        assert moment.astimezone(zone).replace(tzinfo=None) == when


@given(WALLS, ZONES)
def test_a_day_ends_after_each_of_its_hours(when: datetime, zone: ZoneInfo) -> None:
    moment, note = in_zone(when.replace(microsecond=0), zone)
    if note is None or "twice" in note:
        assert end_of_day(when, zone) >= moment
