"""Unallocated money at the counter: match it to a unit, or give it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dashebao.business.levy.actions.matching import match_unallocated, return_unallocated
from dashebao.business.levy.errors import LevyRefused
from dashebao.business.levy.queries.arrears import open_money
from dashebao.kernel.registry.api import find_unit


def money_view(request: HttpRequest) -> HttpResponse:
    """Money that belongs to no bill: match it to a unit, or give it back."""
    if request.method == "POST":
        return _use(request)
    return render(request, "levy/money.html", {"rows": open_money()})


def _use(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("money", "")
    if not number.isdecimal():
        raise Http404
    if request.POST.get("act") == "return":
        return_unallocated(int(number), reason=request.POST.get("reason", "").strip()[:200] or _("Belongs to no bill"))
        messages.success(request, _("The refund is on its way to the tax office."))
    else:
        found = find_unit(request.POST.get("credit_code", ""))
        if found is None:
            raise LevyRefused(_("No unit has this credit code. Check every character."))
        matched = match_unallocated(int(number), found.pk)
        text = _("%(amount).2f yuan matched to %(unit)s.") % {"amount": matched / 100, "unit": found.name}
        messages.success(request, text)
    return HttpResponseRedirect(reverse("levy_money"))
