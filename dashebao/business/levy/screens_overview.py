"""What the levy puts on a unit's overview: what is to be done, the days that come, and its certificates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.business.levy.actions.declaring import billed
from dashebao.business.levy.models import DebitAttempt, Declaration, DeclarationKind, Deferral
from dashebao.business.levy.queries.arrears import owed_items
from dashebao.business.levy.queries.bases import year_start
from dashebao.business.levy.queries.enrolments import open_month, registration_of
from dashebao.business.levy.rates import due_on
from dashebao.business.levy.words import scheme_names, unit_of
from dashebao.kernel.cases.api import cases_of_unit, today
from dashebao.kernel.catalogue.api import ApplicantKind, Channel, items_for
from dashebao.kernel.legal_time.api import month_plus, month_text
from dashebao.kernel.money.api import format_yuan
from dashebao.platform.screens.api import Ask, Column, Link, Table, Tag

CERTIFICATES = "unit.certificates"
SOON = timedelta(days=7)


def unit_todo(ask: Ask) -> Table | None:
    """What the unit should do now, most pressing first; None for a unit that is not registered."""
    registration = registration_of(ask.subject_id)
    if registration is None:
        return None
    rows = [[tag, Link(text, href), day] for tag, text, href, day in _tasks(ask.subject_id, registration, ask.on)]
    columns = [Column(_("State"), "tag"), Column(_("What to do"), "link"), Column(_("By"), "date")]
    return Table(columns, rows, empty=_("Nothing waits for the unit."))


def _tasks(unit_id: int, registration: object, on: date) -> Iterator[tuple[Tag, str, str, date | None]]:
    region = registration.region_code  # type: ignore[attr-defined]
    month = open_month(on)
    owed = owed_items(unit_id)
    late = sum(item.rest_fen for item in owed if item.due_on < on)
    if late:
        text = _("Pay what is past its day: %(amount)s yuan") % {"amount": format_yuan(late)}
        yield Tag(_("Overdue"), "err"), text, reverse("levy_bills"), min(item.due_on for item in owed)
    coming = [item for item in owed if item.due_on >= on]
    if coming:
        text = _("Pay the open bills: %(amount)s yuan") % {"amount": format_yuan(sum(i.rest_fen for i in coming))}
        day = min(item.due_on for item in coming)
        yield _pressing(day, on), text, reverse("levy_bills"), day
    if _failed(unit_id, [item.item_id for item in owed]):
        yield Tag(_("Failed"), "err"), _("The bank debit failed: check the account"), reverse("levy_bills"), None
    declared = Declaration.objects.filter(unit_id=unit_id, month=month, kind=DeclarationKind.MONTHLY).exists()
    if not declared and not billed(unit_id, month):
        day = due_on(region, month)
        text = _("Declare %(month)s") % {"month": f"{month // 100}-{month % 100:02d}"}
        yield _pressing(day, on), text, reverse("levy_declare"), day
    start = year_start(month)
    annual = Declaration.objects.filter(unit_id=unit_id, month=start, kind=DeclarationKind.ANNUAL)
    if not annual.exists():
        text = _("Declare the bases of the new year")
        yield Tag(_open(), "info"), text, reverse("levy_bases"), None
    if not registration.debit_account:  # type: ignore[attr-defined]
        href = reverse("employer_apply", args=["SI-1026"])
        yield Tag(_open(), "info"), _("Agree to a bank debit, so that no day is missed"), href, None


def _open() -> str:
    return pgettext("task", "Waiting")


def _pressing(day: date, on: date) -> Tag:
    if day < on:
        return Tag(_("Overdue"), "err")
    return Tag(_("Soon"), "warn") if day - on <= SOON else Tag(_open(), "info")


def _failed(unit_id: int, items: list[int]) -> bool:
    return DebitAttempt.objects.filter(unit_id=unit_id, item_id__in=items).exists()


def unit_calendar(ask: Ask) -> Table | None:
    """The days of the next three months: declarations, payments, instalments."""
    registration = registration_of(ask.subject_id)
    if registration is None:
        return None
    days = sorted(_days(ask.subject_id, registration.region_code, ask.on))
    columns = [Column(_("Day"), "date"), Column(_("What is due"))]
    return Table(columns, days[:8])


def _days(unit_id: int, region: str, on: date) -> Iterator[list[object]]:
    month = open_month(on)
    for number in range(3):
        shown = month_plus(month, number)
        name = {"month": f"{shown // 100}-{shown % 100:02d}"}
        yield [due_on(region, shown), _("Declare and pay %(month)s") % name]
    billed_days: dict[date, int] = {}
    for item in owed_items(unit_id):
        if item.due_on >= on:
            billed_days[item.due_on] = billed_days.get(item.due_on, 0) + item.rest_fen
    for day, amount in billed_days.items():
        yield [day, _("Open bills: %(amount)s yuan") % {"amount": format_yuan(amount)}]
    for deferral in Deferral.objects.filter(unit_id=unit_id, ended_on__isnull=True, valid_until_on__gte=on):
        for number, (text, amount) in enumerate(deferral.instalments, start=1):
            day = date.fromisoformat(text)
            if day >= on:
                values = {"number": number, "amount": format_yuan(amount)}
                yield [day, _("Instalment %(number)d: %(amount)s yuan") % values]


def unit_deferrals(ask: Ask) -> Table | None:
    """Deferrals and instalment agreements of the unit, newest first; nothing where there never was one."""
    rows = []
    for row in Deferral.objects.filter(unit_id=ask.subject_id).order_by("-id"):
        until = row.ended_on or row.valid_until_on
        runs = row.ended_on is None and row.valid_until_on >= ask.on
        tag = Tag(pgettext("deferral", "Runs"), "ok") if runs else Tag(pgettext("deferral", "Ended"))
        months = f"{month_text(row.from_month)} – {month_text(row.until_month)}"
        rows.append([row.case_no, scheme_names(row.schemes), months, until, len(row.instalments), row.security, tag])
    columns = [
        Column(_("Case number")),
        Column(_("Insurances")),
        Column(pgettext("deferral", "Months")),
        Column(_("Until"), "date"),
        Column(_("Instalments"), "number"),
        Column(_("Security given")),
        Column(_("State"), "tag"),
    ]
    return Table(columns, rows) if rows else None


def certificates_view(request: HttpRequest) -> HttpResponse:
    """Papers the unit may issue itself, and those issued before."""
    services = [item for item in items_for(Channel.EMPLOYER, ApplicantKind.UNIT) if item.operator_right == CERTIFICATES]
    codes = {item.code for item in services}
    issued = [case for case in cases_of_unit(unit_of(request), 200) if case.item_code in codes][:30]
    table = Table(
        [Column(_("Paper"), "link"), Column(_("Case number")), Column(_("Issued at"), "moment"), Column(_("State"))],
        [
            [
                Link(case.item_label, reverse("employer_case", args=[case.case_no])),
                case.case_no,
                case.submitted_at,
                case.state_label,
            ]
            for case in issued
        ],
        empty=_("No paper was issued yet."),
    )
    return render(request, "levy/certificates.html", {"services": services, "table": table, "today": today()})
