"""What the pension shows a unit: who of its staff reaches a retirement age within twelve months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.pension.models import RetirementCategory
from dashebao.business.insurance.pension.queries import careers_of
from dashebao.business.insurance.pension.rules_retirement import flexible_window, minimum_months, minimum_year
from dashebao.business.levy.api import open_month, staff_of
from dashebao.kernel.cases.api import today
from dashebao.kernel.identity.api import User
from dashebao.kernel.legal_time.api import Month
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import Person
from dashebao.kernel.rules.api import parameters
from dashebao.platform.screens.api import (
    Ask,
    Column,
    Face,
    Link,
    Page,
    Panel,
    Subject,
    Table,
    Tag,
    paged,
    register_page,
    register_panel,
)

AHEAD = 12
YOUNGEST = 48  # years: nobody reaches an earliest age before
POSTS = {"M60": "", "F55": gettext_lazy("managing or technical post"), "F50": gettext_lazy("other post")}
SHOWN_ON_PANEL = 6


@dataclass(frozen=True)
class Due:
    """One member of staff and category: the months the earliest and the statutory age are reached, months paid and needed."""

    person_id: int
    name: str
    id_number: str
    category: str
    earliest: Month
    statutory: Month
    paid: int
    needed: int


def retirements_due(unit_id: int, on: date) -> list[Due]:
    """Staff that reaches the earliest or statutory age within twelve months, the soonest first; a fixed number of queries.

    A woman whose post is not decided appears once for each post, because the ages differ (国务院渐进式延迟办法 1).
    """
    now = Month(on.year, on.month)
    with acting(SYSTEM, "a unit's own staff near retirement"):
        staff = {row.person_id: row for row in staff_of(unit_id, open_month(on))}
        people = list(Person.objects.filter(pk__in=list(staff), birth_on__lte=date(on.year - YOUNGEST, 12, 31)))
        if not people:
            return []
        decided = dict(
            RetirementCategory.objects.filter(person_id__in=list(staff)).values_list("person_id", "category")
        )
        law = parameters(people[0].region_code, on)
        found = []
        for human in people:
            known = decided.get(human.pk)
            for category in [known] if known else ["M60"] if human.sex == "1" else ["F50", "F55"]:
                window = flexible_window(category, Month(human.birth_on.year, human.birth_on.month), law)
                if window.earliest <= now + AHEAD:
                    found.append((human.pk, category, window))
        careers = careers_of([person for person, _category, _window in found]) if found else {}
    rows = []
    for person, category, window in found:
        row = staff[person]
        needed = minimum_months(minimum_year(max(window.earliest, now), window.statutory), law)
        paid = careers[person].months
        rows.append(Due(person, row.name, row.id_number, category, window.earliest, window.statutory, paid, needed))
    return sorted(rows, key=lambda row: (row.statutory, row.name, row.category))


def _table(rows: list[Due], on: date, *, more: Link | None = None, brief: bool = False) -> Table:
    now = Month(on.year, on.month)
    columns = [
        Column(_("Name"), "link"),
        Column(_("Statutory age in"), "month"),
        Column(_("State"), "tag"),
    ]
    if not brief:
        columns[1:1] = [Column(_("ID number"), "masked"), Column(_("Post")), Column(_("Earliest in"), "month")]
        columns[5:5] = [Column(_("Months paid"), "number"), Column(_("Months needed"), "number")]
    values = []
    for row in rows:
        name = Link(row.name, reverse("levy_staff_person", args=[row.person_id]))
        if brief:
            values.append([name, row.statutory.yyyymm, _state(row, now)])
        else:
            values.append(
                [
                    name,
                    row.id_number,
                    str(POSTS[row.category]) or "—",
                    row.earliest.yyyymm,
                    row.statutory.yyyymm,
                    row.paid,
                    row.needed,
                    _state(row, now),
                ]
            )
    return Table(columns, values, empty=_("Nobody reaches a retirement age within twelve months."), more=more)


def _state(row: Due, now: Month) -> Tag:
    if row.paid < row.needed:
        return Tag(_("Months are missing"), "warn")
    if row.statutory <= now:
        return Tag(_("Age reached"), "err")
    return Tag(_("May retire now"), "ok") if row.earliest <= now else Tag(_("Coming"), "info")


def unit_retirements(ask: Ask) -> Table | None:
    """The soonest retirements on the unit's overview; None where nobody is near."""
    found = retirements_due(ask.subject_id, ask.on)
    if not found:
        return None
    more = Link(_("All of them"), reverse("pension_unit_retirements"))
    return _table(found[:SHOWN_ON_PANEL], ask.on, more=more, brief=True)


def retirements_view(request: HttpRequest) -> HttpResponse:
    """Everybody of the unit's staff who reaches a retirement age within twelve months."""
    day = today()
    unit_id = cast("User", request.user).unit_id or 0
    listed = paged(request, retirements_due(unit_id, day))
    return render(request, "pension/unit_retirements.html", {"table": _table(list(listed.rows), day), "paged": listed})


register_panel(
    Panel(
        code="pension.unit_retirements",
        subject=Subject.UNIT,
        title=gettext_lazy("Retirements due"),
        provide=unit_retirements,
        faces=frozenset({Face.EMPLOYER}),
        icon="calendar-clock",
        order=30,
        wide=False,
    )
)
register_page(
    Page(
        face=Face.EMPLOYER,
        path="retirements/",
        name="pension_unit_retirements",
        title=gettext_lazy("Retirements due"),
        view=retirements_view,
        icon="calendar-clock",
        group="staff",
        order=40,
    )
)
