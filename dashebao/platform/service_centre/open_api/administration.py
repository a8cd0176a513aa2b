"""The officer's pages: clients, what they are given, their keys, and what they called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dashebao.kernel.catalogue.api import DayInput
from dashebao.kernel.registry.api import credit_code_of, find_unit, region, region_name
from dashebao.platform.screens.api import Column, Link, Table, Tag, paged
from dashebao.platform.screens.applying import new_key
from dashebao.platform.service_centre.open_api.actions import (
    ClientEntry,
    ClientError,
    change_client,
    create_client,
    issue_key,
    revoke_key,
    rotate_key,
    set_state,
)
from dashebao.platform.service_centre.open_api.docs import operation_titles
from dashebao.platform.service_centre.open_api.models import ApiCall, ApiClient, ApiKey, ClientKind, ClientState
from dashebao.platform.service_centre.open_api.scopes import all_scopes

TONES = {ClientState.ACTIVE: "ok", ClientState.SUSPENDED: "warn", ClientState.ENDED: ""}
RECENT = 20
STATES = {"suspend": ClientState.SUSPENDED, "activate": ClientState.ACTIVE, "end": ClientState.ENDED}


class ClientForm(forms.Form):
    """What a client is given."""

    name = forms.CharField(label=gettext_lazy("Name of the program"), max_length=80)
    owner = forms.CharField(label=gettext_lazy("Owner"), max_length=120)
    credit_code = forms.CharField(
        label=gettext_lazy("Credit code of the unit it acts for"),
        help_text=gettext_lazy("Empty for a partner that applies for several persons or units"),
        max_length=18,
        required=False,
    )
    regions = forms.CharField(
        label=gettext_lazy("Areas of a partner"),
        help_text=gettext_lazy("Six-digit codes separated by commas, for example 440100, 440305; empty for a unit"),
        max_length=200,
        required=False,
    )
    purpose = forms.CharField(
        label=gettext_lazy("Purpose as agreed"),
        help_text=gettext_lazy("Every person concerned reads it in the own access log"),
        max_length=300,
    )
    contact = forms.CharField(label=gettext_lazy("Contact"), max_length=120, required=False)
    calls_per_minute = forms.IntegerField(label=gettext_lazy("Calls a minute"), min_value=1, max_value=6000, initial=60)
    expires_on = forms.DateField(label=gettext_lazy("Admitted until"), required=False, widget=DayInput())
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), choices=list, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        groups: dict[str, list[tuple[str, str]]] = {}
        for line in all_scopes():
            groups.setdefault(line.group, []).append((line.code, line.title))
        self.fields["scopes"].choices = list(groups.items())

    def clean_credit_code(self) -> str:
        """The code of a unit on record."""
        code = str(self.cleaned_data["credit_code"]).strip().upper()
        if code and find_unit(code) is None:
            raise forms.ValidationError(_("There is no unit with this credit code in your area."))
        return code

    def clean_regions(self) -> list[str]:
        """Codes of divisions."""
        codes = [
            code.strip() for code in str(self.cleaned_data["regions"]).replace("，", ",").split(",") if code.strip()
        ]
        for code in codes:
            region(code)
        return codes

    def entry(self) -> ClientEntry:
        """The form as an entry."""
        given = self.cleaned_data
        firm = find_unit(given["credit_code"]) if given["credit_code"] else None
        return ClientEntry(
            name=given["name"],
            owner=given["owner"],
            purpose=given["purpose"],
            scopes=given["scopes"],
            unit_id=firm.pk if firm else None,
            regions=() if firm else given["regions"],
            contact=given["contact"],
            calls_per_minute=given["calls_per_minute"],
            expires_on=given["expires_on"],
        )


def clients(request: HttpRequest) -> HttpResponse:
    """The clients of the officer's area, newest first."""
    found = paged(request, ApiClient.objects.annotate(last=Max("calls__at")).order_by("-id"))
    return render(request, "open_api/clients.html", {"paged": found, "tones": TONES})


def new(request: HttpRequest) -> HttpResponse:
    """Admit a client."""
    form = ClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = _kept(form, lambda: create_client(form.entry(), by=request.user))
        if made is not None:
            messages.success(request, _("%(name)s is admitted. Issue its first key now.") % {"name": made.name})
            return redirect("open_api_client", made.pk)
    return _form(request, form)


