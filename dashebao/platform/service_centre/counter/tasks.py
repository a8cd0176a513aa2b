"""The desk: my tasks, the team's and the overdue ones, with their limits and lights."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import Filter, overdue, task_counts, tasks_for, team_tasks, today
from dashebao.kernel.identity.api import roles_of
from dashebao.platform.screens.api import Ask, Face, Paged, Subject, menu, shown
from dashebao.platform.screens.paging import SIZE, page_number

LISTS = {"mine": tasks_for, "team": team_tasks, "overdue": overdue}


def home(request: HttpRequest) -> HttpResponse:
    """The first page of the menu this officer may open."""
    for section in menu(Face.COUNTER, roles_of(request.user)):
        for page in section.pages:
            return redirect(page.name)
    raise PermissionDenied(_("You hold no duty today. Ask your user administrator."))


def tasks(request: HttpRequest) -> HttpResponse:
    """One of the three task lists; the first visit opens the one that has something to do."""
    counts = task_counts(request.user)
    asked = request.GET.get("list", "")
    chosen = asked if asked in LISTS else "mine" if counts["mine"] or not counts["team"] else "team"
    number, text = page_number(request), request.GET.get("q", "").strip()
    found = LISTS[chosen](request.user, Filter(text=text, page=number, size=SIZE))
    tabs = [("mine", _("Mine"), counts["mine"]), ("team", _("Team"), counts["team"])]
    tabs.append(("overdue", _("Overdue"), counts["overdue"]))
    context = {
        "tabs": tabs,
        "chosen": chosen,
        "paged": Paged(found, number, len(found) == SIZE, f"list={chosen}" + (f"&q={text}" if text else "")),
        "text": text,
        "panels": shown(Subject.DESK, Ask(request.user.pk, request.user, Face.COUNTER, today())),
    }
    return render(request, "counter/tasks.html", context)
