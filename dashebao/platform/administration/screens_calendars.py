"""Pages of the working-day calendars: the years, one year drawn by month, and a new year loaded as a file."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import has_role
from dashebao.kernel.legal_time.api import MissingCalendar, YearCalendar, calendars, year_calendar
from dashebao.platform.administration import forms
from dashebao.platform.administration.actions import PROPOSER, Grounds, calendar_wanted, propose
from dashebao.platform.administration.errors import AdministrationRefused
from dashebao.platform.administration.models import Enactment, Kind, Proposal
from dashebao.platform.administration.names import chinese

LARGEST_FILE = 64_000


@dataclass(frozen=True)
class Day:
    """One square of a month: its number, how it counts, and the holiday's name."""

    number: int
    css: str
    words: str


@dataclass(frozen=True)
class DrawnMonth:
    """One month as weeks of squares; None outside the month."""

    title: str
    weeks: tuple[tuple[Day | None, ...], ...]
    working: int


@dataclass(frozen=True)
class DrawnYear:
    """A year's calendar ready to draw."""

    calendar: YearCalendar
    months: tuple[DrawnMonth, ...]
    weekdays: tuple[str, ...]
    holidays: tuple[tuple[str, str, int], ...]


def drawn_year(found: YearCalendar) -> DrawnYear:
    """The twelve months, Monday first, and the holidays as spans."""
    days = (date_format(date(2024, 1, day), "D") for day in range(1, 8))  # 1 January 2024 was a Monday
    weekdays = tuple(name[-1] if chinese() else name[:2] for name in days)
    return DrawnYear(found, tuple(_month(found, number) for number in range(1, 13)), weekdays, _spans(found))


def _month(found: YearCalendar, number: int) -> DrawnMonth:
    weeks, working = [], 0
    for week in months.Calendar().monthdatescalendar(found.year, number):
        row: list[Day | None] = []
        for day in week:
            if day.month != number:
                row.append(None)
                continue
            working += found.is_working(day)
            row.append(_day(found, day))
        weeks.append(tuple(row))
    return DrawnMonth(date_format(date(found.year, number, 1), "F"), tuple(weeks), working)


def _day(found: YearCalendar, day: date) -> Day:
    if day in found.worked:
        return Day(day.day, "is-worked", _("worked"))
    if day in found.names:
        return Day(day.day, "is-off", found.names[day])
    return Day(day.day, "" if found.is_working(day) else "is-rest", "")


def _spans(found: YearCalendar) -> tuple[tuple[str, str, int], ...]:
    spans: list[list[date]] = []
    for day in sorted(found.names):
        if spans and found.names[spans[-1][-1]] == found.names[day] and (day - spans[-1][-1]).days == 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    return tuple((found.names[days[0]], f"{days[0]:%m-%d} – {days[-1]:%m-%d}", len(days)) for days in spans)


def years(request: HttpRequest) -> HttpResponse:
    """The years with a calendar, and the next one missing; one query."""
    known = [year_calendar(year) for year in calendars()]
    enacted = {row.subject for row in Enactment.objects.filter(kind=Kind.CALENDAR)}
    missing = max(c.year for c in known) + 1
    context = {
        "rows": [(c, c.working_days(), len(c.off), len(c.worked), str(c.year) in enacted) for c in reversed(known)],
        "missing": missing,
        "soon": missing <= timezone.localdate().year + 1,
        "open": Proposal.objects.filter(kind=Kind.CALENDAR, enactment=None, closure=None),
        "may_propose": has_role(request.user, PROPOSER),
    }
    return render(request, "administration/calendars.html", context)


def year(request: HttpRequest, year: int) -> HttpResponse:
    """One year, month by month."""
    try:
        found = year_calendar(year)
    except MissingCalendar as error:
        raise Http404(str(error)) from error
    context = {"year": drawn_year(found), "menu_name": "admin_calendars"}
    return render(request, "administration/calendar.html", context)


def load(request: HttpRequest) -> HttpResponse:
    """Propose a year's calendar from a file; what is wrong with the file is said at the field."""
    form = forms.CalendarForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            wanted, calendar = calendar_wanted(data["file"].read(LARGEST_FILE), timezone.localdate())
            title = f"{calendar.notice} {calendar.number}"
            made = propose(
                wanted, Grounds(title[:200], data["act_article"], data["reason"], data["act_url"]), by=request.user
            )
        except AdministrationRefused as error:
            form.add_error("file", str(error))
        else:
            return redirect("admin_proposal", made.pk)
    context = {
        "form": form,
        "example": EXAMPLE,
        "menu_name": "admin_calendars",
    }
    return render(request, "administration/calendar_load.html", context, status=422 if form.errors else 200)


EXAMPLE = """year: 2027
notice: {title: 国务院办公厅关于2027年部分节假日安排的通知, number: 国办发明电〔…〕…号}
holidays:
- {name: 元旦, from: 2027-01-01, to: 2027-01-03}
- …
worked: [2027-02-…, …]
"""
