"""Promise (J10): a target counts working time only, over midnight, exceptions and clock changes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.routing.hours import DAYS, Schedule, opening_at
from amparo.routing.working_rules import after_working, working_seconds

MINUTE = timedelta(minutes=1)
MOSCOW = Schedule("Europe/Moscow", week={day: [("07:00", "01:00")] for day in DAYS})
OFFICE = Schedule("Europe/Madrid", week={day: [("09:00", "17:00")] for day in DAYS[:5]})
NEVER_OPEN = Schedule("UTC")


def walls() -> st.SearchStrategy[str]:
    return st.builds(
        lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(0, 23), st.sampled_from((0, 30))
    )


def schedules() -> st.SearchStrategy[Schedule]:
    spans = st.lists(st.tuples(walls(), walls()), max_size=2)
    zones = ("UTC", "Europe/Madrid", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe")
    return st.builds(
        Schedule,
        st.sampled_from(zones),
        week=st.fixed_dictionaries(dict.fromkeys(DAYS, spans)),
        exceptions=st.dictionaries(
            st.sampled_from(("2026-03-28", "2026-03-29", "2026-10-25")), spans, max_size=2
        ),
    )


STARTS = st.builds(
    lambda first, minutes: first + minutes * MINUTE,
    st.sampled_from(
        (  # clocks change in these days
            datetime(2026, 3, 27, 12, tzinfo=UTC),
            datetime(2026, 10, 24, 12, tzinfo=UTC),
            datetime(2026, 4, 4, 0, tzinfo=UTC),
        )
    ),
    st.integers(0, 2000),
)


def open_minutes(schedule: Schedule, start: datetime, minutes: int) -> list[bool]:
    """Minute by minute: the plain model."""
    return [opening_at(schedule, start + n * MINUTE).open for n in range(minutes)]


@settings(max_examples=40, deadline=None)
@given(schedules(), STARTS, st.integers(1, 900))
def test_counted_minute_by_minute(schedule: Schedule, start: datetime, minutes: int) -> None:
    model = open_minutes(schedule, start, minutes)
    assert working_seconds(schedule, start, start + minutes * MINUTE) == 60 * sum(model)


@settings(max_examples=40, deadline=None)
@given(schedules(), STARTS, st.integers(1, 400))
def test_reached_when_so_many_open_minutes_are_over(
    schedule: Schedule, start: datetime, wanted: int
) -> None:
    due = after_working(schedule, start, 60 * wanted)
    model = open_minutes(schedule, start, 1500)
    if sum(model) < wanted:
        assert due is None or due > start + 1500 * MINUTE
        return
    last = [n for n, is_open in enumerate(model) if is_open][wanted - 1]
    assert due == start + (last + 1) * MINUTE
    assert working_seconds(schedule, start, due) == 60 * wanted


def test_a_russian_evening_goes_on_in_the_morning() -> None:
    half_past_midnight = datetime(2026, 4, 14, 21, 30, tzinfo=UTC)
    hour = after_working(MOSCOW, half_past_midnight, 3600)
    assert hour == datetime(2026, 4, 15, 4, 30, tzinfo=UTC), "half an hour, then from seven on"
    friday = datetime(2026, 4, 17, 14, 50, tzinfo=UTC)
    assert after_working(OFFICE, friday, 1200) == datetime(2026, 4, 20, 7, 10, tzinfo=UTC)


@pytest.mark.parametrize("schedule", [MOSCOW, NEVER_OPEN])
def test_nothing_to_wait_for_is_now(schedule: Schedule) -> None:
    start = datetime(2026, 4, 14, 23, 0, tzinfo=UTC)
    assert after_working(schedule, start, 0) == start
    assert working_seconds(schedule, start, start - MINUTE) == 0


def test_who_never_works_reaches_nothing() -> None:
    assert after_working(NEVER_OPEN, datetime(2026, 4, 14, tzinfo=UTC), 1) is None
    always = Schedule(always=True)
    start = datetime(2026, 4, 14, tzinfo=UTC)
    assert after_working(always, start, 90) == start + timedelta(seconds=90)
