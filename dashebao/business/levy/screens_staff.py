"""The unit's staff at its portal: list with filters, one person, Excel, and people who join or leave by Excel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dashebao.business.levy.errors import LevyRefused
from dashebao.business.levy.items.parts import SCHEME_CHOICES
from dashebao.business.levy.models import STOPPING, Enrolment, Identity, Movement, MovementKind
from dashebao.business.levy.queries.enrolments import headcount_of, open_month
from dashebao.business.levy.queries.histories import contributions_of
from dashebao.business.levy.queries.staffing import STATES, StaffFilter, StaffLines, check_joining, check_leaving
from dashebao.business.levy.screens_lists import (
    Ready,
    handed_in,
    problems_file,
    problems_packed,
    show_preview,
    uploaded,
    xlsx,
)
from dashebao.business.levy.screens_panels import record_table
from dashebao.business.levy.words import scheme_name, scheme_names, unit_of, user_of
from dashebao.business.levy.workbooks import PEOPLE, WAGES
from dashebao.business.levy.workbooks_writing import Sheet, TemplateRow, book, template
from dashebao.kernel.cases.api import today
from dashebao.kernel.identity.api import rights_of
from dashebao.kernel.legal_time.api import month_of, month_plus
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import id_number_of, person
from dashebao.platform.screens.api import Column, Fact, Facts, Link, Table, Tag, paged

STATE_NAMES = {
    "active": gettext_lazy("Insured now"),
    "joining": gettext_lazy("Joining"),
    "leaving": gettext_lazy("Leaving"),
    "left": gettext_lazy("Left within 12 months"),
}
MOST_EXPORTED = 50_000


def _wanted(request: HttpRequest) -> StaffFilter:
    given = request.GET
    state = given.get("state", "active")
    scheme = given.get("scheme", "")
    return StaffFilter(
        unit_of(request),
        open_month(today()),
        state if state in STATES else "active",
        scheme if scheme in dict(SCHEME_CHOICES) else "",
        given.get("q", "").strip()[:40],
    )


def staff_view(request: HttpRequest) -> HttpResponse:
    """The unit's staff: searched, filtered by insurance and state, page by page."""
    wanted = _wanted(request)
    with acting(SYSTEM, "a unit reads its own staff list"):
        listed = paged(request, StaffLines(wanted))
        people = headcount_of(wanted.unit_id, wanted.month)
    rows = [
        [
            Link(row.name, reverse("levy_staff_person", args=[row.person_id])),
            row.id_number,
            scheme_names(row.schemes),
            Identity(row.identity).label,
            row.from_month,
            row.until_month,
            row.wage_fen,
        ]
        for row in listed.rows
    ]
    columns = [
        Column(_("Name"), "link"),
        Column(_("ID number"), "masked"),
        Column(_("Insurances")),
        Column(_("Insured as")),
        Column(_("From month"), "month"),
        Column(_("Until month"), "month"),
        Column(_("Monthly wage"), "money"),
    ]
    context = {
        "table": Table(columns, rows, empty=_("Nobody fits these filters.")),
        "paged": listed,
        "month": wanted.month,
        "people": people,
        "wanted": wanted,
        "states": STATE_NAMES.items(),
        "schemes": [(code, scheme_name(code)) for code, _label in SCHEME_CHOICES],
        "query": request.GET.urlencode(),
        "may_change": "unit.staff" in rights_of(user_of(request)),
    }
    return render(request, "levy/staff.html", context)


def staff_file_view(request: HttpRequest) -> HttpResponse:
    """The filtered staff list as an .xlsx."""
    wanted = _wanted(request)
    with acting(SYSTEM, "a unit reads its own staff list"):
        found = StaffLines(wanted)[0:MOST_EXPORTED]
    columns = [
        (_("ID number"), "id"),
        (_("Name"), "text"),
        (_("Insurances"), "long"),
        (_("Insured as"), "text"),
        (_("From month"), "month"),
        (_("Until month"), "month"),
        (_("Monthly wage"), "money"),
    ]
    rows = (
        [
            row.id_number,
            row.name,
            scheme_names(row.schemes),
            Identity(row.identity).label,
            row.from_month,
            row.until_month,
            row.wage_fen,
        ]
        for row in found
    )
    return xlsx(book(Sheet(_("Staff list"), columns, rows)), f"staff-{wanted.month}")


def staff_person_view(request: HttpRequest, person_id: int) -> HttpResponse:
    """One member of staff: what this unit insures, its movements and what it paid in the last twelve months."""
    unit_id = unit_of(request)
    with acting(SYSTEM, "a unit reads about its own staff"):
        relations = list(Enrolment.objects.filter(unit_id=unit_id, person_id=person_id).order_by("-valid_during"))
        if not relations:
            raise Http404(_("Nobody with this number is or was on your staff list."))
        human, number = person(person_id), id_number_of(person_id)
        moves = Movement.objects.filter(unit_id=unit_id, person_id=person_id).order_by("-id")[:20]
        first = month_plus(open_month(today()), -12)
        lines = [line for line in contributions_of(person_id, first) if line.unit_id == unit_id]
        record = record_table(lines)
        history = Table(
            [
                Column(_("What happened")),
                Column(_("Insurances")),
                Column(_("From month"), "month"),
                Column(_("Document")),
                Column(_("Entered at"), "moment"),
            ],
            [
                [
                    MovementKind(row.kind).label,
                    scheme_names(str(code) for code in row.schemes),
                    row.effective_month,
                    row.document or row.case_no or "—",
                    row.moved_at,
                ]
                for row in moves
            ],
            empty=_("Taken over from the former system."),
        )
    now = relations[0]
    ended = now.valid_during.upper is not None
    facts = Facts(
        [
            Fact(_("ID number"), number, "masked"),
            Fact(_("Insured as"), Identity(now.identity).label),
            Fact(_("Insurances"), scheme_names(str(code) for code in now.schemes)),
            Fact(_("From month"), month_of(now.valid_during.lower), "month"),
            Fact(_("State"), Tag(_("Ended")) if ended else Tag(pgettext("insured", "Active"), "ok"), "tag"),
        ],
        columns=5,
    )
    context = {"human": human, "facts": facts, "record": record, "history": history, "menu_name": "levy_staff"}
    return render(request, "levy/staff_person.html", context)