def change(request: HttpRequest, number: int) -> HttpResponse:
    """Change what a client is given."""
    found = _client(number)
    form = ClientForm(request.POST if request.method == "POST" else None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        done = _kept(form, lambda: change_client(found, form.entry(), by=request.user) or found)
        if done is not None:
            messages.success(request, _("The change holds from the next call."))
            return redirect("open_api_client", found.pk)
    return _form(request, form, client=found)


def _kept(form: ClientForm, act: Any) -> ApiClient | None:
    """Do it, or say beside the form why not."""
    try:
        with transaction.atomic():
            done: ApiClient = act()
            return done
    except ClientError as error:
        form.add_error(None, str(error))
    except IntegrityError:
        form.add_error("name", _("There is a client with this name already. Choose another name."))
    return None


def _form(request: HttpRequest, form: ClientForm, **more: Any) -> HttpResponse:
    chosen = set(form["scopes"].value() or ())
    choices = [
        (group, [(code, title, code in chosen) for code, title in options])
        for group, options in form.fields["scopes"].choices
    ]
    context = {"form": form, "choices": choices, "menu_name": "open_api_clients", **more}
    return render(request, "open_api/form.html", context, status=422 if form.errors else 200)


def _client(number: int) -> ApiClient:
    found: ApiClient | None = ApiClient.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _initial(found: ApiClient) -> Mapping[str, Any]:
    return {
        "name": found.name,
        "owner": found.owner,
        "credit_code": credit_code_of(found.unit_id) if found.unit_id else "",
        "regions": "" if found.unit_id else ", ".join(found.regions),
        "purpose": found.purpose,
        "contact": found.contact,
        "calls_per_minute": found.calls_per_minute,
        "expires_on": found.expires_on,
        "scopes": found.scopes,
    }


def client(request: HttpRequest, number: int) -> HttpResponse:
    """One client: keys, what it is given, its last calls; a key just issued is shown in the answer to its form only."""
    found, shown = _client(number), ""
    if request.method == "POST":
        shown = _act(request, found)
        if not shown:
            return redirect("open_api_client", number)
    titles = {line.code: line.title for line in all_scopes()}
    now = timezone.now()
    context = {
        "client": found,
        "tone": TONES[ClientState(found.state)],
        "kind": ClientKind(found.kind).label,
        "scopes": [(code, titles.get(code, code)) for code in found.scopes],
        "places": [region_name(code) for code in found.regions],
        "keys": [(key, _standing(key, now)) for key in found.keys.order_by("-id")],
        "calls": _calls(found),
        "form_key": new_key(),
        "shown": shown,
        "menu_name": "open_api_clients",
    }
    response = render(request, "open_api/client.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _standing(key: ApiKey, now: Any) -> Tag:
    if key.revoked_at is not None:
        return Tag(_("Revoked"), "err")
    return Tag(_("Expired")) if key.expires_at <= now else Tag(_("Good"), "ok")


def _act(request: HttpRequest, found: ApiClient) -> str:
    """Do what the officer pressed; returns the text of a key to be shown this once."""
    act, form_key = request.POST.get("act", ""), request.POST.get("form_key", "")[:40]
    if act == "issue" and form_key:
        return _told_once(request, issue_key(found, form_key, by=request.user)[1])
    if act in ("rotate", "revoke"):
        key = ApiKey.objects.filter(client=found, public=request.POST.get("key", "")).first()
        if key is None or (act == "rotate" and not form_key):
            raise Http404
        if act == "rotate":
            return _told_once(request, rotate_key(key, form_key, by=request.user)[1])
        revoke_key(key, by=request.user)
        messages.success(request, _("The key is revoked. The next call with it is refused."))
        return ""
    if act not in STATES:
        raise Http404
    set_state(found, STATES[act], by=request.user)
    messages.success(request, _("Done. It holds from the next call."))
    return ""


def _told_once(request: HttpRequest, text: str) -> str:
    if not text:
        messages.warning(
            request, _("This key was issued and shown before. If it is lost, revoke it and issue another.")
        )
    return text


def _calls(found: ApiClient) -> Table:
    known = operation_titles()
    rows = [
        (
            call.at,
            _operation(call, known),
            Tag(str(call.status), _tone(call.status)),
            call.milliseconds,
            call.purpose,
        )
        for call in ApiCall.objects.filter(client=found).order_by("-id")[:RECENT]
    ]
    columns = [
        Column(_("Time"), "moment"),
        Column(_("Operation"), "link"),
        Column(pgettext("HTTP", "Answer"), "tag"),
        Column(_("Milliseconds"), "number"),
        Column(_("Purpose"), "note"),
    ]
    return Table(columns, rows, empty=_("It has not called yet."))


def _operation(call: ApiCall, known: dict[str, str]) -> str | Link:
    if call.operation in known:
        return Link(known[call.operation], reverse("open_api_operation", args=[call.operation]))
    return call.operation or call.method


def _tone(status: int) -> str:
    return "ok" if status < 400 else "warn" if status < 500 else "err"
