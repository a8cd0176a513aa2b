"""Operators and rights: the main operator invites colleagues, gives them rights and takes them back."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.kernel.identity.api import (
    MAIN_OPERATOR,
    OPERATOR_RIGHTS,
    OperatorEntry,
    User,
    give_rights,
    invite_operator,
    operators_of,
    revoke_operator,
    roles,
)

WORDS = {
    "unit.staff": gettext_lazy("Staff: add, remove and transfer people"),
    "unit.declaration": gettext_lazy("Declarations: monthly wages, bases of the year, projects"),
    "unit.payment": gettext_lazy("Payments: bank debit, back-payment, refunds, objections"),
    "unit.certificates": gettext_lazy("Certificates: issue papers for the unit"),
    "unit.view": gettext_lazy("View only: read every page, change nothing"),
}


class RightsForm(forms.Form):
    """What an operator may do."""

    rights = forms.MultipleChoiceField(
        label=gettext_lazy("Rights"),
        choices=[(code, WORDS[code]) for code in OPERATOR_RIGHTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one right.")},
    )


class InviteForm(RightsForm):
    """Who is invited."""

    username = forms.RegexField(
        r"^[a-z][a-z0-9._-]{3,39}$",
        label=gettext_lazy("User name"),
        help_text=gettext_lazy("4 to 40 small letters, digits, dots or dashes, beginning with a letter."),
        error_messages={"invalid": gettext_lazy("Use 4 to 40 small letters and digits, beginning with a letter.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, widget=forms.TextInput({"autocomplete": "off"}))
    field_order = ("username", "name", "rights")


def operators(request: HttpRequest) -> HttpResponse:
    """Everybody who may act for the unit."""
    names = {code: str(role.name) for code, role in roles().items()}
    rows = [
        {
            "user": user,
            "main": MAIN_OPERATOR in held,
            "rights": [names[code] for code in (MAIN_OPERATOR, *OPERATOR_RIGHTS) if code in held],
        }
        for user, held in operators_of(request.user.unit_id)
    ]
    return render(request, "employer/operators.html", {"rows": rows})


def invite(request: HttpRequest) -> HttpResponse:
    """Open an account for a colleague; its start password is shown here once."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "menu_name": "employer_operators"}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        entry = OperatorEntry(given["username"], given["name"], tuple(given["rights"]))
        user, start = invite_operator(entry, request.user)
        return render(request, "employer/invited.html", context | {"operator": user, "start": start})
    return render(request, "employer/invite.html", context, status=422 if form.errors else 200)


def rights(request: HttpRequest, operator: int) -> HttpResponse:
    """Change or end what a colleague may do."""
    user = User.objects.filter(pk=operator, kind="operator", unit_id=request.user.unit_id, is_active=True).first()
    if user is None:
        raise Http404
    if request.method == "POST" and request.POST.get("act") == "revoke":
        revoke_operator(user, request.user)
        messages.success(request, _("%(name)s can no longer sign in for the unit.") % {"name": user.name})
        return redirect("employer_operators")
    held = next(found for row, found in operators_of(request.user.unit_id) if row.pk == user.pk)
    form = RightsForm(request.POST if request.method == "POST" else None, initial={"rights": list(held)})
    if request.method == "POST" and form.is_valid():
        give_rights(user, form.cleaned_data["rights"], request.user)
        messages.success(request, _("The rights of %(name)s are changed.") % {"name": user.name})
        return redirect("employer_operators")
    context = {"form": form, "operator": user, "menu_name": "employer_operators"}
    return render(request, "employer/rights.html", context, status=422 if form.errors else 200)
