"""Months, ages, working days and limits."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashebao.kernel.legal_time.api import (
    Age,
    Days,
    Light,
    MissingCalendar,
    Month,
    Months,
    Suspension,
    Terms,
    TimeError,
    WorkingDays,
    Years,
    add_months,
    age_months,
    birthday,
    calendars,
    days_of,
    full_years,
    holiday_name,
    is_working_day,
    light,
    next_working_day,
    working_days_between,
    year_calendar,
)

NO_ROLL = Terms(roll=False)


def test_months_count_and_print():
    assert str(Month(2026, 11) + 2) == "2027-01"
    assert Month(2027, 1) - 2 == Month(2026, 11)
    assert Month(2027, 1).since(Month(2026, 11)) == 2
    assert Month.parse("202611") == Month.of(date(2026, 11, 5)) == Month.from_int(202611)
    assert Month(2026, 2).last_day == date(2026, 2, 28)
    assert len(days_of(Month(2024, 2))) == 29


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-00", "Nov 2026", ""])
def test_a_wrong_month_is_refused(text: str):
    with pytest.raises(TimeError):
        Month.parse(text)


@given(st.integers(12, 9997 * 12), st.integers(-11, 11))
def test_month_arithmetic_returns(index: int, step: int):
    month = Month.from_index(index + 12)
    assert (month + step) - step == month
    assert Month.from_int(month.yyyymm) == month


def test_ages_are_read_and_written():
    assert str(Age.parse("61y4m")) == "61y4m"
    assert Age.parse("60") == Age.parse("60y") == Age(60)
    assert Age.from_months(736) == Age(61, 4)
    assert Age(61, 4).total_months == 736
    for text in ("x", "61y12m", "-1"):
        with pytest.raises(TimeError):
            Age.parse(text)


def test_an_age_is_reached_on_the_birthday():
    assert full_years(date(1966, 3, 10), date(2026, 3, 9)) == 59
    assert full_years(date(1966, 3, 10), date(2026, 3, 10)) == 60
    assert birthday(date(2004, 2, 29), 18) == date(2022, 2, 28)
    assert age_months(date(1966, 3, 10), date(2026, 7, 9)) == 723
    assert age_months(date(1966, 3, 10), date(2026, 7, 10)) == 724
    with pytest.raises(TimeError):
        full_years(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_calendars_have_the_published_number_of_working_days(year: int, days: int):
    calendar = year_calendar(year)
    assert calendar.working_days() == days
    assert calendar.number.startswith("国办发明电")


def test_worked_weekends_and_days_off():
    assert is_working_day(date(2026, 2, 14))
    assert not is_working_day(date(2026, 2, 16))
    assert not is_working_day(date(2026, 11, 21))
    assert holiday_name(date(2026, 10, 1)) == "国庆节"
    assert holiday_name(date(2026, 11, 2)) == ""
    assert next_working_day(date(2026, 10, 1)) == date(2026, 10, 8)
    assert working_days_between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert working_days_between(date(2026, 10, 10), date(2026, 9, 30)) == -3
    assert calendars() == [2024, 2025, 2026]


def test_a_year_without_calendar_is_refused():
    with pytest.raises(MissingCalendar) as caught:
        is_working_day(date(2027, 3, 1))
    assert "2027" in caught.value.text("zh")
    assert "weekends are not assumed" in caught.value.text("en")
    with pytest.raises(MissingCalendar):
        WorkingDays(20).due(date(2026, 12, 25))


def test_working_days_leave_the_first_day_out():
    assert WorkingDays(5).due(date(2026, 9, 30)) == date(2026, 10, 13)
    assert WorkingDays(0).due(date(2026, 9, 30)) == date(2026, 9, 30)


def test_calendar_days_roll_to_the_next_working_day():
    assert Days(30).due(date(2026, 9, 1)) == date(2026, 10, 8)
    assert Days(30, NO_ROLL).due(date(2026, 9, 1)) == date(2026, 10, 1)
    assert Days(60, NO_ROLL).due(date(2026, 6, 10)) == date(2026, 8, 9)


def test_months_and_years_end_on_the_corresponding_day_or_the_last():
    assert Months(1, NO_ROLL).due(date(2026, 1, 31)) == date(2026, 2, 28)
    assert Years(1, NO_ROLL).due(date(2025, 5, 20)) == date(2026, 5, 20)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)


def test_suspensions_do_not_count():
    stop = Suspension(date(2026, 6, 20), date(2026, 7, 9))
    assert Days(60, NO_ROLL).due(date(2026, 6, 10), [stop]) == date(2026, 8, 29)
    assert Months(1, NO_ROLL).due(date(2026, 6, 10), [stop]) == date(2026, 7, 30)
    inside = Suspension(date(2026, 6, 12), date(2026, 6, 15))
    assert WorkingDays(3).due(date(2026, 6, 11), [inside]) == date(2026, 6, 18)


@given(st.integers(0, 60), st.integers(0, 40), st.integers(0, 20))
def test_a_suspension_moves_calendar_days_by_its_length(number: int, offset: int, length: int):
    start = date(2026, 1, 5)
    first = start + timedelta(offset + 1)
    stop = Suspension(first, first + timedelta(length))
    plain = Days(number, NO_ROLL).due(start)
    stopped = Days(number, NO_ROLL).due(start, [stop])
    assert stopped - plain == (timedelta(length + 1) if first <= plain else timedelta(0))


def test_an_open_suspension_has_no_last_day_and_a_grey_light():
    stop = Suspension(date(2026, 6, 20), None)
    with pytest.raises(TimeError, match="clock is stopped"):
        WorkingDays(10).due(date(2026, 6, 10), [stop])
    assert WorkingDays(10).light(date(2026, 6, 10), date(2026, 6, 22), [stop]) is Light.GREY


def test_lights_follow_the_working_days_left():
    due = date(2026, 11, 20)
    assert light(due, date(2026, 11, 2)) is Light.GREEN
    assert light(due, date(2026, 11, 17)) is Light.AMBER
    assert light(due, due) is Light.AMBER
    assert light(due, date(2026, 11, 21)) is Light.RED
    assert WorkingDays(10).light(date(2026, 11, 6), date(2026, 11, 9)) is Light.GREEN


def test_a_limit_carries_its_basis():
    limit = WorkingDays(20, Terms(trigger="accepted", basis="社会保险经办条例 第十八条"))
    assert (limit.number, limit.unit.value, limit.basis) == (20, "wd", "社会保险经办条例 第十八条")
    assert str(limit) == "20 wd"
    with pytest.raises(TimeError):
        Days(-1).due(date(2026, 1, 5))