@dataclass(frozen=True)
class Change:
    """How people join or leave by a list: item, columns of the file, page names and fields of the whole list."""

    code: str
    fields: tuple[str, ...]
    page: str
    template_page: str
    check: Any

    def answers(self, request: HttpRequest) -> dict[str, str]:
        """The fields that hold for the whole list, as typed."""
        return {name: request.POST.get(name, "") for name in ("month", "last_month", "kind", "identity")}


JOINING = Change("SI-103", WAGES, "levy_join", "levy_join_template", check_joining)
LEAVING = Change("SI-1032", PEOPLE, "levy_leave", "levy_leave_template", check_leaving)


def join_view(request: HttpRequest) -> HttpResponse:
    """People who join, by Excel."""
    return _change(request, JOINING)


def leave_view(request: HttpRequest) -> HttpResponse:
    """People who leave, by Excel."""
    return _change(request, LEAVING)


def join_template_view(request: HttpRequest) -> HttpResponse:
    """The empty template for people who join."""
    return xlsx(template((), WAGES, _("New staff")), "joining")


def leave_template_view(request: HttpRequest) -> HttpResponse:
    """The template for people who leave, with the staff filled in: take out who stays."""
    with acting(SYSTEM, "a unit reads its own staff list"):
        found = StaffLines(StaffFilter(unit_of(request), open_month(today())))[0:20_000]
    rows = [TemplateRow(row.id_number, row.name, 0) for row in found]
    return xlsx(template(rows, PEOPLE, _("Leaving staff")), "leaving")


def _change(request: HttpRequest, change: Change) -> HttpResponse:
    if request.method != "POST":
        return _change_page(request, change)
    act = request.POST.get("act", "")
    if act == "problems":
        return problems_file(request)
    if act == "ready":
        return _submit(request, change)
    month = _month(change.answers(request)["month" if change is JOINING else "last_month"])
    rows, name = uploaded(request, change.fields)
    with acting(SYSTEM, "a unit's list against the registry"):
        found = change.check(unit_of(request), max(month, open_month(today())), rows)
    ready = Ready(month, [(row.id_number, row.name, row.wage_fen or 0) for row in found.ready])
    context = {
        "found": found,
        "file_name": name,
        "ready": ready.packed() if found.ready else "",
        "problems": problems_packed(found, change.fields),
        "post_to": reverse(change.page),
        "carried": [(field, value) for field, value in change.answers(request).items() if value],
        "menu_name": "levy_staff",
        "month": month,
        "counts_wages": change is JOINING,
    }
    return show_preview(request, context)


def _change_page(request: HttpRequest, change: Change) -> HttpResponse:
    month = open_month(today())
    context = {
        "joins": change is JOINING,
        "item": change.code,
        "template_page": change.template_page,
        "month": f"{month // 100}-{month % 100:02d}",
        "identities": [choice for choice in Identity.choices if choice[0] != Identity.FLEXIBLE],
        "reasons": [(kind.value, kind.label) for kind in STOPPING],
        "menu_name": "levy_staff",
    }
    return render(request, "levy/staff_change.html", context)


def _month(text: str) -> int:
    if len(text) != 7 or text[4] != "-" or not (text[:4] + text[5:]).isdecimal() or not 1 <= int(text[5:]) <= 12:
        raise LevyRefused(_("Write the month as year-month, for example 2026-11."))
    return int(text[:4]) * 100 + int(text[5:])


def _submit(request: HttpRequest, change: Change) -> HttpResponse:
    ready, given = Ready.unpacked(request.POST.get("ready", "")), change.answers(request)
    answers: dict[str, Any]
    if change is JOINING:
        rows = [row | {"identity": given["identity"] or int(Identity.EMPLOYEE)} for row in ready.as_answers()]
        answers = {"month": given["month"], "rows": rows}
    else:
        rows = [{"id_number": number, "name": name} for number, name, _wage in ready.rows]
        answers = {"last_month": given["last_month"], "kind": given["kind"] or "stop", "rows": rows}
    case = handed_in(request, change.code, answers)
    if case.state == "refused":
        messages.error(request, _("The list was refused. The letter in the case says why."))
        return HttpResponseRedirect(reverse("employer_case", args=[case.case_no]))
    text = _("%(count)d people are entered. Case number %(number)s.")
    messages.success(request, text % {"count": len(ready.rows), "number": case.case_no})
    return HttpResponseRedirect(reverse("levy_staff"))
