"""The officer's window, the terminal that gives numbers, and the screen of the hall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import has_role, roles, roles_of
from dashebao.kernel.registry.api import find_person
from dashebao.platform.service_centre.windows import actions, queries
from dashebao.platform.service_centre.windows.models import Ticket, TicketState

FAMILIES = ("business",)


def desk(request: HttpRequest) -> HttpResponse:
    """The own window: the number served, what may be done with it, and who waits."""
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        act(request)
        return redirect(_back(request))
    office = request.user.office
    ticket = queries.called_of(request.user)
    context = {
        "ticket": ticket,
        "business": queries.business(ticket.business) if ticket else None,
        "lines": queries.todays(office),
        "coming": queries.next_in_line(office),
        "others": [one for one in queries.businesses() if ticket is None or one.code != ticket.business],
        "chosen": request.session.get("windows", []),
        "waited": int((ticket.called_at - ticket.taken_at).total_seconds() // 60) if ticket else 0,
    }
    return render(request, "windows/desk.html", context)


def _back(request: HttpRequest) -> str:
    """Back to the page the act was started from: the shell has a button to call the next number on every page."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else reverse("windows_desk")


def _call(request: HttpRequest) -> None:
    ticket = actions.call_next(request.user, request.session.get("windows", []))
    messages.success(request, _("Number %(number)s is called to window %(window)s.") % _words(ticket))


def _recall(request: HttpRequest) -> None:
    ticket = actions.recall(request.user)
    messages.success(request, _("Number %(number)s is called to window %(window)s.") % _words(ticket))


def _transfer(request: HttpRequest) -> None:
    ticket = actions.transfer(request.user, request.POST.get("business", ""))
    messages.success(request, _("Number %(number)s was passed on and comes next there.") % _words(ticket))


def _choose(request: HttpRequest) -> None:
    known = {one.code for one in queries.businesses()}
    request.session["windows"] = [code for code in request.POST.getlist("business") if code in known]
    actions.sit_at(request.user, request.POST.get("window", ""))


def _words(ticket: Ticket) -> dict[str, str]:
    return {"number": ticket.number, "window": ticket.window}


_ACTS: dict[str, Callable[[HttpRequest], Any]] = {
    "call": _call,
    "recall": _recall,
    "finish": lambda request: actions.finish(request.user),
    "miss": lambda request: actions.miss(request.user),
    "transfer": _transfer,
    "choose": _choose,
}


def terminal(request: HttpRequest) -> HttpResponse:
    """The terminal of the hall: large buttons, one number at a press; an ID number lets the window know who comes."""
    office = request.user.office
    if request.method == "POST":
        who = find_person(request.POST.get("who", "")) if request.POST.get("who", "").strip() else None
        ticket = actions.take_number(
            office,
            request.POST.get("business", ""),
            first=bool(request.POST.get("first")),
            person_id=who.pk if who else None,
        )
        return redirect("windows_number", ticket.pk)
    return render(request, "windows/terminal.html", {"lines": queries.todays(office)})


def number(request: HttpRequest, ticket: int) -> HttpResponse:
    """The number just taken, to be printed: how many wait before it."""
    found = get_object_or_404(Ticket.objects.select_related("office"), pk=ticket, office=request.user.office)
    context = {"ticket": found, "business": queries.business(found.business), "ahead": queries.ahead_of(found)}
    return render(request, "windows/number.html", context)


def board(request: HttpRequest) -> HttpResponse:
    """The screen of the hall: numbers called and their windows, refreshed by itself."""
    office = request.user.office
    called = queries.last_called(office)
    context = {
        "called": [one for one in called if one.state == TicketState.CALLED],
        "past": [one for one in called if one.state != TicketState.CALLED][:6],
        "coming": queries.next_in_line(office),
    }
    fragment = bool(getattr(request, "htmx", False))
    return render(request, "windows/_board.html" if fragment else "windows/board.html", context)


def chip(request: HttpRequest) -> dict[str, Any] | None:
    """What the staff shell shows of the own window: its number and the one served; nothing for other duties."""
    user = request.user
    known = roles()
    if not any(known[code].family in FAMILIES and has_role(user, code) for code in roles_of(user) if code in known):
        return None
    return {"ticket": queries.called_of(user) if user.window else None, "window": user.window}
