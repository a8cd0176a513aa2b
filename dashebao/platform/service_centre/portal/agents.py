"""Agents (代办): give a mandate, accept or decline one, revoke it; applications that wait for the own confirmation."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashebao.kernel.cases.api import answers_shown, today
from dashebao.kernel.catalogue.api import ApplicantKind, Channel, DayInput, item, items_for
from dashebao.platform.service_centre.portal.actions.joints import confirm_joint, decline_joint, joints_of
from dashebao.platform.service_centre.portal.actions.mandates import Offer, answer, mandates_of, offer, revoke
from dashebao.platform.service_centre.portal.errors import PortalRefused
from dashebao.platform.service_centre.portal.models import Joint, Mandate

HALF_A_YEAR = timedelta(days=182)


def _choices() -> list[tuple[str, str]]:
    return [(found.code, found.label) for found in items_for(Channel.PORTAL, ApplicantKind.PERSON)]


class OfferForm(forms.Form):
    """Who shall act, for what, until when."""

    name = forms.CharField(
        label=gettext_lazy("Agent's name"),
        max_length=80,
        error_messages={"required": gettext_lazy("Enter the agent's name")},
    )
    number = forms.CharField(
        label=gettext_lazy("Agent's ID number"),
        max_length=18,
        error_messages={"required": gettext_lazy("Enter the agent's ID number")},
    )
    relation = forms.ChoiceField(label=gettext_lazy("The agent is my"), choices=Mandate.Relation.choices)
    from_on = forms.DateField(
        label=pgettext_lazy("mandate", "From"),
        widget=DayInput(),
        error_messages={
            "required": gettext_lazy("Enter the first day"),
            "invalid": gettext_lazy("Write the day as 2026-12-01"),
        },
    )
    until_on = forms.DateField(
        label=pgettext_lazy("mandate", "Until (last day)"),
        widget=DayInput(),
        help_text=gettext_lazy("Three years at most; you can revoke it at any time"),
        error_messages={
            "required": gettext_lazy("Enter the last day"),
            "invalid": gettext_lazy("Write the day as 2026-12-01"),
        },
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services the agent may apply for"),
        choices=_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one service")},
    )


def agents(request: HttpRequest) -> HttpResponse:
    """Mandates given and received, and joint applications that wait for a confirmation."""
    if request.method == "POST":
        _act(request)
        return redirect("portal_agents")
    given, received = mandates_of(request.user.person_id)
    waiting = []
    for row in joints_of(request.user.person_id):
        answers, rows = answers_shown(item(row.item_code), row.answers)
        names = [(name, key in row.confirmed_ids) for key, name in zip(row.person_ids, row.names, strict=True)]
        mine = request.user.person_id in row.confirmed_ids
        waiting.append(
            {"row": row, "item": item(row.item_code), "answers": answers, "rows": rows, "names": names, "mine": mine}
        )
    labels = dict(_choices())
    context = {
        "given": [(row, [labels.get(code, code) for code in row.item_codes]) for row in given],
        "received": [(row, [(code, labels.get(code, code)) for code in row.item_codes]) for row in received],
        "joints": waiting,
        "today": today(),
    }
    return render(request, "portal/agents.html", context)


def _act(request: HttpRequest) -> None:
    act, key = request.POST.get("act", ""), request.POST.get("key", "")
    if not key.isdecimal():
        raise Http404
    number = int(key)
    if act in ("accept", "decline"):
        answer(number, act == "accept", by=request.user)
    elif act == "revoke":
        revoke(number, by=request.user)
    elif act == "confirm":
        row = confirm_joint(number, by=request.user)
        if row.state == Joint.State.SUBMITTED:
            messages.success(request, _("Everybody has confirmed: the application is handed in."))
            return
    elif act == "refuse":
        decline_joint(number, by=request.user)
    else:
        raise Http404
    messages.success(request, _("Done."))


def give(request: HttpRequest) -> HttpResponse:
    """Give somebody a mandate."""
    initial = {"from_on": today(), "until_on": today() + HALF_A_YEAR}
    form = OfferForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            offer(
                Offer(
                    agent_name=wanted["name"],
                    agent_number=wanted["number"],
                    relation=wanted["relation"],
                    item_codes=wanted["services"],
                    from_on=wanted["from_on"],
                    until_on=wanted["until_on"],
                ),
                by=request.user,
            )
        except PortalRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The mandate is offered. It holds when the agent has accepted it."))
            return redirect("portal_agents")
    return render(request, "portal/give.html", {"form": form}, status=422 if form.errors else 200)
