"""The auditor's views: the trail of acts, the history of rows with before and after, and the check of the seals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashebao.kernel.records.api import AuditEntry, Change, verify
from dashebao.kernel.records.api import audit as write_audit
from dashebao.platform.screens.api import paged


def trail(request: HttpRequest) -> HttpResponse:
    """Acts, newest first, narrowed by verb, subject or actor."""
    found = AuditEntry.objects.order_by("-id")
    asked = {name: request.GET.get(name, "").strip() for name in ("verb", "subject", "key", "actor")}
    columns = {"verb": "verb__startswith", "subject": "subject_kind", "key": "subject_id", "actor": "actor_name"}
    for name, column in columns.items():
        if asked[name]:
            found = found.filter(**{column: asked[name]})
    return render(request, "counter/audit.html", {"paged": paged(request, found), "asked": asked})


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
    differences: tuple[Difference, ...]


def rows(request: HttpRequest) -> HttpResponse:
    """Changes of rows, newest first, narrowed by table and row."""
    found = Change.objects.order_by("-id")
    asked = {name: request.GET.get(name, "").strip() for name in ("table", "row")}
    if asked["table"]:
        found = found.filter(table_name=asked["table"])
    if asked["row"]:
        found = found.filter(row_id=asked["row"])
    page = paged(request, found)
    lines = [ChangeLine(change, differences(change.before, change.after)) for change in page.rows]
    return render(request, "counter/history.html", {"paged": page, "lines": lines, "asked": asked})


def differences(before: dict[str, Any] | None, after: dict[str, Any] | None) -> tuple[Difference, ...]:
    """The columns that differ; secrets are named but never shown."""
    old, new = before or {}, after or {}
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return tuple(Difference(name, _shown(name, old.get(name)), _shown(name, new.get(name))) for name in names)


def _shown(name: str, value: Any) -> Any:
    return "••••" if value and name in ("password", "totp_secret", "session_key") else value


def check(request: HttpRequest) -> HttpResponse:
    """Recompute every seal; the result is recorded."""
    result = None
    if request.method == "POST":
        result = verify()
        write_audit("audit.verified", ("seal", "all"), rows=result.rows, differences=len(result.differences))
    return render(request, "counter/verify.html", {"result": result})
