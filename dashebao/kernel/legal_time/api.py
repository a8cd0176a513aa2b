"""The public door of legal time."""

from dashebao.kernel.legal_time.calendar import (
    YearCalendar,
    calendars,
    holiday_name,
    is_working_day,
    load_calendars,
    next_working_day,
    read_calendar,
    working_days_between,
    year_calendar,
)
from dashebao.kernel.legal_time.errors import MissingCalendar, TimeError
from dashebao.kernel.legal_time.limits import (
    Days,
    Light,
    Limit,
    Months,
    Suspension,
    Terms,
    TimeUnit,
    WorkingDays,
    Years,
    light,
)
from dashebao.kernel.legal_time.months import Age, Month, add_months, age_months, birthday, days_of, full_years

__all__ = [
    "Age",
    "Days",
    "Light",
    "Limit",
    "MissingCalendar",
    "Month",
    "Months",
    "Suspension",
    "Terms",
    "TimeError",
    "TimeUnit",
    "WorkingDays",
    "YearCalendar",
    "Years",
    "add_months",
    "age_months",
    "birthday",
    "calendars",
    "days_of",
    "full_years",
    "holiday_name",
    "is_working_day",
    "light",
    "load_calendars",
    "next_working_day",
    "read_calendar",
    "working_days_between",
    "year_calendar",
]
