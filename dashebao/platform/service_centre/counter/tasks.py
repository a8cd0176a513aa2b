"""The desk: my tasks, the team's and the overdue ones, with their limits and lights."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.kernel.cases.api import (
    MOST_COUNTED,
    Filter,
    Order,
    task_counts,
    task_page,
    today,
)
from dashebao.kernel.catalogue.api import ServiceItem, items
from dashebao.kernel.identity.api import User, roles_of
from dashebao.platform.screens.api import Ask, Face, Paged, Subject, menu, shown
from dashebao.platform.screens.paging import SIZE, kept_query, page_number

_TABS = (("mine", gettext_lazy("Mine")), ("team", gettext_lazy("Team")), ("overdue", gettext_lazy("Overdue")))
_ORDERS = {
    Order.URGENT: gettext_lazy("Nearest limit first"),
    Order.OLDEST: gettext_lazy("Oldest first"),
    Order.NEWEST: gettext_lazy("Newest first"),
}


def home(request: HttpRequest) -> HttpResponse:
    """The first page of the menu this officer may open."""
    for section in menu(Face.COUNTER, roles_of(request.user)):
        for page in section.pages:
            return redirect(page.name)
    raise PermissionDenied(_("You hold no duty today. Ask your user administrator."))


def tasks(request: HttpRequest) -> HttpResponse:
    """One of the three task lists, sorted and narrowed; the first visit opens the one that has something to do."""
    counts = task_counts(request.user)
    asked = request.GET.get("list", "")
    chosen = asked if asked in counts else "mine" if counts["mine"] or not counts["team"] else "team"
    text, code, wanted = request.GET.get("q", "").strip(), request.GET.get("item", ""), request.GET.get("order", "")
    order = Order(wanted) if wanted in set(Order) else Order.URGENT
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    narrowed = Filter(text=text, item_code=code, size=SIZE, order=order, after=after, before=before)
    found = task_page(chosen, request.user, narrowed)
    query = kept_query(request, list=chosen)
    number = page_number(request) if after or before else 1
    context = {
        "tabs": [(key, name, counted(counts[key])) for key, name in _TABS],
        "chosen": chosen,
        "paged": Paged(found.tasks, number, bool(found.after), query, found.before, found.after),
        "text": text,
        "items": [(one.code, one.label) for one in mine(request.user)],
        "item_code": code,
        "orders": [(one.value, _ORDERS[one]) for one in Order],
        "order": order.value,
        "me": request.user.pk,
        "panels": shown(Subject.DESK, Ask(request.user.pk, request.user, Face.COUNTER, today())),
    }
    return render(request, "counter/tasks.html", context)


def mine(user: User) -> list[ServiceItem]:
    """The services with a step this officer may do."""
    held = roles_of(user)
    return [one for one in items() if any(step.role in held for step in one.steps)]


def counted(number: int) -> str:
    """A count as it is shown: beyond MOST_COUNTED nobody counts."""
    return str(number) if number < MOST_COUNTED else f"{MOST_COUNTED - 1}+"
