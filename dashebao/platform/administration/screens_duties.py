"""Pages of the duties: who holds which role, and an officer's own delegations."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import (
    FAMILY_NAMES,
    Delegation,
    Grant,
    User,
    delegate,
    end_delegation,
    roles,
    roles_of,
)
from dashebao.platform.administration import forms
from dashebao.platform.administration.names import office_name, own_prefix
from dashebao.platform.screens.api import Face, pages, whole


def role_list(request: HttpRequest) -> HttpResponse:
    """Every role by family, with how many officers of the area hold it today; one query."""
    today = timezone.localdate()
    area = Q(user__office__region_code__startswith=own_prefix(request.user), user__is_active=True)
    counts = dict(
        Grant.objects.filter(area, valid_during__contains=today)
        .values_list("role")
        .annotate(n=Count("user", distinct=True))
    )
    families = []
    for family, title in FAMILY_NAMES.items():
        found = [
            (role, counts.get(role.code, 0), _pages(role.code)) for role in roles().values() if role.family == family
        ]
        if found and family != "unit":
            families.append((family, title, found))
    return render(request, "administration/roles.html", {"families": families, "held": roles_of(request.user)})


def _pages(role: str) -> list[str]:
    return [str(page.title) for page in pages(Face.COUNTER) if page.group and role in page.roles]


def delegations(request: HttpRequest) -> HttpResponse:
    """The own delegations, given and taken; a colleague can stand in for one of the own roles."""
    today, user = timezone.localdate(), request.user
    own = sorted(set(user.grants.filter(valid_during__contains=today).values_list("role", flat=True)))
    if request.method == "POST" and request.POST.get("act") == "end":
        found = Delegation.objects.filter(pk=whole(request.POST.get("delegation")), giver=user).first()
        if found is None:
            raise Http404
        end_delegation(found, by=user)
        messages.success(request, _("The delegation ends today."))
        return redirect("admin_delegations")
    form = forms.DelegationForm(request.POST or None, own=own)
    if request.method == "POST" and form.is_valid():
        taker = User.objects.filter(username=form.cleaned_data["taker"].strip(), kind="officer").first()
        if taker is None:
            form.add_error("taker", _("No officer has this user name. Check it."))
        else:
            data = form.cleaned_data
            delegate(user, taker, data["role"], data["until"], data["reason"])
            messages.success(request, _("%(name)s stands in for you from today.") % {"name": taker.name})
            return redirect("admin_delegations")
    rows = Delegation.objects.filter(Q(giver=user) | Q(taker=user)).select_related(
        "giver", "taker__office", "giver__office"
    )
    known = roles()
    context = {
        "form": form if own else None,
        "rows": [
            (
                row,
                str(known[row.role].name) if row.role in known else row.role,
                not row.valid_during.isempty and row.valid_during.upper > today,
                office_name((row.taker if row.giver_id == user.pk else row.giver).office),
            )
            for row in rows.order_by("-id")[:50]
        ],
    }
    return render(request, "administration/delegations.html", context, status=422 if form.errors else 200)
