"""The pages of notices: what the public reads, and the desk where they are written and published."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashebao.kernel.identity.api import has_role
from dashebao.platform.screens.api import Face, Group, Page, paged, register_group, register_page
from dashebao.platform.service_centre.notices import duties
from dashebao.platform.service_centre.notices.actions import NoticeRefused, Wording, publish, withdraw, write
from dashebao.platform.service_centre.notices.models import Notice
from dashebao.platform.service_centre.notices.queries import in_force, published, view_of

BOTH = (duties.EDITOR.code, duties.PUBLISHER.code)


class NoticeForm(forms.Form):
    """The wording in both languages."""

    kind = forms.ChoiceField(label=pgettext_lazy("notice", "Kind"), choices=Notice.Kind.choices)
    pinned = forms.BooleanField(label=gettext_lazy("Keep on top"), required=False)
    title_zh = forms.CharField(label=gettext_lazy("Title in Chinese"), max_length=120)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=160)
    body_zh = forms.CharField(
        label=gettext_lazy("Text in Chinese"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8})
    )
    body_en = forms.CharField(
        label=gettext_lazy("Text in English"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8})
    )


def listed(request: HttpRequest) -> HttpResponse:
    """All published notices, by kind."""
    kind = request.GET.get("kind", "")
    rows = in_force()
    if kind in Notice.Kind.values:
        rows = rows.filter(kind=kind)
    page = paged(request, rows, 20)
    context = {
        "paged": page,
        "notices": [view_of(row) for row in page.rows],
        "kind": kind,
        "kinds": Notice.Kind.choices,
    }
    return render(request, "notices/list.html", context)


def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice; a withdrawn one says so, and why."""
    row = published(notice_id)
    if row is None:
        raise Http404
    return render(request, "notices/notice.html", {"row": row, "notice": view_of(row)})


def desk(request: HttpRequest) -> HttpResponse:
    """Everything written, newest first; publish or withdraw from here."""
    if request.method == "POST":
        _act(request)
        return redirect("notices_desk")
    context = {
        "paged": paged(request, Notice.objects.order_by("-id"), 30),
        "editor": has_role(request.user, BOTH[0]),
        "publisher": has_role(request.user, BOTH[1]),
    }
    return render(request, "notices/desk.html", context)


def _act(request: HttpRequest) -> None:
    key, version = request.POST.get("notice", ""), request.POST.get("version", "")
    if not (key.isdecimal() and version.isdecimal()):
        raise Http404
    if request.POST.get("act") == "publish":
        publish(int(key), int(version), by=request.user)
        messages.success(request, _("The notice is published."))
    elif request.POST.get("act") == "withdraw":
        withdraw(int(key), int(version), request.POST.get("why", ""), by=request.user)
        messages.success(request, _("The notice is withdrawn."))
    else:
        raise Http404


def edit(request: HttpRequest, notice_id: int = 0) -> HttpResponse:
    """Write a notice, or change a draft."""
    row = Notice.objects.filter(pk=notice_id).first() if notice_id else None
    if notice_id and row is None:
        raise Http404
    initial = {name: getattr(row, name) for name in NoticeForm.base_fields} if row else None
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        write(
            Wording(**form.cleaned_data),
            by=request.user,
            notice_id=row.pk if row else None,
            version=int(version) if version.isdecimal() else 0,
        )
        messages.success(request, _("The draft is saved. Another officer publishes it."))
        return redirect("notices_desk")
    status = 422 if request.method == "POST" else 200
    return render(request, "notices/edit.html", {"form": form, "row": row}, status=status)


def _public(path: str, name: str, title: object, view: object) -> None:
    register_page(Page(face=Face.PORTAL, path=path, name=name, title=title, view=view, icon="newspaper", public=True))


def _counter(path: str, name: str, title: object, view: object, **more: object) -> None:
    more.setdefault("roles", BOTH)
    register_page(Page(face=Face.COUNTER, path=path, name=name, title=title, view=view, told=(NoticeRefused,), **more))


register_group(Group("service", pgettext_lazy("menu", "Citizens"), order=70))
_public("/notices/", "notices_list", gettext_lazy("Notices and policies"), listed)
_public("/notices/<int:notice_id>/", "notices_notice", gettext_lazy("Notice"), notice)
_counter("notices/", "notices_desk", gettext_lazy("Notices"), desk, icon="newspaper", group="service", order=20)
_counter("notices/new/", "notices_new", gettext_lazy("Write a notice"), edit, roles=(BOTH[0],))
_counter("notices/<int:notice_id>/", "notices_edit", gettext_lazy("Change a draft"), edit, roles=(BOTH[0],))
