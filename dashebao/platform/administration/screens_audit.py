"""The auditor's pages: the trail of acts in words, the history of rows with before and after, the check of the seals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import AuditEntry, Change, verify
from dashebao.kernel.records.api import audit as write_audit
from dashebao.kernel.registry.api import find_person, persons, region_name
from dashebao.platform.administration.acts import act_name, actor_name, acts_of, areas, detail_text, subject_name
from dashebao.platform.administration.names import office_name, offices_below
from dashebao.platform.screens.api import Column, Table, paged
from dashebao.platform.screens.spreadsheets import download, workbook

ASKED = ("who", "person", "office", "area", "act", "subject", "key", "since", "until")
EXPORTED_AT_MOST = 20_000
ON_A_PAGE, FEW = 25, 5  # lines of a page; columns of a change that are shown at once
SECRETS = ("password", "totp_secret", "session_key")


@dataclass(frozen=True)
class Line:
    """One act in words."""

    entry: AuditEntry
    act: str
    subject: str
    detail: str
    person: str
    who: str


@dataclass(frozen=True)
class Asked:
    """What the auditor asked for, and the sentence where it could not be understood."""

    values: dict[str, str]
    problem: str = ""


def trail(request: HttpRequest) -> HttpResponse:
    """Acts, newest first: by officer, office, person looked at, act and day; downloaded as a file on request."""
    found, asked = _narrowed(request)
    if request.GET.get("file"):
        return _file(found, asked)
    page = paged(request, found, ON_A_PAGE)
    context = {
        "paged": page,
        "lines": _lines(page.rows),
        "asked": asked.values,
        "problem": asked.problem,
        "offices": [(one.pk, office_name(one)) for one in offices_below(request.user)],
        "areas": areas(),
        "acts": acts_of(asked.values["area"]) if asked.values["area"] else [],
        "query": page.query,
        "menu_name": "counter_audit",
    }
    return render(request, "administration/audit.html", context)


def _narrowed(request: HttpRequest) -> tuple[QuerySet[AuditEntry], Asked]:
    values = {name: request.GET.get(name, "").strip() for name in ASKED}
    found, problem = AuditEntry.objects.order_by("-id"), ""
    if values["who"]:
        users = User.objects.filter(Q(name=values["who"]) | Q(username=values["who"]), kind="officer")
        found = found.filter(actor_kind="officer", actor_id__in=list(users.values_list("pk", flat=True)[:50]))
    if values["office"].isdecimal():
        staff = User.objects.filter(office_id=int(values["office"]), kind="officer")
        found = found.filter(actor_kind="officer", actor_id__in=list(staff.values_list("pk", flat=True)[:2000]))
    if values["person"]:
        human = find_person(values["person"])
        if human is None:
            problem = _("Nobody in your area has this number.")
            found = found.none()
        else:
            found = found.filter(subject_person_id=human.pk)
    if values["act"]:
        found = found.filter(verb=values["act"])
    elif values["area"]:
        found = found.filter(verb__startswith=values["area"] + ".")
    if values["subject"]:
        found = found.filter(subject_kind=values["subject"])
    if values["key"]:
        found = found.filter(subject_id=values["key"])
    for name, step in (("since", 0), ("until", 1)):
        day = _day(values[name])
        if values[name] and day is None:
            problem = _("Write days as 2026-11-22.")
        elif day is not None:
            moment = timezone.make_aware(datetime.combine(day + timedelta(days=step), time.min))
            found = found.filter(at__lt=moment) if step else found.filter(at__gte=moment)
    return found, Asked(values, problem)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _lines(entries: Any) -> list[Line]:
    rows = list(entries)
    people = persons([row.subject_person_id for row in rows if row.subject_person_id])
    return [
        Line(
            row,
            act_name(row.verb),
            subject_name(row.subject_kind),
            detail_text(row.detail),
            people[row.subject_person_id].name if row.subject_person_id in people else "",
            actor_name(row.actor_kind, row.actor_name),
        )
        for row in rows
    ]


def _file(found: QuerySet[AuditEntry], asked: Asked) -> HttpResponse:
    lines = _lines(found[:EXPORTED_AT_MOST])
    columns = [
        Column(title)
        for title in (_("Time"), _("Who"), _("Act"), _("Subject"), _("Key"), _("Person"), _("Place"), _("Detail"))
    ]
    rows = [
        (
            f"{timezone.localtime(line.entry.at):%Y-%m-%d %H:%M:%S}",
            line.who,
            line.act,
            line.subject,
            line.entry.subject_id,
            line.person,
            region_name(line.entry.region_code) if line.entry.region_code else "",
            line.detail,
        )
        for line in lines
    ]
    write_audit(
        "administration.audit_exported",
        ("audit", "trail"),
        rows=len(rows),
        **{k: v for k, v in asked.values.items() if v},
    )
    heading = _("Audit trail, %(count)d acts, %(day)s") % {"count": len(rows), "day": timezone.localdate().isoformat()}
    return download(
        workbook([(_("Audit trail"), Table(columns, rows))], heading), f"audit-{timezone.localdate():%Y%m%d}"
    )


@dataclass(frozen=True)
class Difference:
    """One column that a change touched."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class ChangeLine:
    """One change of a row with what differs."""

    change: Change
    subject: str
    who: str
    differences: tuple[Difference, ...]


def rows(request: HttpRequest) -> HttpResponse:
    """Changes of rows, newest first, narrowed by table and row; `change` asks for the columns of one of them."""
    found = Change.objects.order_by("-id")
    asked = {name: request.GET.get(name, "").strip() for name in ("table", "row", "change")}
    if asked["change"]:
        found = found.filter(pk=int(asked["change"]) if asked["change"].isdecimal() else 0)
    if asked["table"]:
        found = found.filter(table_name=asked["table"])
    if asked["row"]:
        found = found.filter(row_id=asked["row"])
    page = paged(request, found, ON_A_PAGE)
    officers = {one.actor_id for one in page.rows if one.actor_kind == "officer"}
    names = dict(User.objects.filter(pk__in=officers).values_list("pk", "name"))
    lines = [
        ChangeLine(
            change,
            subject_name(change.table_name.replace("_", ".", 1)),
            _actor(change, names),
            differences(change.before, change.after),
        )
        for change in page.rows
    ]
    part = bool(getattr(request, "htmx", False)) and bool(asked["change"]) and bool(lines)
    context = {"paged": page, "lines": lines, "line": lines[0] if part else None, "asked": asked, "few": FEW}
    return render(request, f"administration/{'_differences' if part else 'history'}.html", context)


def _actor(change: Change, names: dict[int, str]) -> str:
    if change.actor_kind == "officer":
        return names.get(change.actor_id or 0, str(change.actor_id))
    return actor_name(change.actor_kind)


def differences(before: dict[str, Any] | None, after: dict[str, Any] | None) -> tuple[Difference, ...]:
    """The columns that differ; secrets are named but never shown."""
    old, new = before or {}, after or {}
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return tuple(Difference(name, _shown(name, old.get(name)), _shown(name, new.get(name))) for name in names)


def _shown(name: str, value: Any) -> Any:
    return "••••" if value and name in SECRETS else value


def check(request: HttpRequest) -> HttpResponse:
    """Recompute every seal; the result is recorded."""
    result = None
    if request.method == "POST":
        result = verify()
        write_audit("audit.verified", ("seal", "all"), rows=result.rows, differences=len(result.differences))
    return render(request, "administration/verify.html", {"result": result})
