"""The citizen's messages, profile, and who looked at the own data."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import Office, User
from dashebao.kernel.records.api import AuditEntry
from dashebao.kernel.registry.api import id_number_of, person, region_name
from dashebao.platform.screens.api import paged
from dashebao.platform.screens.context import MODE_COOKIE
from dashebao.platform.service_centre.portal.actions.inbox import read, read_all
from dashebao.platform.service_centre.portal.home import YEAR
from dashebao.platform.service_centre.portal.models import Message
from dashebao.platform.service_centre.portal.wishes import Wishes, keep_wishes, wishes_of
from dashebao.platform.service_centre.portal.words import act_name

KINDS = {
    "all": gettext_lazy("Everything"),
    "seen": gettext_lazy("Looked at"),
    "changed": gettext_lazy("Changed or worked on"),
    "others": gettext_lazy("By others only"),
}
SEEN = ("person.viewed", "cases.paper_read")


class ProfileForm(forms.Form):
    """What a citizen sets himself."""

    mobile = forms.RegexField(
        r"^1\d{10}$",
        label=gettext_lazy("Mobile number"),
        required=False,
        error_messages={"invalid": gettext_lazy("A mobile number has 11 digits and begins with 1")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Postal address"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    elder = forms.BooleanField(label=gettext_lazy("Large text, few things on a page"), required=False)
    by_sms = forms.BooleanField(label=gettext_lazy("Tell me by text message"), required=False)
    by_post = forms.BooleanField(label=gettext_lazy("Send decisions by post as well"), required=False)


def inbox(request: HttpRequest) -> HttpResponse:
    """The own messages, newest first; all can be marked as read."""
    me = request.user.person_id
    if request.method == "POST":
        read_all(me)
        messages.success(request, _("All messages are marked as read."))
        return redirect("portal_messages")
    chinese = (get_language() or "zh").startswith("zh")
    page = paged(request, Message.objects.filter(person_id=me).order_by("-id"), 30)
    rows = [(row, row.title_zh if chinese else row.title_en) for row in page.rows]
    return render(request, "portal/messages.html", {"paged": page, "rows": rows})


def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message; opening it marks it as read."""
    row = read(request.user.person_id, message_id)
    if row is None:
        raise Http404
    chinese = (get_language() or "zh").startswith("zh")
    context = {
        "row": row,
        "title": row.title_zh if chinese else row.title_en,
        "body": row.body_zh if chinese else row.body_en,
    }
    return render(request, "portal/message.html", context)


def profile(request: HttpRequest) -> HttpResponse:
    """Mobile number, address, language, large text and how to be told."""
    human = person(request.user.person_id)
    wished = wishes_of(human.pk)
    initial = {
        "mobile": human.mobile,
        "address": human.address,
        "language": wished.language or get_language() or settings.LANGUAGE_CODE,
        "elder": wished.elder,
        "by_sms": wished.by_sms,
        "by_post": wished.by_post,
    }
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        keep_wishes(Wishes(**form.cleaned_data), by=request.user)
        messages.success(request, _("Your settings are saved."))
        response = redirect("portal_profile")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], YEAR, samesite="Lax")
        mode = "elder" if form.cleaned_data["elder"] else "plain"
        response.set_cookie(MODE_COOKIE, mode, YEAR, samesite="Lax")
        return response
    context = {
        "form": form,
        "person": human,
        "id_number": id_number_of(human.pk),
        "region": region_name(human.region_code),
    }
    return render(request, "portal/profile.html", context, status=422 if form.errors else 200)


def access(request: HttpRequest) -> HttpResponse:
    """Who looked at or changed the own data, when, from which office, in words."""
    me = request.user.person_id
    kind = request.GET.get("kind", "all")
    found = AuditEntry.objects.filter(subject_person_id=me).order_by("-id")
    if kind == "seen":
        found = found.filter(verb__in=SEEN)
    elif kind == "changed":
        found = found.exclude(verb__in=SEEN).exclude(verb__startswith="identity.")
    elif kind == "others":
        found = found.exclude(actor_kind="person", actor_id=me).exclude(actor_kind="system")
    page = paged(request, found)
    offices = _offices(page.rows)
    rows = [(entry, act_name(entry.verb), _who(entry, me), offices.get(entry.actor_id, "")) for entry in page.rows]
    context = {"paged": page, "rows": rows, "kind": kind, "kinds": KINDS.items()}
    return render(request, "portal/access.html", context)


def _who(entry: AuditEntry, me: int) -> str:
    """You, your agent, the system, or what stands before an officer's masked name."""
    if entry.verb == "identity.sign_in_refused":
        return _("Somebody with your user name")
    if entry.verb.startswith("identity.") and entry.actor_kind == "system":
        return _("You")
    if entry.actor_kind == "system":
        return _("The system")
    if entry.actor_kind == "person":
        if entry.actor_id == me:
            return _("You")
        return _("Your agent %(name)s") % {"name": entry.actor_name}
    return ""


def _offices(rows: object) -> dict[int, str]:
    """The office of each officer of a page of the log, in one query."""
    keys = {row.actor_id for row in rows if row.actor_kind == "officer"}  # type: ignore[attr-defined]
    chinese = (get_language() or "zh").startswith("zh")
    found = User.objects.filter(pk__in=keys, office__isnull=False).select_related("office")
    return {user.pk: _name(user.office, chinese) for user in found}


def _name(office: Office, chinese: bool) -> str:
    return office.name if chinese else office.name_en
