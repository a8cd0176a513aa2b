"""The change of shift: open tasks go to one colleague at once, who confirms having received them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashebao.kernel.cases.api import CaseError, Filter, now, reassign, tasks_for
from dashebao.kernel.identity.api import User, officers_with, roles, roles_of
from dashebao.kernel.records.api import audit, lock
from dashebao.platform.service_centre.counter.models import Handover

MOST = 500


def handover(request: HttpRequest) -> HttpResponse:
    """The officer's open tasks and colleagues; a POST hands the ticked ones over, or confirms what was received."""
    if request.method == "POST":
        act = {"give": _give, "receive": _receive}.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        act(request)
        return redirect("counter_handover")
    me = request.user.pk
    rows = Handover.objects.filter(Q(giver_id=me) | Q(taker_id=me)).order_by("-id")[:20]
    context = {
        "tasks": tasks_for(request.user, Filter(size=MOST)),
        "colleagues": colleagues(request.user),
        "past": rows,
    }
    return render(request, "counter/handover.html", context)


def colleagues(user: User) -> list[User]:
    """Active officers of the same place who hold one of this officer's business roles."""
    known, found = roles(), dict[int, User]()
    for code in sorted(roles_of(user)):
        if code in known and known[code].family == "business":
            found |= {one.pk: one for one in officers_with(code, user.office.region_code).select_related("office")}
    found.pop(user.pk, None)
    return sorted(found.values(), key=lambda one: (one.office_id != user.office_id, one.name))


def colleague(user: User, key: str) -> User:
    """The chosen colleague; PermissionDenied for anybody who is not one."""
    chosen = next((one for one in colleagues(user) if str(one.pk) == key), None)
    if chosen is None:
        raise PermissionDenied(_("Choose a colleague of your office with the same duty."))
    return chosen


def _give(request: HttpRequest) -> None:
    taker, note = colleague(request.user, request.POST.get("to", "")), request.POST.get("note", "").strip()
    given, left = list[str](), list[str]()
    for number in dict.fromkeys(request.POST.getlist("case")):
        try:
            with transaction.atomic():
                reassign(number, request.user, taker, note or _("Change of shift"))
            given.append(number)
        except CaseError as error:
            left.append(number)
            messages.warning(request, f"{number}: {error}")
    if not given and not note:
        messages.error(request, _("Tick tasks or write a note."))
        return
    row = Handover.objects.create(
        region_code=request.user.office.region_code,
        giver_id=request.user.pk,
        giver_name=request.user.name,
        taker_id=taker.pk,
        taker_name=taker.name,
        case_nos=given,
        left_nos=left,
        note=note,
        given_at=now(),
    )
    audit("counter.handed_over", row, region=row.region_code, tasks=len(given))
    told = ngettext("%(n)d task handed to %(name)s.", "%(n)d tasks handed to %(name)s.", len(given))
    messages.success(request, told % {"n": len(given), "name": taker.name})


def _receive(request: HttpRequest) -> None:
    key = request.POST.get("handover", "")
    lock(Handover, key)
    row = Handover.objects.filter(
        pk=int(key) if key.isdecimal() else 0, taker_id=request.user.pk, received_at__isnull=True
    ).first()
    if row is None:
        raise Http404
    row.received_at = now()
    row.save(update_fields=["received_at"])
    audit("counter.received", row, region=row.region_code)
    messages.success(request, _("Received. The tasks are in your list."))
